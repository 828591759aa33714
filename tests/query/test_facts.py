"""Do the facts say whose a call is, what a person works out in the head?"""

from __future__ import annotations

from tests.metrics.small import ask, split
from tests.reference.tiny import at, call, key, partner


def test_merges_are_followed_to_their_end() -> None:
    """P4 became P3, P3 became P2, P2 became P1: what P4's key calls is P1's, and nobody else is there."""
    merged = [partner(f"P{n}", merged_into=f"P{n - 1}") for n in (2, 3, 4)]
    world = {
        "partners": [partner("P1"), *merged],
        "credentials": [key("k4", "P4")],
        "calls": [call("2025-01-02", "k4")],
    }
    assert split(ask(world, "call_volume", by=("partner",), grain="all"), "partner") == {"P1": 1}
    assert ask(world, "registered_partners", grain="all").points[0].value == 1


def test_a_key_that_changes_hands_at_noon_is_two_peoples() -> None:
    """Three calls alike on one day: the one at eleven is P1's or, without P1, nobody's; the others are P2's."""
    noon = at("2025-01-02 12:00")
    world = {
        "partners": [partner("P1"), partner("P2")],
        "credentials": [key(valid_to=noon), key(owner="P2", valid_from=noon)],
        "calls": [call(f"2025-01-02 {hour}:00") for hour in (11, 12, 13)],
    }
    assert split(ask(world, "call_volume", by=("partner",), grain="all"), "partner") == {"P1": 1, "P2": 2}
    world["credentials"] = [key(owner="P2", valid_from=noon)]
    assert split(ask(world, "call_volume", by=("partner",), grain="all"), "partner") == {None: 1, "P2": 2}
