"""Do the rollups, added to import by import, equal what the calls say when counted at once?"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from firstcall.pipeline.loading import rollup
from firstcall.settings import Program, Settings
from tests.pipeline.admission import Admission, admission, line
from tests.pipeline.import_desk import desk


def content(at: Admission) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every rollup, sorted."""
    return {
        name: at.rows(f"SELECT {one.columns} FROM {name} ORDER BY ALL")
        for name, one in rollup.ROLLUPS.items()
    }


def test_adding_equals_rebuilding(tmp_path: Path) -> None:
    """Five overlapping files of random calls."""
    draw = random.Random(7)
    lines = [
        line(
            f"/pets/{draw.randint(1, 3)}",
            user=draw.choice(["-", "bob", "eve"]),
            when=f"{draw.randint(10, 12)}/Oct/2025:{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00 +0000",
            status=draw.choice([200, 200, 401, 403, 404, 500, 504]),
        )
        for _ in range(200)
    ]
    with admission(tmp_path) as at:
        for start in range(0, 200, 40):
            at.admit(lines[max(0, start - 10) : start + 40])
        added = content(at)
        rollup.rebuild(at.store.connection)
        assert added == content(at)
        assert sum(int(str(row[-3])) for row in added["calls_by_hour"]) == 200


def test_a_rollup_counts_what_it_says(tmp_path: Path) -> None:
    """Two calls in one hour, one of them denied; the third in the next."""
    with admission(tmp_path) as at:
        at.admit([line(), line("/pets/8"), line(when="10/Oct/2025:14:00:00 +0000", status=401)])
        by_hour = at.rows("SELECT hour, status, calls, denied, units FROM calls_by_hour ORDER BY ALL")
        assert by_hour == [(13, 200, 2, 0, 2), (14, 401, 1, 1, 1)]
        by_consumer = at.rows("SELECT consumer, outcome, calls, denied FROM calls_by_consumer ORDER BY ALL")
        assert by_consumer == [("bob", "client_error", 1, 1), ("bob", "success", 2, 0)]
        assert at.rows("FROM latency_by_day") == []


def test_a_consumer_s_row_holds_denied_calls_or_none(tmp_path: Path) -> None:
    """A 404 and a 403 are both client errors; the second file's 401 joins the denied, its 400 the others."""
    with admission(tmp_path) as at:
        for statuses in ((404, 403), (401, 400, 404)):
            at.admit([line(f"/pets/{status}/{len(statuses)}", status=status) for status in statuses])
        asked = "SELECT outcome, calls, denied FROM calls_by_consumer ORDER BY ALL"
        assert at.rows(asked) == [("client_error", 2, 2), ("client_error", 3, 0)]
        rollup.rebuild(at.store.connection)
        assert at.rows(asked) == [("client_error", 2, 2), ("client_error", 3, 0)]


def test_another_zone_of_the_program_moves_days_and_hours(tmp_path: Path) -> None:
    """Two calls at 22:30 and 23:30 UTC in winter are 23:30 and half past midnight of the next day in Berlin."""
    times = ("09/Jan/2025:22:30:00 +0000", "09/Jan/2025:23:30:00 +0000")
    log = "".join(line(when=when) + "\n" for when in times)
    days = "SELECT CAST(day AS VARCHAR), hour, calls FROM calls_by_hour ORDER BY ALL"
    zone = "SELECT value FROM store WHERE name = 'rollup_zone'"
    spans = "SELECT CAST(first_day AS VARCHAR), CAST(last_day AS VARCHAR) FROM watermarks WHERE \"table\" = 'calls'"
    with desk(tmp_path) as at:
        assert at.take("nginx", log, "access.log").before == ()
        assert at.rows(zone) == [("UTC",)]
        assert at.rows(days) == [("2025-01-09", 22, 1), ("2025-01-09", 23, 1)]
        moved = replace(at, settings=Settings(program=Program(timezone="Europe/Berlin")))
        partners = "partner_id,name,registered_at\nP1,Ann,2025-01-01\n"
        moved.take("partners", partners, "partners.csv", dry_run=True)
        assert at.rows(zone) == [("UTC",)]
        notes = moved.take("partners", partners, "partners.csv").notes
        assert notes[0] == (
            "the program's zone is Europe/Berlin instead of UTC: days, hours and rollups of 2 calls were made again"
        )
        assert at.rows(zone) == [("Europe/Berlin",)]
        assert at.rows(days) == [("2025-01-09", 23, 1), ("2025-01-10", 0, 1)]
        hours = at.rows("SELECT CAST(day AS VARCHAR), hour FROM calls ORDER BY ALL")
        assert hours == [("2025-01-09", 23), ("2025-01-10", 0)]
        assert at.rows(spans) == [("2025-01-09", "2025-01-10")]
        again = moved.take("nginx", log, "access.log")
        assert (again.before, again.total.duplicate) == ((), 2)
