"""How does a file become the lines that a format knows: without envelopes, one record a line?

Most files are so already, are told by their first lines, and are read in place. The others are written once more,
one payload a line; from then on a row is such a payload, and the import says so.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from firstcall.errors import ImportRefused
from firstcall.sources.parsing.csv_records import Shape, as_objects, csv_shape
from firstcall.sources.parsing.envelopes import (
    MISSHAPEN,
    is_container,
    line_envelope,
    parsed,
    records,
    shallow,
)
from firstcall.sources.parsing.json_log import mended
from firstcall.sources.source import Source, Unpack

SAMPLE = 50
SAMPLE_CHARACTERS = 1 << 20
DOCUMENT_BYTES = 64 << 20
"""A document is held in memory as a whole; a longer one is refused."""
MESSAGE = "@message"
"""The column in which CloudWatch Logs Insights gives a line of the log."""
DEPTH = 4
"""Envelopes inside envelopes that are taken off."""
FEWEST_KEYS = 3
"""A line of a document that is laid out over many can be an object too, but a small one."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """Where the payload lines are, and what they were wrapped in, in words.

    `problems` says that a line may be marked with the reason for which a CSV record could not be read.
    """

    path: Path
    notes: tuple[str, ...] = ()
    problems: bool = False


@dataclass(frozen=True, slots=True)
class _Layer:
    """What to take off: (the open file) → payload lines; `words` say it, `last` that nothing can be under it."""

    words: str
    take: Callable[[TextIO], Iterator[str]]
    last: bool = False


def unwrapped(path: Path, shown: str, source: Source | None, scratch: Path, line_bytes: int) -> Unwrapped:
    """Return the payload lines of a text file; CSV and documents are read as `source` says, without one not at all.

    Lines over `line_bytes` are looked into only when they are documents. Raises ImportRefused for a document over
    several lines that is larger than `DOCUMENT_BYTES`.
    """
    notes: list[str] = []
    for number in range(DEPTH):
        layer = _layer(path, shown, source, line_bytes)
        if layer is None:
            break
        copy = scratch / f"payload-{number}-{path.name}"
        with _opened(path) as text, copy.open("wb") as out:
            rows = 0
            for line in layer.take(text):
                out.write(_bytes(line.replace("\n", " ")) + b"\n")
                rows += 1
        path = copy
        notes.append(f"{layer.words}; a row is what was inside, {rows:,} of them")
        if layer.last:
            break
    csv = bool(notes) and source is not None and source.reads == "csv" and "CSV" in notes[-1]
    return Unwrapped(path, tuple(notes), problems=csv)


def first_lines(path: Path, longest: int = SAMPLE_CHARACTERS) -> tuple[str, ...]:
    """Return the first lines of a text file, the first one up to `longest` characters."""
    found: list[str] = []
    with _opened(path) as text:
        room = longest
        while len(found) < SAMPLE and room > 0 and (line := text.readline(room)):
            found.append(line.rstrip("\r\n"))
            room = min(room, SAMPLE_CHARACTERS) - len(line)
    return tuple(found)


def _bytes(line: str) -> bytes:
    """Return the line with the bytes it came with; half a character that JSON had escaped stays no UTF-8."""
    try:
        return line.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogatepass")


def _opened(path: Path) -> TextIO:
    return path.open(encoding="utf-8", errors="surrogateescape", newline="\n")


def _layer(path: Path, shown: str, source: Source | None, line_bytes: int) -> _Layer | None:
    sample = first_lines(path, DOCUMENT_BYTES)
    unpack = source.unpack if source else None
    opening = next((line.lstrip() for line in sample if line.strip()), "")
    if (envelope := line_envelope(sample)) is not None:
        taken = envelope.payloads
        return _Layer(
            f"every line is inside {envelope.words}", lambda text: taken(_lines(text, 2 * line_bytes))
        )
    if unpack and not _opens(opening):
        # the rest of a line that was cut off, say where logs were rotated
        opening = next((line.lstrip() for line in sample if _opens(line)), opening)
    if not _opens(opening):
        return _rows(opening, sample, source, line_bytes)
    if _several_on_a_line(path):
        return _Layer("some lines hold several JSON objects, one after the other", _one_a_line)
    value = parsed(opening)
    if value is None:
        return _document(path, shown, sample, unpack)
    long = isinstance(value, list) and len(opening) > line_bytes
    if not (is_container(value) or unpack or long):
        return None
    last = bool(unpack) and not (isinstance(value, dict) and "logEvents" in value)
    return _Layer("the lines are documents of records", lambda text: _inside(text, unpack), last)


def _names(opening: str) -> list[str]:
    """Return the fields of a line of CSV with commas; nothing when it is none."""
    try:
        return next(csv.reader([opening]), [])
    except csv.Error:
        return []


def _messages(text: TextIO, place: int) -> Iterator[str]:
    """Yield what stands in the column of the messages, whose line feeds are those of the log."""
    csv.field_size_limit(DOCUMENT_BYTES)
    for row in islice(csv.reader(text), 1, None):
        yield from (row[place] if len(row) > place else ",".join(row)).rstrip("\n").split("\n")


def _opens(line: str) -> bool:
    """Return whether a line begins as an object or an array does."""
    return mended(line[:SAMPLE_CHARACTERS]).lstrip().startswith(("{", "["))


def _rows(opening: str, sample: tuple[str, ...], source: Source | None, line_bytes: int) -> _Layer | None:
    """Return how to take CSV apart; None for lines that are none, or that nobody reads as CSV."""
    if MESSAGE in (names := _names(opening)):
        place = names.index(MESSAGE)
        return _Layer("the CSV of a query of CloudWatch Logs Insights", lambda text: _messages(text, place))
    shape = csv_shape(sample, source.header) if source and source.reads == "csv" else None
    return None if shape is None else _csv(shape, line_bytes)


def _several_on_a_line(path: Path) -> bool:
    """Return whether some line holds several objects or arrays: Firehose joins its records without a line feed."""
    with path.open("rb") as raw:
        # most files have no such place, and are not looked at line by line
        if not any(b"}{" in chunk or b"][" in chunk for chunk in iter(lambda: raw.read(1 << 20), b"")):
            return False
    with _opened(path) as text:
        joint = (line for line in _lines(text, DOCUMENT_BYTES) if _joint(line))
        return any(len(_values(line) or ()) > 1 for line in joint)


def _joint(line: str) -> bool:
    return "}{" in line or "][" in line


def _one_a_line(text: TextIO) -> Iterator[str]:
    for line in _lines(text, DOCUMENT_BYTES):
        values = _values(line) if _joint(line) else None
        if values is None or len(values) < 2:
            yield line
        else:
            yield from (json.dumps(value, ensure_ascii=False) for value in values)


def _csv(shape: Shape, line_bytes: int) -> _Layer:
    return _Layer(
        f"CSV with {shape.words}",
        lambda text: as_objects(_lines(text, 2 * line_bytes), shape, line_bytes),
        last=True,
    )


def _lines(text: TextIO, longest: int) -> Iterator[str]:
    """Yield the lines; of one that is longer than `longest` only so much that its length still refuses it."""
    while line := text.readline(longest):
        whole = line.endswith("\n")
        yield line.rstrip("\r\n")
        while not whole and (rest := text.readline(longest)):
            whole = rest.endswith("\n")


def _inside(text: TextIO, unpack: Unpack | None) -> Iterator[str]:
    for line in _lines(text, DOCUMENT_BYTES):
        value = parsed(line)
        if value is None:
            value = parsed(mended(line))
        if value is None:
            yield line
        else:
            yield from _taken_apart(value, unpack, line)


def _taken_apart(value: Any, unpack: Unpack | None, line: str | None = None) -> Iterable[str]:  # noqa: ANN401 - JSON
    """Return the records of a document, or the document on one line when it is of another shape."""
    try:
        return list(records(value, unpack))
    except MISSHAPEN:
        return (json.dumps(value, ensure_ascii=False) if line is None else line,)


def _document(path: Path, shown: str, sample: tuple[str, ...], unpack: Unpack | None) -> _Layer | None:
    """Return how to take a document over several lines apart; None when the file is lines of objects after all."""
    values = (parsed(mended(line[:SAMPLE_CHARACTERS])) for line in sample)
    if any(isinstance(value, dict) and len(value) >= FEWEST_KEYS for value in values):
        return None
    size = path.stat().st_size
    if size > DOCUMENT_BYTES:
        raise ImportRefused(
            f"{shown}: a JSON document over several lines, {size >> 20} MB of it; up to {DOCUMENT_BYTES >> 20} MB are "
            "read at once. Write one object a line, as `jq -c '.[]'` does, and import that."
        )
    with _opened(path) as text:
        documents = _values(text.read())
    if documents is None:
        return None

    def take(_text: TextIO) -> Iterator[str]:
        for value in documents:
            yield from _taken_apart(value, unpack)

    words = f"{len(documents):,} JSON document{'s' * (len(documents) != 1)} over several lines"
    return _Layer(words, take, last=bool(unpack))


def _values(text: str) -> list[Any] | None:
    """Return the JSON values that stand one after the other; None when there is anything else."""
    decoder, found, at = json.JSONDecoder(), list[Any](), 0
    while at < len(text):
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            break
        try:
            value, at = decoder.raw_decode(text, at)
            found.append(shallow(value))
        except (ValueError, RecursionError):
            return None
    return found
