"""Does the overview name what a good average hides?"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.web.app import make_app
from tests.web.client import Client, Row, fill


def _calls(route: str, count: int, failing: int, source: str = "gate", day: str = "2026-09-01") -> list[Row]:
    return [
        {
            "event_id": f"{source}{route}{n}", "time": f"{day}T{n // 60 % 24:02}:{n % 60:02}:00Z", "source": source,
            "environment": "production", "method": "GET", "route": route, "status": 503 if n < failing else 200,
        }
        for n in range(count)
    ]  # fmt: skip


def _attention(tmp_path: Path, rows: list[Row]) -> str:
    with Program.open(Settings(), memory=True) as program:
        fill(program, tmp_path, {"calls": tuple(rows)})
        app = make_app(program)
        page = Client(app).get("/?from=2026-09-01&to=2026-09-08")
        app.state.service.close()
    section = re.search(r'<section class="card attention".*?</section>', page.text, re.DOTALL)
    assert section is not None
    return replace(page, body=section[0].encode()).words


def test_an_endpoint_that_fails_far_more_often_than_all_is_named(tmp_path: Path) -> None:
    """30 of 300 calls fail on one endpoint, 30 of 1,300 on all: 10 % is over three times 2.3 %."""
    said = _attention(tmp_path, [*_calls("/good", 1000, 0), *_calls("/bad", 300, 30)])
    assert "needs work GET /bad 10.0 % of its 300 calls end in a server error; 2.3 % of all calls do." in said
    assert "/good" not in said


def test_few_calls_are_not_held_against_an_endpoint(tmp_path: Path) -> None:
    """Half of twenty calls is bad luck or a newcomer."""
    assert "/rare" not in _attention(tmp_path, [*_calls("/good", 1000, 0), *_calls("/rare", 20, 10)])


def test_a_source_that_fell_behind_is_named(tmp_path: Path) -> None:
    """One gateway's logs end three days before the other's."""
    rows = [*_calls("/a", 10, 0, "old", "2026-09-01"), *_calls("/a", 10, 0, "new", "2026-09-04")]
    assert "old is behind Its last call is 3 d older than the newest of all sources." in _attention(
        tmp_path, rows
    )


def test_a_healthy_week_needs_nothing(tmp_path: Path) -> None:
    """The section stays and says so."""
    said = _attention(tmp_path, _calls("/good", 1000, 0))
    assert "Nothing that could be judged is in need of work in this period." in said
