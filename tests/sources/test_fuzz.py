"""Does any format fall over, lose or invent a row, whatever becomes of its lines?

A normal run makes 2,000 broken lines a format; FIRSTCALL_FUZZ=100000 makes as many as it says.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from firstcall import registry
from firstcall.engines.duckdb import open_store
from firstcall.errors import FirstcallError, ImportRefused, UsageError
from firstcall.pipeline.importing import ImportReport, import_files
from firstcall.settings import Settings
from firstcall.sources.csv_records import as_objects, csv_shape
from firstcall.sources.envelopes import LINE_ENVELOPES, MISSHAPEN, line_envelope, parsed, records
from firstcall.sources.source import Source

SAMPLES = Path(__file__).parents[1] / "samples"
LINES = int(os.environ.get("FIRSTCALL_FUZZ", "2000"))
INTACT = 20
"""Lines of a sample that open a file as they are, so that its shape can be told."""
FAULT = "please report"
"""What the program says when the fault is its own."""
OPTIONS = {
    "cloudfront/real-time.log": {
        "fields": "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem "
        "cs-bytes time-taken cs-user-agent origin-lbl"
    },
}
"""What a sample needs said to be read."""
CALLS = sorted(name for name, source in registry.sources().items() if source.conform is not None)

TOKENS = (
    b"-", b"null", b'"', b"'", b"\\", b"\\x", b"\\u00zz", b"\\ud800", b"\\q", b"{", b"}", b"[" * 2000, b"]", b",",
    b"\t", b" ", b"1e999", b"-1", b"9" * 400, b"NaN", b"99999-99-99T99:99:99Z", b"\xff\xfe", b"\xc3", b"\xe2\x80\xa8",
    b"\x01", b"\x02", b"\x0b", b"\xf0\x9f\x98\x80", b"%", b"%00", b"://", b"<", b"&", b"0", b"",
    b"'); DROP TABLE calls; --",
)  # fmt: skip
Mutation = Callable[[random.Random, bytes], bytes]


def _flip(dice: random.Random, line: bytes) -> bytes:
    at = dice.randrange(len(line))
    return line[:at] + bytes([line[at] ^ (1 << dice.randrange(8))]) + line[at + 1 :]


def _cut(dice: random.Random, line: bytes) -> bytes:
    low, high = sorted((dice.randrange(len(line) + 1), dice.randrange(len(line) + 1)))
    return line[:low] + line[high:] if dice.random() < 0.5 else line[low:high]


def _insert(dice: random.Random, line: bytes) -> bytes:
    at = dice.randrange(len(line) + 1)
    return line[:at] + dice.choice(TOKENS) + line[at:]


def _word(dice: random.Random, line: bytes) -> bytes:
    """Put something else in the place of a word, a number or a quoted text."""
    sign = dice.choice((b" ", b",", b'"', b":"))
    words = line.split(sign)
    words[dice.randrange(len(words))] = dice.choice(TOKENS)
    return sign.join(words)


def _quotes(_dice: random.Random, line: bytes) -> bytes:
    return line.translate(bytes.maketrans(b"\"'", b"'\""))


def _double(_dice: random.Random, line: bytes) -> bytes:
    return line + line


MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _insert, _word, _word, _quotes, _double)


def broken(dice: random.Random, line: bytes) -> bytes:
    """Return the line after one to three mutations; line feeds stay the file's own."""
    for _ in range(dice.randint(1, 3)):
        line = dice.choice(MUTATIONS)(dice, line or b"x")
    return line.replace(b"\n", b" ").replace(b"\0", b"0")


def samples(name: str) -> list[Path]:
    """Return the sample files of a format."""
    folder = SAMPLES / name
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def taken(path: Path, name: str, sample: Path) -> ImportReport | str:
    """Import a file made from a sample into a scratch store; return the report, or why it was refused as a whole."""
    store = open_store(None)
    try:
        report = import_files(
            store, Settings(), name, [str(path)], options=OPTIONS.get(f"{name}/{sample.name}")
        )
        rows = store.connection.execute("SELECT count(*) FROM calls").fetchone()
    except (ImportRefused, UsageError) as error:
        return str(error)
    finally:
        store.close()
    assert report.total.adds_up
    assert rows == (report.total.landed,)
    return report


