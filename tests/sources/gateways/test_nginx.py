"""Does every shape of an nginx log become the calls that its lines say?"""

from __future__ import annotations

import json

import pytest

from firstcall.errors import UsageError
from firstcall.sources.gateways.nginx import SOURCE, recognise
from tests.sources.gateways.lines_read import at, key, read, without
from tests.sources.samples_read import sample

COMMON = '10.0.0.1 - bob [10/Oct/2025:13:55:36 -0700] "GET /pets/7?key=abc HTTP/1.1" 200 2326'
COMBINED = COMMON + ' "-" "curl/8.5.0"'
CALL = {
    "time": at(2025, 10, 10, 20, 55, 36),
    "consumer": "bob",
    "method": "GET",
    "path": "/pets/7?key=abc",
    "status": 200,
    "response_bytes": 2326,
    "client_ip": "10.0.0.1",
}
AGENT = {"user_agent": "curl/8.5.0"}
QUARTER = {"time": at(2025, 10, 10, 20, 55, 35, 750_000), "latency_ms": 250.0}


@pytest.mark.parametrize(
    ("variant", "line", "more"),
    [
        ("common", COMMON, {}),
        ("combined", COMBINED, AGENT),
        ("main", COMBINED + ' "203.0.113.9, 10.0.0.1"', {**AGENT, "client_ip": "203.0.113.9"}),
        ("combined_time", COMBINED + " 0.250", AGENT | QUARTER),
        ("combined_times", COMBINED + " 0.250 0.240", AGENT | QUARTER | {"upstream_ms": 240.0}),
        ("combined_times", COMBINED + " 0.250 0.001, 0.048 : 0.002", AGENT | QUARTER | {"upstream_ms": 51.0}),
        ("combined_times", COMBINED + " 0.250 -", AGENT | QUARTER),
        ("main_keyed_times", COMBINED + ' "-" rt=0.250 urt=0.240', AGENT | QUARTER | {"upstream_ms": 240.0}),
        ("kong", COMBINED + ' kong_request_id: "ab12"', AGENT | {"request_id": "ab12"}),
        ("vhost_combined", "api.example.com " + COMBINED, AGENT | {"host": "api.example.com"}),
        ("combined_more", COMBINED + " something else", AGENT),
        (
            "ingress",
            COMBINED + " 12 0.250 [shop-pets-80] [] 10.0.0.2:80 12 0.2 200 abcdef",
            AGENT
            | QUARTER
            | {
                "request_bytes": 12,
                "upstream_ms": 200.0,
                "product": "shop-pets-80",
                "stage": "shop-pets-80",
                "request_id": "abcdef",
            },
        ),
    ],
)
def test_each_shape_is_recognised_and_read(variant: str, line: str, more: dict[str, object]) -> None:
    """nginx stamps the end: a quarter of a second of request time puts the start a quarter earlier."""
    way, rows = read(SOURCE, [line])
    assert way.variant == variant
    assert [without(row, "event_id") for row in rows] == [CALL | more]
    assert recognise([line])[0] == variant


def test_odd_request_lines_are_calls_all_the_same() -> None:
    """A blank in the path, no protocol, nothing, a dash, TLS bytes, an unknown verb."""
    odd = ["GET /a b HTTP/1.1", "GET /a", "", "-", r"\x16\x03\x01", "PROPFIND /x HTTP/1.1"]
    _, rows = read(
        SOURCE, [COMBINED, *(COMBINED.replace("GET /pets/7?key=abc HTTP/1.1", text) for text in odd)]
    )
    assert [(row["method"], row.get("path")) for row in rows[1:]] == [
        ("GET", "/a b"),
        ("GET", "/a"),
        ("_OTHER", None),
        ("_OTHER", None),
        ("_OTHER", None),
        ("PROPFIND", "/x"),
    ]


def test_escaped_quotes_stay_inside_their_field() -> None:
    """The fast split cannot know; the exact pattern can. The user agent is as it was sent."""
    odd = [
        COMBINED.replace("curl/8.5.0", agent)
        for agent in (r"a \"b\" c", r"caf\xC3\xA9 100% \x22x\x22", r"\xFF", r"\x00")
    ]
    _, rows = read(SOURCE, [COMBINED, *odd])
    assert [row["user_agent"] for row in rows[1:]] == ['a "b" c', 'café 100% "x"', r"\xFF", r"\x00"]


