"""Do entries of AWS load balancers, of every year and both kinds, become the calls they describe?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.aws_load_balancer import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read

SAMPLES = Path(__file__).parents[2] / "samples" / "aws-load-balancer"
ALB = (SAMPLES / "alb.log").read_text("utf-8").splitlines()
CLASSIC = (SAMPLES / "classic.log").read_text("utf-8").splitlines()
FIRST = {
    "time": at(2018, 7, 2, 22, 22, 48, 364_000),
    "product": "pets",
    "method": "GET",
    "path": "http://api.example.com:80/pets/7?limit=2",
    "status": 200,
    "latency_ms": 11_822.641,
    "upstream_ms": 1.0,
    "request_bytes": 34,
    "response_bytes": 366,
    "client_ip": "192.168.131.39",
    "user_agent": "curl/7.46.0",
    "request_id": "1-58337262-36d228ad5d99923122bbe354",
    "trace_id": "1-58337262-36d228ad5d99923122bbe354",
    "host": "api.example.com",
}


def test_an_entry_of_29_fields_is_a_call() -> None:
    """It began at 22:22:48.364 and was answered at 22:23:00.186641: 11.822641 seconds."""
    way, rows = read(SOURCE, ALB)
    assert way.variant == "alb"
    assert rows[0] == FIRST


def test_newer_fields_and_escaped_quotes_change_nothing() -> None:
    """Ten fields more, an IPv6 client, a chained trace: Self is this call, Root the whole request."""
    _, rows = read(SOURCE, ALB)
    assert rows[1] == {
        "time": at(2024, 5, 1, 10, 0, 0, 250_000),
        "product": "pets",
        "method": "POST",
        "path": "https://api.example.com:443/pets",
        "status": 200,
        "latency_ms": 1250.0,
        "upstream_ms": 1048.0,
        "request_bytes": 1200,
        "response_bytes": 57,
        "client_ip": "2001:db8::7",
        "user_agent": r"pets-python/2.1 (linux; \"x\")",
        "request_id": "1-67891234-12456789abcdef012345678",
        "trace_id": "1-67891233-abcdef012345678912345678",
        "host": "api.example.com",
    }


def test_an_entry_of_2016_has_only_the_phases() -> None:
    """0.001 + 0.040 + 0.009 seconds before 22:08:42.945958; blanks in the URL stay."""
    _, rows = read(SOURCE, ALB)
    assert rows[6] == FIRST | {
        "time": at(2016, 8, 10, 22, 8, 42, 895_958),
        "path": "http://api.example.com:80/a b;wget+ x",
        "latency_ms": 50.0,
        "upstream_ms": 40.0,
        "request_id": "1-58337262-36d228ad5d99923122bbe355",
        "trace_id": "1-58337262-36d228ad5d99923122bbe355",
    }


def test_what_went_wrong_is_named() -> None:
    """The client left, a socket closed after an hour, the load balancer's own reason, its own answer without one."""
    _, rows = read(SOURCE, ALB)
    told = [
        (row["status"], row.get("error_code"), row.get("latency_ms"), row.get("upstream_ms")) for row in rows
    ]
    assert told[2:6] == [
        (460, "client_closed", 10_000.0, None),
        (101, None, 3_600_000.0, 3.0),
        (502, "LambdaInvalidResponse", 100.0, None),
        (400, "load_balancer", 0.0, None),
    ]


def test_a_malformed_request_has_neither_method_nor_path() -> None:
    """The load balancer writes dashes in their place."""
    _, rows = read(SOURCE, ALB)
    assert (rows[5]["method"], rows[5].get("path"), rows[5]["host"]) == ("_OTHER", None, "api.example.com")


def test_a_classic_entry_is_stamped_when_the_request_came_in() -> None:
    """73 + 1048 + 57 microseconds are 1.178 milliseconds."""
    way, rows = read(SOURCE, CLASSIC)
    assert way.variant == "classic"
    assert rows[0] == {
        "time": at(2015, 5, 13, 23, 39, 43, 945_958),
        "method": "GET",
        "path": "http://api.example.com:80/pets",
        "status": 200,
        "latency_ms": 1.178,
        "upstream_ms": 1.048,
        "request_bytes": 0,
        "response_bytes": 29,
        "client_ip": "192.168.131.39",
        "user_agent": "curl/7.38.0",
        "host": "api.example.com",
    }


def test_classic_failures_and_tcp_are_told_apart() -> None:
    """Without times there is no latency; an entry of a TCP listener is no call; old entries end at the request."""
    _, rows = read(SOURCE, CLASSIC)
    assert (rows[1]["status"], rows[1].get("latency_ms"), rows[1].get("error_code")) == (
        503,
        None,
        "load_balancer",
    )
    assert rows[2]["refusal"] == "a TCP connection, not a call"
    assert (rows[3]["status"], rows[3]["timed_out"], rows[3]["path"]) == (
        504,
        True,
        "http://api.example.com:80/slow",
    )


def test_lines_of_other_kinds_are_refused_by_name() -> None:
    """Cut entries, other logs of the same bucket, blank lines."""
    _, rows = read(SOURCE, [ALB[0], ALB[0][:200], "", "tls 2.0 2018-12-20T02:59:40 net/x", "?"])
    assert [row.get("refusal") for row in rows] == [
        None,
        "a call without all the fields of the format",
        "blank line",
        "a connection of a Network Load Balancer, not a call",
        "line does not fit the format",
    ]


def test_the_files_are_recognised_and_others_not() -> None:
    """By most of the first lines."""
    assert recognise(ALB) == "7 of the first 7 lines are alb load balancer entries"
    assert recognise(CLASSIC) == "4 of the first 4 lines are classic load balancer entries"
    assert recognise(["what", ""]) is None
    assert recognise([]) is None


def test_a_file_of_something_else_says_what_it_begins_with() -> None:
    """Rather than refusing a million lines one by one."""
    with pytest.raises(UsageError, match="begins with 'what'"):
        read(SOURCE, ["what"])
    assert read(SOURCE, [])[0].why == "the file is empty"
