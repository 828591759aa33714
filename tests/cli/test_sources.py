"""Does the list of sources say what there is, in full and as JSON?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from firstcall import registry
from firstcall.schema import TABLES
from firstcall.sources.source import BUILT, REAL
from tests.cli.command import Run

GATEWAYS = Path(__file__).parents[1] / "gateways"


def test_sources_list_every_format_and_table(run: Run) -> None:
    """Each with what it needs."""
    ran = run("sources")
    firsts = {line.split()[0] for line in ran.out.splitlines() if line.strip()}
    assert (set(registry.sources()) | set(TABLES)) - firsts == set()


def test_a_table_is_shown_with_its_columns(run: Run) -> None:
    """The closed domains and the defaults too."""
    ran = run("sources", "partners")
    assert "One of: pending, approved, rejected" in ran.out
    assert "A row is known by partner_id." in ran.out
    found: dict[str, Any] = run("sources", "partners", "--json").data
    assert [column["name"] for column in found["columns"]][:3] == ["partner_id", "name", "registered_at"]


def test_a_format_is_shown_with_its_options(run: Run) -> None:
    """A log of nginx takes a log_format of one's own."""
    assert "log_format" in run("sources", "nginx").out
    assert "log_format" in run("sources", "nginx", "--json").data["options"]


def test_a_format_says_where_its_samples_come_from(run: Run) -> None:
    """In the list, in full, and as JSON; nobody's samples are left unsaid."""
    (kong,) = [line for line in run("sources").out.splitlines() if line.startswith("kong ")]
    assert "built from documentation" in kong
    assert "Samples: built from documentation" in run("sources", "kong").out
    formats = run("sources", "--json").data["formats"]
    assert {each["samples"] for each in formats} <= {BUILT, REAL}


def test_sources_as_json_hold_both_lists(run: Run) -> None:
    """Formats and tables."""
    found: dict[str, Any] = run("sources", "--json").data
    assert {each["name"] for each in found["formats"]} == set(registry.sources())
    assert {each["name"] for each in found["tables"]} == set(TABLES)


def test_samples_of_the_system_itself_are_those_that_the_tests_start() -> None:
    """Every gateway of tests/gateways, and no other; OpenTelemetry writes otlp."""
    started = {path.stem.removeprefix("test_") for path in GATEWAYS.glob("test_*.py")}
    started = {"otlp" if name == "opentelemetry" else name for name in started}
    assert {name for name, source in registry.sources().items() if source.samples == REAL} == started
