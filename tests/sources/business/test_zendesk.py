"""Do Zendesk's tickets become tickets?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample

COLUMNS = (
    "SELECT ticket_id, partner_id, developer_id, opened_at::VARCHAR, resolved_at::VARCHAR, topic FROM tickets "
    "ORDER BY ticket_id"
)


def test_tickets_have_their_organisation_requester_first_tag_and_time_of_solution(tmp_path: Path) -> None:
    """A deleted one is left out."""
    with desk(tmp_path) as at:
        assert kept(take_sample(at, "zendesk", "tickets.json").total) == (3, 2, 1, 0)
        assert at.rows(COLUMNS) == [
            ("1", "9", "77", "2026-07-01 10:00:00", "2026-07-02 09:00:00", "authentication"),
            ("2", None, "78", "2026-07-03 10:00:00", None, None),
        ]


def test_an_option_names_the_field_that_holds_the_partner(tmp_path: Path) -> None:
    """A custom field by its id; where it is empty the organisation stays."""
    with desk(tmp_path) as at:
        take_sample(at, "zendesk", "tickets.json", partner="custom_fields[id=5].value", topic="type")
        assert at.rows("SELECT partner_id, topic FROM tickets ORDER BY ticket_id") == [
            ("acme", "problem"),
            (None, None),
        ]
