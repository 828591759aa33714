"""How does recurring revenue move, and what does each developer bring?

Readings:
- All of these leave one-off lines out, except `revenue_growth`, `revenue_per_developer`, its change and
  `highest_value_accounts`, which count every line as `program_revenue` does.
- `revenue_movements`: a bucket against the bucket before, per partner (per combination of the split). Above zero
  after nothing above zero: new, or reactivation when any bucket before that was above zero. Above zero before and not
  now: churn. Every other change is expansion or contraction by its sign. Cases are the partners with a line in either
  bucket. `start` and `end` are the sums of both. The quick ratio needs at least 0.01 lost:
  amounts spread over days differ by millionths. By use: of the partners that expanded (contracted), the change of
  their lines of kind usage and overage; the rest is plans, packs and credits, and may have another sign.
- `revenue_growth`: end less start over start, absent unless start is above zero.
- `gross_revenue_retention`, `expansion_rate`: of partners with revenue above zero twelve months before.
- `method=ttm`: twelve months' sums against the twelve before them; only when the first of the twenty-four is not
  before the bucket of the first line in sight.
- `revenue_per_developer`: revenue of the bucket ÷ developers with use in production (not only refused calls).
- `revenue_per_developer_change`: with w the share of developers whose partner paid in the bucket and a the revenue
  per such developer, w·a is revenue per developer. Mix is the change of w times the mean of a; price the change of a
  times the mean of w. Absent unless both buckets have developers of paying partners.
- `lifetime_value`: the partners whose first bucket with recurring revenue above zero is this one, and all their
  recurring revenue up to the end of the scope, ÷ those partners. `simple`: revenue per paying partner × the least of
  60 and 1 ÷ lost share of the bucket before's revenue. `discounted`: revenue per paying partner × r ÷ (1 + d − r)
  with r the kept share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.ledger import Share, money, revenue, rows_of, total
from tests.reference.calendar import bucket_after
from tests.reference.identity import Call, uses
from tests.reference.question import Grain, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, buckets, inside, points, wanted

ZERO = Fraction(0)
YEAR = {"month": 12, "quarter": 4, "year": 1}
CAP = 60
CENT = Fraction(1, 100)
USED = ("usage", "overage")
Amounts = Mapping[str | None, Fraction]


def recurring(world: World, question: Question) -> list[Share]:
    """Return revenue without what is paid once."""
    return [share for share in revenue(world, question) if share.kind != "one_off"]


def between(shares: Sequence[Share], start: date, end: date) -> dict[str | None, Fraction]:
    """Return each partner's revenue of the days from `start` to `end` (half-open)."""
    found: dict[str | None, Fraction] = {}
    for share in shares:
        if start <= share.day < end:
            found[share.partner] = found.get(share.partner, ZERO) + share.amount
    return found


def both(bucket: Bucket, group: Sequence[Share], question: Question) -> tuple[Amounts, Amounts]:
    """Return each partner's revenue of the bucket before, whole, and of the bucket."""
    before = bucket_after(bucket.first, question, -1)
    return between(group, before, bucket.first), between(group, bucket.start, bucket.end)


def paid_before(bucket: Bucket, group: Sequence[Share], question: Question) -> set[str | None]:
    """Return the partners above zero in some bucket that ends before the bucket before begins."""
    found: set[str | None] = set()
    if not group:
        return found
    earliest = min(share.day for share in group)
    first = bucket_after(bucket.first, question, -1)
    while first > earliest:
        earlier = bucket_after(first, question, -1)
        found |= {name for name, amount in between(group, earlier, first).items() if amount > 0}
        first = earlier
    return found


def moved(bucket: Bucket, group: Sequence[Share], question: Question) -> dict[str, Fraction]:
    """Return what came and went, by kind of movement; losses are negative."""
    then, now = both(bucket, group, question)
    known = paid_before(bucket, group, question)
    found = dict.fromkeys(("new", "expansion", "contraction", "churn", "reactivation"), ZERO)
    for name in {*then, *now}:
        was, amount = then.get(name, ZERO), now.get(name, ZERO)
        if was <= 0 < amount:
            kind = "reactivation" if name in known else "new"
        elif amount <= 0 < was:
            kind = "churn"
        else:
            kind = "expansion" if amount > was else "contraction"
        found[kind] += amount - was
    return found


def swung(bucket: Bucket, group: Sequence[Share], question: Question) -> dict[str, Fraction]:
    """Return how much of expansion and of contraction the lines of use and overage made."""
    then, now = both(bucket, group, question)
    used_then, used_now = both(bucket, [share for share in group if share.kind in USED], question)
    found = {"expansion_by_use": ZERO, "contraction_by_use": ZERO}
    for name in {*then, *now}:
        was, amount = then.get(name, ZERO), now.get(name, ZERO)
        if amount != was and (was > 0) == (amount > 0):
            kind = "expansion_by_use" if amount > was else "contraction_by_use"
            found[kind] += used_now.get(name, ZERO) - used_then.get(name, ZERO)
    return found


