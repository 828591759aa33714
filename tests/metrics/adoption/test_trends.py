"""Do trends and concentration say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.small import ask, only, said, split
from tests.reference.tiny import Draft, at, call, key, on, partner, sandbox

World = dict[str, list[Draft]]
CLOSED = call("2025-03-31 12:00", None)
"""A call of nobody in March, after which January and February are over."""


def monthly(**volumes: tuple[int, int]) -> World:
    """Each partner's calls in January and in February."""
    months = ("2025-01-15", "2025-02-15")
    return {
        "partners": [partner(name) for name in volumes],
        "credentials": [key(name, name) for name in volumes],
        "calls": [
            *(
                call(month, name)
                for name, counts in volumes.items()
                for month, count in zip(months, counts, strict=True)
                for _ in range(count)
            ),
            CLOSED,
        ],
    }


def february(world: World, metric: str, **more: Any) -> dict[str, object]:  # noqa: ANN401  Question's fields
    """Return the values of February."""
    answer = ask(world, metric, start=on("2025-02-01"), end=on("2025-03-01"), grain="month", **more)
    return dict(only(answer).values)


def test_one_large_partner_masks_the_decline_of_the_others() -> None:
    """A from 40 to 60, B and C from 20 to 10: 80 in both months, 40 to 20 without A; three make no median.

    Shares 3/4, 1/8, 1/8: squares 36/64 + 1/64 + 1/64 = 38/64.
    """
    values = february(monthly(A=(40, 60), B=(20, 10), C=(20, 10)), "concentration")
    assert values == {
        "top_share": 0.75,
        "hhi": 38 / 64,
        "effective_partners": pytest.approx(64 / 38),
        "growth_total": 0.0,
        "growth_without_top": -0.5,
        "median_growth": None,
        "masking": 1.0,
        "declining_share": pytest.approx(2 / 3),
        "unattributed": 0.0,
    }


def test_five_make_a_median_growth() -> None:
    """+50 %, 0 and three times −50 %; F, who only came in February, has no growth."""
    volumes = {"A": (4, 6), "B": (4, 4), **dict.fromkeys("CDE", (4, 2)), "F": (0, 9)}
    assert february(monthly(**volumes), "concentration")["median_growth"] == -0.5


def test_growth_that_all_share_masks_nothing() -> None:
    """A 40 to 44, B 20 to 22: each a tenth more."""
    assert february(monthly(A=(40, 44), B=(20, 22)), "concentration")["masking"] == 0.0


def test_exactly_five_points_apart_masks_nothing() -> None:
    """A 10 to 12, B 10 to 11: +15 % in total, +10 % without A; with A at 13 it is +20 % against +10 %."""
    assert february(monthly(A=(10, 12), B=(10, 11)), "concentration")["masking"] == 0.0
    assert february(monthly(A=(10, 13), B=(10, 11)), "concentration")["masking"] == 1.0


def test_the_unattributed_share_stands_beside() -> None:
    """One call of nobody among four: a quarter, and the top one of the rest has two thirds."""
    world = monthly(A=(0, 2), B=(0, 1))
    world["calls"].append(call("2025-02-16", "unmapped"))
    values = february(world, "concentration")
    assert (values["top_share"], values["unattributed"]) == (pytest.approx(2 / 3), 0.25)
    assert (values["growth_total"], values["masking"]) == (None, None)


def test_a_fall_beyond_noise_is_declining() -> None:
    """From 100 to 70: 30 > 2·√170 ≈ 26. From 100 to 80: 20 < 2·√180. From 100 to 0 nobody calls any more."""
    world = monthly(A=(100, 70), B=(100, 80), C=(100, 0))
    scope: dict[str, Any] = {"start": on("2025-02-01"), "end": on("2025-03-01"), "grain": "month"}
    answer = ask(world, "volume_trend", **scope)
    assert split(answer, "partner") == {"A": pytest.approx(-0.3), "B": pytest.approx(-0.2), "C": -1.0}
    assert {point.by["partner"]: point.values["declining"] for point in answer.points} == {
        "A": 1,
        "B": 0,
        "C": 0,
    }


