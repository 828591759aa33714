"""What may be wrapped around the lines of a gateway's log on its way, and what is left without it?

A collector adds a time and a stream, a syslog daemon a host, a cloud puts many lines into one document. Which of
them a file has is told once from its first lines; a line that is not wrapped like the others passes as it is.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from firstcall.sources.source import Unpack

CRI = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?:$| (.*))", re.DOTALL)
DATA = r"(?:-|(?:\[(?:[^\]\\]|\\.)*\])+)"
SYSLOG_5424 = re.compile(rf"^<\d{{1,3}}>1 \S+ \S+ \S+ \S+ \S+ {DATA}(?: \ufeff?(.*)|$)", re.DOTALL)
STAMP = (
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
)
SYSLOG_3164 = re.compile(rf"^(?:<\d{{1,3}}>)?{STAMP} \S+ [\w./-]+(?:\[\d+\])?: (.*)", re.DOTALL)
EXPORTED = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (.*)", re.DOTALL)
TAILED = re.compile(
    r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d (?!stdout |stderr )\S+ (.*)", re.DOTALL
)
COMPOSE = re.compile(r"^[\w.-]+ +\| (.*)", re.DOTALL)
LARGEST_BLOB = 64 << 20
"""Bytes that one packed record of a stream may unfold to."""
DEEPEST = 200
"""Levels of a JSON value, one inside the other: more than any record has."""
MISSHAPEN = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError)
"""What reading a document of another shape raises."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One wrapping: `words` name it, `around` says whether a line has it, `payloads` takes it off all lines."""

    name: str
    words: str
    around: Callable[[str], bool]
    payloads: Callable[[Iterable[str]], Iterator[str]]


