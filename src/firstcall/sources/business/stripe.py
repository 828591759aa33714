"""Who pays through Stripe, for what and how much? Customers, subscriptions, invoices, prices and products."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from firstcall.errors import UnknownName
from firstcall.sources.business.billing_amounts import as_written, items, number, summed
from firstcall.sources.business.stripe_credits import UNITS, amount_of, contained_tax, credit_rows
from firstcall.sources.mapping.converters import CONVERTERS, text
from firstcall.sources.mapping.mapping import Node, RecordMapping, Rows, Skip, Unclear, constant, take
from firstcall.sources.paging import LastId
from firstcall.sources.pull import Endpoint, PartialList, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

TEST = ("leave_out", "keep")
CUSTOMER = ("customer.id", "customer")
UNCOLLECTIBLE = "uncollectible: they stay revenue, and basis=paid leaves them out"
PRODUCT = ("product.id", "product")
YEAR = 12
"""Months."""


def _net(line: Any, currency: str) -> str | None:  # noqa: ANN401 - an invoice line
    """Return what a line costs after discounts and credit grants, without the tax that its amount contains."""
    if amount_of(line.get("amount"), currency) is None:
        return text(line.get("amount"))
    grants = (c for c in items(line.get("pretax_credit_amounts")) if c.get("type") != "discount")
    less = summed(line.get("discount_amounts")) + summed([*grants]) + contained_tax(line)
    return UNITS(number(line.get("amount")) - less, currency)


def _discounts_beside(node: Node) -> bool:
    """Whether an invoice has a discount that its lines do not carry, as in answers of 2020 and before."""
    given = bool(summed(node.find("total_discount_amounts")) or node.find("discount.coupon"))
    return given and any("discount_amounts" not in line for line in items(node.find("lines.data")))


def _tax_beside(node: Node) -> bool:
    """Whether an invoice contains tax of which its lines do not say how much."""
    whole = {"taxes": node.find("total_taxes"), "tax_amounts": node.find("total_tax_amounts")}
    lines = items(node.find("lines.data"))
    return bool(contained_tax(whole)) and any(not {"taxes", "tax_amounts"} & {*line} for line in lines)


def _line_kind(line: Any, _currency: str) -> str:  # noqa: ANN401 - an invoice line
    """Return what a line is for: money back, metered use, a subscription, or something bought once."""
    node = Node(line)
    amount = text(line.get("amount"))
    if amount is not None and amount.startswith("-"):
        return "credit"
    uses = (node.find("price.recurring.usage_type"), node.find("plan.usage_type"))
    if "metered" in uses or node.find("pricing.price_details.price.recurring.usage_type") == "metered":
        return "usage"
    by_item = node.find("parent.subscription_item_details") or line.get("subscription_item")
    return "subscription" if by_item or line.get("type") == "subscription" else "one_off"


def _months(price: Any) -> int:  # noqa: ANN401 - a price
    """Return how many months a price is for; 0 when it is for days, weeks or once."""
    recurring = price.get("recurring") if isinstance(price, dict) else None
    recurring = recurring if isinstance(recurring, dict) else {}
    count = recurring.get("interval_count") or 1
    length = {"month": 1, "year": YEAR}.get(str(recurring.get("interval")), 0)
    return length * count if isinstance(count, int) else 0


def _interval(price: Any, _currency: str) -> str:  # noqa: ANN401 - a price
    return "month" if _months(price) % YEAR else "year"


def _fee(price: Any, currency: str) -> str | None:  # noqa: ANN401 - a price
    """Return the flat fee of one month or year; a metered price has none."""
    if _metered(price) or price.get("billing_scheme") == "tiered":
        return None
    amount = amount_of(price.get("unit_amount_decimal") or price.get("unit_amount"), currency)
    months = _months(price)
    if amount is None or not months:
        return None
    each = amount * (1 if months % YEAR else YEAR) / months
    return f"{each.quantize(Decimal('0.000001')).normalize():f}"


def _metered(price: Any) -> bool:  # noqa: ANN401 - a price
    return bool(Node(price).find("recurring.usage_type") == "metered")


def _tiers(price: Any, currency: str) -> str | None:  # noqa: ANN401 - a price
    """Return the unit prices of a metered or tiered price as our tiers."""
    listed = price.get("tiers")
    if not isinstance(listed, list) or not listed:
        if not _metered(price):
            return None
        listed = [{"unit_amount_decimal": price.get("unit_amount_decimal") or price.get("unit_amount")}]
    tiers = []
    for tier in listed:
        unit = amount_of(tier.get("unit_amount_decimal") or tier.get("unit_amount") or 0, currency)
        flat = amount_of(tier.get("flat_amount_decimal") or tier.get("flat_amount") or 0, currency)
        tiers.append({"up_to": tier.get("up_to"), "unit_price": f"{unit:f}", "flat_fee": f"{flat:f}"})
    return json.dumps(tiers)


def _paid_at(invoice: Any, _currency: str) -> str | None:  # noqa: ANN401 - an invoice
    if invoice.get("status") == "uncollectible":
        return None
    return CONVERTERS["epoch_seconds"](Node(invoice).find("status_transitions.paid_at"), "")


def _csv_net(row: Any, currency: str) -> str:  # noqa: ANN401 - a row of the dashboard's export
    """Return what an invoice comes to after coupons and without tax.

    Total is after coupons and with tax, contained or added; without it the subtotal less the discounts serves when
    there is no tax that it might contain. Raises Unclear when the columns do not tell.
    """
    node = Node(row)
    there = {
        name: node.find(name) is not None for name in ("Total", "Tax", "Subtotal", "Total Discount Amount")
    }
    said = {name: as_written(node.find(name), currency, name) for name in there}
    if there["Tax"] and there["Total"]:
        return f"{said['Total'] - said['Tax']:f}"
    if there["Tax"] and there["Subtotal"] and there["Total Discount Amount"] and not said["Tax"]:
        return f"{said['Subtotal'] - said['Total Discount Amount']:f}"
    raise Unclear("how much of it is tax or discount is not said; export the columns Total and Tax")


def _csv_paid_at(row: Any, _currency: str) -> str | None:  # noqa: ANN401 - a row of the dashboard's export
    node = Node(row)
    if str(node.find("Status")).lower() == "uncollectible":
        return None
    return CONVERTERS["utc"](node.find("Paid At (UTC)") or node.find("Paid At"), "")


def _ended_in_trial(node: Node) -> bool:
    """Whether a subscription is still in its trial or ended with it, so that nothing was ever paid."""
    whole = node.value
    if whole.get("status") == "trialing":
        return True
    ends = [whole.get(name) for name in ("trial_end", "ended_at")]
    return all(isinstance(each, int) for each in ends) and ends[1] <= ends[0]


def _trial_ended(whole: Any, _currency: str) -> str | None:  # noqa: ANN401 - a subscription
    """Return when the trial was over, if it is."""
    if whole.get("status") == "trialing":
        return None
    ends = [e for e in (whole.get("trial_end"), whole.get("ended_at")) if isinstance(e, int)]
    return CONVERTERS["epoch_seconds"](min(ends), "") if ends else None


def _kind(item: Any, _currency: str) -> str:  # noqa: ANN401 - an item of a subscription
    price = item.get("price") or item.get("plan") or {}
    return "free" if price.get("unit_amount", price.get("amount")) == 0 else "paid"


def _begins(word: str) -> Any:  # noqa: ANN401 - a function of a record
    return lambda node: "object" not in node.value and str(node.find("id") or "").startswith(word)


PARTNERS = {
    "partner_id": take("id"),
    "name": take("name", "description", "id"),
    "registered_at": take("created", read="epoch_seconds"),
    "status": take("deleted", values={"true": "deleted"}),
    "country": take("address.country", "shipping.address.country"),
    "merged_into": take("metadata.partner_id", option="partner"),
}
LINES = {
    "line_id": take("id"),
    "invoice_id": take("^.id"),
    "partner_id": take(*(f"^.{path}" for path in CUSTOMER)),
    "product": take("metadata.product", "pricing.price_details.product", "price.product", "plan.product"),
    "plan_id": take("pricing.price_details.price.id", "pricing.price_details.price", "price.id", "plan.id"),
    "kind": take("", read=_line_kind),
    "period_start": take("period.start", read="epoch_seconds"),
    "period_end": take("period.end", read="epoch_seconds"),
    "units": take("quantity"),
    "amount": take("", read=_net),
    "currency": take("currency", "^.currency"),
    "issued_at": take(
        "^.effective_at", "^.status_transitions.finalized_at", "^.created", read="epoch_seconds"
    ),
    "paid_at": take("^", read=_paid_at),
}
SUBSCRIPTION = {
    "partner_id": take(*(f"^.{path}" for path in CUSTOMER)),
    "plan_id": take("price.id", "plan.id"),
}
TRIAL = {
    **SUBSCRIPTION,
    "subscription_id": take("^.id", read=lambda value, _: f"{value}/trial", further="id"),
    "started_at": take("^.trial_start", "^.start_date", read="epoch_seconds"),
    "ended_at": take("^", read=_trial_ended),
    "trial_ends_at": take("^.trial_end", read="epoch_seconds"),
    "kind": constant("trial"),
}
PAID = {
    **SUBSCRIPTION,
    "subscription_id": take("^.id", further="id"),
    "started_at": take("^.trial_end", "^.start_date", "^.created", read="epoch_seconds"),
    "ended_at": take("^.ended_at", read="epoch_seconds"),
    "kind": take("", read=_kind),
}
PLANS = {
    "plan_id": take("id"),
    "product": take("metadata.product", *PRODUCT),
    "name": take("nickname", "lookup_key"),
    "valid_from": take("created", read="epoch_seconds"),
    "currency": take("currency"),
    "interval": take("", read=_interval),
    "fee": take("", read=_fee),
    "tiers": take("", read=_tiers),
    "tier_mode": take("tiers_mode"),
}
CSV_LINES = {
    "line_id": take("id"),
    "invoice_id": take("id"),
    "partner_id": take("Customer", "Customer ID"),
    "kind": constant("subscription"),
    "period_start": take("Period Start (UTC)", "Date (UTC)", read="utc"),
    "period_end": take("Period End (UTC)", "Date (UTC)", read="utc"),
    "amount": take("", read=_csv_net, unit=("Currency",)),
    "currency": take("Currency"),
    "issued_at": take("Finalized At (UTC)", "Date (UTC)", read="utc"),
    "paid_at": take("", read=_csv_paid_at),
}
CSV_ONCE = {**CSV_LINES, "kind": constant("one_off")}
CSV_PARTNERS = {
    "partner_id": take("id"),
    "name": take("Name", "Description", "id"),
    "registered_at": take("Created (UTC)", "Created", read="utc"),
    "country": take("Card Address Country", "Address Country"),
    "merged_into": take("partner_id (metadata)", option="partner"),
}
CSV_SUBSCRIPTIONS = {
    "subscription_id": take("id"),
    "partner_id": take("Customer ID", "Customer"),
    "plan_id": take("Plan", "Price ID"),
    "started_at": take("Start (UTC)", "Start Date (UTC)", "Created (UTC)", read="utc"),
    "ended_at": take("Ended At (UTC)", read="utc"),
    "trial_ends_at": take("Trial End (UTC)", read="utc"),
    "kind": take("Status", values={"trialing": "trial"}, otherwise="paid"),
}


def _object(name: str) -> dict[str, tuple[str, ...]]:
    return {"object": (name,)}


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; raises UnknownName for another word about test data than those it knows."""
    chosen = options.get("test_data", TEST[0])
    if chosen not in TEST:
        raise UnknownName("value of test_data", chosen, TEST)
    test = () if chosen == "keep" else (Skip({"livemode": ("false",)}, "test data of Stripe"),)
    unpaid = Skip({"status": ("incomplete", "incomplete_expired")}, "subscriptions never begun")
    open_ = Skip({"status": ("draft", "void", "deleted")}, "drafts and void invoices", ends=True)
    written_off = Skip({"status": ("uncollectible",)}, UNCOLLECTIBLE)
    once = Skip(lambda node: not _months(node.value), "prices that are not by month or year")
    newest = "^.created"
    rows = (
        Rows("invoice_lines", LINES, _object("invoice"), each="lines.data", skip=(*test, open_), version="^.^.created",
             unclear=(Skip(_discounts_beside, "a discount of the invoice is not shared out over its lines"),
                      Skip(_tax_beside, "tax that the invoice contains is not shared out over its lines")),
             remarks=(written_off,)),
        *credit_rows(test),
        Rows("partners", PARTNERS, _object("customer"), skip=test, version=newest),
        Rows("subscriptions", TRIAL, {"object": ("subscription",), "trial_end": True}, "items.data",
             skip=(*test, unpaid), version="^.^.created"),
        Rows("subscriptions", PAID, _object("subscription"), "items.data", version="^.^.created",
             skip=(*test, unpaid, Skip(_ended_in_trial, "subscriptions that are or ended in trial, so never paid"))),
        Rows("plans", PLANS, _object("price"), skip=(*test, once), version=newest),
        Rows("products", {"product": take("metadata.product", "id"), "name": take("name")}, _object("product"),
             skip=test, version=newest),
        Rows("invoice_lines", CSV_LINES, lambda n: _begins("in_")(n) and bool(n.find("Subscription")), skip=(open_,),
             remarks=(written_off,)),
        Rows("invoice_lines", CSV_ONCE, lambda n: _begins("in_")(n) and not n.find("Subscription"), skip=(open_,),
             remarks=(written_off,)),
        Rows("partners", CSV_PARTNERS, _begins("cus_")),
        Rows("subscriptions", CSV_SUBSCRIPTIONS, _begins("sub_")),
    )  # fmt: skip
    return RecordMapping(
        rows, "an object of Stripe", ("data",), ("data.object",), kind="object", cut="lines.has_more"
    )


