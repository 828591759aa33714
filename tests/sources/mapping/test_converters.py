"""Are values of other systems read exactly, and handed on as they are when they make no sense?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from firstcall.sources.mapping.converters import CONVERTERS, dated, moment, scaled, text


@pytest.mark.parametrize(
    ("name", "value", "currency", "read"),
    [
        ("minor_units", 1250, "eur", "12.50"),
        ("minor_units", 1250, "JPY", "1250"),
        ("minor_units", 1250, "KWD", "1.250"),
        ("minor_units", -5, "", "-0.05"),
        ("minor_units", "0.2", "EUR", "0.002"),
        ("minor_units", "12 EUR", "EUR", "12 EUR"),
        ("minor_units", "NaN", "EUR", "NaN"),
        ("stripe_units", 500, "ISK", "5.00"),
        ("stripe_units", 500, "MGA", "500"),
        ("epoch_seconds", 1782864000, "", "2026-07-01T00:00:00Z"),
        ("epoch_seconds", "1782864000.25", "", "2026-07-01T00:00:00.250000Z"),
        ("epoch_seconds", "soon", "", "soon"),
        ("epoch_seconds", 10**30, "", "1" + "0" * 30),
        ("epoch_milliseconds", 1782864000123, "", "2026-07-01T00:00:00.123000Z"),
        ("utc", "2026-07-01 10:00:00", "", "2026-07-01T10:00:00Z"),
        ("utc", "2026-07-01T10:00:00+02:00", "", "2026-07-01T10:00:00+02:00"),
        ("compact_date", "20260701", "", "2026-07-01"),
        ("quarter", "2026-06-30T23:00:00Z", "", "2026Q2"),
        ("path", "https://docs.acme.example/a/b?c=d#e", "", "/a/b"),
        ("path", "http://[", "", "http://["),
        ("lower", " A ", "", "a"),
    ],
)
def test_a_value_is_read(name: str, value: object, currency: str, read: str) -> None:
    """By the name that mapping files use."""
    assert CONVERTERS[name](value, currency) == read


def test_every_reading_of_nothing_is_nothing() -> None:
    """So that the next path, or nothing, takes its place."""
    assert {name for name, read in CONVERTERS.items() if read(None, "EUR") is not None} == set()


def test_a_score_is_moved_in_proportion_and_one_outside_is_shown_with_its_scale() -> None:
    """From 1–5: 1, 3, 5 are 1, 5.5, 10."""
    read = scaled(Decimal(1), Decimal(5))
    assert [read(value, "") for value in (1, "3 - so so", 5, 7, "good", None)] == [
        "1", "5.5", "10", "7 (not from 1 to 5)", "good", None,
    ]  # fmt: skip


def test_a_pattern_reads_times_and_leaves_others_alone() -> None:
    """Without an offset in it the result has none."""
    read = dated("%d/%b/%y %I:%M %p")
    assert [read(value, "") for value in ("11/May/24 03:26 PM", "11.5.24")] == [
        "2024-05-11T15:26:00",
        "11.5.24",
    ]


def test_text_has_no_signs_that_a_store_cannot_keep() -> None:
    """NUL and half a character are marked; lists are joined, objects are JSON."""
    assert text("a\0b") == "a\ufffdb"
    assert text("\ud800") == "?"
    assert text([1, None, "x", True]) == "1, x, true"
    assert text({"b": 1, "a": [2]}) == '{"a": [2], "b": 1}'


@pytest.mark.parametrize("said", ["1e999999", "1e-999999", "1e9999999999"])
def test_an_amount_of_a_million_digits_stays_as_it_was_written(said: str) -> None:
    """Written out it would be a hundred thousand times as long; the table refuses it."""
    assert len(CONVERTERS["minor_units"](said, "EUR") or "") < 20


def test_moments_are_read_as_systems_write_them() -> None:
    """Seconds, milliseconds, microseconds, ISO with and without an offset; what is none is None."""
    shapes = (
        "1782864000",
        "1782864000000",
        "1782864000000000",
        "2026-07-01T00:00:00Z",
        "2026-07-01T02:00:00.000+0200",
        "2026-07-01",
    )
    assert {str(moment(each)) for each in shapes} == {"2026-07-01 00:00:00+00:00"}
    assert {moment(each) for each in ("soon", "", "NaN", "sNaN", "-Infinity", "1e999999", "9999-99-99")} == {
        None
    }
