"""Do depth and tiers say what a person works out in the head?"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.metrics.comparing import told
from tests.metrics.small import ask, only, split
from tests.reference.adoption.coverage import Reach
from tests.reference.adoption.depth import churn_by_tier, parts_of, score
from tests.reference.question import Question
from tests.reference.tiny import Draft, call, developer, key, on, partner
from tests.reference.worlds import depth_worlds
from tests.reference.worlds.small_worlds import Sizes, build

World = dict[str, list[Draft]]
MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01"), "grain": "month"}
END = call("2025-04-30 12:00", None)
"""A late call of nobody."""


def calls(name: str, endpoints: int, count: int, month: str = "2025-03") -> list[Draft]:
    """Return `count` calls of a key over so many endpoints, on the 15th."""
    return [call(f"{month}-15", name, route=f"/{n % endpoints}", product="pets") for n in range(count)]


def world(*made: list[Draft], names: tuple[str, ...] = ("A", "B"), offered: int = 40) -> World:
    """A program of these developers with so many endpoints and no features."""
    return {
        "partners": [partner()],
        "developers": [developer(name, "2025-01-01") for name in names],
        "credentials": [key(name, person=name) for name in names],
        "endpoints": [{"product": "pets", "method": "GET", "route": f"/{n}"} for n in range(offered)],
        "calls": [*(each for group in made for each in group), END],
    }


def test_three_endpoints_at_high_volume_outrank_fifteen_at_trivial_volume() -> None:
    """A makes 1,023 calls of 3 of 40 endpoints, nine others with her; B makes 31 of 15.

    The 95th percentile of ten times 1,023 and one 31 is 1,023: A has 100 (0.5·1 + 0.25·3/40) = 51.875; for B
    ln 32 / ln 1,024 is a half: 100 (0.5·0.5 + 0.25·15/40) = 34.375.
    """
    many = tuple(f"A{n}" for n in range(10))
    made = [calls(name, 3, 1_023) for name in many]
    answer = ask(
        world(*made, calls("B", 15, 31), names=(*many, "B")), "integration_depth", by=("developer",), **MARCH
    )
    scores = split(answer, "developer")
    assert scores["A0"] == pytest.approx(51.875)
    assert scores["B"] == pytest.approx(34.375)
    assert [point.by["developer"] for point in answer.points][-1] == "B"


@pytest.mark.parametrize(("calls_made", "used", "points"), [(10**6, 3, 51.9), (50, 15, 23.6)])
def test_the_formula_gives_the_figures_worked_out_for_it(calls_made: int, used: int, points: float) -> None:
    """With 40 endpoints and a 95th percentile of a million: 3 of them at a million calls, 15 of them at fifty."""
    each = Reach(calls=calls_made, used=used, available=40, features=0, features_available=0)
    assert score(parts_of(each, 1e6)) == pytest.approx(points, abs=0.05)


def test_depth_is_the_median_with_its_parts() -> None:
    """Alone, A is the 95th percentile: volume 1, of four endpoints one, of two features one: 50 + 6.25 + 12.5."""
    alone = world(calls("A", 1, 7), offered=4)
    for endpoint, feature in zip(alone["endpoints"], ("search", "chat", "chat", None), strict=True):
        endpoint["feature"] = feature
    point = only(ask(alone, "integration_depth", where=(("developer", ("A",)),), **MARCH))
    assert point.values == {"score": 68.75, "volume": 1.0, "coverage": 0.25, "features": 0.5}


def test_five_make_a_median_depth_and_four_do_not() -> None:
    """All reach one of four endpoints at the top volume: 50 + 6.25."""
    names = ("A", "B", "C", "D", "E")
    made = [calls(name, 1, 7) for name in names]
    assert only(ask(world(*made, names=names, offered=4), "integration_depth", **MARCH)).value == 56.25
    point = only(ask(world(*made[1:], names=names, offered=4), "integration_depth", **MARCH))
    assert (point.value, point.absent, point.cases) == (None, "fewer than 5 cases", 4)


def test_tiers_count_everybody_registered_once() -> None:
    """Of 10 endpoints: A reached all (100·0.75 = 75), B half at full volume (62.5), C none, with 1 of 255 calls.

    C's call failed: 100·0.5·ln 2/ln 256 = 6.25. D called in January only, E never. The 95th percentile of 255, 255
    and 1 is 255.
    """
    made = [
        calls("A", 10, 255),
        calls("B", 5, 255),
        [call("2025-03-15", "C", 404)],
        calls("D", 1, 1, "2025-01"),
    ]
    names = ("A", "B", "C", "D", "E")
    point = only(ask(world(*made, names=names, offered=10), "depth_tiers", **MARCH))
    assert point.values == {
        "scaling": 1,
        "building": 1,
        "experimenting": 1,
        "silent": 1,
        "never_called": 1,
        "scaling_share": pytest.approx(1 / 3),
    }
    assert point.cases == 5


def scored(month: str, endpoints: int) -> list[Draft]:
    """Return calls of A that score 50 and a quarter for each hundredth of the endpoints."""
    return calls("A", endpoints, 100, month) if endpoints else []


@pytest.mark.parametrize(
    ("february", "march", "april", "tiers"),
    [
        (60, 66, 70, ["building", "building", "building"]),  # 65, 66.5, 67.5: not past 68
        (60, 72, 66, ["building", "scaling", "scaling"]),  # 65, 68, 66.5
        (72, 56, 55, ["scaling", "scaling", "building"]),  # 68, 64, 63.75: 64 is not past it
    ],
)
def test_a_tier_changes_only_past_the_cut(february: int, march: int, april: int, tiers: list[str]) -> None:
    """A cut at 66 is passed at 68 upwards and below 64 downwards; alone, A scores 50 and 0.25 per endpoint of 100."""
    months = ("2025-02", "2025-03", "2025-04")
    made = [scored(month, count) for month, count in zip(months, (february, march, april), strict=True)]
    answer = ask(
        world(*made, names=("A",), offered=100), "depth_tiers", start=on("2025-02-01"), grain="month"
    )
    found = [next(name for name, value in point.values.items() if value == 1) for point in answer.points]
    assert found == tiers


def test_moves_of_a_period_are_all_its_members() -> None:
    """A goes from building to scaling, B falls silent, C signs up in March and never calls."""
    made = [calls("A", 2, 100, "2025-02"), calls("B", 2, 100, "2025-02"), calls("A", 4, 100, "2025-03")]
    moving = world(*made, offered=4)
    moving["developers"].append(developer("C", "2025-03-10"))
    answer = ask(moving, "depth_movements", **MARCH)
    assert {(p.by["tier"], p.by["kind"]): p.value for p in answer.points} == {
        ("building", "scaling"): 1,
        ("building", "silent"): 1,
        ("new", "never_called"): 1,
    }


def test_the_tier_before_the_silence_tells_why_they_left() -> None:
    """A built in January (100·(0.5 + 0.25·2/4) = 62.5), B came on 10 February and left at once, C still calls.

    In March A and B are churned: their last calls were on 15 February. A's last full month before is January; B has
    none and is experimenting; C is building as well.
    """
    made = [
        *(
            calls(name, 2, 100, month)
            for name, month in (("A", "2025-01"), ("A", "2025-02"), ("B", "2025-02"))
        ),
        *(calls("C", 2, 100, f"2025-0{n}") for n in range(1, 5)),
    ]
    leaving = world(*made, names=("A", "B", "C"), offered=4)
    answer = ask(leaving, "developer_churn_rate", by=("tier",), **MARCH)
    assert {p.by["tier"]: (p.value, p.cases) for p in answer.points} == {
        "building": (0.5, 2),
        "experimenting": (1.0, 1),
    }


@pytest.mark.parametrize(
    "seed", [seed for seed in range(18) if seed not in {7, 13}]
)  # nobody called in those
def test_churn_by_tier_equals_its_reference(seed: int) -> None:
    """On drawn worlds, by month or week, every tier has the churned and those at risk that plain Python counts."""
    random = Random(seed)
    drawn = dict(build(random, Sizes(6, 9, 150, 5, 0, 0), "Europe/Berlin"))
    drawn |= depth_worlds.rows(random, drawn, "Europe/Berlin")
    asked = Question(
        "developer_churn_rate",
        start=on("2025-02-01") if seed % 2 else on("2025-02-03"),
        end=on("2026-02-01") if seed % 2 else on("2026-02-02"),
        grain="month" if seed % 2 else "week",
        by=("tier",),
        entity=("developer", "partner")[seed // 2 % 2],
        churn_days=(30, 7)[seed // 4 % 2],
    )
    answer = told(drawn, asked)
    found = {
        (point.period, str(point.by["tier"])): (point.values["churned"], point.cases)
        for point in answer.points
    }
    assert found == churn_by_tier(drawn, asked)
    assert found
