"""Does the status tell what is there, how fresh, and what can be computed?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Run


def test_the_status_shows_freshness_coverage_refusals_and_readiness(filled: Run) -> None:
    """Four calls until August 4th, three of them of known partners, one row refused."""
    ran = filled("status")
    assert ran.code == 0
    cells = [line.split() for line in ran.out.splitlines()]
    assert ["kong", "4", "2026-07-01", "2026-08-04", "10:00:00"] in [row[:5] for row in cells]
    assert "Calls whose caller is known: 75.0 %" in ran.out
    assert ["calls", "bad", "time", "in", "time", "1"] in cells
    assert "firstcall import invoice_lines" in ran.out


def test_the_status_as_json(filled: Run) -> None:
    """31 of the 35 days from July 1st to August 4th had no call."""
    found: dict[str, Any] = filled("status", "--json").data
    assert found["sources"]["kong"]["watermark"] == "2026-08-04T10:00:00Z"
    assert found["sources"]["kong"]["days_without_calls"] == 31
    assert found["tables"] == {"partners": 2, "credentials": 2, "calls": 4}
    assert found["attributed"] == 0.75
    assert found["refused"] == [{"source": "calls", "reason": "bad time in time", "rows": 1}]
    whole = {"ready": True, "state": "computable", "missing": [], "without": []}
    assert found["metrics"]["call_volume"] == whole
    hotspots = found["metrics"]["error_hotspots"]
    assert (hotspots["ready"], hotspots["state"], hotspots["missing"]) == (True, "in part", [])
    catalogue = {"table": "endpoints", "command": "firstcall import endpoints endpoints.csv"}
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
