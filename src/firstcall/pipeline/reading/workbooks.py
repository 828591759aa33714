"""How does a sheet of a workbook (Excel or OpenDocument) become text that is read as any other sheet?

Fields are separated by tabs, and a row stands in the line of its number, so that what is said about a line can be
looked up. A number is written so that its point can be nothing but a decimal point; a day or a moment as ISO 8601.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from firstcall.errors import ImportRefused
from firstcall.pipeline.reading.decompress import DecompressionLimits

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
"""What is in the archive of an .xlsx, .xlsb and .ods."""
EXACT = 10**15
"""Whole numbers below it are kept exactly by a cell, which has fifteen digits."""
FEWEST = 2
"""Filled cells that a row of a table has at least; fewer are a title, or a remark."""

Cell = int | float | str | bool | time | date | datetime | timedelta


def is_workbook(path: Path, head: bytes) -> bool:
    """Return whether a file that begins with `head` is a workbook, and no other archive or document."""
    if head.startswith(OLE):
        return True
    if not head.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(part in archive.namelist() for part in PARTS)
    except zipfile.BadZipFile:
        return False


def as_text(
    path: Path, shown: str, sheet: str | None, out: Path, limits: DecompressionLimits
) -> tuple[str, ...]:
    """Write a sheet to `out`, and return what has to be said; without `sheet` the only one with rows.

    Raises ImportRefused when it cannot be read, or when nobody can say which sheet is meant.
    """
    # calamine: only workbooks need it
    from python_calamine import CalamineError, CalamineWorkbook

    _within(path, shown, limits)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            name, notes = _chosen(book, shown, sheet)
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ImportRefused(
            f"{shown}: the workbook cannot be read: {error}. Open it and save it again as .xlsx without a "
            "password, or save the sheet as CSV."
        ) from error
    title = _above(rows)
    with out.open("w", encoding="utf-8", newline="") as text:
        written = csv.writer(text, delimiter="\t", lineterminator="\n")
        for number, row in enumerate(rows):
            filled = number >= title and any(cell != "" for cell in row)
            if filled:
                written.writerow([_said(cell) for cell in row])
            else:
                text.write("\n")
    return (f"read from the sheet {name}", *notes)


def _within(path: Path, shown: str, limits: DecompressionLimits) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > max(limits.free, path.stat().st_size * limits.ratio):
        raise ImportRefused(
            f"{shown}: the workbook unpacks to {size:,} bytes, more than {limits.ratio} times its size. Nothing was "
            "imported. If the file is honest, save the sheet as CSV."
        )


def _chosen(book: CalamineWorkbook, shown: str, sheet: str | None) -> tuple[str, tuple[str, ...]]:
    names = list(book.sheet_names)
    if sheet is not None:
        if sheet not in names:
            raise ImportRefused(f"{shown}: there is no sheet {sheet!r}. Its sheets are {', '.join(names)}.")
        return sheet, ()
    hidden = {found.name for found in book.sheets_metadata if not str(found.visible).endswith("Visible")}
    full = [name for name in names if name not in hidden and _has_rows(book, name)]
    if len(full) > 1:
        raise ImportRefused(
            f"{shown}: {len(full)} sheets have rows: {', '.join(full)}. Say which one is meant, as in "
            f"--option sheet={_argument(full[0])}"
        )
    if not full:
        return names[0], ()
    passed = [name for name in names if name in hidden and _has_rows(book, name)]
    return full[0], ((f"hidden sheets were passed over: {', '.join(passed)}",) if passed else ())


def _argument(name: str) -> str:
    return f"'{name}'" if " " in name else name


def _has_rows(book: CalamineWorkbook, name: str) -> bool:
    rows = iter(book.get_sheet_by_name(name).to_python(nrows=50))
    return sum(_filled(row) >= FEWEST for row in rows) >= FEWEST


def _filled(row: Sequence[Cell]) -> int:
    return sum(cell != "" for cell in row)


def _above(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows stand above the header: those with a title or a remark, and those with nothing."""
    return next((number for number, row in enumerate(rows) if _filled(row) >= FEWEST), 0)


def _said(cell: Cell) -> str:
    """Return the text of a cell."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    text = f"{Decimal(f'{value:.15g}'):f}"
    # three decimals alone could be taken for thousands
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