@pytest.mark.parametrize("name", CALLS)
def test_every_format_has_a_sample_that_lands(name: str) -> None:
    """As it is, with nothing broken, every sample gives at least one call."""
    files = samples(name)
    assert files, f"put samples of {name} into tests/samples/{name}/"
    for path in files:
        report = taken(path, name, path)
        assert isinstance(report, ImportReport), f"{path.name}: {report}"
        assert report.total.landed, f"{path.name}: {report.total}"


@pytest.mark.parametrize("name", CALLS)
def test_broken_lines_are_refused_and_counted(name: str, tmp_path: Path) -> None:
    """The file opens as the sample does; every line after that is accounted for once."""
    files = samples(name)
    dice = random.Random(name)
    for number, path in enumerate(files):
        lines = path.read_bytes().splitlines()
        made = [broken(dice, dice.choice(lines)) for _ in range(LINES // len(files))]
        file = tmp_path / f"{number}{path.suffix}"
        file.write_bytes(b"\n".join((*lines[:INTACT], *made)))
        report = taken(file, name, path)
        assert FAULT not in str(report), f"{path.name}: {report}"


@pytest.mark.parametrize("name", CALLS)
def test_a_broken_file_is_refused_in_words(name: str, tmp_path: Path) -> None:
    """Its head and its quotes broken too: documents that do not close, names that are gone."""
    dice = random.Random(f"{name} whole")
    for number in range(max(6, LINES // 4000)):
        path = dice.choice(samples(name))
        file = tmp_path / f"{number}{path.suffix}"
        file.write_bytes(dice.choice(MUTATIONS)(dice, path.read_bytes()))
        report = taken(file, name, path)
        assert FAULT not in str(report), f"{file.read_bytes()[:200]!r}: {report}"


def _sources() -> list[Source]:
    return [source for source in registry.sources().values() if source.conform is not None]


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(st.text(max_size=60), max_size=8))
def test_no_first_lines_upset_what_looks_at_them(lines: list[str]) -> None:
    """A recogniser says nothing, a way of reading is found or refused in words; neither falls over."""
    held = [line.replace("\n", " ") for line in lines]
    for source in _sources():
        if source.recognise is not None:
            why = source.recognise(held)
            assert why is None or why
        assert source.conform is not None
        with suppress(FirstcallError):
            assert source.conform(held, {}).select


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("records", "logEvents", "messageType", "log", "entries", "message", "data", "resourceSpans")
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(value=JSON)
def test_no_document_upsets_what_takes_it_apart(value: object) -> None:
    """It gives at least one row, or is of another shape and stays whole."""
    for source in _sources():
        try:
            assert list(records(value, source.unpack))
        except MISSHAPEN:
            continue


@given(
    lines=st.lists(st.text(alphabet='ab",; \t{}[]:<1>\\', max_size=30).filter(bool), min_size=1, max_size=12)
)
def test_an_envelope_gives_a_line_for_a_line(lines: list[str]) -> None:
    """What it is not around passes as it is."""
    assert parsed("\n".join(lines)) is None or line_envelope(lines) is None
    for envelope in LINE_ENVELOPES:
        assert list(envelope.payloads(lines)) == lines


@given(
    lines=st.lists(
        st.text(alphabet=st.characters(exclude_characters="\n\r", codec="utf-8"), max_size=20),
        max_size=9,
    )
)
def test_every_line_of_csv_is_in_one_record(lines: list[str]) -> None:
    """An open quote refuses its own line and no other; nothing is lost."""
    shape = csv_shape(["a,b", *lines])
    assert shape is not None
    found = list(as_objects(iter(["a,b", *lines]), shape, 1000))
    assert len(found) <= len(lines)
    if not any('"' in line for line in lines):
        assert len(found) == len(lines)
