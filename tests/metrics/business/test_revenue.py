"""Does revenue say what a person works out in the head, to the cent?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from firstcall.periods import Question
from tests.metrics.business.months_paid import MOVING
from tests.metrics.small import ask, only, program, said, split
from tests.reference.tiny import at, call, key, line, on, partner

JANUARY = ("2025-01-01", "2025-02-01")
RATE = {"date": on("2025-01-01"), "currency": "USD", "rate": Decimal("0.9")}


def test_a_year_paid_ahead_is_spread_by_days() -> None:
    """365 for 2025 are 31 in January and 28 in February."""
    answer = ask({"invoice_lines": [line("a", "2025-01-01", "2026-01-01", "365")]}, "program_revenue")
    months = said(answer)
    assert months[:3] == [("2025-01-01", 31), ("2025-02-01", 28), ("2025-03-01", 31)]
    assert len(months) == 12


@pytest.mark.parametrize("amount", ["1200.00", "100.00", "0.10", "33.333333", "-7.77"])
def test_what_is_spread_adds_up_exactly(amount: str) -> None:
    """No cent is lost in twelve months or 365 days, though none of them divides the amount."""
    world = {"invoice_lines": [line("a", "2025-01-01", "2026-01-01", amount)]}
    for grain in ("day", "week", "month", "quarter"):
        points = ask(world, "program_revenue", grain=grain).points
        assert sum(Decimal(point.value or 0) for point in points) == Decimal(amount)


def test_what_test_partners_are_invoiced_is_no_revenue() -> None:
    """P2 is a test account, P3 a duplicate of P1: 100 of P1 and 10 of its duplicate; 7 more with internal traffic."""
    world = {
        "partners": [
            partner(),
            partner("P2", status="test"),
            partner("P3", status="duplicate", merged_into="P1"),
        ],
        "invoice_lines": [
            line("a", *JANUARY, "100"),
            line("b", *JANUARY, "7", partner_id="P2"),
            line("c", *JANUARY, "10", partner_id="P3"),
        ],
    }
    assert only(ask(world, "program_revenue")).value == 110
    assert only(ask(world, "program_revenue", variants=(("traffic", "all"),))).value == 117


@pytest.mark.parametrize("kind", ["credit", "refund"])
@pytest.mark.parametrize("amount", ["10", "-10"])
def test_a_credit_reduces_whatever_its_sign(kind: str, amount: str) -> None:
    """100 less 10, and tax is nobody's revenue."""
    lines = [line("a", *JANUARY, "100"), line("b", *JANUARY, amount, kind), line("c", *JANUARY, "19", "tax")]
    point = only(ask({"invoice_lines": lines}, "program_revenue"))
    assert (point.value, point.values["credits"], point.values["subscription"]) == (90, -10, 100)


def test_usage_counts_where_its_period_ends() -> None:
    """Usage of 20 January to 2 February is February's; a month that ends at midnight is January's."""
    lines = [line("a", "2025-01-20", "2025-02-02", "5", "usage"), line("b", *JANUARY, "7", "overage")]
    answer = ask({"invoice_lines": lines}, "program_revenue")
    assert said(answer) == [("2025-01-01", 7), ("2025-02-01", 5)]


def test_local_midnight_ends_a_period() -> None:
    """23:00 UTC on 31 January is midnight in Berlin: the line is January's there and touches no other month."""
    month = line("a", "2024-12-31 23:00", "2025-01-31 23:00", "31")
    answer = ask({"invoice_lines": [month]}, "program_revenue", zone="Europe/Berlin")
    assert said(answer) == [("2025-01-01", 31)]


def test_revenue_by_invoice_and_by_payment() -> None:
    """Issued in January and paid in March: all of it there. Not paid: nowhere."""
    lines = [
        line("a", "2025-01-01", "2026-01-01", "365", paid_at=at("2025-03-05")),
        line("b", *JANUARY, "31"),
    ]
    world = {"invoice_lines": lines}
    invoiced = ask(world, "program_revenue", variants=(("basis", "invoiced"),))
    paid = ask(world, "program_revenue", variants=(("basis", "paid"),))
    assert [point for point in said(invoiced) if point[1]] == [("2025-01-01", 396)]
    assert [point for point in said(paid) if point[1]] == [("2025-03-01", 365)]


def test_a_rate_is_carried_for_seven_days_and_its_lack_is_named() -> None:
    """100 dollars on the 8th are 90 by the rate of the 1st; on the 9th there is none, and the answer says so."""
    lines = [line(name, f"2025-01-0{name}", "2025-01-10", "100", currency="USD") for name in "89"]
    answer = ask({"invoice_lines": lines, "exchange_rates": [RATE]}, "program_revenue")
    assert (only(answer).value, only(answer).cases) == (90, 1)
    assert answer.notes == ("no exchange rate for USD 2025-01-09 (or the 7 days before); lines left out",)
    assert answer.confidence == "estimated"


def test_an_answer_is_as_sure_as_its_weakest_line() -> None:
    """One measured, one assumed."""
    lines = [line("a", *JANUARY, "100"), line("b", *JANUARY, "1", confidence="assumed")]
    assert ask({"invoice_lines": lines}, "program_revenue").confidence == "assumed"
    assert ask({"invoice_lines": lines[:1]}, "program_revenue").confidence == "measured"


