"""Is use held against invoices as an accountant would?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.metrics.relations.test_rating import Draft, paid, plan, used, world
from tests.metrics.small import ask, only, split
from tests.reference.tiny import at, call, key, on, partner

JANUARY: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-02-01")}
AT_ONE = plan((None, "1", None))


def line(amount: str, units: float | None = None, name: str = "L1", **more: object) -> Draft:
    """Return a usage line of P1 for pets in January, issued as February begins."""
    plain = {"line_id": name, "invoice_id": name, "partner_id": "P1", "product": "pets", "plan_id": "pro"}
    dates = {"period_start": at("2025-01-01"), "period_end": at("2025-02-01"), "issued_at": at("2025-02-01")}
    money = {"kind": "usage", "units": units, "amount": Decimal(amount), "currency": "EUR"}
    return {**plain, **dates, **money, **more}


def billed(
    calls: list[Draft], *lines: Draft, plans: list[Draft] | None = None, **more: object
) -> dict[str, Any]:
    """Return a world in which P1 has a plan of 1 per unit and was billed with these lines."""
    made = world(plans or [AT_ONE], calls)
    return {**made, "invoice_lines": [*made["invoice_lines"], *lines], **more}


def test_what_is_missing_and_what_is_too_much_do_not_cancel() -> None:
    """P1 owes 10 and paid 4, P2 owes 10 and paid 13: 6 leaked, 3 overbilled, 55 % right."""
    made = billed(
        [used("2025-01-05", 10), used("2025-01-05", 10, consumer="k2")],
        line("4", 4),
        line("13", 13, "L2", partner_id="P2"),
        partners=[partner(), partner("P2")],
        credentials=[key(), key("k2", "P2")],
        subscriptions=[paid(), paid() | {"subscription_id": "S2", "partner_id": "P2"}],
    )
    point = only(ask(made, "leakage", **JANUARY))
    values = {
        name: point.values[name] for name in ("leaked", "overbilled", "rate", "expected", "billed", "flagged")
    }
    assert values == {
        "leaked": 6, "overbilled": 3, "rate": 0.3, "expected": 20, "billed": 17, "flagged": 2,
    }  # fmt: skip
    assert split(ask(made, "leakage", by=("partner",), **JANUARY), "partner") == {"P1": 6, "P2": 0}
    assert only(ask(made, "billing_accuracy", **JANUARY)).value == 0.55


def test_a_credit_that_names_units_is_one_of_use() -> None:
    """10 due, 10 billed, 3 taken back with their units: 3 leaked. A credit without units is of something else."""
    calls = [used("2025-01-05", 10)]
    back = line("3", 3, "C", kind="credit")
    assert only(ask(billed(calls, line("10", 10), back), "leakage", **JANUARY)).value == 3
    assert only(ask(billed(calls, line("10", 10), {**back, "units": None}), "leakage", **JANUARY)).value == 0


TEN = [used("2025-01-05", 10)]
PACK = {"pack_id": "K", "partner_id": "P1", "product": "pets", "units": 10, "purchased_at": at("2025-01-31")}


@pytest.mark.parametrize(
    ("cause", "made"),
    [
        ("matched", billed(TEN, line("10", 10))),
        ("no_invoice", billed(TEN)),
        (
            "unmapped_credential",
            billed(
                [*TEN, used("2025-01-06", 4, consumer="k2")], line("10", 10), credentials=[key(), key("k2")]
            ),
        ),
        ("late_after_close", billed(TEN, line("4", 4, issued_at=at("2025-01-05")))),
        ("duplicate", billed(TEN, line("10", 10), line("10", 10, "L2"))),
        ("wrong_price", billed(TEN, line("8", 10))),
        ("wrong_price", billed(TEN, line("8", None, plan_id="max"))),
        ("allowance_drawn", billed(TEN, credit_packs=[PACK])),
        ("sandbox_billed", billed([*TEN, used("2025-01-05", 3, environment="sandbox")], line("12", 12))),
        ("rounding", billed(TEN, line("9.99", 10))),
        ("currency", billed(TEN, line("9", 10, currency="USD"))),
        ("lost", billed(TEN, line("7", 7))),
        ("unexplained", billed(TEN, line("12", 12))),
    ],
)
def test_the_first_cause_that_fits_is_told(cause: str, made: dict[str, Any]) -> None:
    """One world for each."""
    made["exchange_rates"] = [{"date": on("2025-01-31"), "currency": "USD", "rate": Decimal("0.9")}]
    assert set(split(ask(made, "leakage", by=("kind",), **JANUARY), "kind")) == {cause}


def test_use_on_trial_is_rated_and_told_apart() -> None:
    """5 on trial, 5 paid from the 15th on and billed: 5 leaked, by the trial."""
    made = billed([used("2025-01-05", 5), used("2025-01-20", 5)], line("5", 5))
    trial = paid(name="pro", kind="trial") | {"subscription_id": "T", "ended_at": at("2025-01-15")}
    made["subscriptions"] = [trial, paid("2025-01-15")]
    assert split(ask(made, "leakage", by=("kind",), **JANUARY), "kind") == {"trial": 5, "matched": 0}


def test_before_it_is_billed_use_is_over_contract_and_no_leak() -> None:
    """On 20 January 10 of 8 contracted units are used and no line is there; on 1 February it is a leak."""
    made = billed(TEN)
    made["subscriptions"] = [paid(contracted_units=8)]
    early = only(ask(made, "leakage", **JANUARY, as_of=at("2025-01-20")))
    assert (early.value, early.values["over_contract"]) == (0, 1)
    late = only(ask(made, "leakage", **JANUARY, as_of=at("2025-02-01")))
    assert (late.value, late.values["over_contract"]) == (10, 0)


def test_amounts_are_converted_at_the_last_day_of_the_month() -> None:
    """10 dollars due at 0.9 on the 31st, 5 billed; the rate of the issue's day plays no part. Without one, a note."""
    made = billed(TEN, line("5", 5, currency="USD"), plans=[{**AT_ONE, "currency": "USD"}])
    rates = (("2025-01-31", "0.9"), ("2025-02-01", "2"))
    made["exchange_rates"] = [
        {"date": on(day), "currency": "USD", "rate": Decimal(rate)} for day, rate in rates
    ]
    assert only(ask(made, "leakage", **JANUARY)).value == Decimal("4.5")
    answer = ask({**made, "exchange_rates": made["exchange_rates"][1:]}, "leakage", **JANUARY)
    assert (only(answer).value, only(answer).cases) == (0, 0)
    assert "no exchange rate for USD 2025-01-31 (or the 7 days before); lines left out" in answer.notes


