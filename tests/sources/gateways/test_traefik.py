"""Do Traefik's lines, its own, combined or JSON, become calls with the right unit of time?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.traefik import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read, without

SAMPLES = Path(__file__).parents[2] / "samples" / "traefik"
COMMON = (SAMPLES / "common.log").read_text("utf-8").splitlines()
GENERIC = (SAMPLES / "generic.log").read_text("utf-8").splitlines()
JSON = (SAMPLES / "json.log").read_text("utf-8").splitlines()
CALL = {
    "time": at(2024, 5, 1, 10),
    "consumer": "bob",
    "product": "pets",
    "method": "GET",
    "path": "/pets/7?access_token=abc",
    "status": 200,
    "latency_ms": 247.0,
    "response_bytes": 612,
    "client_ip": "203.0.113.9",
    "user_agent": r"pets-python/2.1 \"x\"",
}


def test_a_line_of_the_common_format_is_a_call() -> None:
    """Stamped at the start, so that the latency is not taken off; escaped quotes stay in their field."""
    way, rows = read(SOURCE, COMMON)
    assert way.variant == "common"
    assert rows[0] == CALL


def test_failures_are_told_apart() -> None:
    """A timeout of the service, no router at all, a client that left, nothing sent; a message is no call."""
    _, rows = read(SOURCE, COMMON)
    told = [
        (row["status"], row.get("error_code"), row.get("timed_out"), row["latency_ms"]) for row in rows[1:5]
    ]
    assert told == [
        (504, None, True, 30_001.0),
        (404, "traefik", None, 0.0),
        (499, "client_closed", None, 1200.0),
        (0, None, None, 3.0),
    ]
    assert [row.get("product") for row in rows[:4]] == ["pets", "pets", None, "pets"]
    assert (rows[1]["client_ip"], rows[1]["time"]) == ("2001:db8::7", at(2024, 5, 1, 10, 0, 1))
    assert rows[5]["refusal"] == "a message of Traefik, not a call"


def test_a_generic_line_has_no_latency() -> None:
    """It is the combined line of other servers."""
    way, rows = read(SOURCE, GENERIC)
    assert way.variant == "generic"
    assert rows == [
        without(CALL, "latency_ms", "product") | {"path": "/pets/7", "user_agent": "pets-python/2.1"}
    ]


def test_durations_in_json_are_nanoseconds() -> None:
    """10002425284 is ten seconds, not 116 days; the start is StartUTC to the microsecond."""
    way, rows = read(SOURCE, JSON)
    assert way.variant == "json"
    assert without(rows[0], "event_id") == CALL | {
        "time": at(2024, 5, 1, 10, 0, 0, 123_456),
        "product": "pets-svc",
        "latency_ms": 10_002.425284,
        "upstream_ms": 10_001.0,
        "request_bytes": 7,
        "user_agent": "pets-python/2.1",
        "request_id": "r-1",
        "host": "api.example.com",
        "trace_id": "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331",
    }


def test_objects_of_old_versions_and_dropped_fields_are_read() -> None:
    """Numbers as text, 1.x names; without a start the log's time is the end: 1.5 milliseconds before it."""
    _, rows = read(SOURCE, [*JSON, "{", ""])
    assert rows[1] == {
        "time": at(2024, 5, 1, 10, 0, 10, 998_500),
        "product": "backend-pets",
        "method": "POST",
        "path": "/pets",
        "status": 502,
        "latency_ms": 1.5,
        "error_code": "traefik",
        "host": "api.example.com",
        "client_ip": "203.0.113.9",
    }
    assert [row["refusal"] for row in rows[2:]] == [
        "a message of Traefik, not a call",
        "not a JSON object",
        "blank line",
    ]


@pytest.mark.parametrize("name", ["X-Partner", "request_X-Partner"])
def test_any_kept_header_may_name_the_consumer(name: str) -> None:
    """With or without the prefix that Traefik puts in front."""
    _, rows = read(SOURCE, JSON, consumer=name)
    assert rows[0]["consumer"] == "p-7"


def test_a_request_id_of_the_client_names_a_call_only_with_its_line() -> None:
    """Two calls with the header of one retry loop are two calls."""
    _, rows = read(SOURCE, [JSON[0], JSON[0].replace('"RequestCount":17', '"RequestCount":18')])
    assert rows[0]["request_id"] == rows[1]["request_id"]
    assert rows[0]["event_id"] != rows[1]["event_id"]


def test_files_are_recognised_and_others_answered() -> None:
    """A plain combined line is nobody's in particular."""
    assert recognise(COMMON) == "5 of the first 6 lines end with count, router, server and milliseconds"
    assert recognise(JSON) == "the objects have Traefik's Downstream… or Origin… fields"
    assert recognise(GENERIC) is None
    with pytest.raises(UsageError, match="genericCLF"):
        read(SOURCE, ["x"])
    assert read(SOURCE, [])[1] == []
