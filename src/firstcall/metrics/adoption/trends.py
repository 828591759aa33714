"""Whose volume grows, whose falls, and does one partner hide the others?"""

from __future__ import annotations

from firstcall.metrics.adoption import trend_relations as trends
from firstcall.metrics.business.consumption import NEEDED, quotas
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import usage

_CUSTOMER_SUCCESS = Audience("Customer success", "adoption", "short")
_CALLER = tuple(USAGE_DIMENSIONS)
_BUCKETS = ("day", "week", "month", "quarter", "year")
_NOTHING_BEFORE = "no calls in the period before"
_NOW, _BEFORE = "sum(rows_of.calls)", "sum(rows_of.before)"
_REST_NOW = "coalesce(sum(rows_of.calls) filter (where rows_of.place > 1), 0)"
_REST_BEFORE = "coalesce(sum(rows_of.before) filter (where rows_of.place > 1), 0)"


def _exact(number: str) -> str:
    return f"cast({number} as hugeint)"


def _masking() -> str:
    """Return 1 when growth and growth without the top one differ in sign or by more than 5 points, exactly."""
    total, rest = f"{_NOW} - {_BEFORE}", f"{_REST_NOW} - {_REST_BEFORE}"
    apart = (
        f"20 * abs(({_exact(total)}) * {_exact(_REST_BEFORE)} - ({_exact(rest)}) * {_exact(_BEFORE)}) "
        f"> {_exact(_BEFORE)} * {_exact(_REST_BEFORE)}"
    )
    signs = f"sign({total}) <> sign({rest})"
    return f"case when {_BEFORE} > 0 and {_REST_BEFORE} > 0 then case when {signs} or {apart} then 1 else 0 end end"


_SQUARES = "sum(cast(rows_of.calls as hugeint) * rows_of.calls)"
_SQUARE = f"{_exact(_NOW)} * {_exact(_NOW)}"

concentration = Metric(
    card=Card(
        question="Is one large partner masking a decline in everyone else?",
        words=(
            "Over attributed calls: the largest caller's share; the sum of squared shares (HHI) and one over it, the "
            "effective number of callers; growth against the period before of all, of all but the largest, and the "
            "median over those who called before (five or more). Masking is 1 when growth with and without the "
            "largest differ in sign or by more than 5 points. Declining are those who fell by more than 10 %. The "
            "unattributed share of calls stands beside."
        ),
        action="When it masks, read the others' trend without the largest one, and ask them first.",
        better="neither",
        why_no_bands="How much of one partner is too much depends on the contract with it.",
        audience=Audience("API product", "adoption", "mid"),
        requirement="U3",
    ),
    main=Part(
        of=trends.PAIRED,
        values={
            "top_share": Ratio("max(rows_of.calls)", _NOW, "no attributed calls"),
            "hhi": Ratio(_SQUARES, _SQUARE, "no attributed calls"),
            "effective_partners": Ratio(_SQUARE, _SQUARES, "no attributed calls"),
            "growth_total": Ratio(_NOW, _BEFORE, _NOTHING_BEFORE, minus_one=True),
            "growth_without_top": Ratio(_REST_NOW, _REST_BEFORE, _NOTHING_BEFORE, minus_one=True),
            "median_growth": "quantile_cont(rows_of.growth, 0.5)",
            "masking": _masking(),
            "declining_share": share(
                "10 * (rows_of.before - rows_of.calls) > rows_of.before",
                "rows_of.before > 0",
                _NOTHING_BEFORE,
            ),
        },
        cases=_NOW,
        floors={"median_growth": ("count(rows_of.growth)", 5)},
    ),
    beside=(
        Part(
            of=usage.ATTRIBUTION,
            values={
                "unattributed": Ratio(
                    "sum(rows_of.calls) filter (where rows_of.entity is null)",
                    "sum(rows_of.calls)",
                    "no calls",
                )
            },
            cases="sum(rows_of.calls)",
        ),
    ),
    headline="top_share",
    unit="share",
    unit_of={"hhi": "number", "effective_partners": "number", "masking": "number"},
    dimensions=_CALLER,
    looks_back=("growth_total", "growth_without_top", "median_growth", "masking", "declining_share"),
    needs=("calls", "credentials"),
    grains=_BUCKETS,
)

