"""Do Caddy's objects become calls, whatever its encoder was told about times and durations?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.caddy import SOURCE, recognise
from tests.sources.gateways.lines_read import at, key, read, without

SAMPLES = Path(__file__).parents[2] / "samples" / "caddy"
JSON = (SAMPLES / "json.log").read_text("utf-8").splitlines()
ENCODER = (SAMPLES / "encoder.log").read_text("utf-8").splitlines()
CALL = {
    "time": at(2023, 12, 23, 23, 17, 54, 800_000),
    "consumer": "bob",
    "method": "GET",
    "path": "/pets/7?key=abc",
    "status": 200,
    "latency_ms": 15.56,
    "request_bytes": 12,
    "response_bytes": 3609,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "host": "api.example.com",
    "request_id": "r-1",
    "trace_id": "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331",
}


def entry(**changes: object) -> str:
    """Return the first sample with some keys changed."""
    return json.dumps(json.loads(JSON[0]) | changes)


def test_an_object_is_a_call_that_ended_when_it_was_logged() -> None:
    """23:17:54.81556 less 15.56 milliseconds; seconds are the unit."""
    way, rows = read(SOURCE, JSON)
    assert (way.variant, way.notes) == ("json", ())
    assert without(rows[0], "event_id") == CALL


def test_nothing_written_is_status_zero() -> None:
    """An older version's address holds the port; the key of the header is the consumer when nobody signed in."""
    _, rows = read(SOURCE, JSON)
    assert rows[1] == {
        "time": at(2023, 12, 23, 23, 17, 54, 999_985),
        "consumer": key("k-1"),
        "method": "POST",
        "path": "/pets",
        "status": 0,
        "latency_ms": 0.015,
        "request_bytes": 0,
        "response_bytes": 0,
        "client_ip": "2001:db8::7",
        "host": "api.example.com",
    }


def test_other_loggers_are_no_calls() -> None:
    """An error is logged by the access log too; the rest are messages."""
    _, rows = read(SOURCE, [*JSON, "{", ""])
    assert [row.get("refusal") for row in rows] == [
        *[None] * 2,
        *["a message of Caddy, not a call"] * 3,
        "not a JSON object",
        "blank line",
    ]


@pytest.mark.parametrize(
    "ts",
    [
        1703373474815.56,
        1703373474815560000,
        "2023-12-23T23:17:54.815560000Z",
        "2023-12-24T00:17:54.81556+0100",
        "2023/12/23 23:17:54.815560000",
    ],
)
def test_times_of_every_encoder_are_one_moment(ts: object) -> None:
    """Milliseconds, nanoseconds, RFC 3339, ISO 8601 and the wall clock."""
    _, rows = read(SOURCE, [entry(ts=ts)])
    assert rows[0]["time"] == CALL["time"]


def test_a_time_like_that_of_common_logs_has_whole_seconds() -> None:
    """The duration is taken off all the same."""
    _, rows = read(SOURCE, [entry(ts="23/Dec/2023:23:17:54 +0000")])
    assert rows[0]["time"] == at(2023, 12, 23, 23, 17, 53, 984_440)


@pytest.mark.parametrize(
    ("duration", "options", "noted"),
    [
        ("15.56ms", {}, ()),
        (15_560_000, {}, ("taken as ns",)),
        (15_560.0, {"latency_unit": "us"}, ()),
        (15_560_000, {"latency_unit": "ns"}, ()),
    ],
)
def test_durations_of_every_encoder_are_one(
    duration: object, options: dict[str, str], noted: tuple[str, ...]
) -> None:
    """A whole number is nanoseconds when it is large, and says so."""
    way, rows = read(SOURCE, [entry(duration=duration)], **options)
    assert rows[0]["latency_ms"] == 15.56
    assert len(way.notes) == len(noted)
    assert all(word in note for word, note in zip(noted, way.notes, strict=True))


def test_small_whole_durations_are_milliseconds() -> None:
    """Nought alone says nothing."""
    assert "taken as ms" in read(SOURCE, [entry(duration=15)])[0].notes[0]
    assert read(SOURCE, [entry(duration=0)])[0].notes == ()


def test_a_wall_clock_is_in_the_zone_that_is_said() -> None:
    """Berlin is an hour ahead at Christmas."""
    way, rows = read(SOURCE, ENCODER, timezone="Europe/Berlin")
    assert "taken as Europe/Berlin" in way.notes[0]
    assert rows[0]["time"] == at(2023, 12, 23, 23, 17, 54, 799_440)


@pytest.mark.parametrize("name", ["X-Partner", "x-partner", "request_partner"])
def test_any_header_or_key_may_name_the_consumer(name: str) -> None:
    """Headers are written as they came; what Caddy redacted names nobody."""
    headers = {name: ["p-7"]}
    request = json.loads(JSON[0])["request"] | {"headers": headers}
    _, rows = read(SOURCE, [entry(request=request)], consumer=name)
    assert rows[0]["consumer"] == "p-7"
    _, rows = read(SOURCE, JSON[:1], consumer="Authorization")
    assert "consumer" not in rows[0]


def test_files_are_recognised_and_wrong_units_answered() -> None:
    """By the logger, else by the way a request is named."""
    assert recognise(JSON) == "the objects are of the logger http.log.access"
    assert "user_id" in (recognise([entry(logger="own")]) or "")
    assert recognise(['{"request": {}}', "x"]) is None
    with pytest.raises(UsageError, match="no unit"):
        read(SOURCE, JSON, latency_unit="min")
    assert read(SOURCE, [])[1] == []