def present_in_both(question: Question) -> Callable[[Bucket, Sequence[Share]], bool]:
    """Return whether a combination has a line in the bucket or the one before."""
    return lambda bucket, group: any(both(bucket, group, question))


def revenue_movements(world: World, question: Question) -> list[Point]:
    """New, expansion, contraction, churn and reactivation, what they come to, and what of them use made."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = both(bucket, group, question)
        kinds = moved(bucket, group, question)
        net = sum(kinds.values(), ZERO)
        kinds |= swung(bucket, group, question)
        gained = kinds["new"] + kinds["expansion"] + kinds["reactivation"]
        lost = -kinds["churn"] - kinds["contraction"]
        values: dict[str, Number | None] = {name: money(amount) for name, amount in kinds.items()}
        values |= {"start": money(sum(then.values(), ZERO)), "end": money(sum(now.values(), ZERO))}
        values |= {"quick_ratio": float(gained / lost) if lost >= CENT else None}
        return Measure(money(net), len({*then, *now}), {"net": money(net), **values})

    return points(world, question, recurring(world, question), measure, present=present_in_both(question))


def revenue_growth(world: World, question: Question) -> list[Point]:
    """Change of program revenue against the bucket before."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = both(bucket, group, question)
        start, end = sum(then.values(), ZERO), sum(now.values(), ZERO)
        cases = len({*then, *now})
        values = {"revenue": money(end)}
        if start <= 0:
            return Measure(None, cases, values, "no revenue in the period before")
        return Measure(float((end - start) / start), cases, values)

    return points(world, question, revenue(world, question), measure, present=present_in_both(question))


def year_before(bucket: Bucket, group: Sequence[Share], question: Question) -> tuple[Amounts, Amounts]:
    """Return what partners above zero twelve months before paid then, and what every partner pays now."""
    first = bucket_after(bucket.first, question, -YEAR[question.grain])
    then = between(group, first, bucket_after(first, question))
    return {name: amount for name, amount in then.items() if amount > 0}, between(
        group, bucket.start, bucket.end
    )


def of_the_same(
    world: World, question: Question, kept: Callable[[Fraction, Fraction], Fraction]
) -> list[Point]:
    """Return a share of the revenue twelve months before: `kept` of then and now, partner by partner."""

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = year_before(bucket, group, question)
        if not then:
            return Measure(None, 0, absent="no revenue in the base period")
        part = sum((kept(amount, now.get(name, ZERO)) for name, amount in then.items()), ZERO)
        return Measure(float(part / sum(then.values())), len(then))

    def present(bucket: Bucket, group: Sequence[Share]) -> bool:
        return any(year_before(bucket, group, question))

    return points(world, question, recurring(world, question), measure, present=present)


def gross_revenue_retention(world: World, question: Question) -> list[Point]:
    """What is left of last year's revenue, gains not counted."""
    return of_the_same(world, question, min)


def expansion_rate(world: World, question: Question) -> list[Point]:
    """What last year's partners pay more, of what they paid."""
    return of_the_same(world, question, lambda then, now: max(ZERO, now - then))


@dataclass(frozen=True, slots=True)
class Heads:
    """Revenue of a bucket, its active developers, and those of them whose partner paid."""

    revenue: Fraction
    developers: int
    paying: int


def heads(shares: Sequence[Share], calls: Sequence[Call], start: date, end: date) -> Heads:
    """Return revenue and developers of the days from `start` to `end` (half-open)."""
    amounts = between(shares, start, end)
    active = {
        (call.partner, call.developer)
        for call in calls
        if start <= call.day < end and not call.refused and call.developer is not None
    }
    paying = {pair for pair in active if amounts.get(pair[0], ZERO) > 0}
    return Heads(sum(amounts.values(), ZERO), len(active), len(paying))


def per_head(
    world: World, question: Question, measure: Callable[[Bucket, list[Share], list[Call]], Measure]
) -> list[Point]:
    """Return a point per bucket and combination of revenue or of active callers."""
    calls = [call for call in uses(world, question, "production") if call.partner is not None]
    facts: list[Share | Call] = [*revenue(world, question), *(call for call in calls if not call.refused)]

    def apart(bucket: Bucket, group: Sequence[Share | Call]) -> Measure:
        shares = [fact for fact in group if isinstance(fact, Share)]
        return measure(bucket, shares, [fact for fact in group if isinstance(fact, Call)])

    return points(world, question, facts, apart)


def revenue_per_developer(world: World, question: Question) -> list[Point]:
    """Revenue ÷ active developers, and ÷ active partners."""

    def measure(bucket: Bucket, shares: list[Share], calls: list[Call]) -> Measure:
        found = heads(shares, calls, bucket.start, bucket.end)
        partners = len({call.partner for call in inside(bucket, calls)})
        values: dict[str, Number | None] = {
            "revenue": money(found.revenue),
            "developers": found.developers,
            "active_partners": partners,
            "per_active_partner": money(found.revenue / partners) if partners else None,
        }
        if not found.developers:
            return Measure(None, 0, values, "no active developers")
        return Measure(money(found.revenue / found.developers), found.developers, values)

    return per_head(world, question, measure)


