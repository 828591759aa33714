"""Do calls get in once each, whatever way their files are cut, repeated or broken?"""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from firstcall.settings import Privacy, Program, Settings
from firstcall.settings.model import Limits
from firstcall.sources.gateways import azure_api_management, kong
from firstcall.sources.parsing.call_columns import select
from firstcall.sources.source import Conformed
from tests.pipeline.admission import admission, line

A, B, C = (line(f"/pets/{n}") for n in (1, 2, 3))
NOT_FITTING = "line does not fit the format"


def entry(identity: str, **more: object) -> str:
    """Return a Kong object with a request id."""
    own = {"started_at": 1760104536000, "request": {"id": identity, "method": "GET", "uri": "/pets"}}
    return json.dumps({**own, "response": {"status": 200}, "latencies": {"request": 12}, **more})


def test_a_file_read_again_adds_nothing(tmp_path: Path) -> None:
    """Neither as it was, nor reordered, nor with other line ends, nor in two parts."""
    with admission(tmp_path) as at:
        assert at.admit([A, A, B]).landed == 3
        for again in ([A, A, B], [B, A, A], [A, B], [A]):
            counts = at.admit(again)
            assert (counts.landed, counts.duplicate) == (0, len(again))
        assert at.admit(f"{A}\r\n{A}\r\n{B}".encode()).landed == 0
        assert at.value("SELECT count(*) FROM calls") == 3


def test_identical_real_lines_both_count(tmp_path: Path) -> None:
    """Two clients behind one address may call in the same second; a third copy in a later file is new."""
    with admission(tmp_path) as at:
        assert at.admit([A, A]).landed == 2
        counts = at.admit([A, A, A])
        assert (counts.landed, counts.duplicate) == (1, 2)
        assert at.value("SELECT count(DISTINCT call_key) FROM calls") == 3


def test_a_rotated_file_adds_what_is_new(tmp_path: Path) -> None:
    """The overlap is known already; concatenating both adds nothing."""
    with admission(tmp_path) as at:
        at.admit([A, B])
        counts = at.admit([B, C])
        assert (counts.landed, counts.duplicate) == (1, 1)
        assert at.admit([A, B, C]).landed == 0
        assert at.rows("SELECT sum(calls) FROM calls_by_hour") == [(3,)]


def test_the_same_line_of_another_gateway_is_another_call(tmp_path: Path) -> None:
    """Identity includes the gateway connection."""
    with admission(tmp_path) as at:
        at.admit([A], name="east")
        assert at.admit([A], name="west").landed == 1
        assert at.rows("SELECT source, rows FROM watermarks ORDER BY ALL") == [("east", 1), ("west", 1)]


def test_the_first_of_two_contents_under_one_id_wins(tmp_path: Path) -> None:
    """In one file and across files; the other is kept with its content."""
    with admission(tmp_path) as at:
        other = entry("r1", response={"status": 500})
        counts = at.admit([entry("r1"), other, entry("r1")], kong.SOURCE)
        assert (counts.landed, counts.conflicting, counts.duplicate) == (1, 1, 1)
        counts = at.admit([other, entry("r2")], kong.SOURCE)
        assert (counts.landed, counts.conflicting) == (1, 1)
        assert at.rows("SELECT status FROM calls ORDER BY request_id") == [(200,), (200,)]
        kept = at.rows("SELECT verdict, reason, json_extract(content, '$.status') FROM refused")
        assert kept == [("conflicting", "same id, other content", "500")] * 2


def test_a_replacing_import_retires_the_row_it_replaces(tmp_path: Path) -> None:
    """The rollups follow, the earlier version stays known."""
    with admission(tmp_path) as at:
        at.admit([entry("r1"), entry("r2")], kong.SOURCE)
        counts = at.admit([entry("r1", response={"status": 500})], kong.SOURCE, replace=True)
        assert (counts.landed, counts.conflicting) == (1, 0)
        now = at.rows("SELECT request_id, status FROM calls WHERE known_to IS NULL ORDER BY ALL")
        assert now == [("r1", 500), ("r2", 200)]
        assert at.value("SELECT count(*) FROM calls WHERE known_to IS NOT NULL") == 1
        assert at.rows("SELECT status, sum(calls) FROM calls_by_hour GROUP BY ALL ORDER BY ALL") == [
            (200, 1),
            (500, 1),
        ]


def test_refused_lines_are_kept_with_their_number(tmp_path: Path) -> None:
    """Also when the same broken line comes twice; secrets in it are masked."""
    broken = "broken ?api_key=abc123 x"
    with admission(tmp_path) as at:
        counts = at.admit([A, broken, "", B, broken])
        assert (counts.read, counts.landed, counts.filtered) == (5, 2, 1)
        assert counts.refused == {NOT_FITTING: 2}
        kept = at.rows("SELECT line, verdict, reason, content FROM refused ORDER BY line")
        assert kept == [(n, "refused", NOT_FITTING, "broken ?api_key=*** x") for n in (2, 5)]


