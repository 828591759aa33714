"""Who pays through Lago, for what and how much?"""

from __future__ import annotations

from datetime import timedelta

from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, always, take
from firstcall.sources.paging import NextToken
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

MONEY = ("amount_currency", "currency", "^.currency")
OPEN = Skip(
    {"status": ("draft", "voided", "failed", "pending", "deleted", "open", "generating")},
    "invoices not final",
)

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
        },
        otherwise="one_off",
    ),
    "period_start": take("from_date", "^.issuing_date"),
    "period_end": take("to_date", "^.issuing_date"),
    "units": take("units"),
    "amount": take("amount_cents", read="minor_units", unit=MONEY),
    "currency": take(*MONEY),
    "issued_at": take("^.issuing_date"),
    "paid_at": take("^.payment_succeeded_at", "^.paid_at"),
}
MAPPING = RecordMapping(
    (
        Rows("invoice_lines", LINES, {"issuing_date": True, "invoice_type": True}, each="fees", skip=(OPEN,),
             version="^.updated_at"),
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
    lists=("invoices", "customers", "subscriptions", "plans", "data"),
    inside=("invoice", "customer", "subscription", "plan"),
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
    ),
)  # fmt: skip

SIGNATURES = (
    signature("lago_id"),
    signature("webhook_type", "object_type"),
)

LAGO = Source(
    name="lago",
    title="Lago customers, subscriptions, invoices and plans",
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
