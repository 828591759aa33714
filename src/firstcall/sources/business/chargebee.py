"""Who pays through Chargebee, for what and how much?"""

from __future__ import annotations

from typing import Any

from firstcall.sources.business.billing_amounts import items, number
from firstcall.sources.mapping.converters import CONVERTERS, text
from firstcall.sources.mapping.mapping import Node, RecordMapping, Rows, Skip, Unclear, always, constant, take
from firstcall.sources.paging import NextToken
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

MONEY = ("currency_code", "^.currency_code")
UNPAID = Skip({"status": ("voided", "pending")}, "voided and pending invoices", ends=True)
GONE = Skip({"deleted": ("true",)}, "deleted objects", ends=True)
STAYS = "they stay revenue, and basis=paid leaves them out"


def _kind(line: Any, _currency: str) -> str:  # noqa: ANN401 - an invoice line
    """Return what a line is for: money back, a plan, metered use, or something bought once."""
    if (text(line.get("amount")) or "").startswith("-"):
        return "credit"
    if line.get("metered") is True or line.get("usage_percentage") is not None:
        return "usage"
    entity = str(line.get("entity_type") or "")
    return "subscription" if entity.startswith(("plan", "addon")) else "one_off"


def _net(line: Any, currency: str) -> str | None:  # noqa: ANN401 - a line, with its invoice's `price_type`
    """Return what a line costs after discounts, without the tax that a price with tax contains."""
    item, price_type = line["item"], line["price_type"]
    less = number(item.get("discount_amount"), "discount_amount")
    tax = number(item.get("tax_amount"), "tax_amount")
    if tax and price_type not in {"tax_inclusive", "tax_exclusive"}:
        raise Unclear("whether its amount contains the tax is not said: price_type is missing")
    if price_type == "tax_inclusive":
        less += tax
    amount = item.get("amount")
    return CONVERTERS["minor_units"](number(amount) - less if less else amount, currency)


def _lines(node: Node) -> list[Any]:
    """Return the lines of an invoice or a credit note, each with whether its prices contain tax."""
    return [
        {**item, "item": item, "price_type": node.value.get("price_type")}
        for item in items(node.value.get("line_items"))
    ]


def _credited(node: Node) -> list[Any]:
    """Return the lines of a credit note, by an id that no line of an invoice has."""
    return [{**line, "line_id": f"{node.value.get('id')}/{line.get('id')}"} for line in _lines(node)]


def _write_off(node: Node) -> bool:
    said = (node.value.get("reason_code"), node.value.get("create_reason_code"))
    return any(str(each or "").lower().replace(" ", "_") == "write_off" for each in said)


def _written_off(node: Node) -> bool:
    """Whether nobody hopes to be paid any more: written off, or not paid after all attempts."""
    whole = node.value
    gone = number(whole.get("write_off_amount")) > 0 and not number(whole.get("amount_paid"))
    return gone or (whole.get("status") == "not_paid" and whole.get("dunning_status") in {None, "exhausted"})


def _paid_at(invoice: Any, _currency: str) -> str | None:  # noqa: ANN401 - an invoice
    return None if _written_off(Node(invoice)) else CONVERTERS["epoch_seconds"](invoice.get("paid_at"), "")


def _ended_in_trial(node: Node) -> bool:
    """Whether nothing was ever paid: in trial, or cancelled before the first term."""
    whole = node.value
    return whole.get("status") in {"in_trial", "future"} or (
        whole.get("status") == "cancelled" and whole.get("activated_at") is None
    )


