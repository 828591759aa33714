"""Do calls succeed? Error and timeout rates, each a line of its own, with the exclusive breakdown beside them."""

from __future__ import annotations

from firstcall.bands import below
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import middle_of
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import usage
from firstcall.metrics.reliability.error_rate_relations import HOTSPOTS, on_trial

_PLATFORM_ENGINEERING = Audience("Platform engineering", "reliability", "short")
_ERROR = "rows_of.status >= 400 and rows_of.status < 600"
_CLIENT = "rows_of.status >= 400 and rows_of.status < 500"
_CLIENT_KINDS = {
    "bad_request": "rows_of.status = 400",
    "unauthorised": "rows_of.status in (401, 403)",
    "not_found": "rows_of.status = 404",
    "conflict": "rows_of.status = 409",
    "unprocessable": "rows_of.status = 422",
    "rate_limited": "rows_of.status = 429",
}
_SERVER = "rows_of.status >= 500 and rows_of.status < 600"


def _sum(condition: str) -> str:
    return f"sum(rows_of.calls) filter (where {condition})"


def _rate(condition: str) -> Ratio:
    return Ratio(_sum(condition), "sum(rows_of.calls)", "no calls")


_BREAKDOWN = {
    outcome: _sum(f"rows_of.outcome = '{outcome}'")
    for outcome in ("success", "redirect", "client_error", "server_error", "timeout")
}
_BREAKDOWN_UNITS = dict.fromkeys((*_BREAKDOWN, "errors", "calls"), "count")

