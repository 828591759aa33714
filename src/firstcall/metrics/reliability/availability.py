"""Are the APIs there when they are called? Uptime by probes, calls, minutes or incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.reliability.availability_relations import AVAILABLE, AVAILABLE_BY_MINUTE

if TYPE_CHECKING:
    from firstcall.periods import Scope
_CHECKS = "sum(rows_of.up) + sum(rows_of.down)"
_METHODS = {
    "probes": ("sum(rows_of.up)", _CHECKS, "no probe that knows"),
    "calls": ("sum(rows_of.calls) - sum(rows_of.failed)", "sum(rows_of.calls)", "no calls"),
    "minutes": (
        "sum(rows_of.minutes) - sum(rows_of.bad_minutes)",
        "sum(rows_of.minutes)",
        "no minute with enough calls",
    ),
    "incidents": (
        "max(rows_of.lasted) - max(rows_of.downtime)",
        "max(rows_of.lasted)",
        "no incidents recorded",
    ),
}
_AUTO = tuple(
    f"case when {_CHECKS} > 0 then {by_probes} else {by_calls} end"
    for by_probes, by_calls in zip(_METHODS["probes"][:2], _METHODS["calls"][:2], strict=True)
)


def _by(method: str) -> Part:
    """Return uptime by the method, with that of every method beside it."""
    if method == "auto":
        part, over, reason = _AUTO[0], _AUTO[1], "no probes and no calls"
    else:
        part, over, reason = _METHODS[method]
    probed, called = f"({_CHECKS}) > 0", f"({_CHECKS}) = 0 and sum(rows_of.calls) > 0"
    notes = (
        (probed, "uptime by probes in {n} points; probes whose checker failed are left out"),
        (called, "uptime by calls in {n} points: 1 - (5xx and timeouts) / all calls"),
    )
    asked = ((f"({over}) > 0", f"uptime by {method} in {{n}} points"),)
    return Part(
        of=AVAILABLE_BY_MINUTE if method == "minutes" else AVAILABLE,
        values={
            "uptime": Ratio(part, over, reason),
            **{name: Ratio(*parts) for name, parts in _METHODS.items()},
            "unknown": Ratio("sum(rows_of.unsure)", f"{_CHECKS} + sum(rows_of.unsure)", "no probes"),
            "allowed_downtime": "min(rows_of.allowed)",
        },
        cases=over,
        notes=tuple(
            (f"case when {condition} then 1 else 0 end", words)
            for condition, words in (notes if method == "auto" else asked)
        ),
    )


def _in_force(scope: Scope) -> Part:
    return _by(scope.variant("method", "auto"))


uptime = Metric(
    card=Card(
        question="Which share of the time are the APIs there?",
        words=(
            "By probes when the period has any: up over up and down; what the checker could not know is left out and "
            "its share shown. Else by calls: 1 - (5xx and timeouts) over all calls. `--set method` chooses: by "
            "minutes, those in which more than 5 % of at least 10 calls failed are down (--set bad_percent, "
            "minute_calls; worked out only when asked for); by incidents, 1 - their time over the time that has "
            "passed, overlaps merged, critical and major count in full, partial 0.3, degraded nothing, maintenance "
            "is none. Allowed downtime is (1 - objective) x period, by the strictest objective of what is counted. A "
            "probe's target is its product."
        ),
        action="Publish it with its method; under the target, the error budget says what to stop.",
        better="higher",
        bands=above(good=0.9995),
        audience=Audience("Platform engineering", "reliability", "short"),
        requirement="R9",
    ),
    main=_by("auto"),
    main_for=_in_force,
    headline="uptime",
    unit="share",
    unit_of={"allowed_downtime": "seconds"},
    dimensions=("product", "target", "region"),
    needs=("calls|probes|incidents",),
    variants=(
        Variant("method", "How uptime is told.", ("auto", *_METHODS), "auto"),
        Variant(
            "minute_calls", "Fewest calls of a minute that is judged.", (), "10", unit="calls", most=1_000_000
        ),
        Variant(
            "bad_percent",
            "Share of failures above which a minute is down.",
            (),
            "5",
            unit="percent",
            most=100,
        ),
    ),
    environment="production",
    traffic="all",
)
