"""Does the list of metrics say what there is, in full and as JSON?"""

from __future__ import annotations

import json
from pathlib import Path

from firstcall import registry
from tests.cli.command import Run

GATEWAYS = Path(__file__).parents[1] / "gateways"


def test_metrics_list_every_metric_with_its_question(run: Run) -> None:
    """By family."""
    ran = run("metrics")
    firsts = {line.split()[0] for line in ran.out.splitlines() if line.strip()}
    assert set(registry.metrics()) - firsts == set()
    assert "Reliability" in ran.out


def test_one_family_can_be_asked_for(run: Run) -> None:
    """And no other is listed."""
    found = json.loads(run("metrics", "--family", "reliability", "--json").out)
    assert {each["family"] for each in found} == {"reliability"}
    assert all(each["question"].endswith("?") for each in found)
    needs = {each["metric"]: each["needs"] for each in found}
    assert needs["latency"] == [["calls"]]
    # What asked for a metric is for those who build it.
    assert not any({"row", "requirement"} & each.keys() for each in found)