def test_calls_of_nobody_are_told() -> None:
    """One of two calls has no owner."""
    answer = ask(
        billed([*TEN, call("2025-01-06", "ghost", product="pets")], line("10", 10)), "leakage", **JANUARY
    )
    assert only(answer).values["attributed"] == 0.5
    assert "1 calls belong to no partner and are rated for nobody" in answer.notes


def test_unrealised_revenue_is_use_without_a_paid_plan_at_the_proposed_price() -> None:
    """P1 pays nothing: 12 units, 2 included, 10 at 0.25 are 2.50 in two calls. P2 pays 1 for 10: uplift 2 − 1.

    The test partner P3 is out, and so is the fee of 99.
    """
    made = billed(
        [
            used("2025-01-05", 5),
            used("2025-01-06", 7),
            used("2025-01-05", 10, consumer="k2"),
            used("2025-01-05", 50, consumer="k3"),
        ],
        line("1", 10, partner_id="P2"),
        plans=[AT_ONE, plan((None, "0.25", None), name="draft", status="proposed", included_units=2)],
        partners=[partner(), partner("P2"), partner("P3", status="test")],
        credentials=[key(), key("k2", "P2"), key("k3", "P3")],
        subscriptions=[paid(kind="free"), paid() | {"subscription_id": "S2", "partner_id": "P2"}],
    )
    point = only(ask(made, "unrealised_revenue", **JANUARY))
    assert point.values == {"amount": Decimal("2.5"), "partners": 1, "calls": 2, "uplift": 1}
    assert split(ask(made, "unrealised_revenue", by=("partner",), **JANUARY), "partner") == {
        "P1": Decimal("2.5"),
        "P2": 0,
    }
