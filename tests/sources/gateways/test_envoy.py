"""Do Envoy's and Istio's lines, text or JSON, become calls, with flags, sides of the mesh and TCP told apart?"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.gateways.envoy import SOURCE, recognise
from tests.sources.gateways.lines_read import at, key, read, without

SAMPLES = Path(__file__).parents[2] / "samples" / "envoy"


def sample(name: str) -> list[str]:
    """Return the lines of a sample."""
    return (SAMPLES / f"{name}.log").read_text("utf-8").splitlines()


DEFAULT = sample("default")
CALL = {
    "time": at(2024, 5, 1, 10, 0, 0, 123_000),
    "method": "POST",
    "path": "/pets?key=abc",
    "status": 204,
    "latency_ms": 226.0,
    "upstream_ms": 100.0,
    "request_bytes": 154,
    "response_bytes": 0,
    "host": "api.example.com",
    "client_ip": "10.0.35.28",
    "user_agent": "nsq2http",
    "request_id": "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2",
}
TEAPOT = {
    "time": at(2019, 3, 6, 9, 31, 27, 360_000),
    "product": "httpbin.default.svc.cluster.local",
    "method": "GET",
    "path": "/status/418",
    "status": 418,
    "latency_ms": 11.0,
    "upstream_ms": 10.0,
    "request_bytes": 0,
    "response_bytes": 135,
    "host": "httpbin:8000",
    "client_ip": "172.30.146.82",
    "user_agent": "curl/7.60.0",
    "request_id": "d209e46f-9ed5-9b61-bbdd-43e22662702a",
}


def test_a_line_of_the_default_format_is_a_call() -> None:
    """Received are the request's bytes, sent the response's; the first forwarded address is the client's."""
    way, rows = read(SOURCE, DEFAULT)
    assert way.variant == "default"
    assert without(rows[0], "event_id") == CALL


def test_flags_say_what_went_wrong() -> None:
    """A timeout after retries, a broken request, a client that left; quotes in an agent are not escaped."""
    _, rows = read(SOURCE, DEFAULT)
    told = [
        (row["status"], row.get("error_code"), row.get("timed_out"), row.get("user_agent"))
        for row in rows[:4]
    ]
    assert told[1:] == [
        (504, "UT,URX", True, 'agent "odd" x'),
        (400, "DPE", False, None),
        (0, "DC", True, "curl/8.5.0"),
    ]
    assert (rows[2]["method"], rows[2].get("path")) == ("_OTHER", None)
    assert rows[4]["refusal"] == "a message of Envoy, not a call"


@pytest.mark.parametrize("variant", ["istio_1_6", "istio_1_1"])
def test_older_lines_of_istio_are_calls(variant: str) -> None:
    """One reason between flags and bytes; with or without the route's name."""
    way, rows = read(SOURCE, sample(variant))
    assert way.variant == variant
    assert [without(row, "event_id") for row in rows] == [TEAPOT]


def test_a_mesh_logs_each_call_twice_and_counts_it_once() -> None:
    """Both sides in one file: what came in counts, what went out is left out, and a TCP connection is no call."""
    way, rows = read(SOURCE, sample("istio"))
    assert way.variant == "istio"
    assert way.notes == (
        "outbound calls are left out; say --option side=all or side=outbound for the others",
    )
    assert without(rows[0], "event_id") == without(TEAPOT, "product") | {
        "time": at(2020, 11, 25, 21, 26, 18, 409_000),
        "latency_ms": 3.0,
        "upstream_ms": 1.0,
        "client_ip": "2001:db8::7",
        "user_agent": "curl/7.73.0-DEV",
        "request_id": "84961386-6d84-929d-98bd-c5aee93b5c88",
    }
    assert [row.get("refusal") for row in rows] == [None, "blank line", "a TCP connection, not a call", None]
    assert (rows[3]["error_code"], rows[3]["route"], rows[3]["client_ip"]) == ("NR", "/pets/{id}", "10.1.1.1")


def test_the_side_of_the_mesh_is_an_option() -> None:
    """A gateway's log has outbound calls only, which all count."""
    _, rows = read(SOURCE, sample("istio"), side="outbound")
    assert [row.get("refusal") for row in rows[:2]] == ["blank line", None]
    _, rows = read(SOURCE, sample("istio"), side="all")
    assert [row.get("refusal") for row in rows[:2]] == [None, None]
    assert rows[0]["event_id"] != rows[1]["event_id"], "one request id, two calls"
    assert read(SOURCE, sample("istio_1_6"))[0].notes == ()


