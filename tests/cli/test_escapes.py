"""Does nothing of other people's data get to steer a terminal?"""

from __future__ import annotations

import json

import pytest

from firstcall.cli.escapes import clean, harmless_json


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07name", "name"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b]52;c;cm0gLXJm\x07", ""),
        ("\x9b2Jcleared", "cleared"),
        ("\x9d0;title\x9cname", "name"),
        ("\x1bP+q544e\x1b\\name", "name"),
        ("\x1bcreset", "reset"),
        ("a\x00b\x08c\x7fd\x85e", "abcd e"),
        ("one\r\ntwo\tthree", "one two three"),
        ("abc\u202edcba\u202c", "abcdcba"),
        ("pay\u200bpal\u2066x\u2069\ufeff", "paypalx"),
        ("half \ud800", "half "),
        ("unfinished \x1b]0;title", "unfinished "),
        ("Łódź – 日本 👩‍🔧", "Łódź – 日本 👩‍🔧"),
    ],
)
def test_what_a_terminal_would_obey_is_gone_and_the_rest_stays(hostile: str, seen: str) -> None:
    """Sequences go whole; languages, dashes and joined emoji stay."""
    assert clean(hostile) == seen


def test_lines_are_kept_when_they_are_ours() -> None:
    """A message of several lines stays one."""
    assert clean("one\ntwo\x1b[2J", lines=True) == "one\ntwo"


@pytest.mark.parametrize(
    "text", ["\x1b[31m", "\x9b2J", "\u202e", "\u2028", "\ud800", "\x7f", "\U000e0041", "é日"]
)
def test_json_keeps_every_character_and_shows_the_harmful_as_escapes(text: str) -> None:
    """Reading the JSON gives back exactly what was in the data."""
    written = harmless_json(json.dumps(text, ensure_ascii=False))
    assert clean(written) == written
    assert json.loads(written) == text
