"""Does tidying keep every line, and mark what it had to replace?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.pipeline.reading.normalise_text import CHUNK, normalised, traits
from firstcall.sources.tables.delimited import TOO_LONG


def tidy(tmp_path: Path, content: bytes, limit: int | None = 1 << 20) -> str:
    """Return the text after tidying; the same path back means the same text."""
    path = tmp_path / "file"
    path.write_bytes(content)
    return normalised(path, traits(path), limit, tmp_path).read_bytes().decode()


def test_a_tidy_file_is_not_copied(tmp_path: Path) -> None:
    """Line feeds and UTF-8, lines within the limit."""
    path = tmp_path / "file"
    path.write_bytes("a,ü\nb\n".encode())
    assert normalised(path, traits(path), 1 << 20, tmp_path) == path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb\r", "a\nb\n"),
        (b"a\rb\nc\r\n", "a b\nc\n"),
        (b"a\xff,b\n", "a\ufffd,b\n"),
        (b"a\0b\n", "a\ufffdb\n"),
    ],
)
def test_line_ends_and_bytes_are_put_right(tmp_path: Path, content: bytes, expected: str) -> None:
    """A carriage return alone ends a line only where there are no line feeds."""
    assert tidy(tmp_path, content) == expected


def test_a_carriage_return_at_the_edge_of_a_chunk_stays_with_its_line_feed(tmp_path: Path) -> None:
    """The two are one line end wherever the file is cut for reading."""
    line = b"x" * (CHUNK - 1)
    assert tidy(tmp_path, line + b"\r\nb\r\n") == line.decode() + "\nb\n"


def test_a_long_line_is_cut_and_marked_and_the_others_stay(tmp_path: Path) -> None:
    """Of a line of 3 MiB its first 200 signs are kept; three lines stay three lines."""
    text = tidy(tmp_path, b'a\n"' + b"x" * (3 << 20) + b'"\nb\n')
    lines = text.split("\n")
    assert [len(line) for line in lines] == [1, len(TOO_LONG) + 200, 1, 0]
    assert lines[1].startswith(TOO_LONG)
    assert '"' not in lines[1]


def test_a_long_line_may_be_the_last_and_have_no_end(tmp_path: Path) -> None:
    """Nothing follows it, not even an empty line."""
    assert tidy(tmp_path, b"a\n" + b"x" * (2 << 20)).count("\n") == 1
