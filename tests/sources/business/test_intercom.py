"""Do Intercom's conversations, tickets and companies become tickets and partners?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_each_type_has_its_rows_and_others_are_left_out(tmp_path: Path) -> None:
    """A conversation is resolved when it was last closed."""
    with desk(tmp_path) as at:
        report = take_sample(at, "intercom", "list.json")
        assert kept(report.total) == (4, 3, 1, 0)
        assert "1 left out, admin: nothing is taken from this kind" in report.notes
        assert at.rows(
            "SELECT ticket_id, developer_id, opened_at::VARCHAR, resolved_at::VARCHAR, topic FROM tickets ORDER BY 1"
        ) == [
            ("c1", "dev-1", "2026-07-01 00:00:00", "2026-07-01 01:00:00", "webhooks"),
            ("ticket-5", "ct2", "2026-07-01 00:00:00", None, "Customer"),
        ]
        assert at.rows("SELECT partner_id, name, segment FROM partners") == [("acme", "Acme", "Pro")]
