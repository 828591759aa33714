"""How fast are the answers? Latency as the gateway, the developer and a probe saw it, against targets, and traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import TIMED_LOG, how_many, middle_of
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import usage
from firstcall.metrics.reliability import performance_relations as timed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_PLATFORM_ENGINEERING = Audience("Platform engineering", "reliability", "short")


def _quantile(share: float) -> str:
    """Return the middle of the bucket that holds the lower-rank quantile; none beyond what completed."""
    bucket = f"min(rows_of.latency_bucket) filter (where rows_of.upto > {share} * (rows_of.total - 1))"
    return f"case when {bucket} < 32767 then {middle_of(bucket)} end"


def _latencies(scope: Scope) -> Relation:
    return usage.LATENCIES_CENSORED if scope.variant("timeouts") == "censored" else usage.LATENCIES


latency = Metric(
    card=Card(
        question="How fast are the answers, typically and on a bad day?",
        words=(
            "50th, 95th and 99th percentile of the gateway's total time over completed calls, timeouts left out; "
            "from a histogram whose buckets are 2 % wide, so at most 1 % off. --exact reads the calls (type 7)."
        ),
        action="Look at P95 and P99 by endpoint: caching, queries, capacity.",
        better="lower",
        why_no_bands="Targets depend on the API class; see latency targets.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R6",
        filled_by=TIMED_LOG,
    ),
    main=Part(
        of=_latencies,
        values={"p50": _quantile(0.5), "p95": _quantile(0.95), "p99": _quantile(0.99)},
        cases="max(rows_of.total)",
        floors={
            "p50": ("max(rows_of.total)", 5),
            "p95": ("max(rows_of.total)", 10),
            "p99": ("max(rows_of.total)", 10),
        },
    ),
    exact=Part(
        of=usage.COMPLETED,
        values={
            "p50": "quantile_cont(rows_of.latency_ms, 0.5)",
            "p95": "quantile_cont(rows_of.latency_ms, 0.95)",
            "p99": "quantile_cont(rows_of.latency_ms, 0.99)",
        },
        cases="count(*)",
        floors={"p50": ("count(*)", 5), "p95": ("count(*)", 10), "p99": ("count(*)", 10)},
    ),
    beside=(
        Part(
            of=usage.TIMEOUTS,
            values={"timeouts": "sum(rows_of.calls)"},
            cases="sum(rows_of.calls)",
        ),
    ),
    headline="p50",
    unit="milliseconds",
    unit_of={"timeouts": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    variants=(
        Variant("outcome", "Which completed calls count.", ("all", "success"), "all"),
        Variant(
            "timeouts",
            "Leave timeouts out, or count them as longer than everything.",
            ("excluded", "censored"),
            "excluded",
        ),
    ),
    method="histogram",
)

_MET, _MISSED = "rows_of.state = 'met'", "rows_of.state = 'missed'"
_ATTAINED: Mapping[str, str | Ratio] = {
    "share": Ratio(
        how_many(_MET), how_many(f"{_MET} or {_MISSED}"), "no endpoint of a known class with enough calls"
    ),
    "met": how_many(_MET),
    "missed": how_many(_MISSED),
    "untargeted": how_many("rows_of.state = 'untargeted'"),
    "few": how_many("rows_of.state = 'few'"),
}

latency_target_attainment = Metric(
    card=Card(
        question="Which share of the endpoints is as fast as it should be?",
        words=(
            "Endpoints that meet both targets of their class over those of a class with enough completed calls: "
            "retrieval P50 under 100 ms and P99 under 500 ms, processing P50 under 1 s and P99 under 5 s. The class "
            "is the endpoint's, else its product's; endpoints without one (or of webhooks, which webhook_delivery "
            "judges) are counted apart, as are those with too few calls. From the histogram, so at most 1 % off; "
            "--exact reads the calls."
        ),
        action="Split it by endpoint and start with the one that misses and is called most.",
        better="higher",
        bands=above(good=1.0, needs_work=0.9),
        audience=_PLATFORM_ENGINEERING,
        requirement="R7",
        filled_by=TIMED_LOG,
    ),
    main=Part(of=timed.TARGETED, values=_ATTAINED, cases=how_many(f"{_MET} or {_MISSED}")),
    exact=Part(of=timed.TARGETED_CALLS, values=_ATTAINED, cases=how_many(f"{_MET} or {_MISSED}")),
    headline="share",
    unit="share",
    unit_of=dict.fromkeys(("met", "missed", "untargeted", "few"), "count"),
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls", "endpoints|products"),
    environment="any",
    traffic="all",
    variants=(
        Variant("least_calls", "Fewest calls of an endpoint judged.", (), "10", unit="calls", most=1_000_000),
    ),
    method="histogram",
)

_SCORED: Mapping[str, str | Ratio] = {
    "apdex": Ratio("sum(rows_of.calls * rows_of.grade)", "sum(rows_of.calls * 2)", "no timed calls"),
    **{
        name: f"sum(rows_of.calls) filter (where rows_of.grade = {grade})"
        for grade, name in ((2, "satisfied"), (1, "tolerating"), (0, "frustrated"))
    },
    "unclassed": "sum(rows_of.calls) filter (where coalesce(rows_of.api_class, '') "
    "not in ('retrieval', 'processing'))",
}

apdex = Metric(
    card=Card(
        question="How satisfied can callers be with the waiting?",
        words=(
            "(Calls answered within T + half of those within 4 T) over all calls; server errors and timeouts count "
            "as frustrated whatever they took, where any call was timed at all. T is 100 ms for retrieval, 1 s for "
            "processing and 500 ms for endpoints of no class (--set retrieval_ms, processing_ms, unclassed_ms). "
            "Other calls without a latency are left out. From the histogram; --exact reads the calls."
        ),
        action="Compare endpoints; where it falls without errors, waiting is what hurts.",
        better="higher",
        bands=above(excellent=0.94, good=0.85, needs_work=0.7),
        audience=_PLATFORM_ENGINEERING,
        requirement="R6",
        filled_by=TIMED_LOG,
    ),
    main=Part(of=timed.GRADES, values=_SCORED, cases="sum(rows_of.calls)"),
    exact=Part(of=timed.GRADED_CALLS, values=_SCORED, cases="sum(rows_of.calls)"),
    headline="apdex",
    unit="score",
    unit_of=dict.fromkeys(("satisfied", "tolerating", "frustrated", "unclassed"), "count"),
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    variants=tuple(
        Variant(f"{name}_ms", f"T of {what}.", (), default, unit="milliseconds", most=600_000)
        for name, what, default in (
            ("retrieval", "retrieval endpoints", "100"),
            ("processing", "processing endpoints", "1000"),
            ("unclassed", "endpoints of no class", "500"),
        )
    ),
    method="histogram",
)


def _percentiles(
    column: str, count: str, prefix: str = ""
) -> tuple[dict[str, str], dict[str, tuple[str, int]]]:
    """Return P50, P95 and P99 of a column, and their floors."""
    shares = {f"{prefix}p50": 0.5, f"{prefix}p95": 0.95, f"{prefix}p99": 0.99}
    values = {name: f"quantile_cont(rows_of.{column}, {share})" for name, share in shares.items()}
    return values, {name: (count, 5 if share == 0.5 else 10) for name, share in shares.items()}


_CLIENT, _CLIENT_FLOORS = _percentiles("client_ms", "count(rows_of.client_ms)")
_SERVER, _SERVER_FLOORS = _percentiles("latency_ms", "count(rows_of.latency_ms)", "server_")
_UPSTREAM, _UPSTREAM_FLOORS = _percentiles("upstream_ms", "count(rows_of.upstream_ms)", "upstream_")

developer_latency = Metric(
    card=Card(
        question="How long does a developer wait, the network included?",
        words=(
            "50th, 95th and 99th percentile (type 7) of the time the developer saw, over completed calls that bring "
            "it; the time of the same calls at the gateway (server) and behind it (upstream), the median of the "
            "difference to the gateway's, and the share of completed calls that bring a developer's time beside it. "
            "Timeouts are left out; probes are a metric of their own."
        ),
        action="A wide gap is network, TLS or distance: look at regions, keep-alive and where the edge is.",
        better="lower",
        why_no_bands="The API's own targets are of the gateway's time; read the gap.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R8",
        filled_by={"calls": "firstcall import calls calls.csv (with the column client_ms)"},
    ),
    main=Part(
        of=timed.CLIENT_TIMES,
        values={
            **_CLIENT,
            **_SERVER,
            "gap": "quantile_cont(rows_of.gap, 0.5)",
            "coverage": Ratio("sum(rows_of.timed)", "sum(rows_of.calls)", "no completed calls"),
            **_UPSTREAM,
        },
        cases="sum(rows_of.timed)",
        floors={**_CLIENT_FLOORS, **_SERVER_FLOORS, **_UPSTREAM_FLOORS, "gap": ("count(rows_of.gap)", 5)},
    ),
    headline="p50",
    unit="milliseconds",
    unit_of={"coverage": "share"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
)

_PROBED, _PROBED_FLOORS = _percentiles("latency_ms", "count(*)")

probe_latency = Metric(
    card=Card(
        question="How fast does the API answer those who watch it from outside?",
        words=(
            "50th, 95th and 99th percentile (type 7) of the total time of probes that found the target up, and the "
            "medians of name look-up, connecting and TLS handshake. Probes are not calls and never mixed with them."
        ),
        action="Compare regions: what is slow from one place alone is the network.",
        better="lower",
        why_no_bands="It depends on where the probe stands.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R8",
    ),
    main=Part(
        of=timed.PROBE_TIMES,
        values={
            **_PROBED,
            **{part: f"quantile_cont(rows_of.{part}_ms, 0.5)" for part in ("dns", "connect", "tls")},
        },
        cases="count(*)",
        floors={
            **_PROBED_FLOORS,
            **{part: (f"count(rows_of.{part}_ms)", 5) for part in ("dns", "connect", "tls")},
        },
    ),
    headline="p50",
    unit="milliseconds",
    dimensions=("target", "region"),
    needs=("probes",),
    environment="any",
    traffic="all",
)


def _traffic(of: Relation, peak: Ratio) -> Part:
    return Part(
        of=of,
        values={
            "per_second": Ratio("sum(rows_of.calls)", "max(rows_of.seconds)", "no calls"),
            "peak": peak,
            "peak_hour": "max(rows_of.calls)",
            "calls": "sum(rows_of.calls)",
        },
        cases="sum(rows_of.calls)",
    )


_BY_HOUR = _traffic(timed.HOURS, Ratio("max(rows_of.calls)", "3600", "no calls"))
_BY_SECOND = _traffic(timed.SECONDS, Ratio("max(rows_of.busiest)", "1", "no calls"))

throughput = Metric(
    card=Card(
        question="How many calls a second do the APIs answer?",
        words=(
            "Calls over the seconds of the period that have passed; beside it the calls of its busiest hour (local "
            "hours; the one that a clock change repeats holds both) and peak, what these are a second. With --set "
            "peak=second the peak is of the busiest single second."
        ),
        action="Plan capacity for the busiest hour, not for the average.",
        better="neither",
        why_no_bands="What is much depends on what was planned for.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R15",
    ),
    main=_BY_HOUR,
    main_for=lambda scope: _BY_SECOND if scope.variant("peak") == "second" else _BY_HOUR,
    headline="per_second",
    unit="number",
    unit_of={"calls": "count", "peak_hour": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    variants=(Variant("peak", "Over which stretch the peak is taken.", ("hour", "second"), "hour"),),
    environment="any",
    traffic="all",
)
