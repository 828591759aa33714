"""Which questions may be asked of which metric?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from tests.reference.asks import CALL, OWNED, PARTNER, Ask
from tests.reference.calendar import DAY, bucket_after, bucket_of, local_day, midnight
from tests.reference.found import found
from tests.reference.identity import calls
from tests.reference.question import Grain, Milestone, Question, World

T = TypeVar("T")
Bounds = tuple[date | None, date | None]
MEMBERS = Ask(PARTNER, PARTNER, entities=("partner", "developer"))
ACTIVE = Ask(
    (*PARTNER, "product"),
    (*PARTNER, "product", "endpoint"),
    entities=("partner", "developer", "app"),
    environments=True,
)
TRAFFIC = Ask((*CALL, *OWNED), (*CALL, *OWNED), environments=True)
ENVIRONMENTS = ("production", "sandbox", "any")
DECK = 50
"""Questions after which the cards are shuffled again."""
CLOSED = ("kind", "tier", "step", "severity", "traffic_class")
"""Dimensions whose values are known without a row."""
BASIS = (("basis", "invoiced"), ("basis", "paid"))
COHORTS: tuple[Grain, ...] = ("week", "month", "month", "quarter", "quarter", "year", "all")
LOOKING_BACK: tuple[Grain, ...] = ("week", "month", "month", "quarter", "year")
ASKS: Mapping[str, Ask] = {
    **found("ASKS"),
    "time_to_first_call": Ask(
        PARTNER, PARTNER, COHORTS, entities=("developer", "partner"), environments=True
    ),
    "active_partners": ACTIVE,
    "registered_partners": MEMBERS,
    "sandbox_activation": Ask(PARTNER, PARTNER),
    "partner_growth_rate": Ask(
        ACTIVE.by,
        ACTIVE.where,
        (*LOOKING_BACK, "day"),
        ("partner", "developer"),
        environments=True,
        whole=True,
    ),
    "growth_accounting": Ask(
        ACTIVE.by,
        ACTIVE.where,
        (*LOOKING_BACK, "day"),
        ("partner", "developer"),
        environments=True,
        whole=True,
    ),
    "new_signups": MEMBERS,
    "onboarding_funnel": Ask(
        PARTNER,
        PARTNER,
        COHORTS,
        variants=(
            ("preset", "journey"),
            ("preset", "developer"),
            *(("mode", name) for name in ("strict", "any", "implied")),
            ("grace_seconds", "3600"),
        ),
    ),
    "activation_rate": Ask(PARTNER, PARTNER, COHORTS, entities=("developer", "partner")),
    "production_activation_rate": Ask(PARTNER, PARTNER, COHORTS),
    "call_volume": TRAFFIC,
    "endpoint_popularity": Ask(TRAFFIC.by, TRAFFIC.where, environments=True, always_by=("endpoint",)),
    "error_rate": TRAFFIC,
    "client_error_rate": TRAFFIC,
    "server_error_rate": TRAFFIC,
    "timeout_rate": TRAFFIC,
    "latency": Ask(
        TRAFFIC.by,
        TRAFFIC.where,
        environments=True,
        variants=(("timeouts", "censored"), ("outcome", "success")),
    ),
    "program_revenue": Ask((*PARTNER, "product", "plan"), (*PARTNER, "product"), variants=BASIS),
    "revenue_per_partner": Ask(PARTNER, PARTNER),
    "revenue_per_product": Ask(PARTNER, PARTNER, always_by=("product",)),
    "net_revenue_retention": Ask(
        (*PARTNER, "product"), PARTNER, ("month", "month", "quarter", "year"), whole=True
    ),
    "developer_churn_rate": Ask(
        (*PARTNER, "product"), PARTNER, LOOKING_BACK, ("developer", "partner"), environments=True
    ),
    "program_cost": Ask((*PARTNER, "category"), PARTNER),
    "cost_value_ratio": Ask(PARTNER, PARTNER),
    "cost_per_partner_onboarded": Ask(PARTNER, PARTNER, variants=(("method", "cohort"),)),
}
"""What each metric may be asked; a metric that looks back is asked whole buckets only."""


def dealt(seed: int, topic: str, choices: Sequence[T], share: float) -> T | None:
    """Return one of the choices in `share` of all cases, else None.

    Fifty seeds in a row are dealt every choice as often as any other, so that they meet all splits and filters.
    """
    if not choices:
        return None
    deck, place = divmod(seed, DECK)
    random, count = Random(f"{topic} {deck}"), round(DECK * share)
    order = random.sample(choices, len(choices))
    cards = [*(order * -(-count // len(order)))[:count], *[None] * (DECK - count)]
    return random.sample(cards, DECK)[place]


def existing(random: Random, world: World, name: str, question: Question) -> tuple[str, ...]:
    """Return values of a dimension that occur in the world, or none where it has none."""
    if stated := ASKS[question.metric].values.get(name):
        told = _told(world, name)
        stated = tuple(value for value in stated if name in CLOSED or value in told)
        return tuple(random.sample(stated, min(len(stated), random.randrange(1, 3))))
    column = {"partner": "partner_id", "status": ""}.get(name, name)
    rows = [row.get(column) for row in world.get("partners", ())]
    found = {call.dims.get(name) for call in calls(world, question)} | set(rows)
    values = sorted(value for value in found if value is not None)
    return tuple(random.sample(values, min(len(values), random.randrange(1, 3))))


def _told(world: World, name: str) -> set[str]:
    """Return the values of a dimension that the rows of a world hold, each of a list."""
    rows = [row for table in world.values() for row in table]
    if name == "endpoint":
        return {f"{row['method']} {row['route']}" for row in rows if row.get("method") and row.get("route")}
    columns = {"topic": ("topic", "subject"), "product": ("product", "products")}.get(name, (name,))
    return {part for row in rows for each in columns for part in (row.get(each) or "").split(",")}


def scope(random: Random, question: Question, days: Sequence[date], *, whole: bool) -> Bounds:
    """Return start and end, each sometimes absent; whole buckets when asked for, else often beside one of the days."""
    first = date(2024, 12, 1) + DAY * random.randrange(400)
    length = {"day": 20, "week": 120, "month": 300, "quarter": 500, "year": 700, "all": 400}[question.grain]
    last = first + DAY * random.randrange(1, length)
    if question.grain != "all" and (whole or random.random() < 0.5):
        first = bucket_of(first, question)
        last = bucket_after(bucket_of(last, question), question)
    elif days and not whole and random.random() < 0.7:
        edge, span = random.choice(days) + DAY * random.randrange(2), last - first
        first, last = random.choice(((edge, edge + span), (edge - span, edge)))
    if question.grain == "day":
        return first, last
    kind = random.randrange(6)
    return (None if kind in {0, 1, 2} else first, None if kind in {0, 1, 3} else last)


def moment(random: Random, times: Sequence[datetime], days: Sequence[date], zone: str) -> datetime | None:
    """Return an as-of: usually none, else the midnight that begins a day, the moment of a call, or any moment."""
    kind = random.randrange(9)
    if kind == 0:
        anywhere = date(2025, 3, 1) + DAY * random.randrange(420)
        return midnight(random.choice((anywhere, *random.sample(days, min(len(days), 3)))), zone)
    if kind == 1 and times:
        return random.choice(times)
    if kind == 2:
        return datetime(2025, 3, 1, 13, 7, tzinfo=UTC) + timedelta(minutes=random.randrange(600_000))
    return None


def variants(ask: Ask) -> list[dict[str, str]]:
    """Return the variants as `--set` has them; worlds are small, so few calls mean scaling in them."""
    found: list[dict[str, str]] = []
    for variant in ask.variants:
        scaling = ("1", "2", "4") if variant == ("preset", "developer") else (None,)
        found += [dict([variant]) | ({"scaling_calls": count} if count else {}) for count in scaling]
    return found


def draw_question(seed: int, world: World, metric: str, zone: str, use: str = "") -> Question:
    """Return a question that is valid for `metric`, about things that occur in `world`; each use has its own."""
    ask, random = ASKS[metric], Random(f"{metric} {use} {seed}")

    def deal(topic: str, choices: Sequence[T], share: float) -> T | None:
        return dealt(seed, f"{metric} {use} {topic}", choices, share)

    grain = deal("grain", ask.grains, 1) or "month"
    bare = Question(
        metric,
        grain=grain,
        zone=zone,
        week_starts=random.choice(("monday", "monday", "monday", "sunday", "saturday")),
        fiscal_year_starts=random.choice((1, 1, 1, 2, 4, 10)),
    )
    times = [row["time"] for row in world["calls"]]
    start, end = scope(random, bare, days := [local_day(time, zone) for time in times], whole=ask.whole)
    split, also = deal("split", ask.by, 0.35), deal("second split", ask.by, 0.15)
    by = dict.fromkeys([*ask.always_by, *(name for name in (split, also) if name)])
    kept = deal("filter", ask.where, 0.35)
    counted = metric in {"activation_rate", "onboarding_funnel"} and random.random() < 0.3
    return replace(
        bare,
        start=start,
        end=end,
        by=tuple(by),
        where={kept: values} if kept and (values := existing(random, world, kept, bare)) else {},
        environment=deal("environment", ENVIRONMENTS if ask.environments else (), 0.4),
        entity=deal("entity", ask.entities, 0.4),
        as_of=moment(random, times, days, zone),
        set=deal("variant", variants(ask), 0.4) or {},
        churn_days=random.choice((30, 30, 14, 7)),
        activation_window_days=random.choice((90, 90, 30)),
        milestone=Milestone("POST /v1/messages", 2) if counted else Milestone(),
        known_since=stated(random),
    )


def stated(random: Random) -> dict[str, date]:
    """Return since when layers are known by the settings: calls since before all, nothing said, or among the rows."""
    kind = random.randrange(4)
    if kind:
        return {"calls": date(2024, 1, 1)} if kind > 1 else {}
    names = random.sample(("calls", "invoice_lines", "partners", "developers", "tickets", "incidents"), 2)
    return {name: date(2024, 10, 1) + DAY * random.randrange(300) for name in names}