def test_currencies_are_split_and_never_added() -> None:
    """By currency both are shown in the reporting one: 100, and 100 × 0.9."""
    lines = [line("a", *JANUARY, "100"), line("b", *JANUARY, "100", currency="USD")]
    answer = ask({"invoice_lines": lines, "exchange_rates": [RATE]}, "program_revenue", by=("currency",))
    assert split(answer, "currency") == {"EUR": 100, "USD": 90}
    assert answer.to_json()["points"][1]["value"] == {"amount": "90.00", "currency": "EUR"}


def test_a_program_may_report_in_another_currency() -> None:
    """In dollars, with a euro at 1.1."""
    rates = [{"date": on("2025-01-01"), "currency": "EUR", "rate": Decimal("1.1")}]
    world = {"invoice_lines": [line("a", *JANUARY, "100")], "exchange_rates": rates}
    dollars = program(world, program={"currency": "USD"}).ask(Question("program_revenue"))
    assert (only(dollars).value, dollars.currency) == (110, "USD")


def test_a_merged_partner_pays_for_the_one_it_became() -> None:
    """P2's invoice is P1's revenue."""
    world = {
        "partners": [partner(), partner("P2", status="duplicate", merged_into="P1")],
        "invoice_lines": [line("a", *JANUARY, "10"), line("b", *JANUARY, "5", partner_id="P2")],
    }
    assert split(ask(world, "program_revenue", by=("partner",)), "partner") == {"P1": 15}


def test_revenue_per_partner_is_over_those_who_pay_and_call() -> None:
    """P1 pays 90 and calls, P2 pays 30 and is silent, P3 calls for nothing: 120 over one."""
    world = {
        "partners": [partner(f"P{n}") for n in (1, 2, 3)],
        "credentials": [key(), key("k3", "P3")],
        "calls": [call("2025-01-05"), call("2025-01-06", "k3"), call("2025-02-06", None)],
        "invoice_lines": [
            line("a", *JANUARY, "90"),
            line("b", *JANUARY, "30", partner_id="P2"),
            line("c", "2025-02-01", "2025-03-01", "30", partner_id="P2"),
        ],
    }
    january, february = ask(world, "revenue_per_partner", start=on("2025-01-01")).points
    assert (january.value, january.cases) == (120, 1)
    assert (february.value, february.absent) == (None, "no active paying partners")


def test_lines_without_a_product_are_shared_by_use() -> None:
    """P1 pays 10 for pets and 40 for everything; three of its four calls are pets: 40 and 10.

    P2 pays 5 for everything and never calls: unallocated. With allocation=none 45 stay so.
    """
    world = {
        "partners": [partner(), partner("P2")],
        "credentials": [key()],
        "calls": [
            *(call("2025-01-05", product="pets") for _ in range(3)),
            call("2025-01-06", product="messages"),
        ],
        "invoice_lines": [
            line("a", *JANUARY, "10", product="pets"),
            line("b", *JANUARY, "40"),
            line("c", *JANUARY, "5", partner_id="P2"),
        ],
    }
    shared = split(ask(world, "revenue_per_product"), "product")
    assert shared == {"pets": 40, "messages": 10, None: 5}
    plain = split(ask(world, "revenue_per_product", variants=(("allocation", "none"),)), "product")
    assert plain == {"pets": 10, None: 45}


def test_what_is_shared_adds_up_exactly() -> None:
    """100 over three products used alike."""
    world = {
        "partners": [partner()],
        "credentials": [key()],
        "calls": [call("2025-01-05", product=name) for name in "abc"],
        "invoice_lines": [line("a", *JANUARY, "100")],
    }
    points = ask(world, "revenue_per_product").points
    assert len(points) == 3
    assert sum(Decimal(point.value or 0) for point in points) == 100


def test_the_highest_accounts_come_first_with_their_share() -> None:
    """P2 paid 1,039 of 1,489."""
    answer = ask(MOVING, "highest_value_accounts")
    assert [(p.by["partner"], p.value) for p in answer.points] == [("P2", 1039), ("P1", 450)]
    assert answer.points[0].values["share"] == pytest.approx(1039 / 1489)


def test_usage_of_an_instant_counts_on_its_day_alone() -> None:
    """A usage line whose period begins and ends at the midnight that opens September is September's, whole."""
    lines = [
        line("a", "2025-09-01", "2025-09-01", "50", "usage"),
        line("b", "2025-08-05", "2025-08-06", "7", "usage"),
    ]
    assert said(ask({"invoice_lines": lines}, "program_revenue", end=on("2025-10-01"))) == [
        ("2025-08-01", 7),
        ("2025-09-01", 50),
    ]


def test_accounts_can_be_split_by_what_partners_have() -> None:
    """Both partners are small."""
    world = {**MOVING, "partners": [partner("P1", segment="small"), partner("P2", segment="small")]}
    answer = ask(world, "highest_value_accounts", by=("segment",))
    assert split(answer, "segment") == {"small": Decimal(1489)}
