"""Are the largest parts of a split printed, in the order asked for, and is it said how many are not?"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from firstcall.answers import Answer, Point
from firstcall.cli.split_cut import Cut, cut
from tests.cli.command import Run

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
SCOPE: dict[str, Any] = {"from": "2026-07-01", "to": "2026-09-01", "grain": "month", "by": ["partner"]}


def answer(*points: tuple[date, str | None, float | Decimal | None], unit: str = "count") -> Answer:
    """Return an answer by partner; a point without a value says why."""
    return Answer(
        metric="call_volume", version=1, unit=unit, better="higher", scope=SCOPE, as_of=None, watermark={},
        confidence="measured", method="exact", headline="calls", labels={"partner": {"p1": "Zeta", "p3": "Alpha"}},
        points=tuple(
            Point(period, {"partner": part}, value, 1, absent="no calls" if value is None else None)
            for period, part, value in points
        ),
    )  # fmt: skip


def parts(found: Answer) -> list[tuple[int, str | None]]:
    """Return the month and part of each point."""
    return [(point.period.month, point.by["partner"]) for point in found.points]


def test_counts_are_ranked_by_their_sum_and_the_rest_is_counted() -> None:
    """p2 is larger in July, p1 altogether: 2 + 9 against 6 + 1; of four parts two stay."""
    found = answer(
        (JULY, "p1", 2), (JULY, "p2", 6), (JULY, "p3", 1), (AUGUST, None, 3), (AUGUST, "p1", 9), (AUGUST, "p2", 1)
    )  # fmt: skip
    assert cut(found, Cut(top=4)) == (found, 0)
    shown, more = cut(found, Cut(top=2))
    assert (parts(shown), more) == ([(7, "p1"), (7, "p2"), (8, "p1"), (8, "p2")], 2)


def test_other_units_are_ranked_by_the_latest_value_and_what_has_none_is_last() -> None:
    """A share of 0.9 in July says less than 0.5 in August; a negative one is still a value."""
    found = answer(
        (JULY, "p1", 0.9),
        (JULY, "p3", None),
        (AUGUST, "p1", 0.1),
        (AUGUST, "p2", 0.5),
        (AUGUST, "p4", -0.5),
        unit="share",
    )
    shown, more = cut(found, Cut(sort="value"))
    assert (parts(shown), more) == ([(7, "p1"), (7, "p3"), (8, "p2"), (8, "p1"), (8, "p4")], 0)
    assert parts(cut(found, Cut(top=3))[0]) == [(7, "p1"), (8, "p2"), (8, "p1"), (8, "p4")]


def test_names_order_those_that_are_largest() -> None:
    """p3 is called Alpha and p1 Zeta; p2 is too small to be shown."""
    found = answer((JULY, "p1", 5), (JULY, "p2", 1), (JULY, "p3", 5))
    assert parts(cut(found, Cut(top=2, sort="name"))[0]) == [(7, "p3"), (7, "p1")]
    assert parts(cut(found, Cut(sort="name"))[0]) == [(7, "p3"), (7, "p2"), (7, "p1")]


def test_twenty_are_printed_unless_all_are_asked_for(run: Run) -> None:
    """25 products with 1 to 25 calls: five are not printed; JSON and CSV hold all 25."""
    lines = ["event_id,time,source,product,method,route,status"]
    lines += [
        f"{size}-{n},2026-07-01T10:00:00Z,kong,p{size:02},GET,/,200"
        for size in range(1, 26)
        for n in range(size)
    ]
    Path("calls.csv").write_text("\n".join(lines), encoding="utf-8")
    assert run("import", "calls", "calls.csv", "-q").code == 0
    asked = ("ask", "call_volume", "--by", "product", "--grain", "all")
    printed = run(*asked).out
    assert "and 5 more; --all prints them, --csv gives every row" in printed
    assert (" p25 " in printed, " p06 " in printed, " p05 " in printed) == (True, True, False)
    assert printed.index(" p25 ") < printed.index(" p06 ")
    assert "and 24 more;" in run(*asked, "--top", "1").out
    every = run(*asked, "--all").out
    assert (" p01 " in every, " more;" in every) == (True, False)
    assert len(run(*asked, "--json").data["points"]) == 25
    assert len(run(*asked, "--csv").out.splitlines()) == 26


def test_csv_is_a_row_for_each_point_with_names_beside_ids(filled: Run) -> None:
    """Alone on stdout, harmless to a terminal and a spreadsheet, read back as it was."""
    ran = filled("ask", "call_volume", "--by", "partner", "--grain", "all", "--csv")
    rows = list(csv.DictReader(StringIO(ran.out)))
    assert [(row["partner"], row["partner_name"], row["calls"]) for row in rows] == [
        ("", "", "1"),
        ("'=evil", "Evil [red]x", "1"),
        ("acme", "Acme", "2"),
    ]
    assert {(row["metric"], row["cases"] > "0", row["absent"], row["confidence"]) for row in rows} == {
        ("call_volume", True, "", "measured")
    }
    absent = filled("ask", "time_to_first_call", "--csv")
    assert "needs rows in developers" in next(csv.DictReader(StringIO(absent.out)))["absent"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--top", "0"), "--top 0 would print nothing"),
        (("--top", "3", "--all"), "--top 3 and --all exclude each other"),
        (("--top", "3", "--json"), "--top and --sort are for the table"),
        (("--sort", "name", "--csv"), "--json and --csv hold every point"),
        (("--csv", "--json"), "--csv and --json exclude each other"),
        (("--sort", "size"), "value"),
    ],
)
def test_options_that_cannot_be_meant_are_wrong_usage(
    filled: Run, options: tuple[str, ...], said: str
) -> None:
    """Nothing is left out without a word, and nothing is ignored."""
    ran = filled("ask", "call_volume", "--by", "product", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
