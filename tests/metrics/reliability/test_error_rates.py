"""Do the error rates say what a person works out in the head?"""

from __future__ import annotations

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import at, call, key, on, partner

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


def test_each_kind_of_client_error_has_its_rate() -> None:
    """Of ten calls 400 three times, 409 twice, 401, 403 and 422 once each."""
    codes = (400, 400, 400, 409, 409, 401, 403, 422, 200, 200)
    values = only(
        ask({"calls": [call("2025-01-01", None, code) for code in codes]}, "client_error_rate")
    ).values
    kinds = ("bad_request", "conflict", "unauthorised", "unprocessable", "not_found", "rate_limited")
    assert [values[f"{kind}_rate"] for kind in kinds] == [0.3, 0.2, 0.2, 0.1, 0, 0]


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


def test_every_call_has_one_outcome() -> None:
    """Of ten calls one succeeds, one is redirected, one is the client's, two are ours, five never end."""
    values = only(ask({"calls": ten()}, "outcome_breakdown")).values
    outcomes = ("success", "redirect", "client_error", "server_error", "timeout")
    shares = [float(values[name] or 0) for name in outcomes]
    assert shares == [0.1, 0.1, 0.1, 0.2, 0.5]
    assert sum(shares) == pytest.approx(1)


def refunds() -> list[dict[str, object]]:
    """580 calls that succeed and 20 refunds of which three fail: half a percent, and 15 %."""
    fine = [call("2025-01-01", None) for _ in range(580)]
    return fine + [
        call("2025-01-01", None, 500 if n < 3 else 200, method="POST", route="/refunds") for n in range(20)
    ]


def test_a_hotspot_is_hidden_by_a_rate_under_the_target() -> None:
    """3 of 20 are at least 5.2 % by Wilson, over the 1 % that all calls stay under; 20 of 600 are few."""
    chosen = (("least_calls", "20"),)
    answer = ask({"calls": refunds()}, "error_hotspots", variants=chosen)
    first, second = answer.points
    assert (first.by, first.value, second.value) == ({"endpoint": "POST /refunds"}, 0.15, 0.0)
    assert first.low == pytest.approx(0.0524, abs=1e-4)
    assert [first.values[name] for name in ("hidden", "important", "share_of_errors", "calls")] == [
        1,
        0,
        1,
        20,
    ]
    assert [second.values[name] for name in ("hidden", "important")] == [0, 1]


@pytest.mark.parametrize("chosen", [("least_calls", "21"), ("target", "6")])
def test_a_hotspot_with_few_calls_or_within_the_target_is_not_hidden(chosen: tuple[str, str]) -> None:
    """20 calls are under 21; at least 5.2 % are not surely more than 6 %."""
    variants = (chosen,) if chosen[0] == "least_calls" else (chosen, ("least_calls", "1"))
    answer = ask({"calls": refunds()}, "error_hotspots", variants=variants)
    assert [point.values["hidden"] for point in answer.points] == [0, 0]


def test_an_endpoint_tagged_as_important_is_important_without_traffic() -> None:
    """20 of 600 calls are under a tenth."""
    calls = [{**row, "product": "shop"} for row in refunds()]
    tag = {"product": "shop", "method": "POST", "route": "/refunds", "version": "v9", "important": True}
    first, _ = ask({"calls": calls, "endpoints": [tag]}, "error_hotspots").points
    assert (first.by["endpoint"], first.values["important"]) == ("POST /refunds", 1)


def test_those_on_trial_are_set_beside_everybody_else() -> None:
    """On 10 and 14 January P1 is on trial, on the 15th no longer; P2 never was."""
    world = {
        "partners": [partner("P1"), partner("P2")],
        "credentials": [key("k1", "P1"), key("k2", "P2")],
        "subscriptions": [
            {
                "subscription_id": "S",
                "partner_id": "P1",
                "plan_id": "basic",
                "kind": "reverse_trial",
                "started_at": at("2025-01-01"),
                "trial_ends_at": at("2025-01-15"),
            }
        ],
        "calls": [
            call("2025-01-10", "k1", 503),
            call("2025-01-14", "k1", 404),
            call("2025-01-14", "k1"),
            call("2025-01-14", "k1"),
            call("2025-01-15", "k1", 500),
            call("2025-01-10", "k2"),
        ],
    }
    values = only(ask(world, "trial_reliability")).values
    assert [values[name] for name in ("error_rate", "uptime", "calls")] == [0.5, 0.75, 4]
    assert [values[f"others_{name}"] for name in ("error_rate", "uptime", "calls")] == [0.5, 0.5, 2]
    assert values["p95"] is None
