"""Do Lago's invoices and webhooks become partners, subscriptions, plans and invoice lines?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_fees_are_invoice_lines_and_their_last_day_is_inside(tmp_path: Path) -> None:
    """June ends where July begins; a charge is usage; a draft is left out."""
    with desk(tmp_path) as at:
        report = take_sample(at, "lago", "invoices.json")
        assert kept(report.total) == (3, 2, 1, 0)
        assert at.rows(
            "SELECT line_id, partner_id, product, kind, units, amount::VARCHAR, period_end::VARCHAR FROM invoice_lines "
            "ORDER BY 1"
        ) == [
            ("f1", "acme", "pro", "subscription", 1, "49.000000", "2026-07-01 00:00:00"),
            ("f2", "acme", "calls", "usage", 12500, "12.500000", "2026-07-01 00:00:00"),
        ]


def test_webhooks_bring_customers_subscriptions_and_plans(tmp_path: Path) -> None:
    """A wallet is none of them."""
    with desk(tmp_path) as at:
        report = take_sample(at, "lago", "webhooks.ndjson")
        assert kept(report.total) == (4, 3, 0, 1)
        assert at.rows("SELECT partner_id, name, country FROM partners") == [("acme", "Acme", "FR")]
        assert at.rows("SELECT subscription_id, partner_id, plan_id, kind FROM subscriptions") == [
            ("sub-1", "acme", "pro", "paid")
        ]
        assert at.rows("SELECT plan_id, interval, fee::VARCHAR FROM plans") == [("pro", "month", "49.000000")]
