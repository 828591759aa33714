"""Does the example of CONTRIBUTING.md work as it stands?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import firstcall.metrics
from firstcall import registry
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from tests.contracts.house import ROOT

CALLS = """\
time,source,consumer,method,route,status
2026-03-02T10:00:00Z,edge,key-a,GET,/pets,200
2026-03-03T10:00:00Z,edge,key-a,GET,/pets,200
2026-03-04T10:00:00Z,edge,key-a,GET,/pets,200
2026-03-05T10:00:00Z,edge,key-b,GET,/pets,200
"""
CREDENTIALS = """\
consumer,partner_id
key-a,acme
key-b,bolt
"""


@pytest.fixture
def family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the example into a file of the catalogue, below the imports that its family already has."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(calls_per_partner.*?)```", page, flags=re.DOTALL)
    assert example is not None
    imports = (
        (ROOT / "src/firstcall/metrics/adoption/usage.py")
        .read_text(encoding="utf-8")
        .partition("\n\ncall_volume")[0]
    )
    (tmp_path / "example_family.py").write_text(f"{imports}\n\n{example[1]}", encoding="utf-8")
    monkeypatch.setattr(firstcall.metrics, "__path__", [*firstcall.metrics.__path__, str(tmp_path)])
    registry.metrics.cache_clear()
    yield tmp_path
    registry.metrics.cache_clear()


def test_the_example_metric_is_found_and_answers(family: Path) -> None:
    """Three calls of one partner and one of another are two calls a partner."""
    (family / "calls.csv").write_text(CALLS, encoding="utf-8")
    (family / "credentials.csv").write_text(CREDENTIALS, encoding="utf-8")
    with Program.open(Settings(), memory=True) as program:
        program.import_files("calls", [str(family / "calls.csv")])
        program.import_files("credentials", [str(family / "credentials.csv")])
        answer = program.ask(Question("calls_per_partner", grain="all"))
    assert [(point.value, point.cases) for point in answer.points] == [(2, 2)]
