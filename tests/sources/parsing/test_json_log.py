"""Is what gateways write that is no JSON mended, and does what cannot be mended cost no more than its length?"""

from __future__ import annotations

import json
import time

import pytest

from firstcall.sources.parsing.json_log import mended


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ('{"a": -, "b": , "c":- }', {"a": None, "b": None, "c": None}),
        ('{"a": -1, "b":\t-\t}', {"a": -1, "b": None}),
        ('2026-01-01T00:00:00+00:00 {"a": "\\x22"}', {"a": "%22"}),
    ],
)
def test_known_slips_are_mended(line: str, meant: dict[str, object]) -> None:
    """An unset number, a byte, a time in front; a negative number is none of them."""
    assert json.loads(mended(line)) == meant


def test_a_hundred_thousand_blanks_are_gone_over_once() -> None:
    """A value may be missing after them, and a dash may stand between, which was tried at each of them."""
    line = '{"a":' + " " * 100_000 + "x"
    began = time.process_time()
    assert mended(line) == line
    assert time.process_time() - began < 2
