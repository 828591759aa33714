"""Whose volume grows, whose falls, and does one partner hide the others?

Readings:
- Only attributed calls of use count; unless asked otherwise those of production for `concentration`, of any environment
  for volumes. The bucket before is a whole bucket;
  grain `all` has none.
- `concentration`: the top one is the caller with the most calls of the bucket, of several the one whose id comes
  first; who only called in the bucket before takes part in every growth with −100 %, but is never the top one.
  Growth per caller is of those who called in the bucket before; its median needs five of them.
- `volume_trend` judges complete buckets only: growth and `declining` are absent while a bucket runs. Declining is a
  fall of more than 5 % and of more than two standard errors of counts, √(now + before), by somebody who still calls.
  Limited is who was answered 429, or whose partner had used more than 95 % of one of its quotas (contracted units and
  live packs, see consumption) at the end of the bucket, whatever the filters and splits.
- `ramping_up` compares the last 28 days seen of a bucket with the 28 before them; ramping is at least 1.5 times as
  much and a rise of more than two standard errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from statistics import median

from tests.reference.adoption.partners import before, filtered
from tests.reference.adoption.trailing import last_days, within
from tests.reference.asks import CALL, OWNED, PARTNER, Ask
from tests.reference.business.consumption import every_account, states_of
from tests.reference.calendar import DAY
from tests.reference.identity import Call, uses
from tests.reference.question import Grain, Number, Point, Question, World
from tests.reference.scope import Bucket, Measure, inside, points


def attributed(world: World, question: Question) -> list[Call]:
    """Return the calls of use that belong to somebody."""
    found = uses(world, question, question.environment or "any")
    return [call for call in found if call.of(question.entity or "partner") is not None]


def counts(group: Sequence[Call], question: Question) -> Counter[str]:
    """Return calls per caller."""
    return Counter(str(call.of(question.entity or "partner")) for call in group)


def earlier(bucket: Bucket, group: Sequence[Call], question: Question) -> list[Call]:
    """Return the calls of the bucket before."""
    start, end = before(bucket, question)
    return [call for call in group if start <= call.day < end]


def growth(now: int, then: int) -> Fraction | None:
    """Return the relative change, None from nothing."""
    return Fraction(now - then, then) if then else None


def number(value: Fraction | None) -> float | None:
    """Return a fraction as answers hold it."""
    return None if value is None else float(value)


def sign(value: Fraction) -> int:
    """Return −1, 0 or 1."""
    return (value > 0) - (value < 0)


def concentrated(now: Counter[str], then: Counter[str]) -> dict[str, Number | None]:
    """Return the values that need no unattributed calls."""
    total = now.total()
    shares = [Fraction(count, total) for count in now.values()]
    hhi = sum(share**2 for share in shares) if shares else None
    top = min(now, key=lambda name: (-now[name], name), default=None)
    rest = growth(total - now[top], then.total() - then[top]) if top else growth(total, then.total())
    whole = growth(total, then.total())
    each = [growth(now[name], then[name]) for name in then]
    grown = [change for change in each if change is not None]
    masking = None
    if whole is not None and rest is not None:
        masking = int(sign(whole) != sign(rest) or abs(whole - rest) > Fraction(5, 100))
    return {
        "top_share": number(max(shares, default=None)),
        "hhi": number(Fraction(hhi) if hhi is not None else None),
        "effective_partners": number(1 / Fraction(hhi) if hhi else None),
        "growth_total": number(whole),
        "growth_without_top": number(rest),
        "median_growth": number(Fraction(median(grown)) if len(grown) >= 5 else None),
        "masking": masking,
        "declining_share": number(
            Fraction(sum(change < Fraction(-1, 10) for change in grown), len(grown)) if grown else None
        ),
    }


def concentration(world: World, question: Question) -> list[Point]:
    """The largest caller's share, and what growth is without it."""
    everything = uses(world, question, question.environment or "production")
    known = {id(call) for call in everything if call.of(question.entity or "partner") is not None}

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        mine = [call for call in group if id(call) in known]
        here = inside(bucket, mine)
        values = concentrated(counts(here, question), counts(earlier(bucket, mine, question), question))
        calls = inside(bucket, group)
        values["unattributed"] = float(Fraction(len(calls) - len(here), len(calls))) if calls else None
        absent = None if here else "no attributed calls"
        return Measure(values["top_share"], len(here), values, absent)

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return any(id(call) in known for call in [*inside(bucket, group), *earlier(bucket, group, question)])

    days = [call.day for call in filtered(everything, question) if id(call) in known]
    return points(world, question, everything, measure, present=present, counted=days)


