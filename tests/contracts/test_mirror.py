"""Does a test stand where the file stands that it tests?"""

from __future__ import annotations

import ast

import pytest

from firstcall import registry
from tests.contracts.house import ROOT, SOURCE, product
from tests.reference.catalogue import METRICS

OF_NO_ROOM = {
    "browser": "the pages as Chromium shows them",
    "contracts": "the rules of the house",
    "faults": "what is broken on the way in, whole commands long",
    "gateways": "logs that real gateways write while the test runs",
    "reference": "every metric once more in plain Python, and the small worlds it is asked about",
}
"""Folder of tests/ → what is tested there, that is no single file of the package."""

OF_MANY_FILES = {
    "charts/test_every_kind.py": "what holds for every kind of chart",
    "cli/test_identity.py": "what is learnt later about callers, over several commands",
    "cli/test_main.py": "the command itself, which is the package cli",
    "demo/test_found.py": "what the product finds in the sample program",
    "demo/test_truths.py": "what lies in the files of the sample program",
    "cli/test_start.py": "the page for newcomers, as it is typed",
    "engines/test_any_text.py": "that any text is a value to every engine",
    "engines/test_parity.py": "that engines agree",
    "engines/test_types.py": "that every question can be computed on every engine",
    "metrics/onboarding/test_funnels_of_settings.py": "the funnels of settings, from the file to the answer",
    "metrics/test_against_reference.py": "that every metric says what its reference says",
    "metrics/test_invariances.py": "what must not change an answer",
    "pipeline/test_local_days.py": "that import and question cut the same days, in any zone",
    "reports/test_printed.py": "the page on paper, by a browser",
    "sources/business/test_duplicates.py": "that merged, duplicate and spam are taken so, in every system",
    "sources/test_fuzz.py": "that no broken line ends an import, in any format",
    "sources/test_fuzz_records.py": "that no broken record or document does",
}
"""Test → what it tests, where that is more than one file."""


def of_rooms() -> list[str]:
    """Return the paths below tests/ of the tests in folders that a room of the package has too."""
    found = [path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")]
    return sorted(path.as_posix() for path in found if path.parts[0] not in OF_NO_ROOM)


def subject(test: str) -> str:
    """Return the path below the package of what a test is called after."""
    folder, slash, name = test.rpartition("/")
    return f"{folder}{slash}{name.removeprefix('test_')}"


def test_a_test_stands_where_the_file_stands_that_it_tests() -> None:
    """`tests/charts/test_line.py` tests `charts/line.py`; what has no such file is listed with its subject."""
    lost = [test for test in of_rooms() if not (SOURCE / subject(test)).exists()]
    assert sorted(set(lost) - OF_MANY_FILES.keys()) == []
    assert sorted(OF_MANY_FILES.keys() - set(lost)) == []


@pytest.mark.parametrize("folder", sorted(OF_NO_ROOM))
def test_a_folder_of_no_room_is_there_and_has_no_room(folder: str) -> None:
    """Once a room of that name is made, its tests move to where it is."""
    assert (ROOT / "tests" / folder).is_dir()
    assert not (SOURCE / folder).exists()


def families() -> dict[str, str]:
    """Return the family of each metric, as its module is called below `firstcall.metrics`."""
    known = registry.metrics()
    return {
        target.id: module.name.removeprefix("firstcall.metrics.")
        for module in product()
        if module.room == "metrics"
        for node in module.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in known
    }


def test_the_reference_of_a_metric_stands_where_its_family_stands() -> None:
    """`tests/reference/adoption/usage.py` says again what `metrics/adoption/usage.py` says."""
    homes = {name: function.__module__.removeprefix("tests.reference.") for name, function in METRICS.items()}
    assert homes == families()
