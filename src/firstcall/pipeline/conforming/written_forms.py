"""How do the texts of a column come to be written in one form, when people have written them in theirs?

What is different from the form that is read everywhere is looked at once for every text that is there, and its plain
form stands in a column of its own beside what the file says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

import duckdb

from firstcall.literals import identifier
from firstcall.pipeline.conforming import date_formats, number_formats
from firstcall.sources.parsing.moments import EPOCH

AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class WrittenForms:
    """By column that has texts of another form: the sign before decimals; whether days or months stand first."""

    decimals: Mapping[str, str]
    dates: Mapping[str, str]


def form(name: str) -> str:
    """Return the column of `sheet` with the plain form of a field, null where the field has it."""
    return identifier(f"form_{name}")


def currency_of(name: str) -> str:
    """Return the column of `sheet` with the currency that an amount names itself."""
    return identifier(f"named_{name}")


def write_forms(
    connection: duckdb.DuckDBPyConnection,
    numbers: Mapping[str, str],
    dates: Mapping[str, str],
    separator: str,
    options: Mapping[str, str],
) -> WrittenForms:
    """Add to `sheet` the plain forms of numbers and dates, whose cleaned texts are given as SQL by column.

    `separator` stands between the fields of the file, empty where values are typed; `options` say what they cannot.
    Raises ImportRefused when they would have to.
    """
    # between other signs than commas a plain point may be none before decimals
    plain = number_formats.PLAIN if separator in {"", ","} else number_formats.WHOLE
    odd_numbers = _texts(connection, numbers, f"NOT regexp_full_match(t, '{plain.pattern}')")
    odd = f"(substr(t, 5, 1) <> '-' OR substr(t, 8, 1) <> '-') AND NOT regexp_full_match(t, '{EPOCH}')"
    odd_dates = _texts(connection, dates, odd)
    decimals = number_formats.decimals(
        {name: number_formats.shown(texts) for name, texts in odd_numbers.items()},
        separator,
        options.get("decimal"),
    )
    orders = date_formats.orders(
        {name: date_formats.shown(texts) for name, texts in odd_dates.items()},
        separator,
        options.get("dates"),
    )
    for name, sign in decimals.items():
        texts = odd_numbers[name]
        plain_ones = [number_formats.plainly(text, sign) for text in texts]
        _write(connection, form(name), numbers[name], texts, plain_ones)
        _write(connection, currency_of(name), numbers[name], texts, map(number_formats.currency_said, texts))
    for name, order in orders.items():
        texts = odd_dates[name]
        _write(
            connection, form(name), dates[name], texts, [date_formats.as_iso(text, order) for text in texts]
        )
    return WrittenForms(decimals, orders)


def _texts(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, str], odd: str
) -> Mapping[str, tuple[str, ...]]:
    """Return every text of the columns that have an odd one, in the order of the file."""
    found = {}
    for name, text in columns.items():
        source = f"(SELECT row, {text} AS t FROM sheet) WHERE t IS NOT NULL"
        if connection.execute(f"SELECT 1 FROM {source} AND {odd} LIMIT 1").fetchone():
            rows = connection.execute(f"SELECT t FROM {source} GROUP BY t ORDER BY min(row)").fetchall()
            found[name] = tuple(t for (t,) in rows)
    return found


def _write(
    connection: duckdb.DuckDBPyConnection,
    column: str,
    text: str,
    texts: Iterable[str],
    made: Iterable[str | None],
) -> None:
    """Add a column with what was made of each text, where that is another one."""
    connection.execute(f"ALTER TABLE sheet ADD COLUMN {column} VARCHAR")
    pairs = ((said, new) for said, new in zip(texts, made, strict=True) if new not in {None, said})
    while some := list(islice(pairs, AT_ONCE)):
        connection.execute(
            f"UPDATE sheet SET {column} = m.made FROM (SELECT unnest(?::VARCHAR[]) AS said, "
            f"unnest(?::VARCHAR[]) AS made) AS m WHERE {text} = m.said",
            [[said for said, _ in some], [new for _, new in some]],
        )
