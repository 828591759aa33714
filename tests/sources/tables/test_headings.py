"""Is a heading in its owner's words taken for the column that it means?"""

from __future__ import annotations

import pytest

from firstcall.schema.tables import TABLES
from firstcall.sources.tables.headings import WORDS, meant, plain


@pytest.mark.parametrize(
    ("table", "headings", "expected"),
    [
        (
            "partners",
            ("Company", "Customer no.", "Sign-up date", "Land"),
            {"partner_id": "Customer no.", "name": "Company", "registered_at": "Sign-up date", "country": "Land"},
        ),
        ("partners", ("Kunden-Nr.", "FIRMA", "Kunde seit"),
         {"partner_id": "Kunden-Nr.", "name": "FIRMA", "registered_at": "Kunde seit"}),
        ("developers", ("E-Mail", "User ID", "Joined"),
         {"developer_id": "User ID", "signed_up_at": "Joined", "email_hash": "E-Mail"}),
        ("invoice_lines", ("Rechnungsdatum", "Betrag (EUR)", "Rechnung", "Kunde", "Gesamtbetrag"),
         {"invoice_id": "Rechnung", "partner_id": "Kunde", "amount": "Betrag (EUR)", "issued_at": "Rechnungsdatum"}),
        ("invoice_lines", ("Total", "Brutto"), {}),
        ("credentials", ("API-Key", "Customer"), {"consumer": "API-Key", "partner_id": "Customer"}),
        ("costs", ("Betrag",), {}),
    ],
)  # fmt: skip
def test_a_heading_means_a_column(table: str, headings: tuple[str, ...], expected: dict[str, str]) -> None:
    """Whatever its capitals, dashes and brackets; an amount with tax means none."""
    assert meant(table, headings) == expected


def test_a_heading_means_one_column_and_the_surer_word_goes_first() -> None:
    """`Customer` is the partner where it stands alone, and a name beside a number."""
    assert meant("partners", ("Customer", "Customer number")) == {
        "partner_id": "Customer number",
        "name": "Customer",
    }
    assert meant("invoice_lines", ("Customer", "Customer number"))["partner_id"] == "Customer number"


def test_every_word_is_for_a_column_that_there_is() -> None:
    """And stands once in its column, as headings are compared."""
    for table, columns in WORDS.items():
        assert sorted(columns.keys() - {*TABLES[table].names}) == []
        for column, words in columns.items():
            listed = [plain(word) for word in words[1:]]
            assert len(listed) == len(set(listed)), (table, column)
