"""Do the error rates say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import call, on

STATUSES = (200, 200, 301, 404, 408, 499, 500, 503, 504, 0)


def ten() -> list[dict[str, object]]:
    """Ten calls, one of each status, the first of which timed out although it says 200."""
    calls = [call("2025-01-01", None, status) for status in STATUSES]
    calls[0]["timed_out"] = True
    return calls


@pytest.mark.parametrize(
    ("metric", "share"),
    [("error_rate", 0.6), ("client_error_rate", 0.3), ("server_error_rate", 0.3), ("timeout_rate", 0.5)],
)
def test_rates_come_from_the_status_and_overlap(metric: str, share: float) -> None:
    """404 408 499 and 500 503 504 are errors; 408 499 504, 0 and the 200 that timed out never completed."""
    point = only(ask({"calls": ten()}, metric))
    assert (point.value, point.cases) == (share, 10)


def test_outcomes_exclude_each_other_and_add_up() -> None:
    """One success, one redirect, one client error, two server errors, five timeouts."""
    values = only(ask({"calls": ten()}, "error_rate")).values
    outcomes = ("success", "redirect", "client_error", "server_error", "timeout")
    assert [values[name] for name in outcomes] == [1, 1, 1, 2, 5]
    assert values["calls"] == 10


def test_limits_are_kept_apart_from_confusion() -> None:
    """401 and 403, 404, 429 are named among client errors."""
    calls = [call("2025-01-01", None, status) for status in (401, 403, 404, 429, 400)]
    values = only(ask({"calls": calls}, "client_error_rate")).values
    assert [values[n] for n in ("errors", "unauthorised", "not_found", "rate_limited")] == [5, 2, 1, 1]


@pytest.mark.parametrize(("failed", "verdict"), [(0, "good"), (1, "needs work")])
def test_a_tenth_of_a_percent_is_not_under_a_tenth_of_a_percent(failed: int, verdict: str) -> None:
    """One server error in a thousand calls is on the line."""
    calls = [call("2025-01-01", None, 500 if n < failed else 200) for n in range(1000)]
    answer = ask({"calls": calls}, "server_error_rate")
    assert (only(answer).value, answer.verdict) == (failed / 1000, verdict)


def test_a_rate_of_no_calls_is_absent_with_its_reason() -> None:
    """December has none; January one, and its interval is wide."""
    december, january = ask({"calls": [call("2025-01-01")]}, "error_rate", start=on("2024-12-01")).points
    assert (december.value, december.absent, december.cases) == (None, "no calls", 0)
    assert (january.value, january.low) == (0.0, 0.0)
    assert january.high == pytest.approx(0.7935, abs=1e-4)


def test_a_small_global_rate_hides_a_broken_endpoint() -> None:
    """Three failures in 600 calls are half a percent; all three are among the 20 refunds: 15 %."""
    calls = [call("2025-01-01", None) for _ in range(580)]
    calls += [
        call("2025-01-01", None, 500 if n < 3 else 200, method="POST", route="/refunds") for n in range(20)
    ]
    world = {"calls": calls}
    assert only(ask(world, "error_rate")).value == 0.005
    by = {point.by["endpoint"]: point.value for point in ask(world, "error_rate", by=("endpoint",)).points}
    assert by == {"GET /pets": 0.0, "POST /refunds": 0.15}