def _prefix(name: str, words: str, pattern: re.Pattern[str]) -> Envelope:
    def payloads(lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            match = pattern.match(line)
            yield line if match is None else match[1] or ""

    return Envelope(name, words, lambda line: pattern.match(line) is not None, payloads)


def _joined(parts: Iterable[tuple[str, str, bool]]) -> Iterator[str]:
    """Join (stream, text, whether the line ends) by stream."""
    open_: dict[str, str] = {}
    for stream, text, ends in parts:
        held = open_.pop(stream, "") + text
        if ends:
            yield held
        else:
            open_[stream] = held
    yield from open_.values()


def _cri(lines: Iterable[str]) -> Iterator[str]:
    def parts() -> Iterator[tuple[str, str, bool]]:
        for line in lines:
            match = CRI.match(line)
            yield ("", line, True) if match is None else (match[1], match[3] or "", match[2] == "F")

    return _joined(parts())


def shallow(value: Any) -> Any:  # noqa: ANN401 - a JSON value of any kind
    """Return a JSON value; raises RecursionError for one so deep that what goes through it could not come back."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST):
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for held in inner for each in held if isinstance(each, dict | list)]
        if not level:
            return value
    raise RecursionError(f"more than {DEEPEST} levels, one inside the other")


def parsed(line: str) -> Any:  # noqa: ANN401 - a JSON value of any kind
    """Return the JSON value of a line; None when it is none, or is too deep."""
    try:
        return shallow(json.loads(line))
    except (ValueError, RecursionError):
        return None


def _is_docker(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("log"), str)
        and {"stream", "time"} & value.keys() != set()
    )


def _docker(lines: Iterable[str]) -> Iterator[str]:
    def parts() -> Iterator[tuple[str, str, bool]]:
        for line in lines:
            value = parsed(line)
            if _is_docker(value):
                text = value["log"]
                yield str(value.get("stream")), text.rstrip("\r\n"), text.endswith("\n")
            else:
                yield "", line, True

    # a text of one record may hold line feeds of its own
    for text in _joined(parts()):
        yield from text.split("\n")


def _is_journal(value: object) -> bool:
    return isinstance(value, dict) and "MESSAGE" in value and "__REALTIME_TIMESTAMP" in value


def _journal(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        value = parsed(line)
        if _is_journal(value):
            said = value["MESSAGE"]
            # what is no UTF-8 stands as a list of bytes
            text = bytes(said).decode(errors="replace") if isinstance(said, list) else str(said or "")
            yield from text.split("\n")
        else:
            yield line


LINE_ENVELOPES = (
    Envelope(
        "cri", "the Kubernetes prefix of time and stream", lambda line: CRI.match(line) is not None, _cri
    ),
    Envelope(
        "docker",
        "Docker's json-file",
        lambda line: line.startswith("{") and _is_docker(parsed(line)),
        _docker,
    ),
    _prefix("syslog-5424", "a syslog prefix (RFC 5424)", SYSLOG_5424),
    _prefix("syslog-3164", "a syslog prefix (RFC 3164)", SYSLOG_3164),
    _prefix("cloudwatch-export", "the time that a CloudWatch export puts in front", EXPORTED),
    _prefix("aws-logs-tail", "the time and stream that `aws logs tail` puts in front", TAILED),
    _prefix("docker-compose", "the name that docker compose puts in front", COMPOSE),
    Envelope(
        "journald",
        "the JSON of journalctl",
        lambda line: line.startswith("{") and _is_journal(parsed(line)),
        _journal,
    ),
)
"""In the order asked; a file has the first that is around most of its first lines."""


def line_envelope(lines: Sequence[str]) -> Envelope | None:
    """Return the envelope around more than half of the lines that are not blank, if there is one."""
    held = [line for line in lines if line.strip()]
    for envelope in LINE_ENVELOPES:
        if held and 2 * sum(map(envelope.around, held)) > len(held):
            return envelope
    return None


def is_container(value: object) -> bool:
    """Whether a JSON value is a document that a cloud puts many records into."""
    if not isinstance(value, dict):
        return False
    return (
        isinstance(value.get("records"), list)
        or ("messageType" in value and "logEvents" in value)
        or _told(value)
    )


def _told(value: dict[str, Any]) -> bool:
    """Whether a document is what `aws logs get-log-events` and `filter-log-events` print."""
    events = value.get("events")
    first = events[0] if isinstance(events, list) and events else None
    return isinstance(first, dict) and "message" in first and "ingestionTime" in first


def records(value: Any, unpack: Unpack | None) -> Iterator[str]:  # noqa: ANN401 - a JSON value of any kind
    """Return the lines that a JSON document stands for; one blank line when it holds nothing.

    Arrays give their elements, `{"records": […]}` its records, a CloudWatch subscription the messages, and what
    is left what `unpack` makes of it. Raises one of `MISSHAPEN` when a document is not of the shape it seems.
    """
    found = list(_records(value, unpack))
    yield from found or [""]


def _records(value: Any, unpack: Unpack | None) -> Iterator[str]:  # noqa: ANN401 - as above
    if isinstance(value, list):
        for item in value:
            yield from records(item, unpack)
    elif not is_container(value):
        for item in [value] if unpack is None else unpack(value):
            yield json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    elif "records" not in value:
        yield from _messages(value)
    else:
        for item in value["records"]:
            if isinstance(item, dict) and isinstance(item.get("data"), str) and "recordId" not in value:
                yield from _blob(item["data"])
            else:
                yield from records(item, unpack)


def _messages(value: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a log that a document of CloudWatch holds; none of a document that only says it is there."""
    if value.get("messageType", "DATA_MESSAGE") == "DATA_MESSAGE":
        for event in value.get("logEvents") or value.get("events") or ():
            yield from str(event["message"]).rstrip("\n").split("\n")


def _blob(data: str) -> list[str]:
    """Return the lines of a base64 record, unpacked when it is gzip; the text itself when it is none of both."""
    try:
        raw = base64.b64decode(data, validate=True)
        if raw.startswith(b"\x1f\x8b"):
            raw = zlib.decompressobj(31).decompress(raw, LARGEST_BLOB)
    except (binascii.Error, zlib.error, ValueError):
        return [data]
    return raw.decode(errors="replace").rstrip("\n").split("\n")
