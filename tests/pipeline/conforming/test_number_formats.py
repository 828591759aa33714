"""Is a number read as its column writes numbers, and the file refused when nobody can say how that is?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused, UsageError
from firstcall.pipeline.conforming.number_formats import meaning
from tests.pipeline.import_desk import ImportDesk, desk

HEAD = ("line_id", "invoice_id", "partner_id", "kind", "period_start", "period_end", "amount", "units", "currency",
        "issued_at")  # fmt: skip


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def lines(*amounts: str, separator: str = ";", units: str = "") -> str:
    """Return a sheet of invoice lines with these amounts."""
    rows = [HEAD] + [
        (
            f"L{n}",
            "I",
            "P1",
            "usage",
            "2026-04-01",
            "2026-05-01",
            f'"{amount}"',
            f'"{units}"',
            "EUR",
            "2026-05-01",
        )
        for n, amount in enumerate(amounts)
    ]
    return "".join(separator.join(row) + "\n" for row in rows)


def read(at: ImportDesk) -> list[str]:
    """Return the amounts in the store, plainly."""
    found = at.rows("SELECT amount FROM invoice_lines WHERE known_to IS NULL ORDER BY line_id")
    return [f"{Decimal(str(amount)).normalize():f}" for (amount,) in found]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (("1.000", "1.111,11", "2.500"), ("1000", "1111.11", "2500")),
        (("1.000.000", "2.500"), ("1000000", "2500")),
        (("1,000", "1,111.11"), ("1000", "1111.11")),
        (("1.000", "12.5"), ("1", "12.5")),
        (("1 234,50", "1 000"), ("1234.5", "1000")),
        (("1\u202f234,50 €", "12,-", "€\xa01.000"), ("1234.5", "12", "1000")),
        (("1'234.50", "Fr. 1’000", "10.–"), ("1234.5", "1000", "10")),
        (("(1,200.00)", "12.50-", "−3.25", "$0.125"), ("-1200", "-12.5", "-3.25", "0.125")),
        (("1,00,000.00", "12 EUR", "10.5"), ("100000", "12", "10.5")),
        (("1e3", "2,5"), ("1000", "2.5")),
        ((".5", "0.125"), ("0.5", "0.125")),
    ],
)
def test_a_column_has_one_format(at: ImportDesk, amounts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """What one of its numbers shows holds for those that would allow either."""
    report = at.take("invoice_lines", lines(*amounts))
    refused = at.rows("SELECT detail FROM refused")
    assert (refused, report.total.landed, read(at)) == ([], len(amounts), list(expected))


def test_both_readings_possible_refuse_the_file_until_one_is_said(at: ImportDesk) -> None:
    """1.000 may be one, or a thousand; the message says what either would be."""
    sheet = lines("1.000", "2.500")
    with pytest.raises(
        ImportRefused, match=r"amount: '1\.000' may be a thousand.*decimal=comma reads it as 1000"
    ):
        at.take("invoice_lines", sheet)
    at.take("invoice_lines", sheet, options={"decimal": "comma"})
    assert read(at) == ["1000", "2500"]
    at.take("invoice_lines", sheet, options={"decimal": "point"}, replace=True)
    assert read(at) == ["1", "2.5"]


def test_the_other_columns_of_the_file_tell(at: ImportDesk) -> None:
    """A sheet is written in one country."""
    at.take("invoice_lines", lines("1.000", units="12,5"))
    assert read(at) == ["1000"]


def test_commas_between_fields_leave_the_point_to_decimals(at: ImportDesk) -> None:
    """Programs write three decimals too, and who has a decimal comma separates fields otherwise."""
    at.take("invoice_lines", lines("1.250", "1,000", separator=","))
    assert read(at) == ["1.25", "1000"]


def test_a_column_that_shows_both_refuses_the_file(at: ImportDesk) -> None:
    """Both values are named; said which is right, the others are refused."""
    sheet = lines("12.50", "12,50")
    with pytest.raises(ImportRefused, match=r"'12\.50' has a decimal point and '12,50' a decimal comma"):
        at.take("invoice_lines", sheet)
    report = at.take("invoice_lines", sheet, options={"decimal": "comma"})
    assert (report.total.refused, read(at)) == ({"bad amount in amount": 1}, ["12.5"])
    assert 'found "12.50 (not with a decimal comma)"' in str(at.rows("SELECT line, detail FROM refused"))


def test_an_option_takes_one_of_two_words(at: ImportDesk) -> None:
    """A typing error is none of them."""
    with pytest.raises(UsageError, match="write point or comma"):
        at.take("invoice_lines", lines("1"), options={"decimal": ","})


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("999", ""),
        ("9.99", "point"),
        ("9,9999", "comma"),
        ("9.999", "either"),
        ("0.999", "point"),
        ("9999.999", "point"),
        ("-9.999.999", "comma"),
        ("9.999,9", "comma"),
        ("9,999,999.00", "point"),
        ("9'999.999", "point"),
        ("9.99.99", ""),
        ("no number", ""),
        ("", ""),
    ],
)
def test_what_a_number_shows(number: str, what: str) -> None:
    """One sign before three digits shows nothing; before two, or twice, it does."""
    assert meaning(number) == what
