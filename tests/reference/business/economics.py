"""What does the program cost, what is it worth, and what does a newcomer cost?

Readings:
- `program_cost`: costs and effort; cases are the cost and effort rows with a day in the bucket.
- `cost_value_ratio`: value rows spread by days like costs; any value row marked `already_in_revenue` is
  left out; transaction value counts only when the rows in sight hold no revenue line at all (whatever its
  period, and even without a rate). Both ratios are absent without cost; cases are the cost and effort
  rows.
- `cost_per_partner_onboarded`: all effort and the costs of activity onboarding, over the partners whose
  first ever successful production call of use lies in the bucket, whatever their status. `method=cohort`:
  all effort and onboarding costs in sight, whenever, of those partners; what names no partner is in
  neither. The values are the spend and the count; cases are the partners. A split shows combinations with
  spend or with such partners.
- `onboarding_budget`: that cost times the partners planned.
- `onboarding_leverage`: those partners over the mean of the months' full-time equivalents (all teams), over the
  months with a headcount that the bucket touches; a month is in sight once its first day has begun in UTC. A year
  before means the same days (29 February is the 28th).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import (
    Share,
    costs,
    effort,
    lines,
    money,
    revenue,
    rows_of,
    spread,
    total,
)
from tests.reference.calendar import DAY, INSTANT, local_day, midnight
from tests.reference.identity import followed, in_sight, partner_dims, uses
from tests.reference.question import Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, inside, points, wanted

SPENT = ("cost", "effort")


def program_cost(world: World, question: Question) -> list[Point]:
    """Costs and effort of the bucket."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        return Measure(money(total(here)), rows_of(here))

    return points(world, question, [*costs(world, question), *effort(world, question)], measure)


def earns(world: World, question: Question) -> bool:
    """Whether there is any revenue line in sight."""
    return any(
        wanted(partner_dims(followed(row["partner_id"], world), world), question)
        for row, _ in lines(world, question)
    )


def value_shares(world: World, question: Question) -> list[Share]:
    """Return the shares of value beside revenue."""
    kinds = {"attributed_revenue", "cost_avoidance"} | (set() if earns(world, question) else {"transaction"})
    rows = [
        ("value", row)
        for row in world.get("value", ())
        if row["kind"] in kinds and not row.get("already_in_revenue")
    ]
    return spread(world, question, "value", rows)


def cost_value_ratio(world: World, question: Question) -> list[Point]:
    """Value ÷ cost, with attributed value and from revenue alone."""
    facts = [*costs(world, question), *effort(world, question), *value_shares(world, question)]
    facts += revenue(world, question)

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        spent = [share for share in here if share.kind in SPENT]
        extra = [share for share in here if share.kind == "value"]
        cost = total(spent)
        if cost == 0:
            nothing: dict[str, Number | None] = {"with_attributed": None, "direct_only": None}
            return Measure(None, rows_of(spent), nothing, "no costs")
        direct = total(here) - total(extra) - cost
        ratio, alone = float((direct + total(extra)) / cost), float(direct / cost)
        return Measure(ratio, rows_of(spent), {"with_attributed": ratio, "direct_only": alone})

    return points(world, question, facts, measure)


def went_live(world: World, question: Question) -> list[Share]:
    """Return one share of nothing per partner, on the day of its first successful production call."""
    found = {}
    for call in uses(world, question, "production"):
        new = call.partner not in found and in_sight(call.partner, world, question)
        if call.succeeded and call.partner is not None and new:
            dims = {**partner_dims(call.partner, world), "category": None, "currency": None}
            name = f"live {call.partner}"
            found[call.partner] = Share(call.day, Fraction(0), "live", name, call.partner, dims)
    return list(found.values())


def cost_per_partner_onboarded(world: World, question: Question) -> list[Point]:
    """Onboarding spend ÷ partners that went live."""
    cohort = question.set.get("method") == "cohort"
    spend = [*costs(world, question, "onboarding"), *effort(world, question)]
    live = went_live(world, question)

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        newly = {share.partner for share in inside(bucket, group) if share.kind == "live"}
        spent = [share for share in (group if cohort else inside(bucket, group)) if share.kind != "live"]
        if cohort:
            spent = [share for share in spent if share.partner in newly]
        values: dict[str, Number | None] = {"spend": money(total(spent)), "onboarded": len(newly)}
        if not newly:
            return Measure(None, 0, values, "nobody went live")
        return Measure(money(total(spent) / len(newly)), len(newly), values)

    return points(world, question, [*spend, *live], measure)


def onboarding_budget(world: World, question: Question) -> list[Point]:
    """Return the cost per partner onboarded times the partners planned."""
    planned = int(question.set.get("planned_partners", "50"))
    spend = [*costs(world, question, "onboarding"), *effort(world, question)]

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here = inside(bucket, group)
        newly = {share.partner for share in here if share.kind == "live"}
        spent = total(share for share in here if share.kind != "live")
        if not newly:
            return Measure(None, 0, {"budget": None}, "nobody went live")
        budget = money(spent * planned / len(newly))
        return Measure(budget, len(newly), {"budget": budget, "per_partner": money(spent / len(newly))})

    return points(world, question, [*spend, *went_live(world, question)], measure)


def a_year_before(day: date) -> date:
    """Return the same day of the year before."""
    return (day - DAY if (day.month, day.day) == (2, 29) else day).replace(year=day.year - 1)


def heads(world: World, question: Question, start: date, end: date) -> Fraction | None:
    """Return the mean full-time equivalents of the months with a headcount that the days touch."""
    months: dict[date, Fraction] = {}
    for row in world.get("headcount", ()):
        seen = question.as_of is None or midnight(row["month"], "UTC") < question.as_of
        if seen and start.replace(day=1) <= row["month"] < end:
            months[row["month"]] = months.get(row["month"], Fraction(0)) + Fraction(row["fte"])
    return sum(months.values(), Fraction(0)) / len(months) if months else None


def onboarding_leverage(world: World, question: Question) -> list[Point]:
    """Return partners gone live over mean full-time equivalents, now and a year before."""
    live = went_live(world, question)

    def measure(bucket: Bucket, _: Sequence[Share]) -> Measure:
        end = bucket.end
        if question.as_of is not None:
            end = min(end, local_day(question.as_of - INSTANT, question.zone) + timedelta(days=1))
        values: dict[str, Number | None] = {}
        for name, first, last in (
            ("", bucket.start, end),
            ("_year_before", a_year_before(bucket.start), a_year_before(end)),
        ):
            count = sum(first <= share.day < last for share in live)
            fte = heads(world, question, first, last)
            values[f"onboarded{name}"] = count
            values[name or "leverage"] = float(count / fte) if fte else None
            values[f"fte{name}"] = None if fte is None else float(fte)
        values["year_before"] = values.pop("_year_before")
        count = int(values["onboarded"] or 0)
        return Measure(values["leverage"], count, values, None if values["leverage"] is not None else "none")

    return points(world, question, live, measure)


SIDES = tuple(name for name in PARTNER if name != "partner")


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    metric.__name__: metric
    for metric in (
        program_cost,
        cost_value_ratio,
        cost_per_partner_onboarded,
        onboarding_budget,
        onboarding_leverage,
    )
}
ASKS: Mapping[str, Ask] = {
    "onboarding_budget": Ask(SIDES, SIDES, variants=(("planned_partners", "7"),), loose=True),
    "onboarding_leverage": Ask(
        (), (), ("week", "month", "quarter", "year"), extra=("onboarding",), of_calls=True
    ),
}