def test_what_does_not_fit_is_refused_with_its_reason() -> None:
    """Blank lines are told apart, so that they can be filtered."""
    _, rows = read(SOURCE, [COMBINED, "", "garbage", COMBINED[:60]])
    assert [row.get("refusal") for row in rows] == [None, "blank line", *["line does not fit the format"] * 2]


@pytest.mark.parametrize(("status", "code"), [("-", 0), ("000", 0), ("499", 499), ("2x0", None)])
def test_no_answer_is_status_zero(status: str, code: int | None) -> None:
    """A dash or 000 says that nothing was sent."""
    _, rows = read(SOURCE, [COMBINED.replace(" 200 ", f" {status} ")])
    assert rows[0].get("status") == code


def test_json_is_read_by_the_names_of_its_keys() -> None:
    """Numbers may be text, unset ones a dash without quotes; escaped bytes stay percent-encoded."""
    entry = {
        "@timestamp": "2025-10-10T20:55:36+00:00",
        "request_method": "POST",
        "uri": "/pets",
        "Status": "201",
        "request_time": "0.250",
        "http_x_api_key": "k1",
        "http_user_agent": "x/1",
    }
    unset = json.dumps(entry).replace('"0.250"', "-").replace("x/1", r"x\xC3\xA4")
    way, rows = read(SOURCE, [json.dumps(entry), unset, "{", "[]"])
    assert way.variant == "json"
    call = {"method": "POST", "path": "/pets", "status": 201, "consumer": key("k1")}
    assert rows == [
        call | QUARTER | {"user_agent": "x/1"},
        call | {"time": at(2025, 10, 10, 20, 55, 36), "user_agent": "x%C3%A4"},
        {"method": "_OTHER", "refusal": "not a JSON object"},
        {"method": "_OTHER", "refusal": "blank line"},
    ]