error_rate = Metric(
    card=Card(
        question="What share of calls fails?",
        words=(
            "Calls answered 4xx or 5xx over all calls, timeouts included among all; the exclusive outcomes beside it."
        ),
        action="Look at it by endpoint: a small global rate can hide a broken one.",
        better="lower",
        why_no_bands="Client and server errors have different owners; their own rates are judged.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R1",
    ),
    main=Part(
        of=usage.ANSWERS,
        values={"rate": _rate(_ERROR), "errors": _sum(_ERROR), "calls": "sum(rows_of.calls)", **_BREAKDOWN},
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of=_BREAKDOWN_UNITS,
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    interval="rate",
)

client_error_rate = Metric(
    card=Card(
        question="What share of calls do developers get wrong?",
        words=(
            "Calls answered 4xx over all calls; beside it the same of 400 (bad_request), 401 and 403 (unauthorised), "
            "404 (not_found), 409 (conflict), 422 (unprocessable) and 429 (rate_limited)."
        ),
        action="Many 400s on one endpoint mean a confusing design or page; 429 means limits, not confusion.",
        better="lower",
        why_no_bands="It is the developers' fault and still your problem; compare endpoints.",
        audience=Audience("Developer experience", "reliability", "short"),
        requirement="R2",
    ),
    main=Part(
        of=usage.ANSWERS,
        values={
            "rate": _rate(_CLIENT),
            "errors": _sum(_CLIENT),
            **{name: _sum(_CLIENT_KINDS[name]) for name in ("unauthorised", "not_found", "rate_limited")},
            **{f"{name}_rate": _rate(condition) for name, condition in _CLIENT_KINDS.items()},
        },
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("errors", "unauthorised", "not_found", "rate_limited"), "count"),
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    interval="rate",
)

server_error_rate = Metric(
    card=Card(
        question="What share of calls do we fail?",
        words="Calls answered 5xx over all calls; 504 counts here and among timeouts.",
        action="Fix the endpoint that leads the list; tell those it hit.",
        better="lower",
        bands=below(good=0.001),
        audience=_PLATFORM_ENGINEERING,
        requirement="R3",
    ),
    main=Part(
        of=usage.ANSWERS,
        values={"rate": _rate(_SERVER), "errors": _sum(_SERVER)},
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of={"errors": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    interval="rate",
)

timeout_rate = Metric(
    card=Card(
        question="What share of calls never completes?",
        words="Calls with status 408, 460, 499, 504 or none, or marked as timed out or left by the client, over all "
        "calls.",
        action="A call that never ends costs the developer most: set limits, answer early.",
        better="lower",
        why_no_bands="It deserves its own line; no published target.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R4",
    ),
    main=Part(
        of=usage.ANSWERS,
        values={
            "rate": _rate("rows_of.outcome = 'timeout'"),
            "timeouts": _sum("rows_of.outcome = 'timeout'"),
        },
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of={"timeouts": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    interval="rate",
)

outcome_breakdown = Metric(
    card=Card(
        question="How do calls end?",
        words=(
            "Calls of each outcome over all calls. Every call has one outcome, so the shares add up to 1: success "
            "({success}), redirect (1xx, 3xx), client error (4xx but 408, 460 and 499), server error "
            "(5xx but 504), timeout "
            "(408, 460, 499, 504, no answer, or marked as timed out or left by the client)."
        ),
        action="Read the largest of the failing shares first, then split it by endpoint.",
        better="higher",
        why_no_bands="The failing shares have different owners; their own rates are judged.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R4",
    ),
    main=Part(
        of=usage.ANSWERS,
        values={
            **{outcome: _rate(f"rows_of.outcome = '{outcome}'") for outcome in _BREAKDOWN},
            "calls": "sum(rows_of.calls)",
        },
        cases="sum(rows_of.calls)",
    ),
    headline="success",
    unit="share",
    unit_of={"calls": "count"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    interval="success",
)

error_hotspots = Metric(
    card=Card(
        question="Which endpoints fail, and which of them does the overall rate hide?",
        words=(
            "Calls answered 4xx or 5xx over all calls of each endpoint, with its Wilson 95 % interval, and its share "
            "of the period's errors. `hidden` is 1 where the rate of all calls is under the target while this "
            "endpoint's lower bound is above it and it has enough calls (--set target in percent, --set "
            "least_calls). `important` is 1 for endpoints tagged so, and for those with a tenth of the period's "
            "calls or more."
        ),
        action="Repair the hidden ones that are important first.",
        better="lower",
        why_no_bands="Endpoints differ in what a client error means; compare an endpoint with its own past.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R5",
    ),
    main=Part(
        of=HOTSPOTS,
        values={
            "rate": Ratio("sum(rows_of.errors)", "sum(rows_of.calls)", "no calls"),
            "calls": "sum(rows_of.calls)",
            "errors": "sum(rows_of.errors)",
            "share_of_errors": Ratio("sum(rows_of.errors)", "max(rows_of.all_errors)", "no errors"),
            "hidden": "max(rows_of.hidden)",
            "important": "max(rows_of.important)",
        },
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("calls", "errors", "hidden", "important"), "count"),
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    default_by=("endpoint",),
    variants=(
        Variant("target", "Error rate that is still fine, in percent.", (), "1", unit="percent", most=100),
        Variant("least_calls", "Fewest calls of a hidden hotspot.", (), "100", unit="calls", most=1_000_000),
    ),
    ranked=True,
    interval="rate",
)


def _p95(trial: str) -> str:
    """Return the 95th percentile of the calls with a latency on one side of the comparison."""
    side = f"{trial} and rows_of.bucket >= 0"
    bucket = f"min(rows_of.bucket) filter (where {side} and rows_of.upto > 0.95 * (rows_of.total - 1))"
    return middle_of(bucket)


_TRIAL, _REST = "rows_of.trial", "not rows_of.trial"


def _among(side: str, condition: str) -> Ratio:
    return Ratio(
        _sum(f"{side} and {condition}"),
        _sum(side),
        "no calls of partners on trial" if side == _TRIAL else "no calls of others",
    )


trial_reliability = Metric(
    card=Card(
        question="Do partners on trial meet the reliability that we sell?",
        words=(
            "Error rate (4xx and 5xx over all calls), P95 of completed calls and uptime (1 - server errors and "
            "timeouts over all calls), over the calls of partners that were on a trial or reverse trial when they "
            "called; the same of all other calls beside it. A trial lasts from its start to its actual end, else its "
            "agreed one, and covers all of the partner's calls."
        ),
        action="Look at what those on trial call before they decide: a bad week costs the conversion.",
        better="lower",
        why_no_bands="What everybody else meets is the measure.",
        audience=_PLATFORM_ENGINEERING,
        requirement="R17",
    ),
    main=Part(
        of=on_trial,
        values={
            "error_rate": _among(_TRIAL, "rows_of.failed"),
            "p95": _p95(_TRIAL),
            "uptime": _among(_TRIAL, "not rows_of.down"),
            "calls": _sum(_TRIAL),
            "others_error_rate": _among(_REST, "rows_of.failed"),
            "others_p95": _p95(_REST),
            "others_uptime": _among(_REST, "not rows_of.down"),
            "others_calls": _sum(_REST),
        },
        cases=_sum(_TRIAL),
        floors={
            "p95": (f"sum(rows_of.timed) filter (where {_TRIAL})", 10),
            "others_p95": (f"sum(rows_of.timed) filter (where {_REST})", 10),
        },
    ),
    headline="error_rate",
    unit="share",
    unit_of={
        "p95": "milliseconds",
        "others_p95": "milliseconds",
        "calls": "count",
        "others_calls": "count",
    },
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls", "credentials", "subscriptions"),
    environment="any",
    traffic="all",
    interval="error_rate",
    method="histogram",
)