LINES = {
    "line_id": take("id"),
    "invoice_id": take("^.id"),
    "partner_id": take("customer_id", "^.customer_id"),
    "plan_id": take("entity_id"),
    "kind": take("", read=_kind),
    "period_start": take("date_from", read="epoch_seconds"),
    "period_end": take("date_to", read="epoch_seconds"),
    "units": take("quantity_in_decimal", "quantity"),
    "amount": take("", read=_net, unit=MONEY),
    "currency": take(*MONEY),
    "issued_at": take("^.date", read="epoch_seconds"),
    "paid_at": take("^", read=_paid_at),
}
CREDITS = LINES | {
    "kind": take("^.type", values={"refundable": "refund"}, otherwise="credit"),
    "invoice_id": take("^.reference_invoice_id", "^.id"),
    "line_id": take("line_id"),
} | dict.fromkeys(("period_start", "period_end", "paid_at"), take("^.date", read="epoch_seconds"))  # fmt: skip
PLAN = ("plan_id", "subscription_items.0.item_price_id")
SUBSCRIPTION = {
    "partner_id": take("customer_id"),
    "plan_id": take(*PLAN),
}
MAPPING = RecordMapping(
    (
        Rows("invoice_lines", LINES, {"object": ("invoice",)}, each=_lines, skip=(GONE, UNPAID),
             version="^.updated_at", remarks=(Skip(_written_off, f"not paid for good: {STAYS}"),)),
        Rows("invoice_lines", CREDITS, {"object": ("credit_note",)}, each=_credited, version="^.updated_at", skip=(
            GONE,
            Skip({"status": ("voided",)}, "voided credit notes", ends=True),
            Skip(_write_off, f"credit notes that write an invoice off: {STAYS}", ends=True),
        )),
        Rows("partners", {
            "partner_id": take("id"),
            "name": take("company", "billing_address.company", "id"),
            "registered_at": take("created_at", read="epoch_seconds"),
            "country": take("billing_address.country"),
            "merged_into": take("cf_partner_id", "meta_data.partner_id", option="partner"),
        }, {"object": ("customer",)}, skip=(GONE,), version="updated_at"),
        Rows("subscriptions", SUBSCRIPTION | {
            "subscription_id": take("id", read=lambda value, _: f"{value}/trial"),
            "started_at": take("trial_start", "started_at", read="epoch_seconds"),
            "ended_at": take("activated_at", "cancelled_at", read="epoch_seconds"),
            "trial_ends_at": take("trial_end", read="epoch_seconds"),
            "kind": constant("trial"),
        }, {"object": ("subscription",), "trial_end": True}, skip=(GONE,), version="updated_at"),
        Rows("subscriptions", SUBSCRIPTION | {
            "subscription_id": take("id"),
            "started_at": take("activated_at", "started_at", "created_at", read="epoch_seconds"),
            "ended_at": take("cancelled_at", read="epoch_seconds"),
            "kind": take("plan_amount", "subscription_items.0.amount", values={"0": "free"}, otherwise="paid"),
        }, {"object": ("subscription",)}, version="updated_at",
            skip=(GONE, Skip(_ended_in_trial, "subscriptions that are or ended in trial, so never paid"))),
        Rows("plans", {
            "plan_id": take("id"),
            "product": take("item_id", option="product"),
            "name": take("external_name", "name"),
            "currency": take("currency_code"),
            "interval": take("period_unit"),
            "fee": take("price", read="minor_units", unit=MONEY),
        }, {"object": ("item_price",), "item_type": ("plan",)}, version="updated_at", skip=(
            GONE,
            Skip(lambda node: node.find("period_unit") not in {"month", "year"} or node.find("period") != 1,
                 "plans that are not by one month or one year"),
        )),
    ),
    "an object of Chargebee",
    lists=("list",),
    inside=("invoice", "credit_note", "customer", "subscription", "item_price", "event", "content"),
    kind="object",
)  # fmt: skip

PAGES = (NextToken("offset", "next_offset"),)


def _endpoint(
    name: str, kind: str, sorted_by: tuple[tuple[str, str], ...] = (("sort_by[asc]", "updated_at"),)
) -> Endpoint:
    query = (("limit", "100"), *sorted_by)
    since = ("updated_at[after]", "{since}")
    return Endpoint(
        name, f"/api/v2/{name}", "list", query, PAGES, since, form="epoch", changed=f"{kind}.updated_at"
    )


PULL = Pull(
    auth="user",
    address="https://SITE.chargebee.com",
    rights="read-only",
    endpoints=(
        _endpoint("item_prices", "item_price"),
        _endpoint("customers", "customer"),
        _endpoint("subscriptions", "subscription"),
        _endpoint("invoices", "invoice"),
        _endpoint("credit_notes", "credit_note", sorted_by=()),
    ),
)

SIGNATURES = (
    signature(
        "object=invoice,customer,subscription,item_price,credit_note",
        "currency_code|preferred_currency_code|resource_version|deleted|auto_collection|item_id",
        without=("livemode",),
    ),
    signature("event_type", "webhook_status|webhooks", "content"),
)

CHARGEBEE = Source(
    name="chargebee",
    title="Chargebee customers, subscriptions, invoices, credit notes and item prices",
    fills="invoice_lines",
    needs="objects, lists or events of the API as JSON",
    identity="the customer is the partner; the field `cf_partner_id` says whom it is merged into",
    certainty="fields read in schemas of an extractor, the envelope from memory; samples built from documentation",
    reads="json",
    variants=(Variant("API", '`{"list": [{"invoice": …}]}`, times in epoch seconds, amounts in cents'),),
    options=(
        Option("partner", "path in a customer that names the partner it belongs to", "cf_partner_id"),
        Option("product", "path in an item price that names the API product", "item_id"),
    ),
    also=("partners", "subscriptions", "plans"),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