def test_times_that_cannot_be_are_refused(tmp_path: Path) -> None:
    """The future, long ago, and a day that does not exist."""
    times = ("10/Oct/2026:13:55:36 +0000", "10/Oct/1999:13:55:36 +0000", "31/Feb/2025:13:55:36 +0000")
    with admission(tmp_path) as at:
        counts = at.admit([A, *(line(when=when) for when in times)])
        assert counts.refused == {
            "time before 2000": 1,
            "time in the future": 1,
            "time missing or not understood": 1,
        }


def test_files_of_nothing_or_of_nonsense_are_no_error(tmp_path: Path) -> None:
    """An empty file, one blank line, one object among lines that are none."""
    with admission(tmp_path) as at:
        assert at.admit(b"").read == 0
        assert at.admit(b"\n\n").filtered == 2
        counts = at.admit(["{", "{}"], kong.SOURCE)
        assert (counts.landed, sum(counts.refused.values())) == (0, 2)
        assert at.value("SELECT count(*) FROM calls") == 0


def test_bytes_that_are_no_text_stay_countable(tmp_path: Path) -> None:
    """NUL, invalid UTF-8, the delimiter itself, a lone return, a line too long, no newline at the end."""
    long = A.replace("/pets/1", "/" + "x" * 3000)
    odd = b"\n".join(
        [
            A.encode(),
            B.encode().replace(b"linux", b"li\xffnux"),
            b"\x00\x01\x02",
            C.encode() + b"\r",
            long.encode(),
            line("/last").encode(),
        ]
    )
    with admission(tmp_path, Settings(limits=Limits(line_bytes=1024))) as at:
        counts = at.admit(odd)
        assert (counts.read, counts.landed) == (6, 4)
        assert counts.refused == {NOT_FITTING: 1, "line_too_long": 1}
        assert at.rows("SELECT line, reason FROM refused ORDER BY line") == [
            (3, NOT_FITTING),
            (5, "line_too_long"),
        ]


def test_latencies_that_cannot_be_count_as_calls_without_one(tmp_path: Path) -> None:
    """Negative or above an hour: the call stays, its latency is kept aside and said."""
    with admission(tmp_path) as at:
        made = [entry(f"r{n}", latencies={"request": ms}) for n, ms in enumerate((-5, 0, 1.02, 4_000_000))]
        counts = at.admit(made, kong.SOURCE)
        assert counts.landed == 4
        assert any(note.startswith("2 calls have a latency below zero") for note in counts.notes)
        found = at.rows("SELECT latency_ms, latency_bucket, attributes FROM calls ORDER BY request_id")
        assert found == [
            (None, None, '{"latency_ms":-5.0}'),
            (0.0, 0, None),
            (1.02, 1, None),
            (None, None, '{"latency_ms":4000000.0}'),
        ]


def test_days_and_hours_are_those_of_the_program(tmp_path: Path) -> None:
    """In Berlin the hour from 2 to 3 comes twice on 26 October 2025; midnight is at 22:00 UTC in summer."""
    times = ("25/Oct/2025:21:59:59", "25/Oct/2025:22:00:00", "26/Oct/2025:00:30:00", "26/Oct/2025:01:30:00")
    with admission(tmp_path, Settings(program=Program(timezone="Europe/Berlin"))) as at:
        at.admit([line(when=f"{when} +0000") for when in times])
        assert at.rows("SELECT day, hour FROM calls ORDER BY time") == [
            (date(2025, 10, 25), 23),
            (date(2025, 10, 26), 0),
            (date(2025, 10, 26), 2),
            (date(2025, 10, 26), 2),
        ]


def test_outcomes_are_exclusive_and_complete(tmp_path: Path) -> None:
    """408, 499, 504 and no answer are timeouts; 1xx and 3xx redirects."""
    by_status = {
        200: "success", 101: "redirect", 304: "redirect", 404: "client_error", 408: "timeout", 499: "timeout",
        500: "server_error", 504: "timeout", 0: "timeout", 999: "server_error",
    }  # fmt: skip
    with admission(tmp_path) as at:
        at.admit([line(f"/{status}", status=status).replace(" 0 12 ", " 000 12 ") for status in by_status])
        assert at.rows("SELECT status, outcome FROM calls ORDER BY status") == sorted(by_status.items())


def test_secrets_and_addresses_never_reach_the_store(tmp_path: Path) -> None:
    """Queries are cut, secret consumers hashed, mail addresses masked, client addresses dropped unless allowed."""
    key = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    secret = line(
        f"/users/jo@example.com/x?access_token={key}", user=key, agent="bot (mailto:jo@example.com)"
    )
    with admission(tmp_path) as at:
        at.admit([secret, line("https://api.example.com/a/b?x=1")])
        everything = json.dumps(at.rows("SELECT * EXCLUDE (call_key) FROM calls"), default=str)
        assert not any(word in everything for word in (key, "jo@", "access_token", "10.1.2.3"))
        assert at.rows("SELECT path, route FROM calls ORDER BY path") == [
            ("/a/b", "/a/b"),
            ("/users/{email}/x", "/users/{email}/x"),
        ]
        kept = Settings(privacy=Privacy(store_client_ip=True))
        at.admit([line(), line(ip="2001:db8:1:2::7")], settings=kept)
        ips = at.rows("SELECT client_ip FROM calls WHERE import_id = 2 ORDER BY ALL")
        assert ips == [("10.1.2.0",), ("2001:db8:1::",)]


