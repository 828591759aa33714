"""Do Freshdesk's tickets become tickets?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_tickets_have_company_requester_and_time_of_resolution(tmp_path: Path) -> None:
    """Without a tag the type is the topic; spam is left out."""
    with desk(tmp_path) as at:
        report = take_sample(at, "freshdesk", "tickets.json", partner="custom_fields.cf_partner")
        assert kept(report.total) == (2, 1, 1, 0)
        assert at.rows(
            "SELECT ticket_id, partner_id, developer_id, resolved_at::VARCHAR, topic FROM tickets"
        ) == [("10", "acme", "5", "2026-07-01 12:00:00", "Question")]