def test_a_format_of_ones_own_is_compiled() -> None:
    """Separators, names and order are free; the consumer may be any field."""
    way, rows = read(
        SOURCE,
        ["k-9|2025-10-10T22:55:36+02:00|GET|/pets|504|30.0"],
        log_format="$http_x_key|$time_iso8601|$request_method|$uri|$status|$request_time",
        consumer="$http_x_key",
    )
    assert way.variant == "log_format"
    assert rows == [
        {
            "time": at(2025, 10, 10, 20, 55, 6),
            "consumer": key("k-9"),
            "method": "GET",
            "path": "/pets",
            "status": 504,
            "latency_ms": 30_000.0,
        }
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "none of the known shapes"),
        ({"log_format": "$remote_addr"}, "has no status"),
        ({"log_format": "$status $request"}, "has no time"),
        ({"log_format": "$time_local $request $status", "consumer": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(options: dict[str, str], said: str) -> None:
    """The message quotes what was asked and found."""
    with pytest.raises(UsageError, match=said):
        read(SOURCE, ["what is this"], **options)


GET = {
    "time": at(2023, 6, 10, 15, 36, 28),
    "method": "GET",
    "path": "/pets/7",
    "status": 200,
    "response_bytes": 612,
    "client_ip": "203.0.113.7",
    "user_agent": "pets-python/2.1",
}
INGRESS = {"product": "shop-pets-8080", "stage": "shop-pets-8080", "request_bytes": 310, "request_id": "5e3f"}
TIMED = {"latency_ms": 123.0, "upstream_ms": 120.0, "time": at(2023, 6, 10, 15, 36, 27, 877_000)}


@pytest.mark.parametrize(
    ("name", "variant", "more"),
    [
        ("ingress", "ingress", INGRESS | TIMED),
        ("ingress_real_ip", "ingress_real_ip", INGRESS | TIMED),
        ("main_keyed", "keyed", TIMED | {"consumer": "bob", "request_id": "r-1"}),
        ("vhost_forwarded", "vhost_forwarded", {"host": "example.com", "client_ip": "10.5.102.222"}),
        ("forwarded_list", "forwarded_list", {"client_ip": "10.5.102.222"}),
    ],
)
def test_each_sample_is_read_to_the_last_field(name: str, variant: str, more: dict[str, object]) -> None:
    """The first line of each says the same call in another shape; none of the others is refused."""
    way, rows = read(SOURCE, sample(f"nginx/{name}.log"))
    assert way.variant == variant
    assert without(rows[0], "event_id") == GET | more
    assert not any("refusal" in row for row in rows)


def test_several_tries_of_an_ingress_add_up() -> None:
    """Addresses, lengths, times and statuses are lists then, with blanks between them."""
    _, rows = read(SOURCE, sample("nginx/ingress.log"))
    assert (rows[1]["status"], rows[1]["upstream_ms"], rows[1]["latency_ms"]) == (504, 10_001.0, 10_002.0)


def test_broken_json_of_older_versions_is_mended() -> None:
    """Bytes that are no JSON, numbers that were not set."""
    _, rows = read(SOURCE, sample("nginx/json.log"))
    assert (rows[0]["upstream_ms"], rows[0]["consumer"], rows[0]["request_id"]) == (121.0, "bob", "5e3f")
    assert (rows[1]["path"], rows[1]["status"]) == ("/caf%C3%A9", 499)
    assert not {"latency_ms", "upstream_ms", "consumer"} & rows[1].keys()


def test_keys_that_no_path_can_name_are_passed_over() -> None:
    """One without a name, one with a quote in it; the others are read."""
    line = '{"": 1, "ur\\"i": "/x", "time_iso8601": "2025-10-10T22:55:36Z", "uri": "/a", "status": 200}'
    _, rows = read(SOURCE, [line])
    assert (rows[0]["path"], rows[0]["status"]) == ("/a", 200)


def test_a_format_without_a_sign_after_the_time_is_read_by_its_pattern() -> None:
    """The time is two words, and the second one is then not its own alone."""
    assert SOURCE.conform is not None
    assert (
        SOURCE.conform([], {"log_format": "[$time_local$remote_addr $status $request"}).variant
        == "log_format"
    )


def test_every_list_of_upstreams_may_stand_without_quotes() -> None:
    """A server that was tried adds to each of them; a dash when none was."""
    form = (
        '$remote_addr - - [$time_local] "$request" $status $body_bytes_sent '
        "rt=$request_time uct=$upstream_connect_time urt=$upstream_response_time uht=$upstream_header_time"
    )
    head = '192.0.2.1 - - [15/May/2026:10:00:00 +0000] "GET /a HTTP/1.1" 502 5 rt=0.020 '
    tails = (
        "uct=0.001 urt=0.009 uht=0.1",
        "uct=0.001, 0.001 urt=0.009, 0.010 uht=-, 0.1",
        "uct=- urt=- uht=-",
    )
    _, rows = read(SOURCE, [head + tail for tail in tails], log_format=form)
    assert [(row.get("refusal"), row.get("upstream_ms")) for row in rows] == [
        (None, 9.0),
        (None, 19.0),
        (None, None),
    ]
    keyed = COMBINED + " rt=0.020 uct=0.001{} urt=0.009{}"
    _, rows = read(SOURCE, [keyed.format("", ""), keyed.format(", 0.001", ", 0.010")])
    assert [row.get("upstream_ms") for row in rows] == [9.0, 19.0]


def test_an_id_of_the_client_names_a_call_only_with_its_line() -> None:
    """nginx's own id does alone; X-Request-Id, the ingress's too, is what a client sent."""
    own = '$remote_addr [$time_local] "$request" $status $request_id'
    line = '1.2.3.4 [10/Oct/2025:13:55:36 +0000] "GET /{} HTTP/1.1" 200 r1'
    two = [line.format("a"), line.format("b")]
    _, rows = read(SOURCE, two, log_format=own)
    assert [(row["request_id"], row.get("event_id")) for row in rows] == [("r1", None)] * 2
    for name in ("http_x_request_id", "req_id"):
        _, rows = read(SOURCE, two, log_format=own.replace("request_id", name))
        first, second = (str(row["event_id"]) for row in rows)
        assert first != second
        assert first.startswith("r1 ")
    _, rows = read(
        SOURCE, ['{"time": "2025-10-10T13:55:36Z", "uri": "/a", "status": 200, "request_id": "r1"}']
    )
    assert str(rows[0]["event_id"]).startswith("r1 ")


def test_fractions_are_seconds_unless_they_would_be_long() -> None:
    """Half of the calls above five seconds are milliseconds; whole numbers are, too."""
    entry = '{{"time": "2025-10-10T13:55:36Z", "uri": "/a", "status": 200, "latency": {}}}'
    for values, first in (
        (("0.25", "7.5", "0.1"), 250.0),
        (("12.5", "80.25", "3.1"), 12.5),
        (("12", "3"), 12.0),
    ):
        way, rows = read(SOURCE, [entry.format(value) for value in values])
        assert rows[0]["latency_ms"] == first
        assert "latency_unit" in way.notes[0]
