"""Do HAProxy's HTTP lines become calls, with captures, termination states and the host's own clock understood?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.gateways.haproxy import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read, without

SAMPLES = Path(__file__).parents[2] / "samples" / "haproxy"
HTTP = (SAMPLES / "httplog.log").read_text("utf-8").splitlines()
HTTPS = (SAMPLES / "httpslog.log").read_text("utf-8").splitlines()
CLF = (SAMPLES / "clf.log").read_text("utf-8").splitlines()
CALL = {
    "time": at(2009, 2, 6, 12, 14, 14, 655_000),
    "product": "static",
    "method": "GET",
    "path": "/pets/7?key=abc",
    "status": 200,
    "latency_ms": 109.0,
    "upstream_ms": 69.0,
    "response_bytes": 2750,
    "timed_out": False,
    "client_ip": "10.0.1.2",
}


def test_an_http_line_is_a_call() -> None:
    """What the captured headers are only the user knows; none is quoted in the notes, as it may be a key."""
    way, rows = read(SOURCE, HTTP)
    assert way.variant == "httplog"
    assert way.notes == (
        "times carry no offset; taken as UTC; say --option timezone=… if it is another",
        "3 captured headers are not read; say --option captures=… in their order",
    )
    assert rows[0] == CALL


def test_captures_are_what_the_user_says() -> None:
    """Request headers in the first braces, response headers in the second."""
    _, rows = read(SOURCE, HTTP, captures="host,user_agent,consumer", response_captures="request_id")
    assert str(rows[0].pop("event_id")).startswith("e-9 ")
    assert rows[0] == CALL | {
        "host": "api.example.com",
        "user_agent": "pets-python/2.1 (linux)",
        "consumer": "k-1",
        "request_id": "e-9",
    }
    assert (rows[1]["host"], rows[1].get("user_agent"), rows[1].get("consumer")) == (
        "api.example.com",
        None,
        None,
    )


def test_response_captures_alone_may_stand_in_the_only_braces() -> None:
    """With two pairs of braces the second is the response's all the same."""
    line = HTTP[0].replace("{api.example.com|pets-python/2.1 (linux)|k-1} ", "")
    _, rows = read(SOURCE, [line, HTTP[0]], response_captures="request_id")
    assert [row["request_id"] for row in rows] == ["e-9", "e-9"]


def test_a_line_of_syslog_with_a_timeout() -> None:
    """IPv6, a TLS frontend, plus signs of logasap and redispatch; no header ever came from the server."""
    _, rows = read(SOURCE, HTTP)
    assert rows[1] == without(CALL, "upstream_ms") | {
        "time": at(2009, 2, 6, 12, 14, 15),
        "product": "pets",
        "method": "POST",
        "path": "/pets",
        "status": 504,
        "latency_ms": 3005.0,
        "response_bytes": 194,
        "timed_out": True,
        "client_ip": "2001:db8::7",
        "error_code": "sH--",
    }


def test_termination_states_tell_failures_from_answers() -> None:
    """An aborted bad request has no status; a redirect is HAProxy's own answer; cookie flags say nothing."""
    _, rows = read(SOURCE, HTTP)
    told = [(row["status"], row.get("error_code"), row.get("product"), row.get("path")) for row in rows[2:6]]
    assert told == [
        (0, "CR--", None, None),
        (301, None, None, "/old"),
        (403, "PR--", None, "/forbidden"),
        (200, None, "pets", "/a-request-that-was-cut"),
    ]


def test_lines_of_other_kinds_are_refused_by_name() -> None:
    """TCP, connection messages, failed handshakes and starts."""
    _, rows = read(SOURCE, [*HTTP, "", "garbage"])
    assert [row["refusal"] for row in rows[6:]] == [
        "a TCP connection, not a call",
        "a message of HAProxy, not a call",
        "a connection that failed, not a call",
        "a message of HAProxy, not a call",
        "blank line",
        "line does not fit the format",
    ]


