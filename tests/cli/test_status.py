"""Does the status tell what is there, how fresh, and what can be computed?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from firstcall.cli.status import spans
from firstcall.cli.store_status import missed
from tests.cli.command import Run


def test_the_status_shows_freshness_coverage_refusals_and_readiness(filled: Run) -> None:
    """Four calls until August 4th, three of them of known partners, one row refused."""
    ran = filled("status")
    assert ran.code == 0
    cells = [line.split() for line in ran.out.splitlines()]
    assert ["kong", "4", "2026-07-01", "2026-08-04", "10:00:00"] in [row[:5] for row in cells]
    assert "Calls whose caller is known: 75.0 %" in ran.out
    assert "kong has no calls on 2026-07-03 to 2026-08-02" in ran.out
    assert ["partners", "partners", "2", "2026-06-02", "00:00:00"] in [row[:5] for row in cells]
    assert ["calls", "bad", "time", "in", "time", "1"] in cells
    assert "firstcall import invoice_lines" in ran.out


def test_the_status_as_json(filled: Run) -> None:
    """31 of the 35 days from July 1st to August 4th had no call."""
    found: dict[str, Any] = filled("status", "--json").data
    assert found["sources"]["kong"]["watermark"] == "2026-08-04T10:00:00Z"
    kong = found["sources"]["kong"]
    assert (kong["rows"], kong["attributed"], kong["days_without_calls"]) == (4, 0.75, 31)
    assert (len(kong["gaps"]), kong["gaps"][0], kong["gaps"][-1]) == (31, "2026-07-03", "2026-08-02")
    others = {each["table"]: each for each in found["other_sources"]}
    assert {table: (each["rows"], each["latest"]) for table, each in others.items()} == {
        "credentials": (2, None),
        "partners": (2, "2026-06-02T00:00:00Z"),
    }
    assert all(each["imported"].endswith("Z") and each["refused"] == {} for each in others.values())
    assert found["tables"] == {"partners": 2, "credentials": 2, "calls": 4}
    assert found["attributed"] == 0.75
    assert found["refused"] == [{"source": "calls", "reason": "bad time in time", "rows": 1}]
    whole = {"ready": True, "state": "computable", "missing": [], "without": []}
    assert found["metrics"]["call_volume"] == whole
    hotspots = found["metrics"]["error_hotspots"]
    assert (hotspots["ready"], hotspots["state"], hotspots["missing"]) == (True, "in part", [])
    catalogue = {"table": "endpoints", "command": "firstcall import openapi openapi.yaml"}
    assert hotspots["without"] == [catalogue]
    assert found["metrics"]["program_cost"]["missing"][0]["table"] == "costs"


def test_settings_show_each_value_and_its_origin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """No store is needed for it."""
    Path("firstcall.toml").write_text('[program]\nname = "Northwind"\n', encoding="utf-8")
    monkeypatch.setenv("FIRSTCALL_PROGRAM__TIMEZONE", "Europe/Berlin")
    ran = run("status", "--settings")
    cells = [line.split() for line in ran.out.splitlines()]
    assert ["program.name", '"Northwind"', "firstcall.toml"] in cells
    assert ["program.timezone", '"Europe/Berlin"', "FIRSTCALL_PROGRAM__TIMEZONE"] in cells
    assert ["program.currency", '"EUR"', "default"] in cells
    found: dict[str, Any] = run("status", "--settings", "--json").data
    assert found["definitions.churn_days"] == {"value": 30, "from": "default"}
    assert not Path(".firstcall").exists()


def days(first: str, count: int, *, without: str = "") -> list[date]:
    """Return days from the first on, without those of the week that are named by number (Monday is 0)."""
    every = (date.fromisoformat(first) + timedelta(n) for n in range(count))
    return [day for day in every if str(day.weekday()) not in without]


def test_a_gap_is_a_day_without_calls_of_a_source_that_had_them() -> None:
    """Wednesday the 8th is missing in three weeks from Wednesday the 1st."""
    seen = [day for day in days("2026-07-01", 21) if day.day != 8]
    assert missed(seen) == (1, (date(2026, 7, 8),), ())


def test_a_source_that_always_rests_at_weekends_has_no_gap_there() -> None:
    """Three weekends are six silent days; a working day beside them is a gap all the same."""
    seen = [day for day in days("2026-07-01", 21, without="56") if day.day != 9]
    assert missed(seen) == (7, (date(2026, 7, 9),), ("Saturday", "Sunday"))


def test_one_call_on_a_saturday_makes_the_others_gaps() -> None:
    """The 4th had calls, so the 11th and the 18th are missing; Sundays rest."""
    seen = [*days("2026-07-01", 21, without="56"), date(2026, 7, 4)]
    assert missed(seen) == (5, (date(2026, 7, 11), date(2026, 7, 18)), ("Sunday",))


def test_two_weeks_tell_a_pause_and_a_thin_source_has_none() -> None:
    """One weekend is a gap; a source of Mondays alone does not rest for six days a week."""
    assert missed(days("2026-07-01", 7, without="56"))[1] == (date(2026, 7, 4), date(2026, 7, 5))
    silent, gaps, pauses = missed(days("2026-07-01", 21, without="123456"))
    assert (silent, len(gaps), pauses) == (12, 12, ())


def test_neighbouring_days_are_one_span() -> None:
    """Two days and a single one."""
    gaps = [date(2026, 7, 4), date(2026, 7, 5), date(2026, 7, 8)]
    assert spans(gaps) == ["2026-07-04 to 2026-07-05", "2026-07-08"]


def test_each_source_has_its_own_coverage_and_refusals(filled: Run) -> None:
    """Two calls of another gateway, one of a known partner; its third row has no time."""
    rows = "time,consumer,method,route,status\n2026-08-01T10:00:00Z,key-a,GET,/a,200\n"
    rows += "2026-08-01T11:00:00Z,nobody,GET,/a,200\nnever,nobody,GET,/a,200\n"
    Path("edge.csv").write_text(rows, encoding="utf-8")
    assert filled("import", "calls", "edge.csv", "--from-name", "edge").code == 3
    found: dict[str, Any] = filled("status", "--json").data["sources"]
    assert (found["edge"]["rows"], found["edge"]["attributed"]) == (2, 0.5)
    assert found["edge"]["refused"] == {"bad time in time": 1}
    assert (found["kong"]["attributed"], found["kong"]["refused"]) == (0.75, {})