def test_json_is_read_with_the_keys_of_istio_and_of_envoy_gateway() -> None:
    """Numbers may be text, what is unset null or a dash."""
    way, rows = read(SOURCE, sample("json"))
    assert way.variant == "json"
    assert without(rows[0], "event_id") == {
        "time": at(2024, 5, 1, 10, 0, 0, 123_000),
        "product": "pets.default.svc.cluster.local",
        "method": "GET",
        "path": "/pets/7",
        "status": 200,
        "latency_ms": 4.0,
        "upstream_ms": 3.0,
        "request_bytes": 0,
        "response_bytes": 135,
        "host": "api.example.com",
        "client_ip": "10.44.1.23",
        "user_agent": "curl/8.5.0",
        "request_id": "r-1",
    }
    assert without(rows[1], "event_id") == {
        "time": at(2024, 5, 1, 10, 0, 1),
        "consumer": key("k-1"),
        "product": "pets",
        "method": "POST",
        "path": "/pets",
        "status": 503,
        "latency_ms": 20.0,
        "request_bytes": 12,
        "response_bytes": 91,
        "timed_out": False,
        "error_code": "UF",
        "host": "api.example.com",
        "client_ip": "203.0.113.9",
        "user_agent": "pets-python/2.1",
        "request_id": "r-2",
    }


def test_details_name_a_failure_that_has_no_flag() -> None:
    """A timeout is one, whichever it was; what came from upstream is not Envoy's word."""
    line = (
        sample("json")[1]
        .replace('"UF"', '"-"')
        .replace("upstream_reset_before_response_started", "response_timeout")
    )
    _, rows = read(
        SOURCE, [line, line.replace("response_timeout{connection_failure}", "via_upstream"), "{", ""]
    )
    assert (rows[0]["error_code"], rows[0]["timed_out"]) == ("response_timeout{connection_failure}", True)
    assert "error_code" not in rows[1]
    assert [row["refusal"] for row in rows[2:]] == ["not a JSON object", "blank line"]


def test_a_format_of_ones_own_is_compiled() -> None:
    """The time may be a number, the consumer any operator of the format."""
    text = "%START_TIME(%s.%3f)% %REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %DURATION% %REQ(X-PARTNER?X-KEY):20%"
    way, rows = read(
        SOURCE, ["1714557600.123 GET /pets 200 7 k-9"], log_format=text, consumer="REQ(X-PARTNER?X-KEY)"
    )
    assert way.variant == "log_format"
    assert rows == [
        {
            "time": at(2024, 5, 1, 10, 0, 0, 123_000),
            "consumer": key("k-9"),
            "method": "GET",
            "path": "/pets",
            "status": 200,
            "latency_ms": 7.0,
        }
    ]
    with pytest.raises(UnknownName, match="x_kye"):
        read(SOURCE, ["x"], log_format=text, consumer="%REQ(X-KYE)%")
    with pytest.raises(UsageError, match="START_TIME"):
        read(SOURCE, ["x"], log_format="%REQ(:PATH)%")


def test_files_are_recognised_and_others_answered() -> None:
    """By their shape or keys; nothing of the kind is an error that says what to give."""
    assert recognise(DEFAULT) == "4 of the first 5 lines fit default"
    assert recognise(sample("istio")) == "4 of the first 4 lines fit istio"
    assert "response flags" in (recognise(sample("json")) or "")
    assert recognise(['{"start_time": 1}']) is None
    assert recognise(["x"]) is None
    with pytest.raises(UsageError, match="log_format"):
        read(SOURCE, ["x"])
    with pytest.raises(UnknownName, match="Did you mean inbound"):
        read(SOURCE, DEFAULT, side="inbund")
    assert read(SOURCE, [])[1] == []


def test_a_line_of_many_quotes_is_told_at_once() -> None:
    """Every field of the shape may end at any of them, so that trying each would take hours."""
    line = '[2026-01-01T00:00:00.000Z] "GET ' + '" \t' * 5000
    began = time.process_time()
    assert recognise([line]) is None
    assert time.process_time() - began < 2
