"""Are contracted units and packs used up as a person would tick them off?"""

from __future__ import annotations

from typing import Any

from tests.metrics.relations.test_rating import Draft, paid, plan, used, world
from tests.metrics.small import ask
from tests.reference.tiny import at, call, on


def pack(name: str, units: int, start: str, end: str | None = None, **more: object) -> Draft:
    """Return a pack of pets bought by P1."""
    expires = None if end is None else at(end)
    plain = {"pack_id": name, "partner_id": "P1", "product": "pets", "units": units}
    return {**plain, "purchased_at": at(start), "expires_at": expires, **more}


def consumed(made: dict[str, Any], month: str = "2025-01-01", end: str = "2025-02-01") -> dict[str, object]:
    """Return the values of P1 and pets at the end of January, or of other days."""
    answer = ask(made, "contract_consumption", start=on(month), end=on(end), grain="all")
    (point,) = answer.points
    assert point.by == {"partner": "P1", "product": "pets"}
    return dict(point.values)


def packs(calls: list[Draft], *bought: Draft) -> dict[str, Any]:
    """Return P1 with packs and no subscription."""
    made = world([plan((None, "1", None))], calls)
    return {**made, "subscriptions": [paid(partner_id="P9")], "credit_packs": list(bought)}


def test_a_pack_is_used_by_successes_in_production() -> None:
    """80 of 100, 28 of them in the last 28 days: 20 more last 20 days. Failures and the sandbox draw nothing."""
    calls = [
        used("2025-01-03", 52),
        used("2025-01-04", 28),
        used("2025-01-05", 7, status=500),
        used("2025-01-05", 7, environment="sandbox"),
    ]
    assert consumed(packs(calls, pack("K", 100, "2025-01-01"))) == {
        "consumed": 0.8, "used": 80, "allowed": 100, "over_contract": 0, "lost": 0, "days_left": 20,
    }  # fmt: skip


def test_what_expires_first_is_drawn_first_and_the_rest_of_it_is_lost() -> None:
    """B expires on 20 January: 6 of its 10 units are drawn, 4 lost, though A was bought before. Then 5 of A's 10."""
    calls = [used("2025-01-10", 6), used("2025-01-20", 5)]
    values = consumed(packs(calls, pack("A", 10, "2025-01-01"), pack("B", 10, "2025-01-05", "2025-01-20")))
    assert (values["used"], values["allowed"], values["lost"]) == (5, 10, 4)


def test_use_before_a_pack_is_bought_draws_nothing_from_it() -> None:
    """5 units on the 10th, a pack of 10 on the 11th, 12 more on the 12th: 10 drawn, 7 over."""
    values = consumed(packs([used("2025-01-10", 5), used("2025-01-12", 12)], pack("A", 10, "2025-01-11")))
    assert (values["used"], values["over_contract"], values["consumed"]) == (17, 7, 1.7)
    assert values["days_left"] == 0


def test_the_contract_comes_before_the_pack_and_begins_anew_each_month() -> None:
    """8 a month contracted: 10 in January draw 2 of the pack; in February 6 of 8 and still 2 of 10 are used."""
    made = world(
        [plan((None, "1", None))],
        [used("2025-01-10", 10), used("2025-02-10", 6)],
        paid(contracted_units=8),
        credit_packs=[pack("A", 10, "2025-01-01")],
    )
    january, february = consumed(made), consumed(made, "2025-02-01", "2025-03-01")
    assert (january["used"], january["allowed"]) == (10, 18)
    assert (february["used"], february["allowed"]) == (8, 18)
    assert february["days_left"] == 10 * 28 / 6


def test_without_use_nothing_is_ever_used_up() -> None:
    """The last use was in January; in June no day is named."""
    made = packs([used("2025-01-10", 5)], pack("A", 10, "2025-01-01"))
    values = consumed(made, "2025-06-01", "2025-07-01")
    assert (values["consumed"], values["days_left"]) == (0.5, None)


def test_a_pack_of_any_product_is_used_by_what_has_none_of_its_own() -> None:
    """Pets have a pack, birds draw from the one that names no product."""
    calls = [used("2025-01-10", 5), call("2025-01-10", product="birds", units=3)]
    made = packs(calls, pack("A", 10, "2025-01-01"), pack("B", 10, "2025-01-01", product=None))
    answer = ask(made, "contract_consumption", start=on("2025-01-01"), end=on("2025-02-01"))
    assert [(point.by["product"], point.value) for point in answer.points] == [("pets", 0.5), (None, 0.3)]
