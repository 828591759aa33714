"""Can every planted fault be planted, and is there somebody to notice it?"""

from __future__ import annotations

import pytest

from firstcall import registry
from tests.contracts.house import ROOT, SOURCE
from tests.planted.__main__ import FAULTS
from tests.planted.faults import Fault

ROOMS = ("relations", "onboarding", "adoption", "reliability", "business", "satisfaction", "ecosystem")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_place_once(fault: Fault) -> None:
    """A text that is gone, or there twice, would prove nothing: name another where the product says it now."""
    assert (SOURCE / fault.file).read_text(encoding="utf-8").count(fault.text) == 1
    assert fault.instead != fault.text


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_somebody_to_notice_it(fault: Fault) -> None:
    """Metrics that are there, or tests that are."""
    assert fault.arguments
    assert sorted(set(fault.metrics) - registry.metrics().keys()) == []
    assert [test for test in fault.tests if not (ROOT / test).exists()] == []


def test_faults_have_names_of_their_own() -> None:
    """They are told apart in the table, and each room has some."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    rooms = {fault.file.rpartition("/")[0] for fault in FAULTS}
    assert (
        sorted({"query", "engines", "pipeline/loading", *(f"metrics/{name}" for name in ROOMS)} - rooms) == []
    )
