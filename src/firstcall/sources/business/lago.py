"""Who pays through Lago, for what and how much?"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from firstcall.sources.business.billing_amounts import items, number, shared_out, summed
from firstcall.sources.mapping.converters import text
from firstcall.sources.mapping.mapping import (
    Node,
    RecordMapping,
    Rows,
    Skip,
    Unclear,
    When,
    always,
    holds,
    take,
)
from firstcall.sources.paging import NextToken
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

MONEY = ("amount_currency", "currency", "^.currency")
OPEN = Skip(
    {"status": ("draft", "voided", "failed", "pending", "deleted", "open", "generating")},
    "invoices not final",
    ends=True,
)
COUPONS = "precise_coupons_amount_cents"


def _fees(node: Node) -> list[Any]:
    """Return the fees of an invoice, each with `net`: what is charged for it here, in minor units.

    Off its amount go its coupons, its share of what progressive invoices of the period charged already, and its
    share of the prepaid credits drawn, which counted when they were bought. Raises Unclear for coupons of the
    invoice that its fees do not carry.
    """
    invoice, fees = node.value, items(node.value.get("fees"))
    if number(invoice.get("coupons_amount_cents")) and any(COUPONS not in fee for fee in fees):
        raise Unclear(f"coupons of the invoice are not shared out over its fees: {COUPONS} is missing")
    net = [number(fee.get("amount_cents")) - number(fee.get(COUPONS)) for fee in fees]
    metered = [
        amount if _type(fee) == "charge" else Decimal(0) for fee, amount in zip(fees, net, strict=True)
    ]
    billed = number(invoice.get("progressive_billing_credit_amount_cents"))
    net = _less(net, shared_out(billed, metered if any(metered) else net))
    net = _less(net, shared_out(number(invoice.get("prepaid_credit_amount_cents")), net))
    return [{**fee, "net": f"{amount:f}"} for fee, amount in zip(fees, net, strict=True)]


def _type(fee: Any) -> str | None:  # noqa: ANN401 - a fee
    return text(Node(fee).find("item.type"))


def _less(amounts: list[Decimal], parts: list[Decimal]) -> list[Decimal]:
    return [amount - part for amount, part in zip(amounts, parts, strict=True)]


def _paid_at(invoice: Any, _currency: str) -> str | None:  # noqa: ANN401 - an invoice
    if invoice.get("payment_dispute_lost_at"):
        return None
    return text(invoice.get("payment_succeeded_at") or invoice.get("paid_at"))


def _credited(node: Node) -> list[Any]:
    """Return the items of a credit note, each with `net`: what of it is given back without tax, after coupons.

    What was voided or could not be refunded is not given back.
    """
    note, listed = node.value, items(node.value.get("items"))
    total = number(note.get("total_amount_cents"))
    net = note.get("sub_total_excluding_taxes_amount_cents")
    if net is None:
        coupons = number(note.get("coupons_adjustment_amount_cents"))
        net = summed(listed, "amount_cents") - coupons
    kept = _kept(note)
    given = number(net) if kept is None or not total else (number(net) * kept / total).to_integral_value()
    parts = shared_out(given, [number(item.get("amount_cents")) for item in listed])
    return [{**item, "net": f"{part:f}"} for item, part in zip(listed, parts, strict=True)]


def _kept(note: Any) -> Decimal | None:  # noqa: ANN401 - a credit note
    """Return what a credit note gives back with tax; None when it is not said, which means all of it."""
    said = [note.get(f"{way}_amount_cents") for way in ("credit", "refund", "offset")]
    if said[0] is None and said[1] is None:
        return None
    credit = Decimal(0) if note.get("credit_status") == "voided" else number(said[0])
    refund = Decimal(0) if note.get("refund_status") == "failed" else number(said[1])
    return credit + refund + number(said[2])


def _money_back(note: Any, _currency: str) -> str:  # noqa: ANN401 - a credit note
    return "refund" if number(note.get("refund_amount_cents")) else "credit"


LINES = {
    "line_id": take("lago_id"),
    "invoice_id": take("^.lago_id"),
    "partner_id": take("external_customer_id", "^.customer.external_id"),
    "product": take("item.code", option="product"),
    "plan_id": take("plan_code", "^.subscriptions.0.plan_code"),
    "kind": take(
        "item.type",
        values={
            "charge": "usage",
            "subscription": "subscription",
            "add_on": "one_off",
            "credit": "credit_pack",
            "commitment": "subscription",
            "fixed_charge": "subscription",
        },
        otherwise="one_off",
    ),
    "period_start": take("from_date", "^.issuing_date"),
    "period_end": take("to_date", "^.issuing_date"),
    "units": take("units"),
    "amount": take("net", read="minor_units", unit=MONEY),
    "currency": take(*MONEY),
    "issued_at": take("^.issuing_date"),
    "paid_at": take("^", read=_paid_at),
}
PART_LINES = {name: how for name, how in LINES.items() if name != "units"}
"""A bill during the period: the bill at its end says all units."""
CREDITS = {
    "line_id": take("lago_id"),
    "invoice_id": take("^.lago_invoice_id", "^.lago_id"),
    "partner_id": take("fee.external_customer_id", "^.customer.external_id", "^.external_customer_id"),
    "product": take("fee.item.code"),
    "plan_id": take("fee.plan_code"),
    "kind": take("^", read=_money_back),
    "amount": take("net", read="minor_units", unit=MONEY),
    "currency": take(*MONEY),
} | dict.fromkeys(("period_start", "period_end", "issued_at", "paid_at"), take("^.issuing_date"))  # fmt: skip
BILL: When = {"issuing_date": True, "invoice_type": True}
PART: When = {"invoice_type": ("progressive_billing",)}
DISPUTED = Skip(
    {"payment_dispute_lost_at": True},
    "lost in a dispute: they stay revenue, and basis=paid leaves them out",
)
MAPPING = RecordMapping(
    (
        Rows("invoice_lines", LINES, lambda node: holds(node, BILL) and not holds(node, PART), each=_fees,
             skip=(OPEN,), version="^.updated_at", remarks=(DISPUTED,)),
        Rows("invoice_lines", PART_LINES, {**BILL, **PART}, each=_fees, skip=(OPEN,), version="^.updated_at",
             remarks=(DISPUTED,)),
        Rows("invoice_lines", CREDITS, {"lago_invoice_id": True, "credit_amount_cents": True}, each=_credited,
             version="^.updated_at",
             skip=(Skip(lambda node: not _kept(node.value), "credit notes voided or not paid out", ends=True),)),
        Rows("partners", {
            "partner_id": take("external_id"),
            "name": take("name", "legal_name", "external_id"),
            "registered_at": take("created_at"),
            "country": take("country"),
            "merged_into": take(option="partner"),
        }, {"external_id": True, "plan_code": False, "created_at": True, "slug": True}, version="updated_at"),
        Rows("subscriptions", {
            "subscription_id": take("external_id", "lago_id"),
            "partner_id": take("external_customer_id"),
            "plan_id": take("plan_code"),
            "started_at": take("started_at", "subscription_at", "created_at"),
            "ended_at": take("terminated_at", "canceled_at"),
            "trial_ends_at": take("trial_ended_at"),
            "kind": take("plan_amount_cents", values={"0": "free"}, otherwise="paid"),
        }, {"external_customer_id": True, "plan_code": True}, version="updated_at",
            skip=(Skip({"status": ("pending", "incomplete")}, "subscriptions not begun"),)),
        Rows("plans", {
            "plan_id": take("code"),
            "name": take("name"),
            "valid_from": take("created_at"),
            "currency": take("amount_currency"),
            "interval": take("interval", values={"monthly": "month", "yearly": "year"}),
            "fee": take("amount_cents", read="minor_units", unit=MONEY),
        }, {"code": True, "interval": True, "amount_cents": True}, version="updated_at",
            skip=(Skip({"interval": ("weekly", "quarterly", "semiannual")}, "plans not by month or year"),)),
    ),
    "an invoice, customer, subscription or plan of Lago",
    lists=("invoices", "credit_notes", "customers", "subscriptions", "plans", "data"),
    inside=("invoice", "credit_note", "customer", "subscription", "plan"),
)  # fmt: skip

PAGES = (NextToken("page", "meta.next_page"),)
STATES = tuple(("status[]", state) for state in ("active", "terminated", "canceled"))
PULL = Pull(
    base="https://api.getlago.com",
    auth="bearer",
    endpoints=(
        Endpoint("plans", "/api/v1/plans", "plans", (("per_page", "100"),), PAGES),
        Endpoint("customers", "/api/v1/customers", "customers", (("per_page", "100"),), PAGES),
        Endpoint("subscriptions", "/api/v1/subscriptions", "subscriptions", (("per_page", "100"), *STATES), PAGES),
        Endpoint("invoices", "/api/v1/invoices", "invoices", (("per_page", "100"),), PAGES,
                 ("issuing_date_from", "{since}"), form="%Y-%m-%d", changed="issuing_date",
                 lookback=timedelta(days=100)),
        Endpoint("credit_notes", "/api/v1/credit_notes", "credit_notes", (("per_page", "100"),), PAGES,
                 ("issuing_date_from", "{since}"), form="%Y-%m-%d", changed="issuing_date",
                 lookback=timedelta(days=100)),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("lago_id"),
    signature("webhook_type", "object_type"),
)

LAGO = Source(
    name="lago",
    title="Lago customers, subscriptions, invoices, credit notes and plans",
    fills="invoice_lines",
    needs="objects, lists or webhooks of the API as JSON",
    identity="the customer's external id is the partner",
    certainty="fields read in the vendor's OpenAPI document; samples built from documentation",
    reads="json",
    variants=(
        Variant("API", '`{"invoices": […], "meta": …}` or `{"invoice": …}`; amounts in cents, dates local'),
    ),
    options=(
        Option("partner", "path in a customer that names another partner it belongs to"),
        Option("product", "path in a fee that names the API product", "item.code"),
    ),
    also=("partners", "subscriptions", "plans"),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