def revenue_per_developer_change(world: World, question: Question) -> list[Point]:
    """Change of revenue per developer: how much is mix, how much is price."""

    def measure(bucket: Bucket, shares: list[Share], calls: list[Call]) -> Measure:
        now = heads(shares, calls, bucket.start, bucket.end)
        then = heads(shares, calls, bucket_after(bucket.first, question, -1), bucket.first)
        if not (now.paying and then.paying):
            return Measure(None, now.developers, absent="no paying developers in both periods")
        w0, w1 = (Fraction(each.paying, each.developers) for each in (then, now))
        a0, a1 = (each.revenue / each.paying for each in (then, now))
        mix, price = (w1 - w0) * (a0 + a1) / 2, (a1 - a0) * (w0 + w1) / 2
        values: dict[str, Number | None] = {
            "mix_effect": money(mix),
            "price_effect": money(price),
            "paid_share": float(w1),
        }
        return Measure(money(mix + price), now.developers, values)

    return per_head(world, question, measure)


def acquired(bucket: Bucket, group: Sequence[Share], question: Question) -> set[str | None]:
    """Return the partners whose first bucket above zero is this one."""
    now = between(group, bucket.start, bucket.end)
    then = between(group, bucket_after(bucket.first, question, -1), bucket.first)
    known = paid_before(bucket, group, question) | {name for name, amount in then.items() if amount > 0}
    return {name for name, amount in now.items() if amount > 0} - known


def lifetime_value(world: World, question: Question) -> list[Point]:
    """What a partner brings: so far by cohort, or extrapolated."""
    facts = recurring(world, question)
    kept = [share for share in facts if wanted(share.dims, question)]
    margin = Fraction(int(question.set.get("margin", "100")), 100)
    method = question.set.get("method", "cohort")

    def cohort(bucket: Bucket, group: Sequence[Share]) -> Measure:
        names = acquired(bucket, group, question)
        if not names:
            return Measure(None, 0, {"partners": 0}, "no partner paid for the first time")
        end = max((each.end for each in buckets(world, question, [s.day for s in kept])), default=bucket.end)
        amount = total(share for share in group if share.partner in names and share.day < end)
        return Measure(money(amount * margin / len(names)), len(names), {"partners": len(names)})

    def extrapolated(bucket: Bucket, group: Sequence[Share]) -> Measure:
        then, now = both(bucket, group, question)
        paying = sum(1 for amount in now.values() if amount > 0)
        base = sum((amount for amount in then.values() if amount > 0), ZERO)
        kept_part = sum((max(ZERO, min(v, now.get(k, ZERO))) for k, v in then.items() if v > 0), ZERO)
        if not base or not paying:
            return Measure(None, paying, {"partners": paying}, "no revenue in the period before")
        each = sum(now.values(), ZERO) / paying * margin
        r = kept_part / base
        if method == "simple":
            value = each * (CAP if (1 - r) * CAP <= 1 else 1 / (1 - r))
        else:
            value = each * r / (1 + Fraction(int(question.set.get("discount", "1")), 100) - r)
        return Measure(money(value), paying, {"partners": paying})

    if method == "cohort":
        return points(world, question, facts, cohort, present=lambda b, g: bool(acquired(b, g, question)))
    return points(world, question, facts, extrapolated, present=present_in_both(question))


def highest_value_accounts(world: World, question: Question) -> list[Point]:
    """Revenue of each partner, and its share of all."""
    question = replace(question, by=question.by or ("partner",))
    facts = revenue(world, question)
    everyone = [share for share in facts if wanted(share.dims, question)]

    def measure(bucket: Bucket, group: Sequence[Share]) -> Measure:
        here, all_of_it = inside(bucket, group), total(inside(bucket, everyone))
        share = float(total(here) / all_of_it) if all_of_it > 0 else None
        return Measure(money(total(here)), rows_of(here), {"share": share})

    return points(world, question, facts, measure)


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    each.__name__: each
    for each in (
        revenue_movements, revenue_growth, gross_revenue_retention, expansion_rate, revenue_per_developer,
        revenue_per_developer_change, lifetime_value, highest_value_accounts,
    )
}  # fmt: skip
_BACK: tuple[Grain, ...] = ("month", "month", "quarter", "year")
_MOVES = Ask((*PARTNER, "product", "plan"), PARTNER, _BACK, whole=True, loose=True)
_PARTIES = Ask(PARTNER, PARTNER, loose=True)
ASKS: Mapping[str, Ask] = {
    "revenue_movements": _MOVES,
    "revenue_growth": _MOVES,
    "gross_revenue_retention": _MOVES,
    "expansion_rate": _MOVES,
    "revenue_per_developer": _PARTIES,
    "revenue_per_developer_change": Ask(
        PARTNER, PARTNER, ("month", "week", "quarter"), whole=True, loose=True
    ),
    "lifetime_value": replace(
        _MOVES, variants=(("method", "simple"), ("method", "discounted"), ("margin", "70"))
    ),
    "highest_value_accounts": replace(_PARTIES, always_by=("partner",)),
}
