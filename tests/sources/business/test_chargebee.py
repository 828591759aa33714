"""Do Chargebee's objects become partners, subscriptions, plans and invoice lines?"""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_a_list_of_objects_is_taken_apart(tmp_path: Path) -> None:
    """100.00 less 10.00 a subscription, 7.30 metered, 2.50 once; the second subscription ended in its trial."""
    with desk(tmp_path) as at:
        report = take_sample(at, "chargebee", "list.json")
        assert kept(report.total) == (11, 8, 2, 1)
        assert report.total.refused == {"not an object of Chargebee": 1}
        assert at.rows(
            "SELECT line_id, partner_id, plan_id, kind, amount::VARCHAR, units FROM invoice_lines ORDER BY 1"
        ) == [
            ("li1", "c1", "pro-USD-Monthly", "subscription", "90.000000", 2),
            ("li2", "c1", "calls-USD", "usage", "7.300000", 730),
            ("li3", "c1", None, "one_off", "2.500000", None),
        ]
        assert at.rows("SELECT partner_id, name, country, merged_into FROM partners") == [
            ("c1", "Acme", "US", "acme")
        ]
        assert at.rows(
            "SELECT subscription_id, kind, plan_id, started_at::VARCHAR, ended_at::VARCHAR FROM subscriptions "
            "ORDER BY subscription_id"
        ) == [
            ("s1", "paid", "pro-USD-Monthly", "2026-06-15 00:00:00", None),
            ("s1/trial", "trial", "pro-USD-Monthly", "2026-06-01 00:00:00", "2026-06-15 00:00:00"),
            ("s2/trial", "trial", "pro-USD-Monthly", "2026-06-01 00:00:00", "2026-06-08 00:00:00"),
        ]
        assert at.rows("SELECT plan_id, product, interval, fee::VARCHAR, currency FROM plans") == [
            ("pro-USD-Monthly", "payments", "month", "50.000000", "USD")
        ]


def test_a_long_word_in_a_refused_record_is_gone_over_once(tmp_path: Path) -> None:
    """It might begin an address at each of its letters; the addresses beside it are hashed."""
    note = f"ann@acme.example+bob@acme.example {'a' * 200_000}"
    with desk(tmp_path) as at:
        began = time.process_time()
        report = at.take("chargebee", json.dumps({"note": note}), "a.ndjson")
        assert time.process_time() - began < 5
        assert kept(report.total) == (1, 0, 0, 1)
        [(said,)] = at.rows("SELECT content FROM refused")
    assert str(said).startswith('{"note": "sha256:')
    assert str(said).count("sha256:") == 2
    assert "acme" not in str(said)
