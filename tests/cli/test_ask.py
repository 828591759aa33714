"""Does a question from the command line bring its answer, for people and as JSON, and its explanation?"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Run


def test_an_answer_is_a_table_with_its_scope_and_freshness(filled: Run) -> None:
    """Two calls in July, two in August so far."""
    ran = filled("ask", "call_volume", "--grain", "month")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith("call_volume · 2026-07-01 to 2026-09-01 · by month · any environment")
    cells = [line.split() for line in lines]
    assert ["2026-07", "2", "2", "0", "2"] in cells
    assert ["2026-08*", "2", "2", "0", "2"] in cells
    assert "As of 2026-08-04 10:00:00 UTC; data until: kong 2026-08-04 10:00:00" in lines


def test_json_is_the_answer_object(filled: Run) -> None:
    """With the keys that scripts are written against, and what belongs to nobody as null."""
    ran = filled("ask", "call_volume", "--grain", "month", "--by", "partner", "--json")
    found: dict[str, Any] = ran.data
    assert list(found)[:6] == ["metric", "version", "unit", "better", "scope", "as_of"]
    assert found["scope"]["by"] == ["partner"]
    assert {(point["period"], point["by"]["partner"], point["value"]) for point in found["points"]} == {
        ("2026-07-01", "acme", 2),
        ("2026-08-01", "=evil", 1),
        ("2026-08-01", None, 1),
    }


def test_filters_narrow_the_answer(filled: Run) -> None:
    """One endpoint, one month."""
    arguments = ("--where", "product=payments", "--from", "2026-07", "--to", "2026-08", "--grain", "all")
    [point] = filled("ask", "call_volume", *arguments, "--json").data["points"]
    assert (point["value"], point["cases"]) == (2, 2)


def test_a_value_that_no_row_has_is_wrong_usage(filled: Run) -> None:
    """0 would be a number about nobody."""
    ran = filled("ask", "call_volume", "--where", "product=payment")
    assert (ran.code, "Did you mean payments?" in ran.err) == (2, True)


def test_what_cannot_be_computed_says_what_it_needs(filled: Run) -> None:
    """An absent value, its reason and the command, not an error."""
    ran = filled("ask", "time_to_first_call")
    assert ran.code == 0
    assert "– needs rows in developers: firstcall import developers" in ran.out


def test_hostile_cells_are_harmless_and_json_is_exact(filled: Run) -> None:
    """No byte of an escape sequence reaches stdout; JSON still says what the data says."""
    assert filled("import", "calls", _hostile_calls()).code == 0
    ran = filled("ask", "call_volume", "--by", "product")
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    assert "[red]paint" in ran.out
    out = filled("ask", "call_volume", "--by", "product", "--json").out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\x1b[31m\u202e[red]paint" in {point["by"]["product"] for point in json.loads(out)["points"]}


def _hostile_calls() -> str:
    file = Path("hostile.ndjson")
    call = {
        "event_id": "h",
        "time": "2026-08-01T00:00:00Z",
        "source": "kong",
        "method": "GET",
        "route": "/",
        "status": 200,
    }
    file.write_text(json.dumps({**call, "product": "\x1b[31m\u202e[red]paint"}) + "\n", encoding="utf-8")
    return str(file)


def test_an_explanation_shows_definition_sql_inputs_and_rows(filled: Run) -> None:
    """What ran is what is printed."""
    ran = filled("explain", "call_volume", "--from", "2026-07", "--to", "2026-08")
    assert ran.code == 0
    for part in (
        "Question: How much",
        "Formula: ",
        "Inputs, confidence measured",
        "SELECT",
        "Rows behind the number",
    ):
        assert part in ran.out


def test_an_explanation_as_json_is_whole(filled: Run) -> None:
    """Definition, answer, SQL, inputs and rows with their total."""
    found: dict[str, Any] = filled("explain", "call_volume", "--json").data
    assert list(found) == ["definition", "answer", "sql", "inputs", "rows"]
    assert found["answer"]["metric"] == found["definition"]["metric"] == "call_volume"
    assert found["inputs"] == {"calls": 4}
    assert found["rows"]["total"] == len(found["rows"]["shown"])


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson", "parquet"])
def test_every_row_behind_a_number_can_be_taken_out(filled: Run, suffix: str) -> None:
    """Never cut silently: the file has as many rows as the explanation counts."""
    file = Path(f"rows.{suffix}")
    ran = filled("explain", "active_partners", "--rows", str(file), "--json")
    total = ran.data["rows"]["total"]
    assert ran.code == 0
    assert f"{total} rows written to rows.{suffix}" in ran.err
    if suffix == "csv":
        with file.open(encoding="utf-8", newline="") as written:
            assert len(list(csv.reader(written))) == total + 1
    assert file.stat().st_size > 0


def test_a_file_that_cannot_be_written_is_an_error_of_one_line(filled: Run) -> None:
    """Unknown suffix 2, missing folder 1."""
    assert filled("explain", "call_volume", "--rows", "rows.doc").code == 2
    ran = filled("explain", "call_volume", "--rows", "nowhere/rows.csv")
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
