"""How does a user say in TOML which columns of their CSV or JSON fill which tables?

[[rows]]
table = "invoice_lines"
each = "lines"                                  # one row an item; ^ is the record around it
when = { status = ["paid", "open"] }            # other records are left out
columns.line_id = "id"
columns.partner_id = { from = ["customer.number", "^.customer"] }
columns.amount = { from = "cents", read = "minor_units", currency = "^.currency" }
columns.kind = { from = "type", values = { flat = "subscription", metered = "usage" }, otherwise = "one_off" }
columns.currency = { constant = "EUR" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from firstcall.errors import UnknownName, UsageError
from firstcall.schema.table import Table
from firstcall.schema.tables import TABLES
from firstcall.sources.mapping.converters import CONVERTERS, dated, text
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Take, constant, take
from firstcall.sources.source import Option, Source, Variant

TOP = ("rows", "records", "inside", "header_lines")
ROWS = ("table", "columns", "when", "each", "identity", "newest")
COLUMN = ("from", "read", "values", "otherwise", "constant", "currency", "time")


def read_mapping(path: Path) -> RecordMapping:
    """Return the mapping of a TOML file; raises UsageError that names the key, what was found and what is known."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"The mapping file {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"The mapping file {path} is not valid TOML: {error}.") from None
    _known(path, "key", said, TOP)
    listed = said.get("rows")
    if not isinstance(listed, list) or not listed or not all(isinstance(each, dict) for each in listed):
        raise UsageError(f"{path}: no rows are described. Begin with [[rows]], then table and columns.")
    head = said.get("header_lines", 1)
    if head not in {1, 2, 3}:
        raise UsageError(f"{path}: header_lines = {head!r}; a header has 1, 2 or 3 lines.")
    return RecordMapping(
        tuple(_rows(path, each) for each in listed),
        f"a record that the mapping {path.name} is for",
        lists=_texts(path, "records", said.get("records", [])),
        inside=_texts(path, "inside", said.get("inside", [])),
        head=head,
    )


def _known(path: Path, kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"{path}: {UnknownName(kind, name, known)}")


def _rows(path: Path, said: Mapping[str, Any]) -> Rows:
    _known(path, "key of [[rows]]", said, ROWS)
    table = TABLES.get(str(said.get("table")))
    if table is None:
        raise UsageError(f"{path}: {UnknownName('table to fill', str(said.get('table')), TABLES)}")
    columns = said.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise UsageError(f'{path}: the rows of {table.name} have no columns, as in columns.name = "Account".')
    identity = _text(path, "identity", said.get("identity", ""))
    _known(path, f"column of {table.name}", columns, (*table.names, *((identity,) if identity else ())))
    _complete(path, table, columns)
    if identity and identity not in columns:
        raise UsageError(
            f"{path}: identity = {identity!r} has no column of that name. Add columns.{identity}."
        )
    return Rows(
        table.name,
        {name: _column(path, f"columns.{name}", how) for name, how in columns.items()},
        {
            name: _wanted(path, name, value)
            for name, value in _table(path, "when", said.get("when", {})).items()
        },
        each=_text(path, "each", said.get("each", "")),
        identity=identity,
        version=_text(path, "newest", said.get("newest", "")),
    )


def _complete(path: Path, table: Table, columns: Mapping[str, object]) -> None:
    given = (
        {*columns, "source"} if table.name == "calls" else columns.keys()
    )  # the import's name is the source
    absent = [c.name for c in table.columns if c.required and c.name not in given]
    absent += [" or ".join(group) for group in table.needs_one_of if not columns.keys() & {*group}]
    if absent:
        raise UsageError(
            f'{path}: {table.name} needs {", ".join(absent)} too. Add columns.{absent[0]} = "a path", or '
            f'{{ constant = "…" }}. `firstcall sources {table.name}` shows all columns.'
        )


def _column(path: Path, name: str, said: object) -> Take:
    if isinstance(said, str):
        return take(said)
    how = _table(path, name, said)
    _known(path, f"key of {name}", how, COLUMN)
    if "constant" in how:
        if len(how) > 1:
            raise UsageError(f"{path}: {name} has a constant and more. A constant stands alone.")
        return constant(text(how["constant"]) or "")
    paths = _texts(path, f"{name}.from", how.get("from", []))
    if not paths:
        raise UsageError(f"{path}: {name} says neither `from` nor `constant`.")
    read = how.get("read")
    if read is not None:
        _known(path, "converter", [str(read)], CONVERTERS)
    if (form := how.get("time")) is not None and (read is not None or not isinstance(form, str)):
        raise UsageError(
            f'{path}: {name}.time is a pattern such as "%d/%m/%Y %H:%M" and stands without `read`.'
        )
    values = _table(path, f"{name}.values", how.get("values", {}))
    return take(
        *paths,
        read=dated(form) if isinstance(form, str) else read,
        values={key.lower(): text(value) or "" for key, value in values.items()},
        otherwise=text(how.get("otherwise")),
        unit=_texts(path, f"{name}.currency", how.get("currency", ["currency", "^.currency"])),
    )


def _wanted(path: Path, name: str, said: object) -> tuple[str, ...] | bool:
    if isinstance(said, bool):
        return said
    return tuple(value.lower() for value in _texts(path, f"when.{name}", said))


def _text(path: Path, name: str, said: object) -> str:
    if not isinstance(said, str):
        raise UsageError(f"{path}: {name} = {said!r} is no text.")
    return said


def _texts(path: Path, name: str, said: object) -> tuple[str, ...]:
    listed = [said] if isinstance(said, str) else said
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise UsageError(f"{path}: {name} = {said!r} is neither a text nor a list of texts.")
    return tuple(listed)


def _table(path: Path, name: str, said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise UsageError(f'{path}: {name} = {said!r} is neither a path nor a table, as in {{ from = "id" }}.')
    return said


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping of the file that the option `mapping` names; raises UsageError when it is not there."""
    if "mapping" not in options:
        raise UsageError(
            "Which mapping? Name its file: firstcall import mapping FILE --option mapping=my.toml"
        )
    return read_mapping(Path(options["mapping"]))


MAPPING = Source(
    name="mapping",
    title="Any CSV or JSON, by a mapping file of your own",
    fills="partners",
    needs="CSV with a header, JSON or NDJSON, and a TOML file that says which column comes from where",
    identity="as the mapping file says",
    certainty="read in the file itself; what cannot be read is refused with the reason",
    reads="json",
    variants=(
        Variant("JSON", "one document, a list, or a record a line; `records` names lists inside a document"),
        Variant("CSV", "comma, semicolon, tab or bar; columns are named as in the header"),
    ),
    options=(Option("mapping", "the TOML file with [[rows]]; docs/mapping.md explains it by examples"),),
    maps=_maps,
)