_HIT = "rows_of.role = 'hit'"
_COMPLETE = "bool_or(rows_of.over)"
_FALL = f"({_BEFORE} - {_NOW})"
_FALLING = (
    f"{_NOW} > 0 and 20 * {_FALL} > {_BEFORE} and {_FALL} > 0 "
    f"and {_exact(_FALL)} * {_exact(_FALL)} > 4 * {_exact(f'{_BEFORE} + {_NOW}')}"
)

volume_trend = Metric(
    card=Card(
        question="Which existing integrations build more, and which fall behind?",
        words=(
            "Calls of the period and growth against the period before, of complete periods. Declining is 1 for a "
            "fall of more than 5 % and of more than two standard errors of counts by somebody who still calls. "
            "Limited is 1 where some calls were answered 429 or one of those who called had used more than 95 % of a "
            "quota by the end of the period: of contracted units and live packs, as contract_consumption counts "
            "them, whatever the filters. quota_used is the largest of these shares."
        ),
        action="Limited ones need a larger plan or another pack; declining ones a call before they are gone.",
        better="higher",
        why_no_bands="Each integration is compared with its own past.",
        audience=_CUSTOMER_SUCCESS,
        requirement="U2",
    ),
    main=Part(
        of=trends.PAIRED,
        values={
            "growth": Ratio(
                _NOW,
                f"case when {_COMPLETE} then {_BEFORE} end",
                "no calls in the period before, or the period is not over",
                minus_one=True,
            ),
            "calls": _NOW,
            "before": _BEFORE,
            "declining": f"case when {_COMPLETE} then case when {_FALLING} then 1 else 0 end end",
        },
        cases=_NOW,
    ),
    beside=(
        Part(
            of=trends.LIMITED,
            values={"limit_hits": f"sum(rows_of.units) filter (where {_HIT})", "limited": how_many(_HIT)},
            cases=how_many(_HIT),
            then=quotas,
            then_needs=NEEDED,
            then_values=("quota_used",),
        ),
    ),
    headline="growth",
    unit="share",
    unit_of={
        "calls": "count",
        "before": "count",
        "limit_hits": "count",
        "limited": "count",
        "declining": "number",
    },
    dimensions=_CALLER,
    looks_back=("growth", "declining", "before"),
    needs=("calls", "credentials"),
    environment="any",
    default_by=("partner",),
    grains=_BUCKETS,
    default_grain="week",
)

_RISE = f"({_NOW} - {_BEFORE})"
_UP = (
    f"2 * {_NOW} >= 3 * {_BEFORE} and {_RISE} > 0 "
    f"and {_exact(_RISE)} * {_exact(_RISE)} > 4 * {_exact(f'{_BEFORE} + {_NOW}')}"
)

ramping_up = Metric(
    card=Card(
        question="Which partners are ramping up?",
        words=(
            "Calls of the last four weeks over those of the four weeks before. Ramping is 1 from 1.5 times on, when "
            "the rise is also more than two standard errors of counts (twice the root of both together)."
        ),
        action="Ask what they build, and whether limits and plan will hold.",
        better="higher",
        why_no_bands="It points at somebody; it does not judge.",
        audience=_CUSTOMER_SUCCESS,
        requirement="U12",
    ),
    main=Part(
        of=trends.FOUR_WEEKS,
        values={
            "ratio": Ratio(_NOW, _BEFORE, "no calls in the four weeks before"),
            "calls": _NOW,
            "before": _BEFORE,
            "ramping": f"case when {_BEFORE} > 0 then case when {_UP} then 1 else 0 end end",
        },
        cases=_NOW,
    ),
    headline="ratio",
    unit="multiple",
    unit_of={"calls": "count", "before": "count", "ramping": "number"},
    dimensions=_CALLER,
    needs=("calls", "credentials"),
    environment="any",
    default_by=("partner",),
    default_grain="all",
    ranked=True,
)
