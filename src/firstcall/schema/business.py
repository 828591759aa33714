"""What do they pay and what do they cost? Products, plans, invoices, costs, effort, value, exchange rates."""

from __future__ import annotations

from firstcall.schema.table import (
    Column,
    Table,
    boolean,
    confidence,
    currency,
    date,
    integer,
    money,
    number,
    text,
    time,
)
from firstcall.schema.usage import API_CLASSES, ENVIRONMENTS

LINE_KINDS = ("subscription", "usage", "overage", "credit_pack", "one_off", "credit", "refund", "tax")

PRODUCTS = Table(
    "products",
    "business",
    "One row per API product.",
    (
        text("product", "Id of the API product.", required=True),
        text("name", "Its name."),
        text("api_class", "Which latency targets apply.", *API_CLASSES),
        time("launched_at", "When it was launched."),
        time("retired_at", "When it was retired."),
        confidence(),
    ),
    key=("product",),
)

PRODUCT_STAGES = Table(
    "product_stages",
    "business",
    "Since when a product has been in which stage of its life.",
    (
        text("product", "API product.", required=True),
        text("stage", "Stage it entered.", "design", "preview", "public", "mature", required=True),
        time("since", "When.", required=True),
        confidence(),
    ),
    key=("product", "since"),
    happened="since",
)

PLANS = Table(
    "plans",
    "business",
    "One row per version of a price plan.",
    (
        text("plan_id", "Id of the plan.", required=True),
        text("product", "API product it is for."),
        text("name", "Its name."),
        text("status", "In force, or only proposed.", "live", "proposed", default="live"),
        time("valid_from", "First moment of this version; absent means always."),
        time("valid_to", "First moment after it; absent means still."),
        currency(required=True),
        text("interval", "How often the fee is due.", "month", "year", default="month"),
        money("fee", "Flat fee per interval."),
        integer("included_units", "Units the fee covers per interval."),
        Column(
            "tiers", "json", 'Unit prices: [{"up_to": N or null, "unit_price": "0.002", "flat_fee": "0"}].'
        ),
        text("tier_mode", "How tiers add up.", "graduated", "volume", default="graduated"),
        text("bills", "Which calls are billed.", "success", "all", default="success"),
        text("environment", "Environment whose calls are billed.", *ENVIRONMENTS, default="production"),
        confidence(),
    ),
    key=("plan_id", "valid_from"),
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    "business",
    "One row per subscription of a partner to a plan.",
    (
        text("subscription_id", "Id of the subscription.", required=True),
        text("partner_id", "Subscriber.", required=True),
        text("plan_id", "Plan.", required=True),
        time("started_at", "First moment.", required=True),
        time("ended_at", "First moment after it; absent means still."),
        text("kind", "What kind of subscription.", "paid", "free", "trial", "reverse_trial", default="paid"),
        time("trial_ends_at", "Agreed end of the trial."),
        integer("contracted_units", "Units contracted per interval."),
        confidence(),
    ),
    key=("subscription_id",),
    happened="started_at",
)

CREDIT_PACKS = Table(
    "credit_packs",
    "business",
    "One row per pack of prepaid units.",
    (
        text("pack_id", "Id of the pack.", required=True),
        text("partner_id", "Buyer.", required=True),
        text("product", "API product; absent means any."),
        integer("units", "Units bought.", required=True),
        time("purchased_at", "When.", required=True),
        time("expires_at", "First moment it can no longer be used."),
        money("amount", "Price paid."),
        currency(),
        confidence(),
    ),
    key=("pack_id",),
    happened="purchased_at",
)

INVOICE_LINES = Table(
    "invoice_lines",
    "business",
    "One row per invoice line.",
    (
        text("line_id", "Id of the line.", required=True),
        text("invoice_id", "Invoice it stands on.", required=True),
        text("partner_id", "Who pays.", required=True),
        text("product", "API product; absent is unallocated."),
        text("plan_id", "Plan it was billed under."),
        text("kind", "What it is for.", *LINE_KINDS, required=True),
        time("period_start", "First moment of the service.", required=True),
        time("period_end", "First moment after the service.", required=True),
        number("units", "Units billed.", least=None),
        money(
            "amount", "Amount; credits and refunds count against revenue whatever their sign.", required=True
        ),
        currency(required=True),
        time("issued_at", "When the invoice was issued.", required=True),
        time("paid_at", "When it was paid."),
        confidence(),
    ),
    key=("line_id",),
)

COSTS = Table(
    "costs",
    "business",
    "One row per cost of running the program.",
    (
        text("cost_id", "Id of the cost.", required=True),
        text(
            "category", "Kind.", "engineering", "infrastructure", "support", "tooling", "other", required=True
        ),
        text("activity", "What it served.", "run", "onboarding", default="run"),
        text("partner_id", "Partner it was for."),
        time("period_start", "First moment it covers.", required=True),
        time("period_end", "First moment after it.", required=True),
        money("amount", "Amount.", required=True),
        currency(required=True),
        text("note", "Who said so, and on what ground."),
        confidence(),
    ),
    key=("cost_id",),
)

EFFORT = Table(
    "effort",
    "business",
    "One row per entry of onboarding hours.",
    (
        date("date", "Day of the work.", required=True),
        text("partner_id", "Partner it was for."),
        text("activity", "Kind of work.", "setup", "support", "provisioning", "documentation", "legal"),
        text("role", "Who did it."),
        Column("hours", "rate", "Hours worked.", required=True, least=0),
        money("hourly_cost", "Loaded cost of an hour.", required=True),
        currency(required=True),
        confidence(),
    ),
    happened="date",
)

HEADCOUNT = Table(
    "headcount",
    "business",
    "One row per team and month.",
    (
        date("month", "First day of the month.", required=True),
        text("team", "Team.", required=True),
        number("fte", "Full-time equivalents.", required=True),
        confidence(),
    ),
    key=("month", "team"),
    happened="month",
)

VALUE = Table(
    "value",
    "business",
    "One row per estimate of value beside the program's own revenue.",
    (
        text("kind", "Kind of value.", "transaction", "attributed_revenue", "cost_avoidance", required=True),
        text("partner_id", "Partner it came through."),
        time("period_start", "First moment it covers.", required=True),
        time("period_end", "First moment after it.", required=True),
        money("amount", "Amount.", required=True),
        currency(required=True),
        boolean("already_in_revenue", "Counted in invoice lines already, so not added again.", default=False),
        text("note", "Who said so, and on what ground."),
        confidence(),
    ),
)

EXCHANGE_RATES = Table(
    "exchange_rates",
    "business",
    "One row per currency and day.",
    (
        date("date", "Day the rate is for.", required=True),
        Column("currency", "text", "ISO 4217 code.", required=True),
        Column("rate", "rate", "One unit of the currency in the reporting currency.", required=True),
        confidence(),
    ),
    key=("date", "currency"),
)

TABLES = (
    PRODUCTS,
    PRODUCT_STAGES,
    PLANS,
    SUBSCRIPTIONS,
    CREDIT_PACKS,
    INVOICE_LINES,
    COSTS,
    EFFORT,
    HEADCOUNT,
    VALUE,
    EXCHANGE_RATES,
)
