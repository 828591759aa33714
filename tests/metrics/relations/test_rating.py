"""Is use rated as a person would with the price list in hand?"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.metrics.small import ask, only, said
from tests.reference.tiny import at, call, key, on, partner

Draft = dict[str, Any]
THREE = [(5, "1", "2.50"), (20, "0.5", None), (None, "0.1", "10")]
"""Up to 5 at 1 with 2.50 at once; up to 20 at 0.50; beyond at 0.10 with 10 at once."""


def tiers(*listed: tuple[int | None, str, str | None]) -> str:
    """Return tiers as the table keeps them."""
    keys = ("up_to", "unit_price", "flat_fee")
    return json.dumps([{k: v for k, v in zip(keys, tier, strict=True) if v is not None} for tier in listed])


def plan(*listed: tuple[int | None, str, str | None], name: str = "pro", **more: object) -> Draft:
    """Return a plan of pets, valid always, in euros."""
    plain = {
        "plan_id": name,
        "product": "pets",
        "currency": "EUR",
        "fee": Decimal(99),
        "tiers": tiers(*listed),
    }
    return {**plain, **more}


def paid(start: str = "2025-01-01", name: str = "pro", **more: object) -> Draft:
    """Return P1's paid subscription."""
    plain = {"subscription_id": f"S-{name}", "partner_id": "P1", "plan_id": name, "kind": "paid"}
    return {**plain, "started_at": at(start), **more}


def used(time: str, units: int, **more: Any) -> Draft:  # noqa: ANN401  whatever a call has
    """Return a call of P1 to pets worth so many units."""
    return call(time, product="pets", units=units, **more)


def world(plans: list[Draft], calls: list[Draft], *subscriptions: Draft, **more: object) -> dict[str, Any]:
    """Return P1 with its plans and calls; nothing was billed except one cent, so that all is known until 2027."""
    cent = {
        "line_id": "L",
        "invoice_id": "I",
        "partner_id": "P1",
        "kind": "usage",
        "units": 0.0,
        "currency": "EUR",
    }
    cent |= {"plan_id": "none", "product": "cents", "amount": Decimal("0.01"), "issued_at": at("2025-01-01")}
    cent |= {"period_start": at("2024-12-01"), "period_end": at("2025-01-01")}
    return {
        "partners": [partner()],
        "credentials": [key()],
        "plans": plans,
        "subscriptions": list(subscriptions) or [paid()],
        "calls": [*calls, call("2027-01-01", None)],
        "invoice_lines": [cent, cent | {"line_id": "M", "period_end": at("2027-01-02")}],
        **more,
    }


def due(made: dict[str, Any], start: str = "2025-01-01", end: str = "2025-02-01") -> Any:  # noqa: ANN401
    """Return what January's use, or that of other days, is due."""
    return only(ask(made, "leakage", start=on(start), end=on(end))).values["expected"]


@pytest.mark.parametrize(
    ("units", "graduated", "volume"),
    [
        (0, "0", "0"),
        (1, "3.5", "3.5"),
        (5, "7.5", "7.5"),
        (6, "8", "3"),
        (20, "15", "10"),
        (21, "25.1", "12.1"),
    ],
)
def test_tiers_add_up_or_the_last_one_holds_for_all(units: int, graduated: str, volume: str) -> None:
    """6 graduated: 2.50 + 5 × 1 + 1 × 0.5 = 8, by volume 6 × 0.5 = 3. 21: 15 + 10 + 0.1, or 21 × 0.1 + 10.

    What stands exactly at a limit is still below it; a tier's fee is due with its first unit.
    """
    for mode, amount in (("graduated", graduated), ("volume", volume)):
        made = world([plan(*THREE, tier_mode=mode)], [used("2025-01-05", units)])
        assert due(made) == Decimal(amount)


def test_included_units_cost_nothing_and_tiers_count_beyond_them() -> None:
    """10 included: 10 units cost nothing, 15 are 5 at 1 with 2.50, 16 one more at 0.50."""
    for units, amount in ((10, "0"), (15, "7.5"), (16, "8")):
        made = world([plan(*THREE, included_units=10)], [used("2025-01-05", units)])
        assert due(made) == Decimal(amount)


def test_a_new_version_goes_on_counting_at_its_own_prices() -> None:
    """8 units at 1; from the 15th up to 10 at 9, beyond at 2: the 9th and 10th at 9, the 11th and 12th at 2."""
    made = world(
        [
            plan((None, "1", None), valid_to=at("2025-01-15")),
            plan((10, "9", None), (None, "2", None), valid_from=at("2025-01-15")),
        ],
        [used("2025-01-14 23:59:59", 8), used("2025-01-15", 4)],
    )
    assert due(made) == 8 + 2 * 9 + 2 * 2


def test_another_plan_begins_anew() -> None:
    """6 units of 10 included in pro, 6 of 10 in max from the 15th on: nothing is due, with pro alone 2 would be."""
    plans = [plan((None, "1", None), name=name, included_units=10) for name in ("pro", "max")]
    calls = [used("2025-01-05", 6), used("2025-01-20", 6)]
    assert due(world(plans, calls)) == 2
    assert due(world(plans, calls, paid(), paid("2025-01-15", "max"))) == 0


def test_a_yearly_plan_counts_from_the_month_its_subscription_began() -> None:
    """10 a year from March 2025: 6 in April, 6 in February 2026 make 2 beyond; in March it begins anew."""
    made = world(
        [plan((None, "1", None), included_units=10, interval="year")],
        [used("2025-04-05", 6), used("2026-02-05", 6), used("2026-03-05", 6)],
        paid("2025-03-10"),
    )
    answer = ask(made, "leakage", start=on("2025-03-01"), end=on("2026-04-01"))
    assert [month for month, leaked in said(answer) if leaked] == ["2026-02-01"]
    assert due(made, "2026-02-01", "2026-03-01") == 2


def test_a_plan_says_which_calls_it_bills() -> None:
    """Of 1 success, 2 failed and 4 sandbox units: 1; with bills=all 3; of the sandbox 4. Synthetic ones never."""
    calls = [
        used("2025-01-05", 1),
        used("2025-01-05", 2, status=500),
        used("2025-01-05", 4, environment="sandbox"),
        used("2025-01-05", 8, traffic_class="synthetic"),
    ]
    for rule, units in (({}, 1), ({"bills": "all"}, 3), ({"environment": "sandbox"}, 4)):
        assert due(world([plan((None, "1", None), **rule)], calls)) == units


def test_a_plan_without_product_meters_what_no_other_plan_does() -> None:
    """Pets at 1 under its own plan, birds at 3 under the one for all."""
    plans = [plan((None, "1", None)), plan((None, "3", None), name="all", product=None)]
    calls = [used("2025-01-05", 1), call("2025-01-05", product="birds", units=1)]
    assert due(world(plans, calls, paid(), paid(name="all"))) == 4


def test_paid_holds_before_trial_and_free() -> None:
    """A later free subscription takes nothing away; a free one alone is never due."""
    calls = [used("2025-01-05", 5)]
    plans = [plan((None, "1", None)), plan((None, "7", None), name="free")]
    free = paid("2025-01-02", "free", kind="free")
    assert due(world(plans, calls, paid(), free)) == 5
    assert due(world(plans, calls, free)) == 0
