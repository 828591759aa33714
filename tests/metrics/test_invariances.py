"""Which changes to a world or a question must not change an answer, and which must in a known way?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

import pytest

from firstcall import registry
from firstcall.answers import Answer, Point, Value
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from tests.metrics.circles import Circle, Held, circle, drawn_hand, hands, hold, world_of
from tests.metrics.comparing import askable, settings_of, told
from tests.metrics.filling import fill
from tests.metrics.offered import dimensions
from tests.reference import question as reference
from tests.reference.calendar import DAY, local_day
from tests.reference.question import World
from tests.reference.questions import draw_question
from tests.reference.tiny import EVER, at
from tests.reference.worlds.small_worlds import at_home

BERLIN = "Europe/Berlin"
ADDITIVE = tuple(name for name, metric in sorted(registry.metrics().items()) if metric.additive)
"""Metrics whose parts add up: every one that says so of itself is held to it."""
OF_MONEY = ("cost_per_partner_onboarded", "program_cost", "program_revenue", "revenue_per_partner")
HALFWAY = date(2025, 8, 17)
KNOWN: dict[str, Any] = {"start": date(2025, 1, 1), "end": date(2025, 10, 1)}
"""Days of which all worlds know everything: what was paid for later days has no day yet, and is of its year."""
WHOLE: dict[str, Any] = {"start": date(2025, 1, 1), "end": date(2026, 5, 1)}


def berlin(world: World) -> Program:
    """Return a program in Berlin over a store that holds the world."""
    sections = {"known_since": EVER, "program": {"timezone": BERLIN}}
    return Program(Settings.model_validate(sections), fill(world, BERLIN))


def twelve_digits(value: Value) -> Value:
    """Return a value, a float to twelve digits: the order of rows may change the last of a sum's."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def shown(
    answer: Answer, rename: Callable[[str | None], str | None] = lambda name: name
) -> list[tuple[Any, ...]]:
    """Return everything that the points say, in an order of its own."""
    found = [
        (
            point.period,
            sorted((name, rename(value) or "") for name, value in point.by.items()),
            twelve_digits(point.value),
            sorted((name, twelve_digits(value)) for name, value in point.values.items()),
            point.cases,
            point.partial,
            point.absent,
        )
        for point in answer.points
    ]
    return sorted(found, key=str)


def by_period(points: Sequence[Point]) -> dict[date, Decimal]:
    """Return the sum of the values of each period."""
    found: dict[date, Decimal] = defaultdict(Decimal)
    for point in points:
        found[point.period] += Decimal(point.value or 0)
    return found


def posed(metric: str, seed: int) -> tuple[World, reference.Question]:
    """Return a world that is worth asking the metric about, and a question."""
    world, zone = world_of(circle(metric), seed, "alike")
    return world, askable(draw_question(seed, world, metric, zone, "alike"))


def programmed(metric: str, seed: int) -> Program:
    """Return a program over a world that is worth asking the metric about."""
    world, question = posed(metric, seed)
    return Program(settings_of(replace(question, known_since=EVER)), fill(world, question.zone))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("metric", ADDITIVE)
def test_the_parts_of_a_split_add_up_to_the_whole(metric: str, seed: int) -> None:
    """Exactly, money too, by whatever it can be split."""
    program = programmed(metric, seed)
    whole = by_period(program.ask(Question(metric, **WHOLE)).points)
    for dimension in dimensions(registry.metrics()[metric], registry.metrics()[metric].entity):
        parts = by_period(program.ask(Question(metric, by=(dimension,), **WHOLE)).points)
        assert all(parts.get(period, Decimal(0)) == value for period, value in whole.items()), dimension
        assert parts.keys() <= whole.keys()


@pytest.mark.parametrize("seed", range(3, 5))
@pytest.mark.parametrize("metric", ADDITIVE)
def test_days_months_and_years_add_up_alike(metric: str, seed: int) -> None:
    """However time is cut, what is additive has one total; and two halves of a stretch are the whole."""
    program = programmed(metric, seed)
    if registry.metrics()[metric].default_by == ("product",):
        return  # a line is shared out by the use of each period, so products gain and lose by how time is cut
    grains = registry.metrics()[metric].grains
    totals = {
        grain: sum(by_period(program.ask(Question(metric, grain=grain, **KNOWN)).points).values())
        for grain in grains
    }
    assert len(set(totals.values())) == 1, totals
    if "day" not in grains:
        return
    halves = ({**KNOWN, "end": HALFWAY}, {**KNOWN, "start": HALFWAY})
    parts = [by_period(program.ask(Question(metric, grain="day", **half)).points) for half in halves]
    assert sum(sum(part.values()) for part in parts) == totals["day"]


