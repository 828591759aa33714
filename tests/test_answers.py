"""Does an answer always say its cases, or why there is no value, in the shape that other programs rely on?"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from firstcall.answers import Answer, Point, part_name, plain_amount

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)


def answer(*points: Point, **more: Any) -> Answer:  # noqa: ANN401  the fields of Answer
    """Return an answer of these points."""
    plain: dict[str, Any] = {
        "metric": "program_revenue",
        "version": 1,
        "unit": "money",
        "better": "higher",
        "scope": {"grain": "month"},
        "as_of": datetime(2026, 9, 30, 22),  # noqa: DTZ001  UTC without zone, as answers keep it
        "watermark": {"kong": "2026-09-30T22:00:00Z"},
        "confidence": "measured",
        "method": "exact",
        "headline": "total",
        "currency": "EUR",
    }
    return Answer(points=points, **{**plain, **more})


@pytest.mark.parametrize(("value", "absent"), [(None, None), (1, "no cases")])
def test_a_point_has_a_value_or_a_reason(value: int | None, absent: str | None) -> None:
    """Never both, never neither."""
    with pytest.raises(ValueError, match="either a value or a reason"):
        Point(JULY, {}, value, 0, absent=absent)


def test_zero_is_a_value() -> None:
    """Nothing earned is not nothing known."""
    assert Point(JULY, {}, 0, 0).absent is None


def test_the_answer_object_is_the_contract() -> None:
    """Every name that `docs` promise, money as text with its currency, moments in UTC."""
    point = Point(
        JULY, {"product": "payments"}, Decimal("1234.5"), 42, {"total": Decimal("1234.5")}, partial=True
    )
    shown = answer(point, notes=("a note",), verdict="good").to_json()
    assert shown == {
        "metric": "program_revenue",
        "version": 1,
        "unit": "money",
        "better": "higher",
        "scope": {"grain": "month"},
        "as_of": "2026-09-30T22:00:00Z",
        "watermark": {"kong": "2026-09-30T22:00:00Z"},
        "confidence": "measured",
        "method": "exact",
        "points": [
            {
                "period": "2026-07-01",
                "by": {"product": "payments"},
                "value": {"amount": "1234.50", "currency": "EUR"},
                "cases": 42,
                "low": None,
                "high": None,
                "partial": True,
                "absent": None,
            }
        ],
        "labels": {},
        "verdict": "good",
        "notes": ["a note"],
    }
    assert json.loads(json.dumps(shown)) == shown


def test_named_values_stand_beside_the_headline_in_their_own_units() -> None:
    """A count is no money; what is absent is null."""
    point = Point(JULY, {}, Decimal(600), 3, {"per_partner": Decimal(600), "partners": 3, "rate": None})
    units = {"per_partner": "money", "partners": "count", "rate": "share"}
    (shown,) = answer(point, value_units=units).to_json()["points"]
    assert shown["values"] == {
        "per_partner": {"amount": "600.00", "currency": "EUR"},
        "partners": 3,
        "rate": None,
    }


def test_an_absent_value_is_null_with_its_reason() -> None:
    """And what belongs to nobody is null too."""
    (shown,) = answer(Point(JULY, {"partner": None}, None, 0, absent="no calls")).to_json()["points"]
    assert (shown["value"], shown["absent"], shown["by"]) == (None, "no calls", {"partner": None})


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("5", "5.00"),
        ("1E+3", "1000.00"),
        ("0.1", "0.10"),
        ("33.333333", "33.333333"),
        ("-7.770000", "-7.77"),
        ("0.000001", "0.000001"),
    ],
)
def test_an_amount_is_written_exactly(amount: str, text: str) -> None:
    """At least two decimals, no exponent, nothing rounded."""
    assert plain_amount(Decimal(amount)) == text


def test_the_last_point_is_the_last_that_is_complete() -> None:
    """August is not over; alone, a partial point is better than none."""
    july, august = Point(JULY, {}, 1, 1), Point(AUGUST, {}, 2, 1, partial=True)
    assert answer(july, august).last is july
    assert answer(august).last is august
    assert answer().last is None


def test_a_store_without_calls_has_no_as_of_to_show() -> None:
    """Null, not a made-up moment."""
    assert answer(as_of=None).to_json()["as_of"] is None


@pytest.mark.parametrize(
    ("dimension", "part", "unit", "name"),
    [
        ("version", "v1", "count", "v1"),
        ("version", None, "count", "unversioned"),
        ("partner", None, "count", "unattributed"),
        ("product", None, "money", "unallocated"),
    ],
)
def test_null_in_a_split_has_a_name(dimension: str, part: str | None, unit: str, name: str) -> None:
    """A call without a version is not without an owner, and money without an owner is not allocated."""
    assert part_name(dimension, part, unit) == name
