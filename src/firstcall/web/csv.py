"""How do answers and rows become CSV that no spreadsheet computes?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstcall.answers import Answer, Point

FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def rows_csv(columns: Sequence[str], rows: Iterable[Sequence[object]], *, ends: str = "\r\n") -> str:
    """Return CSV with a header; text that a spreadsheet would compute gets an apostrophe, numbers stay numbers.

    `ends` stands after each row.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator=ends)
    writer.writerow([defused(column) for column in columns])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue()


def defused(cell: object) -> object:
    """Return a cell as CSV holds it, harmless."""
    if isinstance(cell, datetime):
        return f"{cell.isoformat()}Z"
    if isinstance(cell, date):
        return cell.isoformat()
    if cell is None or isinstance(cell, int | float):
        return cell
    return harmless(str(cell).replace("\x00", ""))


def harmless(text: str) -> str:
    """Return the text with an apostrophe in front when a spreadsheet would compute it; numbers stay as they are."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def answer_csv(answer: Answer, *, ends: str = "\r\n") -> str:
    """Return one row per point: period, splits with names, named values, cases, interval, partial, absent."""
    dimensions = tuple(answer.scope["by"])
    names = tuple(answer.value_units) or (answer.headline,)
    money = ("currency",) if "money" in {answer.unit, *answer.value_units.values()} else ()
    after = ("cases", "low", "high", "partial", "absent", "confidence")
    heads = [
        head for each in dimensions for head in (each, *([f"{each}_name"] if each in answer.labels else ()))
    ]
    columns = ("metric", "period", *heads, *names, *money, *after)
    rows = []
    for point in answer.points:
        values = point.values or {answer.headline: point.value}
        rows.append(
            (
                answer.metric, point.period, *_parts(answer, point, dimensions),
                *(values.get(name) for name in names), *([answer.currency] if money else []), point.cases,
                point.low, point.high, str(point.partial).lower(), point.absent, answer.confidence,
            )
        )  # fmt: skip
    return rows_csv(columns, rows, ends=ends)


def _parts(answer: Answer, point: Point, dimensions: Iterable[str]) -> Iterator[str | None]:
    """Yield what a point is of, and after each id that has a name in this answer its name."""
    for each in dimensions:
        part = point.by.get(each)
        yield part
        if each in answer.labels:
            yield answer.labels[each].get(part or "")
