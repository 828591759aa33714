"""Is the tree free of leftovers: one machine's paths, addresses in pins, unfinished work, tests that skip?"""

from __future__ import annotations

import re
import tokenize
from functools import cache
from io import StringIO

import pytest

from tests.contracts.house import ROOT, everything, product, texts

MACHINE_PATH = re.compile(r"(?<![\w.}])/(?:home|Users|root)/[\w.]+|[A-Z]:\\\\Users")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError|not implemented)\b")
SKIP = re.compile(r"\b(?:pytest\.skip|mark\.skip(?:if)?|importorskip|unittest\.skip)\b")
FILLER = re.compile(r"\b(?:simply|just|obviously)\b", re.IGNORECASE)
THIS = "tests/contracts/test_clean.py"


def hits(pattern: re.Pattern[str], where: str, text: str) -> list[str]:
    """Return `path:line: line` of each line that the pattern finds."""
    lines = text.splitlines()
    return [f"{where}:{n}: {line.strip()}" for n, line in enumerate(lines, 1) if pattern.search(line)]


def test_no_path_of_one_machine() -> None:
    """What works here works anywhere."""
    assert [hit for where, text in texts() if where != THIS for hit in hits(MACHINE_PATH, where, text)] == []


def test_pins_name_versions_and_no_addresses() -> None:
    """Every pin is `name==version`; where it comes from is the installer's business."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 20
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+]+", pin)] == []
    assert [line for line in lines if "://" in line] == []


def test_nothing_is_left_unfinished() -> None:
    """What is not there yet is an issue, not a mark in the code."""
    assert [hit for m in product() for hit in hits(UNFINISHED, m.where, m.text)] == []


def test_no_test_skips() -> None:
    """A test runs or is not there; what it needs, `make setup` installs."""
    assert [hit for m in everything() if m.where != THIS for hit in hits(SKIP, m.where, m.text)] == []


@cache
def comments(text: str) -> list[str]:
    """Return the comments of a Python file."""
    tokens = tokenize.generate_tokens(StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_comments_and_pages_do_without_filler() -> None:
    """A reason needs no word that tells the reader it is easy."""
    wrong = [f"{m.where}: {c}" for m in everything() for c in comments(m.text) if FILLER.search(c)]
    pages = [(where, text) for where, text in texts() if where.endswith(".md")]
    assert wrong + [hit for where, text in pages for hit in hits(FILLER, where, text)] == []


@pytest.mark.parametrize("room", ["src", "tests"])
def test_no_print_is_left_from_looking(room: str) -> None:
    """Python's debugger is not called anywhere."""
    call = re.compile(r"\b(?:breakpoint\(|pdb\.set_trace)")
    inside = [m for m in everything() if m.where.startswith(room) and m.where != THIS]
    assert [hit for m in inside for hit in hits(call, m.where, m.text)] == []