def volume_trend(world: World, question: Question) -> list[Point]:
    """Calls against those of the bucket before, and whether somebody was told to slow down."""
    question = replace(question, by=question.by or ("partner",))
    quotas = every_account(world, question)

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        here, there = inside(bucket, group), earlier(bucket, group, question)
        now, then = len(here), len(there)
        hits = sum(call.status == 429 for call in here)
        partners = {call.partner for call in here}
        held = [account for account in quotas if account.name[0] in partners]
        states = states_of(world, question, bucket, held)
        near = any(100 * state.used > 95 * state.allowed for state in states)
        shares = [Fraction(state.used, state.allowed) for state in states if state.allowed]
        change = None if bucket.partial else growth(now, then)
        falling = now > 0 and 20 * (then - now) > then > now and (then - now) ** 2 > 4 * (then + now)
        values: dict[str, Number | None] = {
            "growth": number(change),
            "calls": now,
            "before": then,
            "limit_hits": hits,
            "limited": int(hits > 0 or near),
            "quota_used": number(max(shares, default=None)),
            "declining": None if bucket.partial else int(falling),
        }
        return Measure(values["growth"], now, values, None if change is not None else "nothing to compare")

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return bool(inside(bucket, group) or earlier(bucket, group, question))

    return points(world, question, attributed(world, question), measure, present=present)


def ramping_up(world: World, question: Question) -> list[Point]:
    """Four weeks against the four before."""
    question = replace(question, by=question.by or ("partner",))

    def parts(bucket: Bucket, group: Sequence[Call]) -> tuple[int, int]:
        days = last_days(world, question, bucket, 28)
        if days is None:
            return 0, 0
        return len(within(days, group)), len(within((days[0] - DAY * 28, days[0]), group))

    def measure(bucket: Bucket, group: Sequence[Call]) -> Measure:
        now, then = parts(bucket, group)
        ratio = Fraction(now, then) if then else None
        up = 2 * now >= 3 * then and (now - then) ** 2 > 4 * (now + then) and now > then
        values = {"ratio": number(ratio), "calls": now, "before": then, "ramping": int(up)}
        if then == 0:
            values["ramping"] = None
        return Measure(number(ratio), now, values, None if then else "no calls in the four weeks before")

    def present(bucket: Bucket, group: Sequence[Call]) -> bool:
        return sum(parts(bucket, group)) > 0

    return points(world, question, attributed(world, question), measure, present=present)


METRICS = {
    "concentration": concentration,
    "volume_trend": volume_trend,
    "ramping_up": ramping_up,
}
_BUCKETS: tuple[Grain, ...] = ("day", "week", "month", "month", "quarter", "year")
_ENTITIES = ("partner", "developer")
ASKS: Mapping[str, Ask] = {
    "concentration": Ask(
        (*PARTNER, "product", "endpoint"),
        (*PARTNER, "product"),
        _BUCKETS,
        _ENTITIES,
        environments=True,
        whole=True,
        of_calls=True,
    ),
    "volume_trend": Ask(
        (*CALL, *OWNED),
        (*PARTNER, "product"),
        _BUCKETS,
        environments=True,
        whole=True,
        always_by=("partner",),
        extra=("rating",),
    ),
    "ramping_up": Ask(
        (*PARTNER, "product"), (*PARTNER, "product", "endpoint"), environments=True, always_by=("partner",)
    ),
}