def test_the_sdk_is_the_first_product_of_the_user_agent(tmp_path: Path) -> None:
    """A browser is no SDK; unknown methods are one word."""
    with admission(tmp_path) as at:
        at.admit([line("/1"), line("/2", agent="Mozilla/5.0 (X11)"), line("/3", agent="-", method="geti")])
        found = at.rows("SELECT method, sdk, sdk_version FROM calls ORDER BY path")
        assert found == [("GET", "pets-python", "2.1"), ("GET", None, None), ("_OTHER", None, None)]


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(0, 90), st.binary(max_size=4)), max_size=12)
)
def test_mutated_lines_are_all_accounted_for(tmp_path: Path, made: list[tuple[str, int, bytes]]) -> None:
    """Bytes put anywhere into good lines: read is the number of lines, and the second time nothing lands."""
    content = b"\n".join(one.encode()[:place] + extra + one.encode()[place:] for one, place, extra in made)
    unix = content.replace(b"\r\n", b"\n")
    count = unix.count(b"\n") + (bool(unix) and not unix.endswith(b"\n"))
    with admission(tmp_path) as at:
        at.admit([A])
        counts = at.admit(content + b"\n" + A.encode())
        assert counts.read in {count + 1, count + 2}
        assert at.admit(content + b"\n" + A.encode()).landed == 0


def test_an_array_far_behind_single_objects_is_taken_apart(tmp_path: Path) -> None:
    """201 lines, the last one an indented array of two calls: 202 calls, though the sample shows objects alone."""
    with admission(tmp_path) as at:
        lines = [entry(f"r{n}") for n in range(200)]
        counts = at.admit([*lines, f" [{entry('a')}, {entry('b')}]"], kong.SOURCE)
        assert (counts.read, counts.landed) == (202, 202)
        assert at.value("SELECT count(*) FROM calls WHERE request_id IN ('a', 'b')") == 2


def test_the_weight_of_a_sampled_row_is_kept_and_said(tmp_path: Path) -> None:
    """No count is multiplied; the import says how many calls the rows stand for."""
    texts = {"time": "'2025-10-10 10:00'", "status": "'200'", "path": "'/a'", "method": "'GET'"}
    way = Conformed(select("FROM lines", {**texts, "content": "line", "weight": "line"}), "sampled", "a test")
    with admission(tmp_path) as at:
        counts = at.admit(
            ["10", "20"], dataclasses.replace(kong.SOURCE, conform=lambda _lines, _options: way)
        )
        assert counts.landed == 2
        assert any("2 rows say that they stand for 30 calls" in note for note in counts.notes)
        assert at.rows("SELECT attributes FROM calls ORDER BY ALL") == [
            ('{"weight":10.0}',),
            ('{"weight":20.0}',),
        ]


def test_an_address_without_a_path_is_the_root(tmp_path: Path) -> None:
    """Proxies log the whole URL."""
    with admission(tmp_path) as at:
        at.admit([line("https://api.example.com"), line("https://api.example.com:443/a?b=1")])
        assert at.rows("SELECT path FROM calls ORDER BY ALL") == [("/",), ("/a",)]


def test_refused_lines_are_not_parsed_all_at_once(tmp_path: Path) -> None:
    """Half a gigabyte is enough for 20,000 records without a time, 25 MB of them."""
    record = {"category": "GatewayLogs", "properties": {"method": "GET", "url": "https://a.example/b" * 60}}
    with admission(tmp_path) as at:
        at.store.connection.execute("SET memory_limit = '500MB'")
        counts = at.admit([json.dumps(record | {"n": n}) for n in range(20_000)], azure_api_management.SOURCE)
        assert (counts.read, sum(counts.refused.values())) == (20_000, 20_000)


def test_what_the_engine_says_is_not_lost_and_its_settings_are_as_before(tmp_path: Path) -> None:
    """After an error nothing can be set in the same transaction any more; what is of the session ends with it."""
    texts = {"time": "error('it broke')", "status": "200", "path": "'/a'", "content": "line"}
    way = Conformed(select("FROM lines", texts), "broken", "a test")
    asked = "SELECT current_setting('disabled_optimizers')"
    with admission(tmp_path) as at:
        before = at.rows(asked)
        with pytest.raises(duckdb.Error, match="it broke"):
            at.admit(["x"], dataclasses.replace(kong.SOURCE, conform=lambda _lines, _options: way))
        assert at.rows(asked) == before
