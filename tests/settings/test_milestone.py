"""Is a milestone read as it is said?"""

from __future__ import annotations

import pytest

from firstcall.settings.milestone import Milestone, parse


@pytest.mark.parametrize(
    ("given", "milestone"),
    [
        ("first successful production call", Milestone(1, None, "production", success=True)),
        ("First call", Milestone(1, None, "any", success=False)),
        ("100 successful sandbox calls", Milestone(100, None, "sandbox", success=True)),
        (
            "1,000 successful production calls to post /v1/messages",
            Milestone(1_000, "POST /v1/messages", "production", success=True),
        ),
        (
            {"endpoint": "POST /v1/messages", "count": 100},
            Milestone(100, "POST /v1/messages", "production", success=True),
        ),
        ({"count": 3}, Milestone(3, None, "production", success=True)),
    ],
)
def test_a_sentence_or_a_table_is_a_milestone(given: object, milestone: Milestone) -> None:
    """A sentence means its words; a table counts successful production calls."""
    assert parse(given) == milestone
    assert parse(str(milestone)) == milestone


@pytest.mark.parametrize(
    "given",
    [
        "when it feels right",
        "0 calls",
        {},
        {"endpoint": "messages"},
        {"count": 0},
        {"count": True},
        {"times": 3},
        7,
        None,
    ],
)
def test_what_is_no_milestone_is_answered_with_what_is_one(given: object) -> None:
    """The message gives sentences to copy."""
    with pytest.raises(ValueError, match="first successful production call"):
        parse(given)
