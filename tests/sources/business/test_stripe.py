"""Do Stripe's objects, events and exports become partners, subscriptions, plans and invoice lines?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import UnknownName
from firstcall.pipeline.loading.journal import export_refused
from tests.pipeline.import_desk import ImportDesk, desk
from tests.sources.business.business_read import kept, take_sample


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def test_every_object_of_a_list_is_accounted_for(at: ImportDesk) -> None:
    """3 lines, 1 customer, 3 trials, 2 paid, 2 prices, 1 product; 4 left out and 1 that is nothing of Stripe."""
    report = take_sample(at, "stripe", "list.json")
    assert kept(report.total) == (17, 12, 4, 1)
    assert report.total.refused == {"not an object of Stripe": 1}
    assert "landed: invoice_lines 3, partners 1, subscriptions 5, plans 2, products 1" in report.notes
    assert "1 left out, test data of Stripe" in report.notes
    assert "1 left out, charge: nothing is taken from this kind" in report.notes
    assert "1 left out, drafts and void invoices" in report.notes
    assert any(note.startswith("only the first lines are there, records: 1") for note in report.notes)


def test_a_record_is_kept_once_however_many_of_its_lines_are_refused(at: ImportDesk, tmp_path: Path) -> None:
    """Two lines of an invoice have an end before their start; the invoice is exported once, to be mended."""
    one = {"amount": 100, "currency": "eur", "period": {"start": 1782864000, "end": 1780272000}}
    lines = [{**one, "id": "il_7", "object": "line_item"}, {**one, "id": "il_8", "object": "line_item"}]
    invoice = {
        "id": "in_7", "object": "invoice", "livemode": True, "customer": "cus_1", "currency": "eur",
        "status": "open", "created": 1782864000, "lines": {"object": "list", "has_more": False, "data": lines},
    }  # fmt: skip
    assert sum(at.take("stripe", json.dumps(invoice), "invoice.json").total.refused.values()) == 2
    assert at.rows("SELECT line, content IS NULL FROM refused ORDER BY 2") == [(1, False), (1, True)]
    written = tmp_path / "refused.ndjson"
    assert export_refused(at.store.connection, written, "stripe") == 1
    mended = written.read_text().replace("1780272000", "1785542400")
    assert at.take("stripe", mended, "mended.json").total.landed == 2


def test_lines_have_the_amount_after_discounts_and_the_places_of_their_currency(at: ImportDesk) -> None:
    """49.00 less 9.00; money back is a credit; 5,000 yen are 5,000; what is metered is usage."""
    take_sample(at, "stripe", "list.json")
    assert at.rows(
        "SELECT line_id, invoice_id, partner_id, product, plan_id, kind, amount::VARCHAR, currency, units "
        "FROM invoice_lines ORDER BY 1"
    ) == [
        ("il_1", "in_1", "cus_1", "prod_pay", "price_pro", "subscription", "40.000000", "EUR", 1),
        ("il_2", "in_1", "cus_1", "prod_pay", "price_pro", "credit", "-12.500000", "EUR", 1),
        ("il_3", "in_2", "cus_2", "prod_pay", "price_calls", "usage", "5000.000000", "JPY", 2500),
    ]
    assert at.rows(
        "SELECT period_start::VARCHAR, period_end::VARCHAR, issued_at::VARCHAR, paid_at::VARCHAR FROM invoice_lines "
        "WHERE line_id = 'il_1'"
    ) == [("2026-07-01 00:00:00", "2026-08-01 00:00:00", "2026-07-01 00:01:00", "2026-07-02 00:00:00")]


def test_a_trial_is_a_subscription_of_its_own_before_the_paid_one(at: ImportDesk) -> None:
    """The second subscription ended in its trial, so it was never paid; further items get the item's id."""
    take_sample(at, "stripe", "list.json")
    assert at.rows(
        "SELECT subscription_id, kind, started_at::VARCHAR, ended_at::VARCHAR FROM subscriptions ORDER BY 1"
    ) == [
        ("sub_1", "paid", "2026-06-15 00:00:00", None),
        ("sub_1/si_2", "paid", "2026-06-15 00:00:00", None),
        ("sub_1/trial", "trial", "2026-06-01 00:00:00", "2026-06-15 00:00:00"),
        ("sub_1/trial/si_2", "trial", "2026-06-01 00:00:00", "2026-06-15 00:00:00"),
        ("sub_2/trial", "trial", "2026-06-01 00:00:00", "2026-06-08 00:00:00"),
    ]


def test_prices_are_plans_by_month_and_metered_ones_have_a_unit_price(at: ImportDesk) -> None:
    """147 a quarter is 49 a month; 0.2 cent a call is 0.002."""
    take_sample(at, "stripe", "list.json")
    assert at.rows("SELECT plan_id, interval, fee::VARCHAR, tiers FROM plans ORDER BY 1") == [
        ("price_calls", "month", None, '[{"up_to": null, "unit_price": "0.002", "flat_fee": "0.00"}]'),
        ("price_pro", "month", "49.000000", None),
    ]


def test_a_customer_is_merged_into_the_partner_its_metadata_names(at: ImportDesk) -> None:
    """No address is stored, not even beside the refused object."""
    take_sample(at, "stripe", "list.json")
    assert at.rows("SELECT partner_id, name, country, merged_into, registered_at::VARCHAR FROM partners") == [
        ("cus_1", "Acme", "DE", "acme", "2026-01-01 00:00:00")
    ]
    assert at.rows("SELECT line, content FROM refused") == [(12, '{"id": "nothing"}')]


def test_of_two_events_the_newer_one_stands(at: ImportDesk) -> None:
    """Whichever comes first in the file."""
    report = take_sample(at, "stripe", "events.ndjson")
    assert kept(report.total) == (2, 1, 1, 0)
    assert at.rows("SELECT kind, paid_at::VARCHAR FROM invoice_lines") == [("one_off", "2026-07-02 00:00:00")]


def test_exports_of_the_dashboard_are_in_whole_currency_and_utc(tmp_path: Path) -> None:
    """Whatever the program's zone; tax is left out by taking the subtotal."""
    with desk(tmp_path, "Europe/Berlin") as at:
        report = take_sample(at, "stripe", "invoices.csv")
        assert kept(report.total) == (3, 2, 1, 0)
        assert at.rows(
            "SELECT line_id, partner_id, kind, amount::VARCHAR, issued_at::VARCHAR FROM invoice_lines ORDER BY 1"
        ) == [
            ("in_5", "cus_1", "subscription", "10.000000", "2026-07-01 00:00:00"),
            ("in_6", "cus_2", "one_off", "5.000000", "2026-07-02 12:30:00"),
        ]


def test_the_same_file_twice_changes_nothing(at: ImportDesk) -> None:
    """All rows are duplicates; what was refused is kept once."""
    take_sample(at, "stripe", "list.json")
    again = take_sample(at, "stripe", "list.json")
    assert (again.total.landed, again.total.duplicate) == (0, 12)
    assert at.rows("SELECT count(*) FROM refused") == [(1,)]
    assert at.rows('SELECT count(*), count(DISTINCT "table") FROM imports') == [(10, 5)]


def test_test_data_is_kept_when_asked_for(at: ImportDesk) -> None:
    """And another word is no answer."""
    assert (
        "1 left out, nothing in lines.data" in take_sample(at, "stripe", "list.json", test_data="keep").notes
    )
    with pytest.raises(UnknownName, match="Did you mean keep"):
        take_sample(at, "stripe", "list.json", test_data="keeep")
