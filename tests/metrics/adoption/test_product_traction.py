"""Does the traction of products say what a person works out in the head?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.metrics.small import ask
from tests.reference.tiny import Draft, at, call, key, on, partner

World = dict[str, list[Draft]]
APRIL: dict[str, Any] = {"start": on("2025-04-01"), "end": on("2025-05-01"), "grain": "month"}


def sold(name: str, count: int, day: str) -> list[Draft]:
    """Return calls of a product on one day."""
    return [call(day, product=name) for _ in range(count)]


def traction(products: tuple[Draft, ...], *calls: list[Draft]) -> dict[str | None, tuple[object, ...]]:
    """Return calls, growth, partners and dead weight by product in April 2025, which is over."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "products": list(products),
        "calls": [*(each for group in calls for each in group), call("2025-05-01", None)],
    }
    answer = ask(world, "product_traction", **APRIL)
    return {point.by["product"]: tuple(point.values.values()) for point in answer.points}


def test_products_gain_or_are_dead_weight() -> None:
    """Pets grow from 2 to 3; maps were last called on 30 January, 91 days before the end; chat is not out yet."""
    found = traction(
        ({"product": "maps"}, {"product": "chat", "launched_at": at("2025-05-01")}, {"product": "shop"}),
        sold("pets", 2, "2025-03-10"),
        sold("pets", 3, "2025-04-10"),
        sold("maps", 5, "2025-01-30"),
        sold("shop", 1, "2025-01-31"),
    )
    assert found == {"pets": (3, 0.5, 1, 0), "maps": (0, None, 0, 1), "shop": (0, None, 0, 0)}


@pytest.mark.parametrize(("last", "dead"), [(1, 1), (2, 0)])
def test_three_falls_in_a_row_are_dead_weight(last: int, dead: int) -> None:
    """Stretches of 30 days end on 30 April, 31 March, 1 March, 30 January: 4, 3, 2 calls and one or two."""
    found = traction(
        (),
        sold("pets", 4, "2025-01-10"),
        sold("pets", 3, "2025-02-10"),
        sold("pets", 2, "2025-03-10"),
        sold("pets", last, "2025-04-10"),
    )
    assert found["pets"][-1] == dead
