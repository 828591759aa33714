"""Does revenue keep up with the number of developers, and why not?"""

from __future__ import annotations

from firstcall.metrics.business.revenue import BASIS
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import revenue_movements as movements

_FINANCE = Audience("Finance", "business", "mid")

revenue_per_developer = Metric(
    card=Card(
        question="Does revenue keep up with the number of developers?",
        words=(
            "Program revenue of the period over the developers active in production in it; beside it, over active "
            "partners. (revenue_per_partner divides by those that pay.)"
        ),
        action="Flat: pricing does not scale. Falling: free developers come faster than paying ones.",
        better="higher",
        why_no_bands="It depends on the price list.",
        audience=_FINANCE,
        requirement="B2",
    ),
    main=Part(
        of=movements.PER_HEAD,
        values={
            "per_developer": Ratio("sum(rows_of.micros)", "sum(rows_of.developers)", "no active developers"),
            "revenue": "sum(rows_of.micros)",
            "developers": "sum(rows_of.developers)",
            "per_active_partner": Ratio(
                "sum(rows_of.micros)", how_many("rows_of.active"), "no active partners"
            ),
            "active_partners": how_many("rows_of.active"),
        },
        cases="sum(rows_of.developers)",
    ),
    headline="per_developer",
    unit="money",
    unit_of={"developers": "count", "active_partners": "count"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("invoice_lines", "calls", "credentials"),
    variants=(BASIS,),
)

_SHARES = "2 * sum(rows_of.developers) * sum(rows_of.before_developers)"
_PAYING = "sum(rows_of.paying_developers)"
_PAID = "sum(rows_of.before_paying_developers)"
_NOW, _THEN = "sum(rows_of.micros)", "sum(rows_of.before_micros)"
_OVER = f"{_SHARES} * {_PAYING} * {_PAID}"
_LEFT = f"{_PAYING} * sum(rows_of.before_developers)"
_RIGHT = f"{_PAID} * sum(rows_of.developers)"
_MIX = f"({_LEFT} - {_RIGHT}) * ({_THEN} * {_PAYING} + {_NOW} * {_PAID})"
_PRICE = f"({_NOW} * {_PAID} - {_THEN} * {_PAYING}) * ({_LEFT} + {_RIGHT})"
_NO_PAIR = "no paying developers in both periods"

revenue_per_developer_change = Metric(
    card=Card(
        question="Why did revenue per developer change: more free developers, or lower prices?",
        words=(
            "Change of revenue per active developer against the period before, in two parts that add up to it. Mix: "
            "the change in the share of developers whose partner pays, at the mean revenue per such developer. "
            "Price: the change in revenue per such developer, at the mean share."
        ),
        action="Mix: help free developers to pay. Price: look at plans and discounts.",
        better="higher",
        why_no_bands="Both parts are read side by side.",
        audience=_FINANCE,
        requirement="B20",
    ),
    main=Part(
        of=movements.PER_HEAD_THEN_AND_NOW,
        values={
            "change": Ratio(f"{_MIX} + {_PRICE}", _OVER, _NO_PAIR),
            "mix_effect": Ratio(_MIX, _OVER, _NO_PAIR),
            "price_effect": Ratio(_PRICE, _OVER, _NO_PAIR),
            "paid_share": Ratio(
                f"case when {_PAID} > 0 and {_PAYING} > 0 then {_PAYING} end",
                "sum(rows_of.developers)",
                _NO_PAIR,
            ),
        },
        cases="sum(rows_of.developers)",
    ),
    headline="change",
    unit="money",
    unit_of={"paid_share": "share"},
    dimensions=PARTNER_DIMENSIONS,
    looks_back=("change", "mix_effect", "price_effect"),
    needs=("invoice_lines", "calls", "credentials"),
    variants=(BASIS,),
    grains=("day", "week", "month", "quarter", "year"),
)
