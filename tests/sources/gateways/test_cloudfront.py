"""Do CloudFront's lines, standard, real-time or JSON, become the calls that the edge answered?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.cloudfront import SOURCE, recognise
from tests.sources.gateways.lines_read import at, read, without

SAMPLES = Path(__file__).parents[2] / "samples" / "cloudfront"
STANDARD = (SAMPLES / "standard.log").read_text("utf-8").splitlines()
REAL_TIME = (SAMPLES / "real-time.log").read_text("utf-8").splitlines()
JSON = (SAMPLES / "json.log").read_text("utf-8").splitlines()
FIELDS = (
    "timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes "
    "time-taken cs-user-agent origin-lbl"
)
CALL = {
    "time": at(2019, 12, 4, 21, 2, 30, 750_000),
    "method": "GET",
    "path": "/pets/7",
    "status": 200,
    "latency_ms": 250.0,
    "request_bytes": 23,
    "response_bytes": 392,
    "client_ip": "192.0.2.100",
    "user_agent": "pets-python/2.1 (linux)",
    "request_id": "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==",
    "host": "api.example.com",
}


def test_a_standard_line_is_a_call() -> None:
    """A quarter of a second before it was answered; the host is the viewer's, escapes were escaped twice."""
    way, rows = read(SOURCE, STANDARD)
    assert way.variant == "standard"
    assert [row.get("refusal") for row in rows] == ["blank line"] * 2 + [None] * 3
    assert rows[2] == CALL


def test_what_the_edge_says_went_wrong_is_kept() -> None:
    """000 is a viewer that left; a forwarded address is the viewer's own."""
    _, rows = read(SOURCE, STANDARD)
    told = [(row["status"], row["error_code"], row["client_ip"]) for row in rows[3:]]
    assert told == [(0, "ClientCommError", "198.51.100.7"), (502, "OriginConnectError", "192.0.2.100")]


def test_json_has_the_same_fields() -> None:
    """Escaped once; what is no object is refused."""
    way, rows = read(SOURCE, [*JSON, "{", ""])
    assert way.variant == "json"
    assert rows[0] == CALL
    assert [row["refusal"] for row in rows[1:]] == ["not a JSON object", "blank line"]


def test_real_time_records_are_read_by_the_names_that_are_given() -> None:
    """The timestamp is the end, in seconds; the origin's last byte is its time."""
    way, rows = read(SOURCE, REAL_TIME, fields=FIELDS)
    assert way.variant == "real-time"
    assert rows == [
        without(CALL, "request_id")
        | {
            "time": at(2019, 12, 4, 21, 2, 30, 750_000),
            "user_agent": "pets-python/2.1",
            "upstream_ms": 200.0,
        }
    ]


def test_a_field_may_name_the_consumer() -> None:
    """Of a kind of file or of the other."""
    assert read(SOURCE, STANDARD, consumer="x-edge-location")[1][2]["consumer"] == "LAX1"
    assert read(SOURCE, JSON, consumer="x-edge-location")[1][0]["consumer"] == "LAX1"


def test_files_are_recognised_and_others_answered() -> None:
    """By the fields of the edge; real-time records, which have no names, by what stands in their places."""
    assert (recognise(STANDARD) or "").startswith("the fields have x-edge-detailed-result-type")
    assert recognise(JSON) == "the fields have x-edge-location, x-edge-request-id, x-edge-result-type"
    assert (recognise(REAL_TIME) or "").startswith("the fields are divided by tabs")
    assert recognise(["\t".join("abcdef")]) is None
    with pytest.raises(UsageError, match="--option fields"):
        read(SOURCE, REAL_TIME)
    assert read(SOURCE, [])[1] == []
