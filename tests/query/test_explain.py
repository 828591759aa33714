"""Are the rows behind a number the same each time, however many of them are shown?"""

from __future__ import annotations

from itertools import permutations

import pytest

from firstcall.periods import Question
from tests.metrics.small import program
from tests.reference.tiny import at

CALLS = [
    {
        "time": at(f"2025-03-0{day} 12:00"),
        "source": "kong",
        "environment": "production",
        "consumer": consumer,
        "method": "GET",
        "route": "/",
        "status": 200,
    }
    for day, consumer in ((1, "b"), (2, "a"), (3, None))
]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_are_ordered_before_they_are_limited(order: tuple[int, ...]) -> None:
    """By period and split; the first two are the same in whatever order they came in."""
    asking = program({"calls": [CALLS[number] for number in order]})
    question = Question("call_volume", grain="day", by=("consumer",))
    everything = asking.explain(question, limit=None)
    shown = [(str(row[0]), row[1]) for row in everything.rows]
    assert shown == [("2025-03-01", "b"), ("2025-03-02", "a"), ("2025-03-03", None)]
    assert asking.explain(question, limit=2).rows == everything.rows[:2]
    assert asking.explain(question, limit=2).total == 3
