"""Who pays after a trial, who moves from free to paid and from plan to plan, and who is on which plan?

Readings:
- Subscriptions as in `rating`: partners followed, test and duplicate ones left out. A subscription is dated by the
  local day on which it started. Moves are made by one partner between plans of one product; a plan that names no
  product goes with every plan.
- A trial ends when it ended, else when it was agreed to; without either it is open. It is mature when its end and
  seven days of grace are over by as-of. Paid is a paid subscription that starts from the trial's start to the end of
  grace; later paid one that starts within 90 days of the trial's start, among those 90 days old by as-of.
- Outcomes are those of trials whose end lies 30 days back: paid as above; else free, when a free subscription is in
  force at the end of grace, and then active with an external call on the local days from that of the end to the 30th
  after it, silent without; else left.
- Use in a trial: external calls (of its product, of any when its plan names none) on its local days up to that of its
  last moment; of mature trials.
- `plan_conversion`: free and paid subscriptions older than the window. Free ones convert with a paid subscription
  started within it; paid ones move with a paid subscription to another plan that starts within it (not at the same
  moment), up when its fee by month is higher in the same currency, down when lower, by the first such one.
- `plan_mix`: subscriptions in force at the last instant of the bucket, or at as-of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.business.leakage import GRAINS
from tests.reference.business.rating import subscriptions
from tests.reference.calendar import DAY, INSTANT, local_day, midnight
from tests.reference.identity import Call, partner_dims, uses
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.scope import Bucket, Measure, as_of, inside, points
from tests.reference.survival import percentile

GRACE = timedelta(days=7)
LATER = timedelta(days=90)
SETTLED = timedelta(days=30)
OUTCOMES = ("paid", "free_active", "free_silent", "left")


@dataclass(frozen=True, slots=True)
class Start:
    """One subscription, dated by the local day of its start."""

    row: Row
    product: str | None
    day: date
    dims: Mapping[str, str | None]

    @property
    def started(self) -> datetime:
        """When it started."""
        moment: datetime = self.row["started_at"]
        return moment

    @property
    def end(self) -> datetime | None:
        """When a trial ended or was agreed to."""
        moment: datetime | None = self.row["ended_at"] or self.row.get("trial_ends_at")
        return moment


def product_of(world: World, plan: str) -> str | None:
    """Return the product of a plan."""
    named = [
        row["product"] for row in world.get("plans", ()) if row["plan_id"] == plan and row.get("product")
    ]
    return min(named, default=None)


def starts(world: World, question: Question) -> list[Start]:
    """Return every subscription in sight."""
    found = []
    for row in subscriptions(world, question):
        product = product_of(world, row["plan_id"])
        dims = {**partner_dims(row["partner_id"], world), "plan": row["plan_id"]}
        dims |= {"subscription_kind": row["kind"], "product": product}
        found.append(Start(row, product, local_day(row["started_at"], question.zone), dims))
    return found


def beside(start: Start, everything: Sequence[Start], kind: str) -> list[Start]:
    """Return the subscriptions of a kind that the same partner has to the same product, oldest first."""
    mine = [
        other
        for other in everything
        if other.row["partner_id"] == start.row["partner_id"]
        and other.row["subscription_id"] != start.row["subscription_id"]
        and other.row["kind"] == kind
        and (other.product == start.product or None in (other.product, start.product))
    ]
    return sorted(mine, key=lambda other: (other.started, other.row["subscription_id"]))


def trials(world: World, question: Question) -> list[Start]:
    """Return the subscriptions on trial."""
    return [start for start in starts(world, question) if start.row["kind"] in ("trial", "reverse_trial")]


def ripe(start: Start, now: datetime | None, days: timedelta = GRACE) -> bool:
    """Whether a trial's end lies so long back."""
    return now is not None and start.end is not None and start.end + days <= now


def pays(start: Start, everything: Sequence[Start], until: datetime) -> bool:
    """Whether a paid subscription starts from the trial's start to `until`."""
    return any(start.started <= other.started <= until for other in beside(start, everything, "paid"))


def ratio(part: int, over: int) -> float | None:
    """Return a quotient, None over nothing."""
    return float(Fraction(part, over)) if over else None


