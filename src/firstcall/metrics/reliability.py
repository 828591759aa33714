"""Do calls succeed? Error and timeout rates, each a line of its own, with the exclusive breakdown beside them."""

from __future__ import annotations

from firstcall.bands import below
from firstcall.metrics import relations_of_use as use
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.narrowing import USAGE_DIMENSIONS

_NEEDS_CALLS = ("calls", "firstcall import nginx access.log")
_ERROR = "rows_of.status >= 400 and rows_of.status < 600"
_CLIENT = "rows_of.status >= 400 and rows_of.status < 500"
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
    question="What share of calls fails?",
    words="Calls answered 4xx or 5xx over all calls, timeouts included among all; the exclusive outcomes beside it.",
    main=Part(
        of=use.ANSWERS,
        values={"rate": _rate(_ERROR), "errors": _sum(_ERROR), "calls": "sum(rows_of.calls)", **_BREAKDOWN},
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of=_BREAKDOWN_UNITS,
    better="lower",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="reliability",
    owner="Platform engineering",
    row="R1",
    action="Look at it by endpoint: a small global rate can hide a broken one.",
    needs=(_NEEDS_CALLS,),
    environment="any",
    traffic="all",
    interval="rate",
    why_no_bands="Client and server errors have different owners; their own rates are judged.",
)

client_error_rate = Metric(
    question="What share of calls do developers get wrong?",
    words="Calls answered 4xx over all calls.",
    main=Part(
        of=use.ANSWERS,
        values={
            "rate": _rate(_CLIENT),
            "errors": _sum(_CLIENT),
            "unauthorised": _sum("rows_of.status in (401, 403)"),
            "not_found": _sum("rows_of.status = 404"),
            "rate_limited": _sum("rows_of.status = 429"),
        },
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("errors", "unauthorised", "not_found", "rate_limited"), "count"),
    better="lower",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="reliability",
    owner="Developer experience",
    row="R2",
    action="Many 400s on one endpoint mean a confusing design or page; 429 means limits, not confusion.",
    needs=(_NEEDS_CALLS,),
    environment="any",
    traffic="all",
    interval="rate",
    why_no_bands="It is the developers' fault and still your problem; compare endpoints.",
)

server_error_rate = Metric(
    question="What share of calls do we fail?",
    words="Calls answered 5xx over all calls; 504 counts here and among timeouts.",
    main=Part(
        of=use.ANSWERS,
        values={"rate": _rate(_SERVER), "errors": _sum(_SERVER)},
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of={"errors": "count"},
    better="lower",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="reliability",
    owner="Platform engineering",
    row="R3",
    action="Fix the endpoint that leads the list; tell those it hit.",
    needs=(_NEEDS_CALLS,),
    environment="any",
    traffic="all",
    interval="rate",
    bands=below(good=0.001),
)

timeout_rate = Metric(
    question="What share of calls never completes?",
    words="Calls with status 408, 499, 504 or none, or marked as timed out, over all calls.",
    main=Part(
        of=use.ANSWERS,
        values={
            "rate": _rate("rows_of.outcome = 'timeout'"),
            "timeouts": _sum("rows_of.outcome = 'timeout'"),
        },
        cases="sum(rows_of.calls)",
    ),
    headline="rate",
    unit="share",
    unit_of={"timeouts": "count"},
    better="lower",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="reliability",
    owner="Platform engineering",
    row="R4",
    action="A call that never ends costs the developer most: set limits, answer early.",
    needs=(_NEEDS_CALLS,),
    environment="any",
    traffic="all",
    interval="rate",
    why_no_bands="It deserves its own line; no published target.",
)