@pytest.mark.parametrize("seed", range(12))
def test_movements_of_revenue_are_an_identity(seed: int) -> None:
    """Start and what moved are the end, and the end is the next month's start."""
    before = None
    for point in programmed("revenue_movements", seed).ask(Question("revenue_movements", **WHOLE)).points:
        if point.absent is not None:
            return  # no invoice line at all
        value = {name: Decimal(number or 0) for name, number in point.values.items() if name != "quick_ratio"}
        kinds = ("new", "expansion", "contraction", "churn", "reactivation")
        assert value["net"] == sum(value[name] for name in kinds)
        assert value["start"] + value["net"] == value["end"]
        assert value["contraction"] <= 0
        assert value["churn"] <= 0
        if before is not None:
            assert value["start"] == before
        before = value["end"]


@pytest.mark.parametrize("seed", range(8))
def test_net_retention_is_gross_retention_and_expansion(seed: int) -> None:
    """What is left and what was added, of the same base."""
    program = programmed("net_revenue_retention", seed)
    net, gross, more = (
        program.ask(Question(name, **WHOLE)).points
        for name in ("net_revenue_retention", "gross_revenue_retention", "expansion_rate")
    )
    for one, kept, gained in zip(net, gross, more, strict=True):
        assert (one.absent, one.cases) == (kept.absent, kept.cases) == (gained.absent, gained.cases)
        if one.value is not None:
            assert float(one.value) == pytest.approx(float(kept.value or 0) + float(gained.value or 0))
            assert float(kept.value or 0) <= 1


def test_who_calls_twice_is_one_partner_in_the_year() -> None:
    """Active partners of months are not added up: P1 in January and February is one in the quarter."""
    call = {"source": "kong", "environment": "production", "method": "GET", "route": "/", "status": 200}
    days = (date(2025, 1, 5), date(2025, 2, 5))
    world: World = {
        "partners": [
            {"partner_id": "P1", "name": "P1", "registered_at": moment(days[0]), "status": "approved"}
        ],
        "credentials": [{"consumer": "k", "partner_id": "P1"}],
        "calls": [{**call, "time": moment(day), "consumer": "k"} for day in days],
    }
    program = berlin(world)
    months = program.ask(Question("active_partners")).points
    (quarter,) = program.ask(Question("active_partners", grain="quarter")).points
    assert ([point.value for point in months], quarter.value) == ([1, 1], 1)


def moment(day: date) -> datetime:
    """Return noon of a day, UTC."""
    return at(f"{day.isoformat()} 12:00")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("grain", ["day", "week", "month", "quarter", "year"])
def test_growth_accounting_is_an_identity(grain: str, seed: int) -> None:
    """Active = new + retained + resurrected, and the change is what came less what left."""
    before = None
    for point in berlin(at_home(seed)).ask(Question("growth_accounting", grain=grain)).points:
        if (point.absent or "").startswith("needs rows"):
            return
        value = {name: int(number or 0) for name, number in point.values.items() if name != "quick_ratio"}
        if point.values.get("new") is None:  # nobody knows who was there before
            before = point.values.get("active")
            continue
        if point.absent is None:
            assert value["active"] == value["new"] + value["retained"] + value["resurrected"]
        if before is not None:
            assert value["active"] - before == value["new"] + value["resurrected"] - value["churned"]
        before = value["active"]


@pytest.mark.parametrize("seed", range(8))
def test_outcomes_add_up_to_all_calls(seed: int) -> None:
    """Every call has one outcome."""
    for point in berlin(at_home(seed)).ask(Question("error_rate")).points:
        outcomes = ("success", "redirect", "client_error", "server_error", "timeout")
        assert sum(int(point.values.get(name) or 0) for name in outcomes) == point.cases


def shuffled(world: World, random: Random) -> World:
    """Return the same rows in another order."""
    return {name: random.sample(list(rows), len(rows)) for name, rows in world.items()}