def trial_conversion(world: World, question: Question) -> list[Point]:
    """Paid within the trial and its grace ÷ mature trials; and within 90 days of its start."""
    everything, now = starts(world, question), as_of(world, question)

    def measure(bucket: Bucket, group: Sequence[Start]) -> Measure:
        cohort = inside(bucket, group)
        mature = [each for each in cohort if ripe(each, now)]
        old = [each for each in cohort if now is not None and each.started + LATER <= now]
        won = [each for each in mature if each.end and pays(each, everything, each.end + GRACE)]
        late = [each for each in old if pays(each, everything, each.started + LATER)]
        values: dict[str, Number | None] = {
            "rate": ratio(len(won), len(mature)),
            "later_rate": ratio(len(late), len(old)),
            "converted": len(won),
            "trials": len(cohort),
            "open": len(cohort) - len(mature),
        }
        absent = None if mature else "no mature trials"
        return Measure(values["rate"], len(mature), values, absent, open=len(mature) < len(cohort))

    return points(world, question, trials(world, question), measure)


def in_use(start: Start, calls: Sequence[Call], first: date, last: date) -> list[Call]:
    """Return the calls of a subscription's partner to its product on the days from `first` to `last`."""
    return [
        call
        for call in calls
        if call.partner == start.row["partner_id"]
        and start.product in (None, call.dims["product"])
        and first <= call.day <= last
    ]


def outcome(start: Start, everything: Sequence[Start], calls: Sequence[Call], zone: str) -> str:
    """Return what became of a trial that has ended."""
    assert start.end is not None
    decided = start.end + GRACE
    if pays(start, everything, decided):
        return "paid"
    free = [
        other
        for other in beside(start, everything, "free")
        if other.started <= decided and (other.row["ended_at"] is None or other.row["ended_at"] > decided)
    ]
    if not free:
        return "left"
    first = local_day(start.end, zone)
    return "free_active" if in_use(start, calls, first, first + DAY * 30) else "free_silent"


def trial_outcomes(world: World, question: Question) -> list[Point]:
    """Shares of trials that were paid, fell to free and stayed active or silent, or left."""
    everything, now = starts(world, question), as_of(world, question)
    calls = uses(world, question, question.environment or "any")

    def measure(bucket: Bucket, group: Sequence[Start]) -> Measure:
        cohort = inside(bucket, group)
        done = [
            outcome(each, everything, calls, question.zone) for each in cohort if ripe(each, now, SETTLED)
        ]
        values: dict[str, Number | None] = {name: ratio(done.count(name), len(done)) for name in OUTCOMES}
        absent = None if done else "no mature trials"
        return Measure(values["paid"], len(done), values, absent, open=len(done) < len(cohort))

    return points(world, question, trials(world, question), measure)


def trial_usage(world: World, question: Question) -> list[Point]:
    """Conversion of mature trials with calls, of those without, and the median calls of both outcomes."""
    everything, now = starts(world, question), as_of(world, question)
    calls = uses(world, question, question.environment or "any")

    def measure(bucket: Bucket, group: Sequence[Start]) -> Measure:
        cohort = inside(bucket, group)
        seen: list[tuple[int, bool]] = []
        for each in cohort:
            if each.end is not None and ripe(each, now):
                last = local_day(each.end - INSTANT, question.zone)
                won = pays(each, everything, each.end + GRACE)
                seen.append((len(in_use(each, calls, each.day, last)), won))
        users = [won for count, won in seen if count]
        silent = [won for count, won in seen if not count]
        values: dict[str, Number | None] = {
            "rate_of_users": ratio(sum(users), len(users)),
            "rate_of_silent": ratio(sum(silent), len(silent)),
            "median_converted": middle([count for count, won in seen if won]),
            "median_others": middle([count for count, won in seen if not won]),
        }
        absent = None if users else "no mature trials with calls"
        opened = len(seen) < len(cohort)
        return Measure(values["rate_of_users"], len(users), values, absent, open=opened)

    return points(world, question, trials(world, question), measure)


def middle(counts: Sequence[int]) -> float | None:
    """Return the median of at least five."""
    found = percentile([Fraction(count) for count in counts], Fraction(1, 2)) if len(counts) >= 5 else None
    return None if found is None else float(found)


