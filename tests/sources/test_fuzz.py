"""Does any format fall over, lose or invent a row, whatever becomes of its lines?

A normal run makes 2,000 broken lines a format; FIRSTCALL_FUZZ=100000 makes as many as it says.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from firstcall import registry
from firstcall.errors import FirstcallError, UsageError
from firstcall.pipeline.importing import ImportReport
from firstcall.sources.parsing.csv_records import as_objects, csv_shape
from firstcall.sources.parsing.envelopes import LINE_ENVELOPES, MISSHAPEN, line_envelope, parsed, records
from firstcall.sources.recognise import recognised
from firstcall.sources.source import Source
from tests.sources.fuzzed import FAULT, INPUTS, Record, documents, held_to_account, lines_of, samples
from tests.sources.mutations import broken_file, broken_line, broken_record, long_lines

INTACT = 20
"""Lines of a sample that open a file as they are, so that its shape can be told."""
LONG_BYTES, LONG_SECONDS = 100_000, 10.0
"""A file of some thirty lines of this length is read in half a second; a pattern that goes back takes minutes."""
OPTIONS = {
    "cloudfront/real-time.log": {
        "fields": "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem "
        "cs-bytes time-taken cs-user-agent origin-lbl"
    },
}
"""What a sample needs said to be read."""
CALLS = sorted(name for name, source in registry.sources().items() if source.conform is not None)


def taken(file: Path, name: str, sample: Path) -> ImportReport | str:
    """Import a file made from a sample into a scratch store; return the report, or why it was refused as a whole."""
    return held_to_account(file, name, OPTIONS.get(f"{name}/{sample.name}"))


@pytest.mark.parametrize("name", CALLS)
def test_every_format_has_a_sample_that_lands(name: str) -> None:
    """As it is, with nothing broken, every sample gives at least one call."""
    files = samples(name)
    assert files, f"put samples of {name} into tests/samples/{name}/"
    for path in files:
        report = taken(path, name, path)
        assert isinstance(report, ImportReport), f"{path.name}: {report}"
        assert report.total.landed, f"{path.name}: {report.total}"


def _made(dice: random.Random, path: Path, count: int) -> list[bytes]:
    """Return lines made of a sample's: of JSON half of them are broken as text and half as values."""
    lines, values = lines_of(path), documents(path)
    if not values:
        return [broken_line(dice, dice.choice(lines)) for _ in range(count)]
    texts = [broken_line(dice, dice.choice(lines)) for _ in range(count // 2)]
    made = texts + [broken_record(dice, dice.choice(values)) for _ in range(count - count // 2)]
    dice.shuffle(made)
    return made


@pytest.mark.parametrize("name", CALLS)
def test_broken_lines_are_refused_and_counted(name: str, tmp_path: Path, record_property: Record) -> None:
    """The file opens as the sample does; every line after that is accounted for once."""
    files = samples(name)
    dice = random.Random(name)
    inputs = refused = 0
    for number, path in enumerate(files):
        made = _made(dice, path, -(-INPUTS // len(files)))
        whole = [*lines_of(path)[:INTACT], *made]
        file = tmp_path / f"{number}{path.suffix}"
        file.write_bytes(b"\n".join(whole))
        report = taken(file, name, path)
        assert isinstance(report, ImportReport), f"{path.name}: {report}"
        read = report.total.read
        if documents(path) or registry.sources()[name].reads == "lines":
            assert read >= len(whole), path.name
        if not documents(path):
            assert read <= len(whole), path.name
        inputs += len(made)
        refused += sum(report.total.refused.values())
    record_property("inputs", inputs)
    record_property("refused", refused)


@pytest.mark.parametrize("name", CALLS)
def test_a_broken_file_is_refused_in_words(name: str, tmp_path: Path, record_property: Record) -> None:
    """Its head and its quotes broken too: documents that do not close, names that are gone."""
    dice = random.Random(f"{name} whole")
    count = max(6, INPUTS // 1000)
    for number in range(count):
        path = dice.choice(samples(name))
        file = tmp_path / f"{number}{path.suffix}"
        file.write_bytes(broken_file(dice, path.read_bytes()))
        report = taken(file, name, path)
        assert FAULT not in str(report), f"{file.read_bytes()[:200]!r}: {report}"
    record_property("inputs", count)


@pytest.mark.parametrize("name", CALLS)
def test_a_long_line_takes_no_longer_than_its_length(
    name: str, tmp_path: Path, record_property: Record
) -> None:
    """Whatever its field is made of, in the lines that the shape is told by and first in the file."""
    dice = random.Random(f"{name} long")
    count = 0
    for number, path in enumerate(samples(name)):
        lines = lines_of(path)
        for turn in range(1 if INPUTS < 10_000 else 10):
            long = long_lines(dice, lines, LONG_BYTES)
            dice.shuffle(long)
            whole = [*lines[: dice.choice((0, 0, INTACT))], *long]
            file = tmp_path / f"{number}-{turn}{path.suffix}"
            file.write_bytes(b"\n".join(whole))
            began = time.process_time()
            taken(file, name, path)
            assert time.process_time() - began < LONG_SECONDS, (path.name, turn)
            count += len(long)
    record_property("inputs", count)


def test_a_broken_beginning_is_told_or_asked_about(record_property: Record) -> None:
    """What looks at the first lines of a file names a format or says in words that it knows none."""
    dice = random.Random("auto")
    heads = [lines_of(path)[:4] for name in CALLS for path in samples(name)]
    told = count = 0
    while count < max(300, INPUTS // 10):
        lines = [broken_line(dice, line) if dice.random() < 0.7 else line for line in dice.choice(heads)]
        count += len(lines)
        with suppress(UsageError):
            shown = [line.decode("utf-8", "surrogateescape") for line in lines]
            told += bool(recognised("file", shown, registry.sources())[1])
    assert told > count // 100
    record_property("inputs", count)


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