def test_who_is_told_to_slow_down_is_limited() -> None:
    """Two of A's calls were answered 429, none of B's."""
    world = monthly(A=(1, 1), B=(1, 1))
    world["calls"] += [call("2025-02-16", "A", 429), call("2025-02-17", "A", 429)]
    scope: dict[str, Any] = {"start": on("2025-02-01"), "end": on("2025-03-01"), "grain": "month"}
    points = ask(world, "volume_trend", **scope).points
    assert [(p.by["partner"], p.values["limit_hits"], p.values["limited"]) for p in points] == [
        ("A", 2, 1),
        ("B", 0, 0),
    ]


def test_who_has_nearly_used_up_a_quota_is_limited() -> None:
    """A, B and C made 96, 95 and 96 calls in February, of 100 units each; C has a pack of 4 besides: 96 of 104.

    Asked of an endpoint nobody else calls, A is limited all the same. In January nobody had used more than one.
    """
    world = monthly(A=(1, 96), B=(1, 95), C=(1, 96))
    for number, one in enumerate(world["calls"]):
        one |= {"product": "pets", "route": "/rare" if number == 1 else "/often"}
    plan = {"plan_id": "Q", "product": "pets", "currency": "EUR"}
    held = [
        {
            "subscription_id": name,
            "partner_id": name,
            "plan_id": "Q",
            "kind": "paid",
            "started_at": at("2025-01-01"),
            "contracted_units": 100,
        }
        for name in "ABC"
    ]
    packs = [
        {"pack_id": "K", "partner_id": "C", "product": "pets", "units": 4, "purchased_at": at("2025-02-01")}
    ]
    told = {**world, "plans": [plan], "subscriptions": held, "credit_packs": packs}
    scope: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-03-01"), "grain": "month"}
    points = ask(told, "volume_trend", **scope).points
    limits = [(p.period.month, p.by["partner"], p.values["quota_used"], p.values["limited"]) for p in points]
    assert limits == [
        (1, "A", 0.01, 0),
        (1, "B", 0.01, 0),
        (1, "C", 0.01, 0),
        (2, "A", 0.96, 1),
        (2, "B", 0.95, 0),
        (2, "C", 96 / 104, 0),
    ]
    (rare,) = ask(told, "volume_trend", where=(("endpoint", ("GET /rare",)),), **scope).points
    assert (rare.by["partner"], rare.values["calls"], rare.values["limited"]) == ("A", 1, 1)


def test_a_running_period_has_no_growth_yet() -> None:
    """The last call comes on 31 March at noon: February is judged, March is not."""
    world = monthly(A=(4, 6))
    world["calls"].append(call("2025-03-02", "A"))
    answer = ask(world, "volume_trend", start=on("2025-02-01"), grain="month")
    assert said(answer) == [("2025-02-01", 0.5), ("2025-03-01", None)]
    assert answer.points[1].absent == "no calls in the period before, or the period is not over"


def test_volume_is_of_any_environment() -> None:
    """One production call in January, it and one in the sandbox in February: twice as much, in production as much."""
    world = monthly(A=(1, 1))
    world["calls"].append(sandbox("2025-02-16", "A"))
    assert february(world, "volume_trend")["growth"] == 1.0
    assert february(world, "volume_trend", environment="production")["growth"] == 0.0
    assert february(world, "ramping_up")["calls"] == 2


def test_ramping_up_needs_half_as_much_again_beyond_noise() -> None:
    """The last 28 days end with 28 February. A: 40 after 10, 30 > 2·√50. B: 3 after 2, a rise of 1 is noise.

    C: 40 after 30 is 1.33 times.
    """
    calls = [
        *(
            call("2025-01-31 12:00", name)
            for name, count in {"A": 10, "B": 2, "C": 30}.items()
            for _ in range(count)
        ),
        *(
            call("2025-02-01", name)
            for name, count in {"A": 40, "B": 3, "C": 40}.items()
            for _ in range(count)
        ),
        call("2025-02-28 23:00", None),
    ]
    names = ("A", "B", "C")
    world = {
        "partners": [partner(n) for n in names],
        "credentials": [key(n, n) for n in names],
        "calls": calls,
    }
    answer = ask(world, "ramping_up")
    assert [(p.by["partner"], p.value, p.values["ramping"]) for p in answer.points] == [
        ("A", 4.0, 1),
        ("B", 1.5, 0),
        ("C", pytest.approx(4 / 3), 0),
    ]
