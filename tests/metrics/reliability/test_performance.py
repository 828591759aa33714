"""Does latency say what a person works out in the head?"""

from __future__ import annotations

import math

import pytest

from tests.metrics.small import ask, only
from tests.reference.question import World
from tests.reference.tiny import at, call


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


def classed(api_class: str | None, *latencies: float | None, route: str = "/pets") -> World:
    """Return calls of one endpoint of a class."""
    endpoint = {"product": "pets", "method": "GET", "route": route, "version": "v1", "api_class": api_class}
    calls = [{**row, "product": "pets", "route": route} for row in timed(*latencies)]
    return {"calls": calls, "endpoints": [endpoint]}


def test_apdex_counts_half_of_those_who_tolerate() -> None:
    """T is 100 ms: 50 ms satisfies, 200 ms is tolerated, 500 ms frustrates, and so does a fast 500: 1.5 of 4."""
    world = classed("retrieval", 50.0, 200.0, 500.0)
    calls = [*world["calls"], call("2025-01-01", None, 500, latency_ms=1.0, product="pets")]
    point = only(ask({**world, "calls": calls}, "apdex"))
    assert (point.value, point.cases) == (0.375, 4)
    assert [point.values[name] for name in ("satisfied", "tolerating", "frustrated")] == [1, 1, 2]


def test_apdex_of_no_class_has_a_patience_of_its_own() -> None:
    """500 ms unless set; 300 ms satisfies then, and is tolerated at 200."""
    world = classed(None, 300.0)
    assert only(ask(world, "apdex")).value == 1.0
    assert only(ask(world, "apdex", variants=(("unclassed_ms", "200"),))).value == 0.5
    assert only(ask(world, "apdex")).values["unclassed"] == 1


def test_an_endpoint_has_to_meet_both_targets_of_its_class() -> None:
    """Ten reads at 50 ms meet them; ten with one of 600 ms miss P99; of no class there is nothing to meet."""
    fine, slow = classed("retrieval", *[50.0] * 10), classed("retrieval", *[50.0] * 9, 600.0, route="/slow")
    other = classed(None, *[9_000.0] * 10, route="/other")
    world = {name: [*fine[name], *slow[name], *other[name]] for name in ("calls", "endpoints")}
    point = only(ask(world, "latency_target_attainment", exact=True))
    assert (point.value, point.cases) == (0.5, 2)
    assert [point.values[name] for name in ("met", "missed", "untargeted", "few")] == [1, 1, 1, 0]
    by = ask(world, "latency_target_attainment", by=("route",), exact=True)
    assert {each.by["route"]: each.value for each in by.points} == {
        "/pets": 1.0,
        "/slow": 0.0,
        "/other": None,
    }


def test_apdex_without_any_latency_is_absent_whatever_failed() -> None:
    """A log without times tells nothing of waiting; one timed call is enough to count the failures beside it."""
    failed = [call("2025-01-01", None, 500) for _ in range(136)]
    for exact in (False, True):
        point = only(ask({"calls": [*failed, call("2025-01-01", None)]}, "apdex", exact=exact))
        assert (point.value, point.cases, point.absent) == (None, 0, "no timed calls")
        assert only(ask({"calls": failed[:1] + timed(10.0)}, "apdex", exact=exact)).value == 0.5


def test_under_a_hundred_is_strict() -> None:
    """Ten reads of exactly 100 ms are not under 100 ms; the histogram, 1 % off at most, takes them for 99.9 ms."""
    world = classed("retrieval", *[100.0] * 10)
    assert only(ask(world, "latency_target_attainment", exact=True)).value == 0.0
    assert only(ask(world, "latency_target_attainment")).value == 1.0


def test_a_class_of_the_product_holds_for_its_endpoints() -> None:
    """Processing may take a second: 600 ms meets what it would miss as retrieval."""
    world = {
        "calls": classed(None, *[600.0] * 10)["calls"],
        "products": [{"product": "pets", "api_class": "processing"}],
    }
    assert only(ask(world, "latency_target_attainment")).value == 1.0


def test_the_developers_time_stands_beside_the_servers_and_is_never_mixed_with_it() -> None:
    """Five calls took 40 ms behind us, 50 here and 300 there; five more bring no time of the developer."""
    seen = [{**row, "client_ms": 300.0, "upstream_ms": 40.0} for row in timed(*[50.0] * 5)]
    point = only(ask({"calls": seen + timed(*[10.0] * 5)}, "developer_latency"))
    assert (point.value, point.cases) == (300.0, 5)
    assert [point.values[name] for name in ("upstream_p50", "server_p50", "gap", "coverage", "p95")] == [
        40.0,
        50.0,
        250.0,
        0.5,
        None,
    ]


def test_probes_are_timed_apart() -> None:
    """10 to 50 ms have a median of 30; one that found the target down is no answer."""
    probes = [
        {"target": "pets", "time": at(f"2025-01-0{n}"), "result": "up", "latency_ms": 10.0 * n, "dns_ms": 2.0}
        for n in range(1, 6)
    ]
    probes.append({"target": "pets", "time": at("2025-01-06"), "result": "down", "latency_ms": 30_000.0})
    point = only(ask({"probes": probes}, "probe_latency"))
    assert (point.value, point.values["dns"], point.cases) == (30.0, 2.0, 5)


def test_throughput_counts_the_seconds_that_have_passed() -> None:
    """Six calls in two hours of New Year's morning, three of them between one and two, two of these in one second."""
    times = ("00:10", "00:20", "01:00", "01:59:59", "01:59:59.9", "02:00")
    calls = [call(f"2025-01-01 {time}", None) for time in times]
    point = only(ask({"calls": calls}, "throughput"))
    assert (point.value, point.values["peak_hour"], point.values["peak"]) == (6 / 7200, 3, 3 / 3600)
    point = only(ask({"calls": calls}, "throughput", variants=(("peak", "second"),)))
    assert (point.value, point.values["peak_hour"], point.values["peak"]) == (6 / 7200, 3, 2)
