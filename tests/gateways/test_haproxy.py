"""Do a real HAProxy's logs, over syslog and on its output, import to exactly the calls that were sent through it?"""

from __future__ import annotations

import gzip
import hashlib
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.gateways import running as at
from tests.gateways.running import Run, imported
from tests.gateways.traffic import IMPATIENCE, TOKEN, adjusted, send
from tests.gateways.upstream import free_port, listening, upstream

pytestmark = pytest.mark.xdist_group("gateway haproxy")

NONSENSE: Mapping[str, object] = {"status": 400, "nameless": True, "method": "_OTHER", "path": ""}
LEFT: Mapping[str, object] = {"status": 200, "outcome": "timeout"}
CALLS = adjusted(
    {"down": {"status": 503}, "left": LEFT} | dict.fromkeys(("blank", "unicode", "raw-bytes"), NONSENSE)
)
"""HAProxy takes no byte above 127 and no blank in a path: it logs <BADREQ>. Who leaves gets what the service said,
and the state says that he did not wait for it."""
CONFIG = """
global
  log 127.0.0.1:{syslog} len 8192 format rfc3164 local0
  log stdout len 8192 format raw local1
defaults
  mode http
  option dontlognull
  timeout connect 500ms
  timeout client 10s
  timeout server {wait}ms
  timeout http-request 2s
  retries 0
frontend pets
  bind 127.0.0.1:{port}
  bind [::1]:{port}
  log 127.0.0.1:{syslog} len 8192 format rfc3164 local0
  option httplog
  capture request header User-Agent len 64
  capture request header X-Api-Key len 64
  capture request header Host len 64
  use_backend nobody if {{ path_beg /down }}
  default_backend service
frontend clf
  bind 127.0.0.1:{clf}
  bind [::1]:{clf}
  log stdout len 8192 format raw local0
  option httplog clf
  use_backend nobody if {{ path_beg /down }}
  default_backend service
backend service
  server one 127.0.0.1:{behind}
backend nobody
  server none 127.0.0.1:{nobody}
"""
SAID = {"captures": "user_agent,consumer,host", "timezone": "Europe/Berlin"}


@contextmanager
def syslog(file: Path) -> Iterator[int]:
    """Write what comes to a UDP port to the file, a line a message, as a syslog daemon does; yield the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire, file.open("wb") as out:
        wire.bind(("127.0.0.1", 0))

        def receive() -> None:
            while message := wire.recv(1 << 16):
                out.write(message.rstrip(b"\n") + b"\n")

        thread = threading.Thread(target=receive)
        thread.start()
        yield wire.getsockname()[1]
        wire.sendto(b"", wire.getsockname())
        thread.join()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """HAProxy with a front for each format, and the same traffic through both."""
    folder, port, clf = tmp_path_factory.mktemp("haproxy"), free_port(), free_port()
    config, log = folder / "haproxy.cfg", folder / "httplog.log"
    with upstream() as behind, syslog(log) as daemon:
        config.write_text(
            CONFIG.format(
                port=port,
                clf=clf,
                behind=behind,
                nobody=free_port(),
                syslog=daemon,
                wait=int(IMPATIENCE * 1000),
            )
        )
        command = ["haproxy", "-db", "-f", str(config)]
        with at.running(command, port, folder, stop=signal.SIGUSR1, zone="Europe/Berlin"):
            assert listening(clf)
            heard = {name: send(where, CALLS) for name, where in (("httplog", port), ("clf", clf))}
    logs = {"httplog": log, "clf": folder / "output.log"}
    return {name: Run(CALLS, heard[name], {name: logs[name]}) for name in logs}


@pytest.mark.parametrize("name", ["httplog", "clf"])
def test_the_store_holds_what_was_sent(runs: dict[str, Run], name: str) -> None:
    """Each call once, by its method, path, status and outcome; none of its lines refused, no secret kept."""
    run = runs[name]
    at.check_answers(run)
    with imported("haproxy", [run.logs[name]], **(SAID if name == "httplog" else {})) as (program, (report,)):
        assert at.held(program, names=name == "httplog") == at.sent(run.calls, names=name == "httplog")
        at.check_accounting(program, report, run, {"a message of HAProxy, not a call": 2})


def test_times_and_durations_are_those_of_the_calls(runs: dict[str, Run]) -> None:
    """httplog stamps the start in the host's own zone, which the option timezone names."""
    run = runs["httplog"]
    with imported("haproxy", [run.logs["httplog"]], **SAID) as (program, _):
        at.check_times(program, run, resolution=0.001)
        at.check_latency(program, run)
        found = at.by_name(program)
        assert 395 <= found["slower"]["upstream_ms"] <= found["slower"]["latency_ms"]
        assert found["timed-out"]["upstream_ms"] is None
    with imported("haproxy", [runs["clf"].logs["clf"]]) as (program, _):
        longest = sorted(row["latency_ms"] for row in at.rows(program))[-3:]
        assert [least <= value for least, value in zip((395, 495, 795), longest, strict=True)] == [True] * 3


def test_bytes_are_those_that_went_over_the_wire(runs: dict[str, Run]) -> None:
    """The answer with its headers, which HAProxy counts in a form of its own, a little shorter than on the wire."""
    run = runs["httplog"]
    with imported("haproxy", [run.logs["httplog"]], **SAID) as (program, _):
        for name, row in at.by_name(program).items():
            heard = run.heard.get(name)
            if heard is not None and heard.status is not None:
                assert max(heard.body, heard.size - 40) <= row["response_bytes"] <= heard.size, name


def test_the_state_says_how_a_call_ended(runs: dict[str, Run]) -> None:
    """sH: no answer in time. SH: the service hung up. SC: nobody there. CD: the client had gone."""
    states = {"timed-out": "sH--", "dropped": "SH--", "down": "SC--", "left": "CD--"}
    with imported("haproxy", [runs["httplog"].logs["httplog"]], **SAID) as (program, _):
        found = at.by_name(program)
        assert {name: row["error_code"] for name, row in found.items() if row["error_code"]} == states
        assert {name for name, row in found.items() if row["timed_out"]} == {"timed-out", "left"}


def test_callers_and_addresses_are_those_who_called(runs: dict[str, Run]) -> None:
    """A captured key is kept as its hash, a captured host decides; addresses are cut to their networks."""
    with imported("haproxy", [runs["httplog"].logs["httplog"]], **SAID) as (program, _):
        found = at.by_name(program)
        assert {name for name, row in found.items() if row["consumer"]} == {"keyed"}
        assert found["keyed"]["consumer"] == "sha256:" + hashlib.sha256(TOKEN.encode()).hexdigest()
        assert (found["six"]["client_ip"], found["slow"]["client_ip"]) == ("::", "127.0.0.0")
        assert {row["product"] for row in found.values()} == {"service", "nobody"}


def test_a_file_read_again_adds_nothing(runs: dict[str, Run]) -> None:
    """Neither as it is nor compressed; without a word about captures it is read all the same."""
    for name, run in runs.items():
        log = run.logs[name]
        packed = log.with_suffix(".gz")
        packed.write_bytes(gzip.compress(log.read_bytes()))
        with imported("auto", [log, packed, log], timezone="Europe/Berlin") as (_, reports):
            assert {file.source for report in reports for file in report.files} == {"haproxy"}
            assert [report.total.landed for report in reports] == [run.lines, 0, 0], name
