"""How does a text file become one that the engine reads line by line without losing or inventing a line?

Rows come as physical lines ended by a line feed, in valid UTF-8, none longer than the limit. Most files are so
already and are read in place. The others are copied once, with a mark where something had to be replaced; a row
with the mark is refused with its reason, so that nothing is repaired in silence.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from firstcall.sources.tables.delimited import MARK, TOO_LONG

CHUNK = 256 << 10
KEPT = 200


@dataclass(frozen=True, slots=True)
class TextTraits:
    """What a text file holds that matters for reading it; `lines` counts line feeds."""

    lines: int = 0
    returns: bool = False
    quotes: bool = False
    foreign: bool = False
    nul: bool = False
    separator: bool = False
    longest: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing but the length of lines can be in the way."""
        return not (self.returns or self.replaced)

    @property
    def replaced(self) -> bool:
        """Whether normalising puts a mark where a row cannot be kept as it is."""
        return self.foreign or self.nul or self.separator


def traits(path: Path) -> TextTraits:
    """Read the file once, in bounded memory, and return what it holds."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = longest = run = 0
    returns = quotes = foreign = nul = separator = unfinished = False
    for chunk in _chunks(path):
        lines += chunk.count(b"\n")
        returns = returns or b"\r" in chunk
        quotes = quotes or b'"' in chunk
        nul = nul or b"\0" in chunk
        separator = separator or b"\1" in chunk
        if unfinished or not chunk.isascii():
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                foreign = True
                decoder.reset()
            unfinished = bool(decoder.getstate()[0])
        longest, run = _longest(chunk, longest, run)
    foreign = foreign or unfinished
    return TextTraits(lines, returns, quotes, foreign, nul, separator, max(longest, run))


def _longest(chunk: bytes, longest: int, run: int) -> tuple[int, int]:
    """Return the longest line so far and the length of the one still open; short lines are not measured."""
    first = chunk.find(b"\n")
    if first < 0:
        return longest, run + len(chunk)
    return max(longest, run + first, min(len(chunk), CHUNK)), len(chunk) - chunk.rfind(b"\n") - 1


def normalised(path: Path, found: TextTraits, limit: int | None, scratch: Path) -> Path:
    """Return `path`, or a copy in `scratch` with line feeds, valid UTF-8, and lines of at most `limit` bytes."""
    long = limit is not None and found.longest > limit
    if found.clean and not long:
        return path
    copy = scratch / f"normal-{path.name}"
    with copy.open("w", encoding="utf-8", newline="") as out:
        out.writelines(_pieces(path, found, limit if long else None))
    return copy


def _pieces(path: Path, found: TextTraits, limit: int | None) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    alone = "\n" if not found.lines else " "
    texts = (
        decoder.decode(chunk, final=not chunk) for chunk in chain(_chunks(path, whole_lines=True), (b"",))
    )
    for text in texts if limit is None else _shortened(texts, limit):
        yield text.replace("\r\n", "\n").replace("\r", alone).replace("\0", MARK).replace("\1", MARK)


def _shortened(texts: Iterator[str], limit: int) -> Iterator[str]:
    """Cut every line longer than `limit` bytes to its beginning, marked and without quotes."""
    held, cut = "", False
    for text in texts:
        *full, rest = (held + text).split("\n")
        for n, line in enumerate(full):
            yield ("" if cut and n == 0 else _short(line, limit)) + "\n"
        cut = cut and not full
        if cut:
            held = ""
        elif len(rest) > limit:
            yield _short(rest, limit)
            held, cut = "", True
        else:
            held = rest
    if not cut:
        yield _short(held, limit)


def _short(line: str, limit: int) -> str:
    if len(line) <= limit // 4 or len(line.encode()) <= limit:
        return line
    return TOO_LONG + line[:KEPT].replace('"', " ")


def _chunks(path: Path, *, whole_lines: bool = False) -> Iterator[bytes]:
    with path.open("rb") as raw:
        held = b""
        while chunk := raw.read(CHUNK):
            if whole_lines and (chunk := held + chunk).endswith(b"\r"):
                chunk, held = chunk[:-1], b"\r"  # its line feed may open the next chunk
            else:
                held = b""
            if chunk:
                yield chunk
        if held:
            yield held