def renamed(world: World, change: Callable[[str], str]) -> World:
    """Return the world with every partner's id changed."""
    keys = ("partner_id", "merged_into")
    return {
        name: [{**row, **{key: change(row[key]) for key in keys if row.get(key)}} for row in rows]
        for name, rows in world.items()
    }


@lru_cache(maxsize=1)
def in_three_stores(of: Circle, hand: int) -> tuple[tuple[Held, Held, Held], ...]:
    """Return worlds held as they are, in another order, and with partners called otherwise."""
    return tuple(
        (
            hold(seed, world, zone, store=f"as it is {place}"),
            hold(seed, shuffled(world, Random(1)), zone, store=f"shuffled {place}"),
            hold(seed, renamed(world, lambda name: f"org-{name}"), zone, store=f"renamed {place}"),
        )
        for place, (seed, world, zone) in enumerate(drawn_hand(of, hand, 2, "order"))
    )


@pytest.mark.parametrize(("metric", "hand"), hands(registry.metrics(), 2))
def test_neither_the_order_of_rows_nor_names_matter(metric: str, hand: int) -> None:
    """Shuffled, and with partners called otherwise, the answer is the same."""
    for held, other_order, other_names in in_three_stores(circle(metric), hand):
        question = askable(draw_question(held.seed, held.world, metric, held.zone, "order"))
        given = shown(held.ask(question))
        assert shown(other_order.ask(question)) == given, held.again(question)
        where = {
            name: tuple(f"org-{value}" for value in values) if name == "partner" else tuple(values)
            for name, values in question.where.items()
        }
        other = other_names.ask(replace(question, where=where))
        assert shown(other, plain_again(question)) == given, held.again(question)


def plain_again(question: reference.Question) -> Callable[[str | None], str | None]:
    """Return what takes the new names of partners back, where the answer is split by them."""
    by_partner = "partner" in question.by
    return lambda name: name.removeprefix("org-") if by_partner and name else name


def scaled(world: World, factor: int) -> World:
    """Return the world with every amount multiplied."""
    money = ("amount", "hourly_cost")
    return {
        name: [{**row, **{key: row[key] * factor for key in money if key in row}} for row in rows]
        for name, rows in world.items()
    }


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("metric", OF_MONEY)
def test_ten_times_the_money_is_ten_times_the_answer(metric: str, seed: int) -> None:
    """To the millionth that each part of a line is rounded to."""
    world, question = posed(metric, seed)
    small, large = told(world, question).points, told(scaled(world, 10), question).points
    for one, ten in zip(small, large, strict=True):
        assert (one.period, one.by, one.cases) == (ten.period, ten.by, ten.cases)
        if one.value is not None:
            assert float(ten.value or 0) == pytest.approx(10 * float(one.value), abs=1e-3)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("metric", ["cost_value_ratio", "net_revenue_retention"])
def test_ratios_of_money_know_no_currency(metric: str, seed: int) -> None:
    """Ten times the money on both sides is the same ratio."""
    world, question = posed(metric, seed)
    small, large = told(world, question).points, told(scaled(world, 10), question).points
    assert [(one.period, one.by, one.cases) for one in small] == [
        (ten.period, ten.by, ten.cases) for ten in large
    ]
    values: Mapping[bool, list[float]] = {
        is_large: [float(point.value or 0) for point in points]
        for is_large, points in ((False, small), (True, large))
    }
    assert values[True] == pytest.approx(values[False], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
def test_the_future_does_not_change_what_was_seen(seed: int) -> None:
    """As of a call's moment, calls from then on might as well not be there."""
    world = at_home(seed)
    times = sorted(row["time"] for row in world["calls"])
    if not times:
        return
    now = times[len(times) // 2]
    past = {**world, "calls": [row for row in world["calls"] if row["time"] < now]}
    seen = [row["time"] for row in past["calls"] if row["environment"] == "production"]
    if not seen:
        return  # nothing is known of production
    until = {**WHOLE, "end": max(WHOLE["start"] + DAY, local_day(max(seen), BERLIN))}
    names = ("active_partners", "developer_churn_rate", "time_to_first_call", "production_activation_rate")
    questions = [Question(name, as_of=now, **until) for name in names]
    answers = [[shown(berlin(each).ask(question)) for question in questions] for each in (world, past)]
    assert answers[0] == answers[1]