def test_the_zone_of_the_host_is_an_option() -> None:
    """In February Berlin is one hour ahead of UTC."""
    way, rows = read(SOURCE, HTTP[:1], timezone="Europe/Berlin")
    assert "taken as Europe/Berlin" in way.notes[0]
    assert rows[0]["time"] == at(2009, 2, 6, 11, 14, 14, 655_000)


def test_an_https_line_names_its_host() -> None:
    """The server name of the TLS handshake, when no capture says better."""
    way, rows = read(SOURCE, HTTPS)
    assert way.variant == "httpslog"
    assert rows == [
        CALL
        | {
            "time": at(2012, 2, 6, 15, 55, 34, 100_000),
            "product": "pets",
            "path": "/pets",
            "latency_ms": 42.0,
            "upstream_ms": 40.0,
            "response_bytes": 120,
            "client_ip": "127.0.0.1",
            "host": "api.example.com",
        }
    ]


def test_a_clf_line_carries_its_offset_and_its_milliseconds() -> None:
    """Captured headers stand quoted at the end."""
    way, rows = read(SOURCE, CLF, captures="host,consumer")
    assert way.variant == "clf"
    assert rows[0] == CALL | {
        "time": at(2022, 3, 9, 9, 34, 45, 123_000),
        "product": "pets",
        "path": "/pets/7",
        "latency_ms": 45.0,
        "upstream_ms": 40.0,
        "response_bytes": 1024,
        "client_ip": "127.0.0.1",
        "host": "api.example.com",
        "consumer": "k-1",
    }
    assert (rows[1]["status"], rows[1]["timed_out"], rows[1]["error_code"]) == (408, True, "cR--")


def test_absolute_urls_name_their_host() -> None:
    """As HTTP/2 requests are logged."""
    line = HTTP[0].replace("GET /pets", "GET https://pets.example.com:443/pets")
    _, rows = read(SOURCE, [line])
    assert rows[0]["host"] == "pets.example.com"


def test_files_are_recognised_even_with_messages_in_front() -> None:
    """At least one HTTP line, and half of all of kinds that HAProxy writes."""
    assert recognise(HTTP) == "6 of the first 10 lines are HTTP lines of HAProxy"
    assert recognise(CLF) == "2 of the first 2 lines are HTTP lines of HAProxy"
    assert recognise(HTTP[6:]) is None
    assert recognise(["x"]) is None


def test_wrong_options_and_files_are_answered() -> None:
    """Each says what would be right."""
    with pytest.raises(UnknownName, match="Did you mean consumer"):
        read(SOURCE, HTTP, captures="consumr")
    with pytest.raises(UsageError, match="no time zone"):
        read(SOURCE, HTTP, timezone="Berlin")
    with pytest.raises(UsageError, match="option httplog"):
        read(SOURCE, HTTP[6:])
    assert read(SOURCE, [])[1] == []


def test_signs_that_the_log_escapes_are_those_of_a_url() -> None:
    """Quotes and bytes are written as #22: so that one path is one path in the log of every gateway."""
    line = HTTP[0].replace("/pets/7?key=abc", "/say/#22it's#22/caf%C3%A9")
    _, rows = read(SOURCE, [line])
    assert rows[0]["path"] == "/say/%22it's%22/caf%C3%A9"


def test_milliseconds_past_all_times_refuse_their_line_alone() -> None:
    """A line of HAProxy's clf has them beside its time."""
    line = (
        '127.0.0.1 - - [09/Mar/2022:10:34:45 +0100] "GET /pets/7 HTTP/1.1" 200 1024 "" "" 50224 {} "http-in" '
        '"pets" "srv1" 0 0 0 40 45 "----" 1 1 0 0 0 0 0 "" "" "api.example.com" "k-1"'
    )
    _, rows = read(SOURCE, [line.format(123), line.format(2**63 - 1)])
    assert ["time" in row for row in rows] == [True, False]
