"""Is a line's amount what is really charged for it, whichever system says it in whichever shape?

Each case is an invoice as its system writes it, small enough that the right amount is seen at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from firstcall.sources.business.billing_amounts import as_written, shared_out
from firstcall.sources.mapping.mapping import Unclear
from tests.pipeline.import_desk import ImportDesk, desk

APRIL, MAY = 1775001600, 1777593600
"""Epoch seconds."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportDesk]:
    """A desk in UTC for all tests of the file."""
    with desk(tmp_path_factory.mktemp("billing")) as made:
        yield made


@pytest.fixture
def at(opened: ImportDesk) -> ImportDesk:
    """The desk with nothing on it."""
    for table in ("invoice_lines", "imports", "refused"):
        opened.store.connection.execute(f"DELETE FROM {table}")
    return opened


def amounts(at: ImportDesk, source: str, *records: dict[str, Any] | str) -> dict[str, str]:
    """Import records and return (line → kind and amount) of what is in force."""
    for number, each in enumerate(records):
        at.take(source, each if isinstance(each, str) else json.dumps(each), f"{number}.json")
    found = at.rows(
        "SELECT line_id, kind, amount::DECIMAL(18,2)::VARCHAR FROM invoice_lines WHERE known_to IS NULL"
    )
    return {str(line): f"{kind} {amount}" for line, kind, amount in found}


def refused(at: ImportDesk, source: str, record: dict[str, Any] | str) -> str:
    """Import a record of which nothing lands; return why."""
    report = at.take(source, record if isinstance(record, str) else json.dumps(record), "refused.json")
    assert report.total.landed == 0
    return " ".join(report.total.refused)


