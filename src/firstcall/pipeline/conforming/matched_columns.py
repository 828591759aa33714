"""Which column of a file fills which column of a table?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firstcall.errors import ImportRefused
from firstcall.schema.table import Table
from firstcall.sources.secrets import KEY_COLUMNS
from firstcall.sources.tables.delimited import Sheet, normal

ALIASES = {"email": "email_hash", "e_mail": "email_hash", "mail": "email_hash"} | dict.fromkeys(
    KEY_COLUMNS, "consumer"
)
"""Columns that are meant by another name; an address never stays as it is, nor does a key."""


@dataclass(frozen=True, slots=True)
class MatchedColumns:
    """Which column of the file (from 1) fills which column of the table, and which are known to nobody.

    `keys` are columns of the table that the file fills with credentials themselves: hashed whatever they look like.
    `separator` stands between the fields of the file, empty where its values are typed; `shown` is the file's name.
    """

    table: Table
    known: Mapping[str, int]
    unknown: tuple[tuple[str, int], ...]
    given: Mapping[str, str]
    keys: frozenset[str] = frozenset()
    separator: str = ""
    shown: str = ""


def match_columns(sheet: Sheet, table: Table, shown: str, given: Mapping[str, str]) -> MatchedColumns:
    """Match the file's columns to the table's; `given` fills columns that the file may leave out.

    Raises ImportRefused with what was found and what is needed when a required column is not there.
    """
    known: dict[str, int] = {}
    unknown: list[tuple[str, int]] = []
    keys: set[str] = set()
    plainly = {normal(name) for name in sheet.names}
    for index, name in enumerate(sheet.names, 1):
        plain = normal(name)
        column = plain if table.column(plain) else ALIASES.get(plain, plain)
        if column != plain and column in plainly:
            column = plain
        if table.column(column) and column not in known:
            known[column] = index
            if plain in KEY_COLUMNS:
                keys.add(column)
        else:
            unknown.append((name, index))
    needed = [c.name for c in table.columns if c.required]
    absent = [name for name in needed if name not in known and name not in given]
    absent += [" or ".join(group) for group in table.needs_one_of if not known.keys() & {*group}]
    if absent and sheet.variant != "empty":
        raise ImportRefused(
            f"{shown}: {table.name} needs {'columns' if len(needed) > 1 else 'column'} {', '.join(needed)}; "
            f"missing: {', '.join(absent)}. Found: {', '.join(sheet.names) or 'none'} ({sheet.variant}). "
            "Rename the columns and import again."
        )
    return MatchedColumns(table, known, tuple(unknown), given, frozenset(keys), sheet.separator, shown)
