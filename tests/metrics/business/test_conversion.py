"""Do trials and plans convert as a person counts them?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.metrics.small import ask, only, split
from tests.reference.tiny import at, call, key, on, partner

Draft = dict[str, Any]


def plan(name: str, product: str | None = None, fee: str = "0", **more: object) -> Draft:
    """Return a plan by the month, in euros."""
    return {"plan_id": name, "product": product, "currency": "EUR", "fee": Decimal(fee), **more}


def subscription(name: str, owner: str, start: str, kind: str = "paid", **more: object) -> Draft:
    """Return a subscription to the plan `pro`."""
    plain = {"subscription_id": name, "partner_id": owner, "plan_id": "pro", "kind": kind}
    return {**plain, "started_at": at(start), **more}


def trial(name: str, owner: str, start: str, end: str, **more: object) -> Draft:
    """Return a trial with its agreed end."""
    return subscription(name, owner, start, "trial", trial_ends_at=at(end), **more)


def world(*subscriptions: Draft, **more: object) -> dict[str, Any]:
    """Return partners P1 to P5, two plans, subscriptions, and one call of nobody that sets the watermark."""
    return {
        "partners": [partner(f"P{n}") for n in range(1, 6)],
        "plans": [plan("pro", fee="10"), plan("max", fee="240", interval="year"), plan("free")],
        "subscriptions": list(subscriptions),
        "calls": [call("2025-06-01", None)],
        **more,
    }


def test_a_trial_converts_up_to_the_last_instant_of_grace() -> None:
    """Over on the 15th, grace ends at midnight of the 22nd: paid then counts, an instant later only later on.

    P3 never pays, P4 extended its trial and is not over, P5 paid before its trial: 1 of 4 mature ones.
    """
    made = world(
        *(trial(f"T{n}", f"P{n}", "2025-01-01", "2025-01-15") for n in (1, 2, 3, 5)),
        trial("T4", "P4", "2025-01-01", "2025-01-15", ended_at=at("2025-05-30")),
        subscription("S1", "P1", "2025-01-22"),
        subscription("S2", "P2", "2025-01-22 00:00:00.000001"),
        subscription("S5", "P5", "2024-12-31"),
    )
    point = only(ask(made, "trial_conversion", start=on("2025-01-01"), end=on("2025-02-01")))
    assert (point.value, point.cases, point.partial) == (0.25, 4, True)
    assert (point.values["later_rate"], point.values["trials"], point.values["open"]) == (0.4, 5, 1)


def test_a_paid_plan_of_another_product_converts_no_trial() -> None:
    """The trial was of payments; messages were bought."""
    made = world(
        trial("T1", "P1", "2025-01-01", "2025-01-15"),
        subscription("S1", "P1", "2025-01-16", plan_id="msg"),
        plans=[plan("pro", "payments"), plan("msg", "messages")],
    )
    assert only(ask(made, "trial_conversion", grain="all")).value == 0


def test_trials_end_paid_free_or_left() -> None:
    """P1 pays; P2 is free and calls on the 30th day after the end, P3 a day later; P4 has nothing: a quarter each."""
    made = world(
        *(trial(f"T{n}", f"P{n}", "2025-01-01", "2025-01-15") for n in (1, 2, 3, 4)),
        subscription("S1", "P1", "2025-01-15"),
        *(subscription(f"F{n}", f"P{n}", "2025-01-15", "free", plan_id="free") for n in (2, 3)),
        credentials=[key("k2", "P2"), key("k3", "P3")],
        calls=[call("2025-02-14 23:59", "k2"), call("2025-02-15", "k3"), call("2025-06-01", None)],
    )
    point = only(ask(made, "trial_outcomes", grain="all"))
    assert point.values == {"paid": 0.25, "free_active": 0.25, "free_silent": 0.25, "left": 0.25}


def test_trials_with_calls_are_told_from_silent_ones() -> None:
    """P1 calls and pays, P2 calls and does not, P3 pays without a call; P4's call comes as its trial is over."""
    made = world(
        *(trial(f"T{n}", f"P{n}", "2025-01-01", "2025-01-15") for n in (1, 2, 3, 4)),
        *(subscription(f"S{n}", f"P{n}", "2025-01-15") for n in (1, 3)),
        credentials=[key(f"k{n}", f"P{n}") for n in (1, 2, 4)],
        calls=[
            *(call("2025-01-14 23:59:59", f"k{n}") for n in (1, 2)),
            call("2025-01-15", "k4"),
            call("2025-06-01", None),
        ],
    )
    point = only(ask(made, "trial_usage", grain="all"))
    assert (point.values["rate_of_users"], point.values["rate_of_silent"]) == (0.5, 0.5)
    assert (point.cases, point.values["median_converted"]) == (2, None)


def test_plans_convert_within_the_window() -> None:
    """Free P1 pays on day 90, free P2 a day later: 1 of 2. P1 then moves to 240 a year, above 10 a month: up.

    P2's move back from there is down; its first paid plan moved up.
    """
    made = world(
        subscription("F1", "P1", "2024-10-01", "free", plan_id="free"),
        subscription("F2", "P2", "2024-10-01", "free", plan_id="free"),
        subscription("S1", "P1", "2024-12-30"),
        subscription("S2", "P1", "2025-01-30", plan_id="max"),
        subscription("S3", "P2", "2024-12-31", plan_id="max"),
        subscription("S4", "P2", "2025-01-31"),
    )
    answer = ask(made, "plan_conversion", start=on("2024-10-01"), grain="all")
    values = {point.by["plan"]: point.values for point in answer.points}
    assert values["free"]["free_to_paid"] == 0.5
    assert (values["pro"]["upgraded"], values["pro"]["downgraded"]) == (0.5, 0)
    assert (values["max"]["downgraded"], values["max"]["moved"]) == (0.5, 0.5)
    month = ask(
        made, "plan_conversion", start=on("2024-10-01"), grain="all", variants=(("window_days", "91"),)
    )
    assert {point.by["plan"]: point.value for point in month.points}["free"] == 1


def test_the_plan_mix_counts_who_is_there_at_the_end() -> None:
    """In January two are on pro; one leaves at the midnight that ends February and is still there then."""
    made = world(
        subscription("S1", "P1", "2025-01-01", ended_at=at("2025-03-01")),
        subscription("S2", "P2", "2025-01-31 23:00"),
        subscription("S3", "P2", "2025-01-01", plan_id="max", ended_at=at("2025-01-31 23:00")),
    )
    answer = ask(made, "plan_mix", start=on("2025-01-01"), end=on("2025-04-01"))
    assert [(point.period.month, point.by["plan"], point.value) for point in answer.points] == [
        (1, "pro", 2),
        (2, "pro", 2),
        (3, "pro", 1),
    ]
    assert split(
        ask(made, "plan_mix", start=on("2025-01-01"), end=on("2025-01-20"), grain="all"), "plan"
    ) == {
        "pro": 1,
        "max": 1,
    }
