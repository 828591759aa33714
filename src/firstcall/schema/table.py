"""What is a table? The contract: its columns, its key, and which column tells when a row happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "time", "date", "integer", "number", "money", "rate", "boolean", "json", "key"]
Layer = Literal["usage", "identity", "business", "signals", "journal", "rollup"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` is its meaning; each engine spells the type.

    `time` is UTC microseconds, `date` a local day, `money` and `rate` exact decimals (6 and 10 places),
    `json` text that holds JSON, `key` a 128-bit integer. `values` closes the domain; `least` and `most` bound numbers.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    default: str | int | bool | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table that a file can fill.

    `key` names the columns that identify a row; empty means identical content is a duplicate, by the ordinal
    rule (the second identical row of one file is a second row). `happened` is the column that `--as-of` compares.
    `needs_one_of` lists groups of columns of which a row needs at least one.
    """

    name: str
    layer: Layer
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    happened: str | None = None
    needs_one_of: tuple[tuple[str, ...], ...] = ()

    def column(self, name: str) -> Column | None:
        """Return the column called `name`, or None."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


KEPT = (
    Column("attributes", "json", "Columns of the file that the table does not know, as a JSON object."),
    Column("import_id", "integer", "The import that brought this version of the row; see `imports`."),
    Column("known_from", "time", "When this version of the row was imported."),
    Column("known_to", "time", "When a later import replaced it; null while it is in force."),
)
"""Columns every fillable table carries besides its own: which import, and from when until when it was known."""


def text(name: str, doc: str, *values: str, required: bool = False, default: str | None = None) -> Column:
    """Return a text column; `values` closes its domain."""
    return Column(name, "text", doc, required=required, values=values, default=default)


def secret(name: str, doc: str, *, required: bool = False) -> Column:
    """Return a text column whose value is hashed on import when it looks like a credential's secret."""
    return Column(name, "text", doc, required=required, secret=True)


def time(name: str, doc: str, *, required: bool = False) -> Column:
    """Return a moment: ISO 8601 in files, UTC microseconds in the store."""
    return Column(name, "time", doc, required=required)


def date(name: str, doc: str, *, required: bool = False) -> Column:
    """Return a local day of the program's zone."""
    return Column(name, "date", doc, required=required)


def integer(
    name: str,
    doc: str,
    *,
    required: bool = False,
    least: float | None = 0,
    most: float | None = None,
    default: int | None = None,
) -> Column:
    """Return a whole number, by default not negative."""
    return Column(name, "integer", doc, required=required, least=least, most=most, default=default)


def number(
    name: str, doc: str, *, required: bool = False, least: float | None = 0, most: float | None = None
) -> Column:
    """Return a binary floating-point number (never money), by default not negative."""
    return Column(name, "number", doc, required=required, least=least, most=most)


def money(name: str, doc: str, *, required: bool = False) -> Column:
    """Return an exact amount with up to six decimal places; its currency stands in its own column."""
    return Column(name, "money", doc, required=required)


def boolean(name: str, doc: str, *, default: bool | None = None) -> Column:
    """Return a yes or no: true/false, yes/no, 1/0 in files."""
    return Column(name, "boolean", doc, default=default)


def currency(*, required: bool = False) -> Column:
    """Return the ISO 4217 code beside an amount."""
    return Column("currency", "text", "ISO 4217 code of the amount.", required=required)


def confidence() -> Column:
    """Return how sure a business row is; an answer inherits the weakest of its inputs."""
    return text("confidence", "How sure the row is.", "measured", "estimated", "assumed", default="measured")
