"""Does a real Caddy's JSON log import to exactly the calls that were sent through it?"""

from __future__ import annotations

import gzip
import hashlib
import signal
from collections.abc import Mapping

import pytest

from tests.gateways import running as at
from tests.gateways.running import Run, imported
from tests.gateways.traffic import IMPATIENCE, TOKEN, adjusted, send
from tests.gateways.upstream import free_port, upstream

pytestmark = pytest.mark.xdist_group("gateway caddy")

UNSEEN: Mapping[str, object] = {"status": None}
CALLS = adjusted(
    {
        "left": {"status": 0},
        "raw-bytes": {"path": "/raw%EF%BF%BD/7"},
        "blank": UNSEEN,
        "words": UNSEEN,
        "tls": UNSEEN,
    }
)
"""Caddy answers what is no HTTP without a line in its log, and cannot write bytes that are no text."""
CONFIG = """
{{
  admin off
  auto_https off
}}
http://:{port} {{
  bind 127.0.0.1 ::1
  log {{
    output file {folder}/json.log
  }}
  basicauth /account {{
    bob {bob}
  }}
  handle /down/* {{
    reverse_proxy 127.0.0.1:{nobody}
  }}
  handle {{
    reverse_proxy 127.0.0.1:{behind} {{
      transport http {{
        response_header_timeout {wait}ms
      }}
    }}
  }}
}}
"""
BOB = "$2a$04$pQWYWBUx20DfG/IhXPUmaOS/CBkrJz0A6n/zuFvp43AL5noxw/qrq"
"""The password of bob, by bcrypt at its lowest cost."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Caddy and its traffic."""
    folder, port = tmp_path_factory.mktemp("caddy"), free_port()
    config = folder / "Caddyfile"
    with upstream() as behind:
        config.write_text(
            CONFIG.format(
                folder=folder,
                port=port,
                behind=behind,
                nobody=free_port(),
                bob=BOB,
                wait=int(IMPATIENCE * 1000),
            )
        )
        command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
        with at.running(command, port, folder, stop=signal.SIGTERM):
            heard = send(port, CALLS)
    return Run(CALLS, heard, {"json": folder / "json.log"})


def test_the_store_holds_what_was_sent(run: Run) -> None:
    """Each call once, by its method, path, status and outcome; no line refused, no secret kept."""
    at.check_answers(run)
    with imported("caddy", [run.logs["json"]]) as (program, (report,)):
        assert at.held(program) == at.sent(run.calls)
        at.check_accounting(program, report, run)


def test_times_and_durations_are_those_of_the_calls(run: Run) -> None:
    """Caddy stamps the end; with its duration the start is known to the millisecond."""
    with imported("caddy", [run.logs["json"]]) as (program, _):
        at.check_times(program, run, resolution=0.001)
        at.check_latency(program, run)
        assert 200 <= at.by_name(program)["left"]["latency_ms"] <= (0.3 + at.PAUSE) * 1000


def test_bytes_are_those_that_went_over_the_wire(run: Run) -> None:
    """The body of every answer."""
    with imported("caddy", [run.logs["json"]]) as (program, _):
        at.check_bytes(program, run)


def test_callers_and_addresses_are_those_who_called(run: Run) -> None:
    """Who signed in, not who failed to; a key by its hash; addresses cut to their networks."""
    with imported("caddy", [run.logs["json"]]) as (program, _):
        found = at.by_name(program)
        assert {name: row["consumer"] for name, row in found.items() if row["consumer"]} == {
            "account": "bob",
            "keyed": "sha256:" + hashlib.sha256(TOKEN.encode()).hexdigest(),
        }
        assert (found["six"]["client_ip"], found["slow"]["client_ip"]) == ("::", "127.0.0.0")
        agents = {row["user_agent"] for row in at.rows(program)}
        assert 'pets-python/says "hi" \\ é' in agents


def test_a_file_read_again_adds_nothing(run: Run) -> None:
    """Neither as it is nor compressed, and without being named it is the same file."""
    log = run.logs["json"]
    packed = log.with_suffix(".gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    with imported("auto", [log, packed, log]) as (_, reports):
        assert {file.source for report in reports for file in report.files} == {"caddy"}
        assert [report.total.landed for report in reports] == [run.lines, 0, 0]
