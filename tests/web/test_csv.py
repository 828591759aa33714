"""Is CSV harmless in a spreadsheet, and are numbers still numbers?"""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

import pytest

from firstcall.web.csv import defused, rows_csv


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    """It shows as text."""
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-5", "+3.2", "1e5", -5, 2.5, None, "GET /a", "Acme"])
def test_numbers_and_plain_words_stay(value: object) -> None:
    """A negative number is no formula."""
    assert defused(value) == value


def test_amounts_and_times_are_written_whole() -> None:
    """No rounding, and UTC says so."""
    assert defused(Decimal("-1234.50")) == "-1234.50"
    assert defused(datetime(2026, 9, 1, 12)) == "2026-09-01T12:00:00Z"  # noqa: DTZ001  as the store has it
    assert defused(date(2026, 9, 1)) == "2026-09-01"


def test_quotes_commas_and_lines_survive() -> None:
    """Reading it back gives what was written."""
    rows: list[list[object]] = [['a,"b"\nc', 1], ["", None]]
    text = rows_csv(("name", "n"), rows)
    assert list(csv.reader(StringIO(text))) == [["name", "n"], ['a,"b"\nc', "1"], ["", ""]]
