"""Does the package hold what the product needs, and nothing that only its tests do?"""

from __future__ import annotations

import tomllib

from tests.contracts.house import ROOT, SOURCE, product

BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"][
    "targets"
]
MARKS = {"py.typed": "it tells type checkers that the package is annotated"}
"""Files that nothing opens by name → what they are for."""


def test_the_wheel_is_the_package_alone() -> None:
    """What stands below src/firstcall/, and no folder beside it."""
    assert BUILD["wheel"] == {"packages": ["src/firstcall"]}
    assert [path.name for path in SOURCE.parent.iterdir() if not path.name.endswith(".egg-info")] == [
        "firstcall"
    ]


def test_the_source_archive_can_be_built_tested_and_measured() -> None:
    """Every folder and file that it lists is there, and the Makefile's folders are among them."""
    listed = [name.removeprefix("/") for name in BUILD["sdist"]["include"]]
    assert {"src", "tests", "benchmarks", "docs", "Makefile", "constraints.txt"} <= set(listed)
    assert [name for name in listed if not list(ROOT.glob(name))] == []


def test_nothing_of_the_tests_stands_in_the_package() -> None:
    """No test, no planted truth, and no import of one."""
    strays = [
        m.where for m in product() if m.path.name.startswith("test_") or m.path.stem in {"truths", "conftest"}
    ]
    imports = [m.where for m in product() if "from tests" in m.text or "import pytest" in m.text]
    assert strays + imports == []


def test_every_file_that_is_no_module_is_opened_by_one() -> None:
    """A page, style or script that nobody names would ship for nothing."""
    others = [path for path in SOURCE.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}]
    texts = [module.text for module in product()]
    texts += [path.read_text(encoding="utf-8") for path in others if path.suffix == ".html"]
    assert len(others) > 10
    assert [
        path.name
        for path in others
        if path.name not in MARKS and not any(path.name in text for text in texts)
    ] == []
