"""Does latency say what a person works out in the head?"""

from __future__ import annotations

import math

import pytest

from tests.metrics.small import ask, only
from tests.reference.tiny import call


def timed(*latencies: float | None) -> list[dict[str, object]]:
    """Successful calls that took so long."""
    return [call("2025-01-01", None, latency_ms=latency) for latency in latencies]


def test_percentiles_are_read_from_the_histogram() -> None:
    """Ten calls of 100 ms: ln 100 / ln 1.02 is 232.55, so bucket 233, whose middle is 99.9 ms."""
    answer = ask({"calls": timed(*[100.0] * 10)}, "latency")
    middle = 2 * 1.02**233 / 2.02
    assert math.isclose(middle, 99.9, abs_tol=0.1)
    values = only(answer).values
    assert [values[name] for name in ("p50", "p95", "p99")] == [pytest.approx(middle)] * 3
    assert values["timeouts"] == 0
    assert answer.method == "histogram"


@pytest.mark.parametrize("latency", [1.0, 7.0, 50.0, 480.5, 1_000.0, 30_000.0])
def test_the_histogram_is_at_most_one_percent_off(latency: float) -> None:
    """Whatever the latency."""
    point = only(ask({"calls": timed(*[latency] * 5)}, "latency"))
    assert point.value is not None
    assert float(point.value) == pytest.approx(latency, rel=0.01)


def test_exact_reads_the_calls() -> None:
    """10 to 100 ms: the median of type 7 is 55, P95 is 95.5, P99 99.1."""
    answer = ask({"calls": timed(*range(10, 101, 10))}, "latency", exact=True)
    values = only(answer).values
    assert [values[name] for name in ("p50", "p95", "p99")] == [
        55.0,
        pytest.approx(95.5),
        pytest.approx(99.1),
    ]
    assert answer.method == "exact"


def test_timeouts_are_left_out_and_counted_or_censored() -> None:
    """Five calls of 10 ms and five timeouts: P50 is 10 ms of five; censored, P95 is beyond all that completed."""
    world = {
        "calls": [*timed(*[10.0] * 5), *(call("2025-01-01", None, 504, latency_ms=9e3) for _ in range(5))]
    }
    left_out = only(ask(world, "latency"))
    censored = only(ask(world, "latency", variants=(("timeouts", "censored"),)))
    assert (left_out.cases, left_out.values["timeouts"]) == (5, 5)
    assert left_out.value == pytest.approx(10, rel=0.01)
    assert (censored.cases, censored.values["p95"]) == (10, None)
    assert censored.value == pytest.approx(10, rel=0.01)


def test_successes_alone_can_be_asked_for() -> None:
    """Five successes of 10 ms and five 404s of 1 ms."""
    world = {
        "calls": [*timed(*[10.0] * 5), *(call("2025-01-01", None, 404, latency_ms=1.0) for _ in range(5))]
    }
    only_success = only(ask(world, "latency", variants=(("outcome", "success"),)))
    assert only_success.cases == 5
    assert only_success.value == pytest.approx(10, rel=0.01)


@pytest.mark.parametrize(("count", "p50", "p95"), [(4, False, False), (5, True, False), (10, True, True)])
def test_few_calls_have_no_percentile(count: int, p50: bool, p95: bool) -> None:
    """Under five no median, under ten no P95; a call without a latency is no case."""
    point = only(ask({"calls": timed(*[10.0] * count, None)}, "latency"))
    assert (point.value is not None, point.values["p95"] is not None, point.cases) == (p50, p95, count)
    assert point.absent == (None if p50 else "fewer than 5 cases")
