"""Is what the store holds the same for every question, whoever asked before?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from firstcall.answers import Answer, Value
from firstcall.periods import Question
from tests.metrics.small import program, split
from tests.reference.question import World
from tests.reference.tiny import at

SINCE = datetime(2021, 1, 1, tzinfo=UTC)
"""When it became known that a credential had changed hands."""
MOVED: World = {
    "partners": [
        {"partner_id": name, "name": name, "registered_at": at("2025-01-01"), "status": "approved"}
        for name in ("P1", "P2")
    ],
    "credentials": [
        {"consumer": "k", "partner_id": "P1", "known_to": SINCE},
        {"consumer": "k", "partner_id": "P1", "valid_to": at("2025-03-05 12:00"), "known_from": SINCE},
        {"consumer": "k", "partner_id": "P2", "valid_from": at("2025-03-05 12:00"), "known_from": SINCE},
    ],
    "calls": [
        {
            "time": at(f"2025-03-05 {hour}:00"),
            "source": "kong",
            "environment": "production",
            "consumer": "k",
            "method": "GET",
            "route": "/",
            "status": 200,
        }
        for hour in (10, 13)
    ],
}
"""A call of P1 and one of P2 on one day with one key; until 2021 both were thought to be P1's."""


def test_what_was_known_once_does_not_decide_how_today_is_asked() -> None:
    """The rollup holds the day as one row, which may not be read, even if it could have been at the time."""

    def volume(known_at: datetime | None) -> dict[str | None, Value]:
        answer: Answer = asking.ask(Question("call_volume", by=("partner",), known_at=known_at))
        return split(answer, "partner")

    asking = program(MOVED)
    assert volume(SINCE - timedelta(days=1)) == {"P1": 2}
    assert volume(None) == {"P1": 1, "P2": 1}
