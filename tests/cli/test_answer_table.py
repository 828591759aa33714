"""Does a printed answer show every value with its cases, and every gap with its reason?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from firstcall.answers import Answer, Point
from firstcall.cli.answer_table import grid, headline, legend, period_name
from tests.cli.samples import METRIC

SCOPE: dict[str, Any] = {
    "from": "2026-07-01",
    "to": "2026-09-01",
    "grain": "month",
    "by": [],
    "where": {},
    "environment": "any",
    "entity": "developer",
    "timezone": "Europe/Berlin",
}
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def answer(*points: Point, unit: str = "count", **scope: object) -> Answer:
    """Return an answer of these points."""
    return Answer(
        metric="call_volume",
        version=1,
        unit=unit,
        better="higher",
        scope={**SCOPE, **scope},
        as_of=datetime(2026, 8, 15, 12),  # noqa: DTZ001 - answers hold UTC without zone
        watermark={"kong": "2026-08-15T12:00:00Z"},
        confidence="measured",
        method="exact",
        points=points,
        headline="calls",
        currency="EUR",
    )


def cells(found: Answer) -> list[list[str]]:
    """Return the table of an answer, heads first."""
    drawn = grid(found)
    return [[head.title for head in drawn.heads], *(list(row) for row in drawn.rows)]


def test_periods_are_rows_with_their_cases() -> None:
    """A partial period is marked, beside the value."""
    found = answer(Point(JULY, {}, 1_234, 1_234), Point(AUGUST, {}, 99, 99, partial=True))
    assert cells(found) == [
        ["month", "calls", "cases"],
        ["2026-07", "1,234", "1,234"],
        ["2026-08*", "99", "99"],
    ]
    assert legend(found, METRIC)[0].startswith("* the period is cut")


def test_a_small_split_stands_side_by_side() -> None:
    """One column for each part; nobody's share is called unattributed; a missing combination is empty."""
    found = answer(
        Point(JULY, {"product": "payments"}, 5, 5),
        Point(JULY, {"product": None}, 2, 2),
        Point(AUGUST, {"product": "payments"}, 7, 7),
        by=["product"],
    )
    assert cells(found) == [
        ["month", "payments", "unattributed", "cases"],
        ["2026-07", "5", "2", "7"],
        ["2026-08", "7", "", "7"],
    ]


def test_calls_without_a_version_are_unversioned() -> None:
    """Side by side and one below the other; a partner beside it is still unattributed."""
    found = answer(Point(JULY, {"version": "v1"}, 5, 5), Point(JULY, {"version": None}, 2, 2), by=["version"])
    assert cells(found)[0] == ["month", "v1", "unversioned", "cases"]
    found = answer(Point(JULY, {"partner": None, "version": None}, 2, 2), by=["partner", "version"])
    assert cells(found)[1] == ["2026-07", "unattributed", "unversioned", "2", "2"]


def test_a_wide_split_stands_one_below_the_other() -> None:
    """Past six parts a row each, so that nothing is squeezed."""
    found = answer(*(Point(JULY, {"product": f"p{n}"}, n, n) for n in range(1, 8)), by=["product"])
    assert cells(found)[0] == ["month", "product", "calls", "cases"]
    assert len(cells(found)) == 8


def test_named_values_each_have_a_column_the_headline_first() -> None:
    """Two dimensions and two values are four columns, and the interval one more."""
    point = Point(
        JULY,
        {"product": "a", "channel": None},
        0.5,
        40,
        values={"to_date": 0.25, "calls": 0.5},
        low=0.4,
        high=0.6,
    )
    assert cells(answer(point, unit="share", by=["product", "channel"])) == [
        ["month", "product", "channel", "calls", "to date", "95 % interval", "cases"],
        ["2026-07", "a", "unattributed", "50.0 %", "25.0 %", "40.0 % to 60.0 %", "40"],
    ]


def test_what_finds_no_room_is_left_out_from_the_last_and_said() -> None:
    """The headline, its interval and the cases always stay."""
    values = {"calls": 1, "alpha": 2, "beta": 3}
    found = answer(Point(JULY, {}, 1, 1, values=values))
    assert cells(found)[0] == ["month", "calls", "alpha", "beta", "cases"]
    narrow = grid(found, width=33)
    assert [head.title for head in narrow.heads] == ["month", "calls", "alpha", "cases"]
    assert (narrow.width, narrow.left_out) == (31, ("beta",))
    assert grid(found, width=5).left_out == ("alpha", "beta")


def test_a_gap_beside_a_value_is_explained() -> None:
    """The median is there, the estimate for those still waiting is not."""
    point = Point(JULY, {}, 1, 1, values={"calls": 1, "km_median": None})
    assert "– beside a value: not reached, or too few cases for this one" in legend(answer(point), METRIC)


def test_money_shows_its_currency_and_its_gaps_are_unallocated() -> None:
    """Exact, with the decimals of the currency."""
    found = answer(
        Point(JULY, {"product": None}, Decimal("10.5"), 1),
        Point(JULY, {"product": "a"}, Decimal(2), 1),
        unit="money",
        by=["product"],
    )
    assert cells(found)[0] == ["month, EUR", "unallocated", "a", "cases"]
    assert cells(found)[1] == ["2026-07", "10.50", "2.00", "2"]


def test_what_is_absent_is_a_dash_and_says_why_below() -> None:
    """Never 0, each reason once."""
    found = answer(*(Point(day, {}, None, 3, absent="fewer than 5 cases") for day in (JULY, AUGUST)))
    assert [row[1] for row in cells(found)[1:]] == ["–", "–"]
    assert legend(found, METRIC).count("– fewer than 5 cases") == 1


def test_the_headline_says_everything_that_narrows_the_answer() -> None:
    """No number without its scope."""
    found = answer(by=["product"], where={"channel": ["seo", "partner"]}, environment="production")
    assert headline(found) == (
        "call_volume · 2026-07-01 to 2026-09-01 · by month, product · channel = seo or partner · production"
        " · per developer · Europe/Berlin"
    )


@pytest.mark.parametrize(
    ("grain", "fiscal", "name"),
    [
        ("week", 1, "2026-07-01"),
        ("month", 1, "2026-07"),
        ("quarter", 1, "2026 Q3"),
        ("quarter", 4, "2026-07-01"),
        ("year", 1, "2026"),
        ("all", 1, "2026-07-01 to 2026-09-01"),
    ],
)
def test_a_period_is_called_as_people_call_it(grain: str, fiscal: int, name: str) -> None:
    """A fiscal quarter is called by its first day, since its number depends on whom one asks."""
    assert period_name(JULY, {**SCOPE, "grain": grain}, fiscal) == name


def test_verdict_notes_and_freshness_close_the_answer() -> None:
    """The bands stand beside the verdict, the watermark beside the moment."""
    found = answer(Point(JULY, {}, 1, 1), unit="seconds")
    lines = legend(found, METRIC)
    assert lines[-2] == "As of 2026-08-15 12:00:00 UTC; data until: kong 2026-08-15 12:00:00"
    assert lines[-1] == "Confidence: measured; method: exact"