def stripe_invoice(line: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return an invoice of Stripe over 119.00 for April, with one line."""
    one = {"id": "il_1", "amount": 11900, "currency": "eur", "type": "subscription",
           "period": {"start": APRIL, "end": MAY}}  # fmt: skip
    invoice = {"id": "in_1", "object": "invoice", "livemode": True, "customer": "cus_1", "status": "paid",
               "currency": "eur", "created": APRIL, "status_transitions": {"paid_at": APRIL}}  # fmt: skip
    return {**invoice, "lines": {"object": "list", "has_more": False, "data": [{**one, **line}]}, **more}


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ({"tax_amounts": [{"amount": 1900, "inclusive": True}]}, "100.00"),
        ({"taxes": [{"amount": 1900, "tax_behavior": "inclusive"}]}, "100.00"),
        ({"tax_amounts": [{"amount": 1900, "inclusive": False}]}, "119.00"),
        ({"taxes": [{"amount": 1900, "tax_behavior": "exclusive"}], "tax_amounts": []}, "119.00"),
        # half price: 59.50 with tax, of which 9.50 is tax
        ({"discount_amounts": [{"amount": 5950}], "taxes": [{"amount": 950, "tax_behavior": "inclusive"}]}, "50.00"),
        # a discount is listed twice where credits are listed, a grant of credits once
        ({"discount_amounts": [{"amount": 1900}], "pretax_credit_amounts": [
            {"amount": 1900, "type": "discount"}, {"amount": 4000, "type": "credit_balance_transaction"},
        ]}, "60.00"),
    ],
)  # fmt: skip
def test_a_line_of_stripe_is_without_tax_contained_discounts_and_credits(
    at: ImportDesk, line: dict[str, Any], right: str
) -> None:
    """Of the old shape and the new."""
    assert amounts(at, "stripe", stripe_invoice(line)) == {"il_1": f"subscription {right}"}


@pytest.mark.parametrize(
    ("line", "invoice", "why"),
    [
        ({"taxes": [{"amount": 1900}]}, {}, "tax_behavior is missing"),
        ({}, {"total_discount_amounts": [{"amount": 900}]}, "not shared out over its lines"),
        ({}, {"total_tax_amounts": [{"amount": 1900, "inclusive": True}]}, "tax that the invoice contains"),
    ],
)
def test_what_stripe_says_of_the_invoice_alone_is_refused(
    at: ImportDesk, line: dict[str, Any], invoice: dict[str, Any], why: str
) -> None:
    """A line is not charged by a guess."""
    assert why in refused(at, "stripe", stripe_invoice(line, **invoice))


HEADER = "id,Currency,Customer,Date (UTC),Subscription,Subtotal,Total Discount Amount,Tax,Total,Status\n"


def test_the_dashboards_export_counts_total_less_tax(at: ImportDesk) -> None:
    """A coupon of half the price; grouped thousands; yen without places; uncollectible stays, and is not paid."""
    rows = (
        "in_1,eur,cus_1,2026-04-01 00:00,sub_1,100.00,50.00,9.50,59.50,paid\n"
        'in_2,eur,cus_1,2026-04-01 00:00,sub_1,"1,000.00",0.00,190.00,"1,190.00",paid\n'
        "in_3,jpy,cus_1,2026-04-01 00:00,sub_1,5000,0,,5000,paid\n"
        "in_4,eur,cus_1,2026-04-01 00:00,sub_1,5.00,0,0,5.00,uncollectible\n"
        "in_5,eur,cus_1,2026-04-01 00:00,sub_1,119.00,0,19.00,119.00,paid\n"
    )
    report = at.take("stripe", HEADER + rows, "stripe.csv")
    assert "1 kept, uncollectible: they stay revenue, and basis=paid leaves them out" in report.notes
    assert amounts(at, "stripe") == {
        "in_1": "subscription 50.00", "in_2": "subscription 1000.00", "in_3": "subscription 5000.00",
        "in_4": "subscription 5.00", "in_5": "subscription 100.00",
    }  # fmt: skip


def test_an_export_without_the_tax_is_refused(at: ImportDesk) -> None:
    """Total has the tax, the subtotal has not the coupon: neither alone is what was charged."""
    said = "id,Currency,Customer,Date (UTC),Subscription,Subtotal,Total,Status\n"
    row = "in_1,eur,cus_1,2026-04-01 00:00,sub_1,100.00,107.10,paid\n"
    assert "export the columns Total and Tax" in refused(at, "stripe", said + row)


def note(**more: object) -> dict[str, Any]:
    """Return a credit note of Stripe over 59.50, of which 9.50 is tax."""
    return {
        "id": "cn_1", "object": "credit_note", "livemode": True, "status": "issued", "customer": "cus_1",
        "invoice": "in_1", "currency": "eur", "created": MAY, "total": 5950, "total_excluding_tax": 5000, **more,
    }  # fmt: skip


def refund(**more: object) -> dict[str, Any]:
    """Return a refund of 59.50 of an invoice over 119.00, of which 19.00 is tax."""
    charge = {"id": "ch_1", "livemode": True, "customer": "cus_1",
              "invoice": {"id": "in_1", "total": 11900, "total_excluding_tax": 10000}}  # fmt: skip
    return {"id": "re_1", "object": "refund", "status": "succeeded", "amount": 5950, "currency": "eur",
            "created": MAY, "charge": charge, **more}  # fmt: skip


def test_a_credit_note_of_stripe_counts_without_its_tax_at_its_own_date(at: ImportDesk) -> None:
    """Not in the month that it pays back."""
    assert amounts(at, "stripe", note()) == {"cn_1": "credit 50.00"}
    assert at.rows(
        "SELECT invoice_id, partner_id, period_start::VARCHAR, issued_at::VARCHAR FROM invoice_lines"
    ) == [("in_1", "cus_1", "2026-05-01 00:00:00", "2026-05-01 00:00:00")]


@pytest.mark.parametrize("first", ["note", "refund"])
def test_a_refund_made_for_a_credit_note_counts_once(at: ImportDesk, first: str) -> None:
    """Whichever is read first; a note that was refunded in part counts the rest itself."""
    both = [note(refund="re_1"), refund()]
    assert amounts(at, "stripe", *(both if first == "note" else both[::-1])) == {"re_1": "refund 50.00"}
    part = note(id="cn_2", refunds=[{"refund": "re_2", "amount_refunded": 1190}])
    assert amounts(at, "stripe", part) == {
        "re_1": "refund 50.00", "re_2": "refund 10.00", "cn_2": "credit 40.00",
    }  # fmt: skip


def test_a_refund_alone_needs_to_say_what_it_pays_back(at: ImportDesk) -> None:
    """A payment without an invoice never counted; a charge that is only named may be anything."""
    other = refund(charge={"id": "ch_1", "customer": "cus_1", "invoice": None})
    assert at.take("stripe", json.dumps(other), "a.json").total.filtered == 1
    assert "expand[]=data.charge.invoice" in refused(at, "stripe", refund(charge="ch_1"))


def test_what_is_voided_after_it_was_taken_in_ends(at: ImportDesk) -> None:
    """An invoice, a credit note, a refund that failed: none of them counts any longer."""
    assert len(amounts(at, "stripe", stripe_invoice({}), note(), refund())) == 3
    later = (stripe_invoice({}, status="void"), note(status="void"), refund(status="failed"))
    assert amounts(at, "stripe", *later) == {}
    assert amounts(at, "stripe", stripe_invoice({})) == {"il_1": "subscription 119.00"}


def chargebee(kind: str, line: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return an invoice or a credit note of Chargebee over 119.00 with one line."""
    one = {"id": "li_1", "date_from": APRIL, "date_to": MAY, "amount": 11900, "entity_type": "plan_item_price",
           "tax_amount": 1900}  # fmt: skip
    whole = {"id": "x_1", "object": kind, "customer_id": "c", "status": "paid", "date": MAY, "updated_at": MAY,
             "currency_code": "EUR", "line_items": [one | line], **more}  # fmt: skip
    return {"list": [{kind: whole}]}


@pytest.mark.parametrize(
    ("line", "price_type", "right"),
    [
        ({}, "tax_inclusive", "100.00"),
        ({}, "tax_exclusive", "119.00"),
        (
            {"discount_amount": 5950, "tax_amount": 950, "item_level_discount_amount": 5950},
            "tax_inclusive",
            "50.00",
        ),
    ],
)
def test_a_line_of_chargebee_is_without_tax_contained_and_discounts(
    at: ImportDesk, line: dict[str, Any], price_type: str, right: str
) -> None:
    """The discount of a line is all of it, that of the item included."""
    made = chargebee("invoice", line, price_type=price_type)
    assert amounts(at, "chargebee", made) == {"li_1": f"subscription {right}"}


def test_a_taxed_line_of_chargebee_without_its_price_type_is_refused(at: ImportDesk) -> None:
    """It could be either."""
    assert "price_type is missing" in refused(at, "chargebee", chargebee("invoice", {}))


def test_credit_notes_of_chargebee_reduce_revenue_and_write_offs_do_not(at: ImportDesk) -> None:
    """A line of a credit note may bear the id of the line it credits."""
    plain = {"price_type": "tax_inclusive"}
    given = chargebee("credit_note", {}, type="refundable", reference_invoice_id="in_1", **plain)
    assert amounts(at, "chargebee", chargebee("invoice", {}, **plain), given) == {
        "li_1": "subscription 100.00", "x_1/li_1": "refund 100.00",
    }  # fmt: skip
    dated = "SELECT period_start::VARCHAR, period_end::VARCHAR FROM invoice_lines WHERE kind = 'refund'"
    assert at.rows(dated) == [("2026-05-01 00:00:00", "2026-05-01 00:00:00")]
    lost = chargebee("credit_note", {}, id="x_2", type="adjustment", reason_code="write_off", **plain)
    report = at.take("chargebee", json.dumps(lost), "lost.json")
    assert any("write an invoice off: they stay revenue" in said for said in report.notes)
    voided = chargebee("credit_note", {}, type="refundable", **(plain | {"status": "voided"}))
    assert amounts(at, "chargebee", voided) == {"li_1": "subscription 100.00"}


def test_what_chargebee_gave_up_on_is_revenue_and_not_paid(at: ImportDesk) -> None:
    """Written off, it may still bear a date of payment."""
    made = chargebee(
        "invoice", {}, price_type="tax_inclusive", write_off_amount=11900, amount_paid=0, paid_at=MAY
    )
    report = at.take("chargebee", json.dumps(made), "lost.json")
    assert "1 kept, not paid for good: they stay revenue, and basis=paid leaves them out" in report.notes
    assert at.rows("SELECT amount::INTEGER, paid_at FROM invoice_lines") == [(100, None)]


def lago(*fees: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return an invoice of Lago with fees for April."""
    whole = {"from_date": "2026-04-01T00:00:00+00:00", "to_date": "2026-04-30T23:59:59+00:00", "units": "1"}
    made = [
        {
            "lago_id": f"f{n}",
            "item": {"type": "charge", "code": "api"},
            "amount_currency": "EUR",
            **whole,
            **fee,
        }
        for n, fee in enumerate(fees, 1)
    ]
    return {"invoice": {"lago_id": "i1", "issuing_date": "2026-05-01", "invoice_type": "subscription",
                        "status": "finalized", "currency": "EUR", "customer": {"external_id": "P1"},
                        "updated_at": "2026-05-01T00:00:00Z", "fees": made, **more}}  # fmt: skip


COUPON = "precise_coupons_amount_cents"


@pytest.mark.parametrize(
    ("made", "right"),
    [
        (lago({"amount_cents": 10000, COUPON: "2500"}, coupons_amount_cents=2500), ["75.00"]),
        (lago({"amount_cents": 7000, COUPON: "0.0"}, progressive_billing_credit_amount_cents=3000), ["40.00"]),
        (lago({"amount_cents": 5000, COUPON: "0.0"}, prepaid_credit_amount_cents=5000), ["0.00"]),
        # 30.00 were billed of 70.00 and 20.00 by use, none of the fee of the plan; the odd cent is nobody's loss
        (lago({"amount_cents": 7000}, {"amount_cents": 2000}, {"amount_cents": 4900, "item": {"type": "subscription"}},
              progressive_billing_credit_amount_cents=3000), ["46.67", "13.33", "49.00"]),
    ],
)  # fmt: skip
def test_a_fee_of_lago_is_without_coupons_and_what_another_bill_counted(
    at: ImportDesk, made: dict[str, Any], right: list[str]
) -> None:
    """Coupons by fee; progressive bills and prepaid credits are said of the whole invoice."""
    assert [said.split()[1] for said in amounts(at, "lago", made).values()] == right


def test_prepaid_credits_of_lago_count_when_bought(at: ImportDesk) -> None:
    """50.00 bought, 50.00 drawn: 50.00 in all."""
    pack = {"amount_cents": 5000, "item": {"type": "credit"}, "from_date": None, "to_date": None}
    bought = lago(pack, lago_id="i0", invoice_type="credit", issuing_date="2026-04-02")
    used = lago({"lago_id": "f9", "amount_cents": 5000}, prepaid_credit_amount_cents=5000)
    assert amounts(at, "lago", bought, used) == {"f1": "credit_pack 50.00", "f9": "usage 0.00"}


def test_a_bill_during_the_period_counts_and_says_no_units(at: ImportDesk) -> None:
    """The last bill of the period says all units again."""
    part = lago(
        {"amount_cents": 3000, "units": "30"}, invoice_type="progressive_billing", issuing_date="2026-04-15"
    )
    end = lago({"lago_id": "f2", "amount_cents": 7000, "units": "70"}, lago_id="i2",
               progressive_billing_credit_amount_cents=3000)  # fmt: skip
    assert amounts(at, "lago", part, end) == {"f1": "usage 30.00", "f2": "usage 40.00"}
    assert at.rows("SELECT sum(units) FROM invoice_lines") == [(70,)]


def test_coupons_of_an_old_invoice_of_lago_are_not_shared_out_by_guess(at: ImportDesk) -> None:
    """They once came off after tax."""
    assert COUPON in refused(at, "lago", lago({"amount_cents": 10000}, coupons_amount_cents=2500))


def lago_note(**more: object) -> dict[str, Any]:
    """Return a credit note of Lago over 120.00, of which 20.00 is tax, for one fee."""
    fee = {"external_customer_id": "P1", "item": {"code": "api"}}
    return {"credit_note": {"lago_id": "n1", "lago_invoice_id": "i1", "issuing_date": "2026-05-09", "currency": "EUR",
                            "total_amount_cents": 12000, "sub_total_excluding_taxes_amount_cents": 10000,
                            "credit_amount_cents": 9000, "refund_amount_cents": 3000, "credit_status": "available",
                            "refund_status": "succeeded", "updated_at": "2026-05-09T00:00:00Z",
                            "items": [{"lago_id": "ni1", "amount_cents": 11000, "fee": fee}], **more}}  # fmt: skip


def test_a_credit_note_of_lago_counts_what_is_given_back_of_it(at: ImportDesk) -> None:
    """100.00 of 120.00; without its refund, which failed, three quarters; voided, nothing."""
    assert amounts(at, "lago", lago_note()) == {"ni1": "refund 100.00"}
    assert amounts(at, "lago", lago_note(refund_status="failed")) == {"ni1": "refund 75.00"}
    assert amounts(at, "lago", lago_note(refund_status="failed", credit_status="voided")) == {}


@pytest.mark.parametrize(
    ("written", "currency", "right"),
    [
        ("1,190.00", "EUR", "1190.00"), ("1.190,00", "EUR", "1190.00"), ("59,50", "EUR", "59.50"),
        ("1,190", "EUR", "1190"), ("€ 5.00", "EUR", "5.00"), ("-12.50", "USD", "-12.50"), ("", "EUR", "0"),
        ("1,190", "JPY", "1190"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(written: str, currency: str, right: str) -> None:
    """The places of the currency tell the decimal mark."""
    assert as_written(written, currency, "Total") == Decimal(right)


def test_an_amount_that_could_be_two_is_refused() -> None:
    """A dinar has a thousand fils."""
    with pytest.raises(Unclear, match="two ways"):
        as_written("1,190", "KWD", "Total")


def test_parts_add_up_to_the_whole() -> None:
    """10 cents over three."""
    assert shared_out(Decimal(10), [Decimal(1)] * 3) == [Decimal(3), Decimal(4), Decimal(3)]
