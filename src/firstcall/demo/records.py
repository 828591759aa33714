"""How do partners, keys, the catalogue and the money look as tables of the data model?"""

from __future__ import annotations

import hashlib
import json

from firstcall.demo import story
from firstcall.demo.catalogue import ENDPOINTS, PLANS, PRODUCTS, Plan
from firstcall.demo.clock import DAY, END, at, iso
from firstcall.demo.keys import Key
from firstcall.demo.money import Line, Subscription, invoice_of, issued
from firstcall.demo.people import Developer, Partner
from firstcall.demo.tables import Cell, Table

_UNPAID_EVERY = 17
"""Every so many invoice numbers one is still unpaid."""


def partners_table(partners: tuple[Partner, ...]) -> Table:
    """Organisations; the duplicate names the one it became."""
    original = next(partner.partner_id for partner in partners if partner.role == "founder-1")
    rows: list[tuple[Cell, ...]] = [
        (
            each.partner_id,
            each.name,
            iso(each.registered),
            each.status,
            each.segment,
            each.country,
            each.channel,
            each.manager,
            original if each.status == "duplicate" else "",
        )
        for each in partners
    ]
    header = ("partner_id", "name", "registered_at", "status", "segment", "country", "channel", "manager")
    return Table("partners", (*header, "merged_into"), tuple(rows))


def developers_table(developers: tuple[Developer, ...]) -> Table:
    """People, with a hash where an address would be."""
    rows = [
        (
            d.developer_id,
            d.partner_id,
            iso(d.signed_up),
            d.name,
            hashlib.sha256(d.developer_id.encode()).hexdigest(),
        )
        for d in developers
    ]
    return Table(
        "developers", ("developer_id", "partner_id", "signed_up_at", "name", "email_hash"), tuple(rows)
    )


def credentials_table(keys: tuple[Key, ...]) -> Table:
    """Which consumer id was whose, from when until when; the same id may have two rows."""
    rows = [
        (
            key.consumer,
            key.partner.partner_id,
            key.developer_id,
            key.app,
            key.environment,
            iso(key.valid_from),
            iso(key.valid_to),
        )
        for key in keys
    ]
    header = ("consumer", "partner_id", "developer_id", "app", "environment", "valid_from", "valid_to")
    return Table("credentials", header, tuple(rows))


def products_table() -> Table:
    """Products; identity and insights are younger, or not yet public."""
    rows = []
    for product in PRODUCTS:
        public = [since for stage, since in product.stages if stage == "public"]
        rows.append((product.product, product.name, product.api_class, public[0] if public else ""))
    return Table("products", ("product", "name", "api_class", "launched_at"), tuple(rows))


def stages_table() -> Table:
    """Stages of the products' lives."""
    rows = [(product.product, stage, since) for product in PRODUCTS for stage, since in product.stages]
    return Table("product_stages", ("product", "stage", "since"), tuple(rows))


def endpoints_table() -> Table:
    """Every operation with its feature, weight in the program, and end where one is set."""
    classes = {product.product: product.api_class for product in PRODUCTS}
    rows: list[tuple[Cell, ...]] = []
    for endpoint in ENDPOINTS:
        if not endpoint.product:
            continue
        old, new = endpoint.version == "v1", endpoint.version == "v2"
        ends = (story.V2_RELEASE, story.V1_SUNSET) if old and endpoint.product == "payments" else ("", "")
        rows.append(
            (
                endpoint.product,
                endpoint.method,
                endpoint.route,
                endpoint.version,
                classes[endpoint.product] if endpoint.method != "GET" else "retrieval",
                endpoint.feature,
                "true" if endpoint.important else "false",
                story.V2_RELEASE if new else "2025-07-01",
                *ends,
            )
        )
    header = ("product", "method", "route", "version", "api_class", "feature", "important", "released_at")
    return Table("endpoints", (*header, "deprecated_at", "sunset_at"), tuple(rows))


def plans_table() -> Table:
    """Price plans, one of them proposed."""
    rows: list[tuple[Cell, ...]] = [
        (
            plan.plan_id,
            plan.product,
            plan.name,
            plan.status,
            plan.valid_from,
            plan.currency,
            plan.interval,
            plan.fee,
            "" if plan.included is None else plan.included,
            _tiers(plan),
        )
        for plan in PLANS.values()
    ]
    header = ("plan_id", "product", "name", "status", "valid_from", "currency", "interval", "fee")
    return Table("plans", (*header, "included_units", "tiers"), tuple(rows))


def _tiers(plan: Plan) -> str:
    tiers = [{"up_to": tier.up_to, "unit_price": str(tier.unit_price)} for tier in plan.tiers]
    return json.dumps(tiers) if tiers else ""


def subscriptions_table(subscriptions: tuple[Subscription, ...]) -> Table:
    """Who subscribed to which plan, from when until when."""
    rows: list[tuple[Cell, ...]] = [
        (
            each.subscription_id,
            each.partner.partner_id,
            each.plan.plan_id,
            iso(each.started),
            iso(each.ended) if each.ended is not None and each.ended < END else "",
            each.kind,
            iso(each.trial_ends),
            "" if each.contracted is None else each.contracted,
        )
        for each in subscriptions
    ]
    header = ("subscription_id", "partner_id", "plan_id", "started_at", "ended_at", "kind", "trial_ends_at")
    return Table("subscriptions", (*header, "contracted_units"), tuple(rows))


def packs_table(partners: tuple[Partner, ...]) -> Table:
    """One pack of a thousand identity checks, eight hundred of which are used."""
    owner = next(partner.partner_id for partner in partners if partner.role == "pack")
    span = (story.LAST_QUARTER[0], "2026-12-31")
    header = ("pack_id", "partner_id", "product", "units", "purchased_at", "expires_at", "amount", "currency")
    return Table("credit_packs", header, (("K001", owner, "identity", 1000, *span, 750, "EUR"),))


def invoices_table(lines: tuple[Line, ...]) -> Table:
    """Invoice lines; most invoices are paid within five weeks."""
    rows: list[tuple[Cell, ...]] = []
    for n, line in enumerate(lines, 1):
        invoice = invoice_of(line)
        number = int(hashlib.sha256(invoice.encode()).hexdigest()[:8], 16)
        paid = issued(line) + (5 + number % 30) * DAY
        is_paid = paid < at("2026-10-01") and number % _UNPAID_EVERY
        rows.append(
            (
                f"L{n:05d}",
                invoice,
                line.partner.partner_id,
                line.product,
                line.plan_id,
                line.kind,
                iso(line.start),
                iso(line.end),
                "" if line.units is None else line.units,
                line.amount,
                line.currency,
                iso(issued(line)),
                iso(paid) if is_paid else "",
            )
        )
    header = (
        "line_id",
        "invoice_id",
        "partner_id",
        "product",
        "plan_id",
        "kind",
        "period_start",
        "period_end",
    )
    return Table(
        "invoice_lines", (*header, "units", "amount", "currency", "issued_at", "paid_at"), tuple(rows)
    )
