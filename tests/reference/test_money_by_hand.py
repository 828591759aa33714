"""Does the reference say what a person works out in the head, for revenue and cost?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.reference.tiny import ask, at, call, effort, key, line, on, only, partner, said, span


def test_program_revenue_by_service_day() -> None:
    """A year at 365 has 31 in January and 28 in February; usage counts where its period ends.

    A credit of 10 reduces whatever its sign; tax is nobody's revenue.
    """
    world = {
        "invoice_lines": [
            line("year", "2025-01-01", "2026-01-01", "365"),
            line("usage", "2025-01-01", "2025-02-01", "7", "usage"),
            line("over", "2025-01-20", "2025-02-02", "5", "overage"),
            line("credit", "2025-02-01", "2025-03-01", "10", "credit"),
            line("back", "2025-02-01", "2025-03-01", "-1", "refund"),
            line("tax", "2025-01-01", "2025-02-01", "19", "tax"),
            line("setup", "2025-02-03", "2025-02-04", "100", "one_off"),
        ],
    }
    january, february = ask(world, "program_revenue", start=on("2025-01-01"), end=on("2025-03-01"))
    assert (january.value, january.cases) == (Decimal(38), 2)
    assert february.values == {
        "total": Decimal(122),
        "subscription": Decimal(28),
        "usage": Decimal(0),
        "overage": Decimal(5),
        "credit_pack": Decimal(0),
        "one_off": Decimal(100),
        "credits": Decimal(-11),
    }


def test_revenue_in_another_currency_needs_a_rate_of_the_last_seven_days() -> None:
    """100 dollars on the 8th use the rate of the 1st; on the 9th there is none, and the line is left out."""
    world = {
        "invoice_lines": [
            line("a", "2025-01-08", "2025-01-09", "100", currency="USD"),
            line("b", "2025-01-09", "2025-01-10", "100", currency="USD"),
        ],
        "exchange_rates": [{"date": on("2025-01-01"), "currency": "USD", "rate": Decimal("0.9")}],
    }
    point = only(ask(world, "program_revenue"))
    assert (point.value, point.cases) == (Decimal(90), 1)


def test_revenue_invoiced_and_paid() -> None:
    """Issued in January, paid in March: all of it there, whatever the service period."""
    world = {"invoice_lines": [line("year", "2025-01-01", "2026-01-01", "365", paid_at=at("2025-03-05"))]}
    assert said(ask(world, "program_revenue", set={"basis": "invoiced"})) == [("2025-01-01", Decimal(365))]
    assert said(ask(world, "program_revenue", set={"basis": "paid"})) == [("2025-03-01", Decimal(365))]


def test_revenue_as_of_a_day_counts_the_days_begun() -> None:
    """As of the 10th at noon ten days of January are seen, of a month at 31."""
    world = {"invoice_lines": [line("m", "2025-01-01", "2025-02-01", "31")]}
    point = only(ask(world, "program_revenue", as_of=at("2025-01-10 12:00")))
    assert (point.value, point.partial) == (Decimal(10), True)


def test_revenue_per_partner_over_those_who_pay_and_call() -> None:
    """P1 pays 90 and calls, P2 pays 30 and is silent, P3 calls for nothing: 120 over one."""
    world = {
        "partners": [partner(f"P{n}") for n in (1, 2, 3)],
        "credentials": [key(), key("k3", "P3")],
        "calls": [call("2025-01-05"), call("2025-01-06", "k3")],
        "invoice_lines": [
            line("a", "2025-01-01", "2025-02-01", "90"),
            line("b", "2025-01-01", "2025-02-01", "30", partner_id="P2"),
        ],
    }
    point = only(ask(world, "revenue_per_partner"))
    assert (point.value, point.cases) == (Decimal(120), 1)


def test_revenue_per_product_shares_what_names_none_by_use() -> None:
    """P1 pays 10 for pets and 40 for everything; three of its four calls are pets: 10 + 30, and 10 for messages.

    P2 pays 5 for everything and never calls: 5 stays unallocated.
    """
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key()],
        "calls": [
            *(call("2025-01-05", product="pets") for _ in range(3)),
            call("2025-01-06", product="messages"),
        ],
        "invoice_lines": [
            line("a", "2025-01-01", "2025-01-02", "10", product="pets"),
            line("b", "2025-01-01", "2025-01-02", "40"),
            line("c", "2025-01-01", "2025-01-02", "5", partner_id="P2"),
        ],
    }
    points = ask(world, "revenue_per_product", by=("product",))
    assert [(p.by[0][1], p.value, p.cases) for p in points] == [
        ("messages", Decimal(10), 1),
        ("pets", Decimal(40), 2),
        (None, Decimal(5), 1),
    ]


def test_net_revenue_retention_of_those_who_paid_a_year_ago() -> None:
    """January 2024: P1 100, P2 50. A year later P1 150, P2 nothing, P3 (new) 70: 150 ÷ 150. One-off: never."""
    world = {
        "invoice_lines": [
            line("a", "2024-01-01", "2024-02-01", "100"),
            line("b", "2024-01-01", "2024-02-01", "50", partner_id="P2"),
            line("c", "2025-01-01", "2025-02-01", "150"),
            line("d", "2025-01-01", "2025-02-01", "70", partner_id="P3"),
            line("e", "2025-01-01", "2025-02-01", "999", "one_off"),
            line("f", "2025-02-01", "2025-03-01", "70", partner_id="P3"),
        ],
    }
    january, february = ask(world, "net_revenue_retention", start=on("2025-01-01"), end=on("2025-03-01"))
    assert (january.value, january.cases) == (1.0, 2)
    assert february.absent == "no revenue in the base period"


def test_program_cost_spreads_costs_and_dates_effort() -> None:
    """590 over the 59 days of January and February, and two hours at 80 in February: 310, then 280 + 160."""
    world = {
        "costs": [span("2025-01-01", "2025-03-01", "590", category="support")],
        "effort": [effort("2025-02-14", 2.0, "80")],
    }
    points = ask(world, "program_cost")
    assert said(points) == [("2025-01-01", Decimal(310)), ("2025-02-01", Decimal(440))]
    assert [point.cases for point in points] == [1, 2]


def test_cost_value_ratio_with_and_without_attributed_revenue() -> None:
    """The example of the CFO page: 400 of cost, 600 direct and 1,200 attributed: 4.5 and 1.5.

    What is in revenue already adds nothing; transactions only count where nothing is sold.
    """
    january = ("2025-01-01", "2025-02-01")
    world = {
        "costs": [span(*january, "400", category="other")],
        "invoice_lines": [line("a", *january, "600")],
        "value": [
            span(*january, "1200", kind="attributed_revenue"),
            span(*january, "77", kind="attributed_revenue", already_in_revenue=True),
            span(*january, "5000", kind="transaction"),
        ],
    }
    point = only(ask(world, "cost_value_ratio"))
    assert point.values == {"with_attributed": 4.5, "direct_only": 1.5}
    unsold = {**world, "invoice_lines": []}
    assert only(ask(unsold, "cost_value_ratio")).absent == "nothing is known"


def test_cost_per_partner_onboarded_in_the_period_and_of_the_cohort() -> None:
    """10 hours at 80 in January, half of them for P1; P1 and P2 go live then. Period: 1,000 ÷ 2.

    The onboarding cost of 200 names nobody: of the cohort's spend only P1's 400 remain, ÷ 2.
    """
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key(), key("k2", "P2")],
        "calls": [call("2025-01-05"), call("2025-01-06", "k2"), call("2025-02-01", status=500)],
        "costs": [
            span("2025-01-01", "2025-02-01", "200", category="support", activity="onboarding"),
            span("2025-01-01", "2025-02-01", "9999", category="support", activity="run"),
        ],
        "effort": [effort("2025-01-02", 5.0, "80", "P1"), effort("2025-01-03", 5.0, "80")],
    }
    january, february = ask(world, "cost_per_partner_onboarded")
    assert (january.value, january.cases) == (Decimal(500), 2)
    assert (february.value, february.absent) == (None, "nobody went live")
    cohort = ask(world, "cost_per_partner_onboarded", set={"method": "cohort"})
    assert cohort[0].value == Decimal(200)


@pytest.mark.parametrize(("fiscal", "period"), [(1, "2025-01-01"), (2, "2024-11-01")])
def test_a_fiscal_year_moves_its_quarters(fiscal: int, period: str) -> None:
    """With a year from February on, January belongs to the quarter that began in November."""
    world = {"invoice_lines": [line("a", "2025-01-31", "2025-02-01", "9")]}
    points = ask(world, "program_revenue", grain="quarter", fiscal_year_starts=fiscal)
    assert said(points) == [(period, Decimal(9))]
