"""Do the rollups, added to import by import, equal what the calls say when counted at once?"""

from __future__ import annotations

import random
from pathlib import Path

from firstcall.pipeline import rollup
from tests.pipeline.gate import Gate, gate, line


def content(at: Gate) -> dict[str, list[tuple[object, ...]]]:
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
            status=draw.choice([200, 200, 401, 404, 500, 504]),
        )
        for _ in range(200)
    ]
    with gate(tmp_path) as at:
        for start in range(0, 200, 40):
            at.admit(lines[max(0, start - 10) : start + 40])
        added = content(at)
        rollup.rebuild(at.store.connection)
        assert added == content(at)
        assert sum(int(str(row[-3])) for row in added["calls_by_hour"]) == 200


def test_a_rollup_counts_what_it_says(tmp_path: Path) -> None:
    """Two calls in one hour, one of them denied; the third in the next."""
    with gate(tmp_path) as at:
        at.admit([line(), line("/pets/8"), line(when="10/Oct/2025:14:00:00 +0000", status=401)])
        by_hour = at.rows("SELECT hour, status, calls, denied, units FROM calls_by_hour ORDER BY ALL")
        assert by_hour == [(13, 200, 2, 0, 2), (14, 401, 1, 1, 1)]
        by_consumer = at.rows("SELECT consumer, outcome, calls, denied FROM calls_by_consumer ORDER BY ALL")
        assert by_consumer == [("bob", "client_error", 1, 1), ("bob", "success", 2, 0)]
        assert at.rows("FROM latency_by_day") == []
