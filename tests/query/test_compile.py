"""What does an as-of hide, and what not?"""

from __future__ import annotations

from datetime import UTC, datetime

from firstcall.periods import Question
from tests.metrics.small import program, split
from tests.reference.tiny import at

WORLD = {
    "partners": [
        {"partner_id": "acme", "name": "Acme", "registered_at": at("2025-01-01"), "status": "approved"}
    ],
    "developers": [{"developer_id": "ada", "partner_id": "acme", "signed_up_at": at("2025-06-01")}],
    "tickets": [
        {"ticket_id": "t1", "developer_id": "ada", "opened_at": at("2025-03-05"), "channel": "mail"},
        {"ticket_id": "t2", "developer_id": "ada", "opened_at": at("2025-05-05"), "channel": "mail"},
    ],
}
"""Ada asks for help before she signs up."""


def test_an_as_of_hides_what_happened_later_and_not_whose_it_is() -> None:
    """In April the ticket of May is not there yet; the ticket of March is Acme's, though Ada has not signed up."""
    question = Question(
        "tickets_by_topic", grain="all", by=("partner",), as_of=datetime(2025, 4, 1, tzinfo=UTC)
    )
    assert split(program(WORLD).ask(question), "partner") == {"acme": 1}