STRIPE_VERSION = "2025-02-24.acacia"
"""The last in which a charge names its invoice, so that a refund is known to be of one."""
PAGES = (LastId("starting_after", more="has_more"),)
PULL = Pull(
    base="https://api.stripe.com",
    auth="bearer",
    headers={"Stripe-Version": STRIPE_VERSION},
    rights="read charges, credit notes, customers, invoices, prices, products and subscriptions",
    per_second=20,
    endpoints=(
        Endpoint("products", "/v1/products", "data", (("limit", "100"),), PAGES),
        Endpoint("prices", "/v1/prices", "data", (("limit", "100"), ("expand[]", "data.tiers")), PAGES),
        Endpoint("customers", "/v1/customers", "data", (("limit", "100"),), PAGES),
        Endpoint("subscriptions", "/v1/subscriptions", "data", (("limit", "100"), ("status", "all")), PAGES),
        Endpoint("invoices", "/v1/invoices", "data", (("limit", "100"),), PAGES, ("created[gte]", "{since}"),
                 form="epoch", changed="created", lookback=timedelta(days=100),
                 rest=PartialList("lines.has_more", "lines.data", "/v1/invoices/{id}/lines", "data")),
        *(Endpoint(name, f"/v1/{name}", "data", (("limit", "100"), ("expand[]", expand)), PAGES,
                   ("created[gte]", "{since}"), form="epoch", changed="created", lookback=timedelta(days=100))
          for name, expand in (("refunds", "data.charge.invoice"), ("credit_notes", "data.refund"))),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("object=invoice,customer,subscription,price,product,credit_note", "livemode"),
    signature("object=refund", "charge|payment_intent", "currency"),
    signature("object=event", "livemode|api_version|pending_webhooks|data.object"),
    signature("object=list", "has_more", "url"),
    signature("id=in_*", "Customer|Amount Due|Total", without=("object",)),
    signature("id=cus_*", "Created (UTC)|Email|Name|Description", without=("object",)),
    signature("id=sub_*", "Customer ID|Customer|Plan|Status", without=("object",)),
)

STRIPE = Source(
    name="stripe",
    title="Stripe customers, subscriptions, invoices, credit notes, refunds, prices and products",
    fills="invoice_lines",
    needs="objects, lists or events of the API or of webhooks as JSON; or the dashboard's CSV exports",
    identity="the customer is the partner; metadata `partner_id` says whom it is merged into",
    certainty="fields read in the vendor's fixtures, CSV headings from memory; samples built from documentation",
    reads="json",
    variants=(
        Variant(
            "API",
            "objects with `object`, lists with `data`, events with `data.object`; amounts in minor units",
        ),
        Variant(
            "CSV",
            "headings such as `Customer` and `Date (UTC)`; amounts as people write them, one line an invoice",
        ),
    ),
    options=(
        Option("partner", "path in a customer that names the partner it belongs to", "metadata.partner_id"),
        Option("test_data", "leave_out or keep what has `livemode` false", TEST[0]),
    ),
    also=("partners", "subscriptions", "plans", "products"),
    maps=_maps,
    pull=PULL,
    signatures=SIGNATURES,
)
