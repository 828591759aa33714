"""Do IIS lines become calls by the names that their file gives, even when the names change within it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UnknownName, UsageError
from firstcall.sources.gateways.iis import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read

LINES = (Path(__file__).parents[2] / "samples" / "iis" / "w3c.log").read_text("utf-8").splitlines()
CALL = {
    "time": at(2019, 8, 14, 0, 9, 31, 750_000),
    "consumer": "bob",
    "method": "GET",
    "path": "/pets/7",
    "status": 200,
    "latency_ms": 250.0,
    "request_bytes": 120,
    "response_bytes": 3609,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1 (linux)",
    "host": "api.example.com",
    "stage": "W3SVC1",
}


def test_a_line_is_a_call_that_ended_when_it_was_stamped() -> None:
    """250 milliseconds before 00:09:32; a plus stands for a blank; the query is not even read."""
    way, rows = read(SOURCE, LINES)
    assert (way.variant, way.why) == ("w3c", "#Fields names 20 fields")
    assert rows[4] == CALL


def test_substatus_and_windows_words_tell_why() -> None:
    """401.2 is a refused logon; 64 is a client that had gone."""
    _, rows = read(SOURCE, LINES)
    told = [
        (row["status"], row.get("error_code"), row.get("consumer"), row["client_ip"]) for row in rows[5:7]
    ]
    assert told == [(401, "401.2", None, "2001:db8::7"), (200, "client_closed", None, "203.0.113.9")]


def test_comments_are_filtered_and_cut_lines_refused() -> None:
    """With what was found and what was named."""
    _, rows = read(SOURCE, LINES)
    assert [row.get("refusal") for row in rows[:4]] == ["blank line"] * 4
    assert (rows[7]["refusal"], rows[7]["refusal_detail"]) == (
        "line does not fit the format",
        "8 fields, 20 are named",
    )


def test_fields_change_within_a_file() -> None:
    """After the second #Fields there are six, in another order, and the day is that of #Date."""
    _, rows = read(SOURCE, LINES)
    assert rows[12] == {
        "time": at(2019, 8, 15, 0, 0, 0, 500_000),
        "method": "POST",
        "path": "/pets",
        "status": 201,
        "latency_ms": 1500.0,
        "client_ip": "203.0.113.9",
    }


def test_lines_before_any_names_are_refused_unless_the_user_gives_them() -> None:
    """The names of the option hold until the file has its own."""
    bare = "2019-08-14 00:09:32 GET /pets 200"
    _, rows = read(SOURCE, [bare, *LINES[3:5]])
    assert rows[0]["refusal"] == "no line #Fields: before it"
    way, rows = read(SOURCE, [bare, *LINES[3:5]], fields="date,time,cs-method,cs-uri-stem,sc-status")
    assert way.why == "the option fields names them"
    assert rows[0] == {"time": at(2019, 8, 14, 0, 9, 32), "method": "GET", "path": "/pets", "status": 200}
    assert rows[2] == CALL


def test_options_name_consumer_and_unit() -> None:
    """A custom field by its name; servers that keep to the W3C's own unit say seconds."""
    _, rows = read(SOURCE, LINES, consumer="X-Partner", latency_unit="s")
    assert (rows[4]["consumer"], rows[4]["latency_ms"]) == ("p-7", 250_000.0)
    with pytest.raises(UnknownName, match="x-partner"):
        read(SOURCE, LINES, consumer="X-Partnr")
    with pytest.raises(UsageError, match="no unit"):
        read(SOURCE, LINES, latency_unit="min")


def test_files_are_recognised_and_others_answered() -> None:
    """By the name of the software or the fields that only IIS has."""
    assert recognise(LINES) == "#Software names Internet Information Services"
    assert recognise(LINES[1:4]) == "#Fields has s-ip, s-sitename, sc-substatus, sc-win32-status"
    assert recognise(["x"]) is None
    with pytest.raises(UsageError, match="no line #Fields"):
        read(SOURCE, ["x"])
    with pytest.raises(UsageError, match="none of the fields sc-status"):
        read(SOURCE, ["#Fields: date time cs-uri-stem", "2019-08-14 00:00:00 /"])
    assert read(SOURCE, [])[1] == []


def test_quoted_values_may_hold_blanks() -> None:
    """As Tomcat's extended log writes them; a quote inside a field is a sign like any."""
    head = "#Fields: date time cs-method cs-uri-stem sc-status time-taken cs(User-Agent)"
    call = "2026-05-15 10:00:00 GET {} 200 15 {}"
    _, rows = read(SOURCE, [head, call.format("/a", '"an agent"'), call.format('/b"', "x")])
    assert [(row["path"], row["user_agent"]) for row in rows[1:]] == [("/a", "an agent"), ('/b"', "x")]


def test_commands_of_the_ftp_service_are_left_out() -> None:
    """They stand in logs of the same shape."""
    head = "#Fields: date time cs-method cs-uri-stem sc-status time-taken"
    _, rows = read(SOURCE, [head, *(f"2026-05-15 10:00:00 {verb} /a 226 0" for verb in ("STOR", "[3]USER"))])
    assert {row["refusal"] for row in rows} == {"blank line"}
