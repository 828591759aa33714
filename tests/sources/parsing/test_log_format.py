"""Does what a format writes come back, whatever the fields hold?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.sources.parsing.log_format import compiled, parse
from tests.sources.gateways.lines_read import rows

NGINX = '$remote_addr - $remote_user [$time_local] "$request" $status $bytes_sent "$http_user_agent" rt=$request_time'
APACHE = '%h %l %u %t "%r" %>s %b "%{User-agent}i" %D'
WORD = st.text("abcXYZ019.-_/:%@=,;~", min_size=1, max_size=12)
QUOTED = st.text("abc 019.-_/:[]=;", max_size=20) | st.just(r"a \" b \\") | st.just(r"\x22\xC3")
LINES = st.tuples(WORD, WORD, QUOTED, st.integers(100, 599), st.integers(0, 10**9), QUOTED, st.floats(0, 60))


@settings(max_examples=60)
@given(st.lists(LINES, min_size=1, max_size=8))
def test_nginx_fields_come_back(made: list[tuple[str, str, str, int, int, str, float]]) -> None:
    """Each line is written from random values and taken apart into the same values."""
    stamp = "10/Oct/2025:13:55:36 +0000"
    lines = [
        f'{ip} - {user} [{stamp}] "{request}" {status} {size} "{agent}" rt={seconds:.3f}'
        for ip, user, request, status, size, agent, seconds in made
    ]
    found = rows(compiled(parse(NGINX)).select, lines)
    assert [row["matched"] for row in found] == [True] * len(lines)
    assert [
        (r["remote_addr"], r["remote_user"], r["request"], r["status"], r["bytes_sent"], r["http_user_agent"])
        for r in found
    ] == [
        (ip, user, request, str(status), str(size), agent)
        for ip, user, request, status, size, agent, _ in made
    ]
    assert [row["request_time"] for row in found] == [f"{seconds:.3f}" for *_, seconds in made]


@settings(max_examples=60)
@given(
    st.lists(st.text(max_size=60).map(lambda text: re.sub(r"[\r\n\x00]", " ", text)), min_size=1, max_size=20)
)
def test_garbage_never_fails_and_never_vanishes(lines: list[str]) -> None:
    """As many rows as lines, each matched or not."""
    assert len(rows(compiled(parse(APACHE)).select, lines)) == len(lines)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("$status ${request_time}s", ("status", "request_time")),
        (
            "%>s %{ms}T %{X-Api-Key}i %{UNIQUE_ID}e",
            ("status", "request_time_ms", "http_x_api_key", "request_id"),
        ),
        ("%s %% %!200,304{Referer}i", ("status", "http_referer")),
        ("$context.status $context.identity.sourceIp", ("status", "identity_sourceIp")),
        ("$status $status", ("status", "status_2")),
    ],
)
def test_variables_have_one_name_in_every_dialect(text: str, names: tuple[str, ...]) -> None:
    """Modifiers and braces fall away."""
    assert compiled(parse(text)).names == names


RETRIED = (
    '$remote_addr [$time_local] "$request" $status '
    "$upstream_addr $upstream_status $upstream_response_time $req_id"
)


@pytest.mark.parametrize(
    ("addresses", "statuses", "times"),
    [
        ("10.0.0.9:80", "200", "0.010"),
        ("10.0.0.9:80, 10.0.0.8:80", "502, 200", "0.001, 0.010"),
        ("10.0.0.9:80 : 10.0.0.7:80", "502 : 200", "0.001 : 0.010"),
        ("10.0.0.9:80, [2001:db8::7]:80 : unix:/run/app.sock", "502, 502 : 200", "0.001, - : 0.010"),
        ("-", "-", "-"),
    ],
)
def test_lists_of_retries_are_one_value(addresses: str, statuses: str, times: str) -> None:
    """Commas stand between tries, a colon between groups of servers; both hold spaces."""
    line = f'1.2.3.4 [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.1" 200 {addresses} {statuses} {times} abc'
    (found,) = rows(compiled(parse(RETRIED)).select, [line])
    held = [found[name] for name in ("upstream_addr", "upstream_status", "upstream_response_time", "req_id")]
    assert held == [addresses, statuses, times, "abc"]