def monthly_fee(world: World, start: Start) -> tuple[Fraction, str] | None:
    """Return the fee by month, and its currency, of the plan's version at a subscription's start."""
    versions = [
        row
        for row in world.get("plans", ())
        if row["plan_id"] == start.row["plan_id"]
        and (row.get("valid_from") is None or row["valid_from"] <= start.started)
    ]
    row = max(
        versions, key=lambda each: (each.get("valid_from") is not None, each.get("valid_from")), default=None
    )
    if row is None:
        return None
    fee = Fraction(row.get("fee") or 0)
    return (fee / 12 if row.get("interval") == "year" else fee), row["currency"]


def move(world: World, start: Start, everything: Sequence[Start], until: datetime) -> str | None:
    """Return how a paid subscription moved to another plan: up, down, level; None when it did not."""
    others = [
        other
        for other in beside(start, everything, "paid")
        if start.started < other.started <= until and other.row["plan_id"] != start.row["plan_id"]
    ]
    if not others:
        return None
    before, after = monthly_fee(world, start), monthly_fee(world, others[0])
    if before is None or after is None or before[1] != after[1] or before[0] == after[0]:
        return "level"
    return "up" if after[0] > before[0] else "down"


def plan_conversion(world: World, question: Question) -> list[Point]:
    """Free subscriptions that became paid, paid ones that moved to another plan, within the window."""
    question = replace(question, by=question.by or ("plan",))
    window = timedelta(days=int(question.set.get("window_days", question.activation_window_days)))
    everything, now = starts(world, question), as_of(world, question)
    cohorts = [start for start in everything if start.row["kind"] in ("free", "paid")]

    def measure(bucket: Bucket, group: Sequence[Start]) -> Measure:
        cohort = inside(bucket, group)
        mature = [each for each in cohort if now is not None and each.started + window <= now]
        free = [each for each in mature if each.row["kind"] == "free"]
        paid = [each for each in mature if each.row["kind"] == "paid"]
        won = [each for each in free if pays(each, everything, each.started + window)]
        moves = [move(world, each, everything, each.started + window) for each in paid]
        values: dict[str, Number | None] = {
            "free_to_paid": ratio(len(won), len(free)),
            "upgraded": ratio(moves.count("up"), len(paid)),
            "downgraded": ratio(moves.count("down"), len(paid)),
            "moved": ratio(len(paid) - moves.count(None), len(paid)),
        }
        absent = None if free else "no mature free subscriptions"
        return Measure(values["free_to_paid"], len(mature), values, absent, open=len(mature) < len(cohort))

    return points(world, question, cohorts, measure)


def plan_mix(world: World, question: Question) -> list[Point]:
    """Partners with a subscription in force at the bucket's end."""
    question = replace(question, by=question.by or ("plan",))
    now = as_of(world, question)
    everything = starts(world, question)

    def there(bucket: Bucket, group: Sequence[Start]) -> list[Start]:
        end = midnight(bucket.end, question.zone)
        end = min(end, now) if now is not None and question.as_of is not None else end
        return [
            each
            for each in group
            if each.started < end and (each.row["ended_at"] is None or each.row["ended_at"] >= end)
        ]

    def measure(bucket: Bucket, group: Sequence[Start]) -> Measure:
        here = there(bucket, group)
        count = len({each.row["partner_id"] for each in here})
        return Measure(count, len(here), {"partners": count, "subscriptions": len(here)})

    return points(
        world, question, everything, measure, present=lambda bucket, group: bool(there(bucket, group))
    )


METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    "trial_conversion": trial_conversion,
    "trial_outcomes": trial_outcomes,
    "trial_usage": trial_usage,
    "plan_conversion": plan_conversion,
    "plan_mix": plan_mix,
}
_SPLITS = (*PARTNER, "plan", "subscription_kind", "product")
_TRIALS = Ask(_SPLITS, PARTNER, extra=("rating",))
ASKS: Mapping[str, Ask] = {
    "trial_conversion": _TRIALS,
    "trial_outcomes": _TRIALS,
    "trial_usage": _TRIALS,
    "plan_conversion": Ask(
        _SPLITS, PARTNER, extra=("rating",), variants=(("window_days", "30"), ("window_days", "14"))
    ),
    "plan_mix": Ask(_SPLITS, PARTNER, GRAINS, extra=("rating",)),
}
