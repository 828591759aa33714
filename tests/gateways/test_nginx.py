"""Does a real nginx's log, in its own formats, import to exactly the calls that were sent through it?"""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import time
from collections.abc import Iterator

import pytest

from tests.gateways import running as at
from tests.gateways.running import Run, imported
from tests.gateways.traffic import IMPATIENCE, LATER, adjusted, said, send
from tests.gateways.upstream import free_port, upstream

pytestmark = pytest.mark.xdist_group("gateway nginx")

CALLS = adjusted({"blank": {"status": 400, "nameless": True}})
"""nginx refuses a path with a blank in it before it has read any header."""
AS_JSON = adjusted(
    {
        "blank": {"status": 400, "nameless": True, "method": "_OTHER", "path": ""},
        "raw-bytes": {"path": "/raw%EF%BF%BD/7"},
    }
)
"""With escape=json bytes are left as they are, also those that are no text; its method and path are those it parsed."""
CONFIG = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1; {user}
events {{ worker_connections 128; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent" "$http_x_forwarded_for" $request_time $upstream_response_time';
  log_format json escape=json '{{"msec":"$msec","request_id":"$request_id","remote_addr":"$remote_addr",'
    '"remote_user":"$remote_user","request_method":"$request_method","request_uri":"$request_uri",'
    '"status":"$status","body_bytes_sent":"$body_bytes_sent","request_length":"$request_length",'
    '"request_time":"$request_time","upstream_response_time":"$upstream_response_time","host":"$host",'
    '"http_x_api_key":"$http_x_api_key","http_user_agent":"$http_user_agent"}}';
  log_format plain '{{"time_iso8601":"$time_iso8601","request":"$request","status":$status,'
    '"request_time":$request_time,"upstream_response_time":$upstream_response_time,'
    '"http_user_agent":"$http_user_agent"}}';
  access_log {folder}/combined.log combined;
  access_log {folder}/timed.log timed;
  access_log {folder}/json.log json;
  access_log {folder}/plain.log plain;
  server {{
    listen 127.0.0.1:{port}; listen [::1]:{port};
    client_max_body_size 10m; proxy_read_timeout {wait}ms;
    location / {{ proxy_pass http://127.0.0.1:{behind}; }}
    location /down {{ proxy_pass http://127.0.0.1:{nobody}; }}
  }}
}}
"""
NAMES = ("combined", "timed", "json", "plain")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """nginx and its traffic; its logs are rotated once all calls are made, and a few more follow."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    config = folder / "nginx.conf"
    with upstream() as behind:
        # a master that is root gives its workers to another user, who may not look into the folder
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(
            CONFIG.format(
                folder=folder,
                port=port,
                behind=behind,
                nobody=free_port(),
                wait=int(IMPATIENCE * 1000),
                user=user,
            )
        )
        command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]
        with at.running(command, port, folder, stop=signal.SIGQUIT, zone="America/New_York") as nginx:
            heard = send(port, CALLS)
            logs = {name: folder / f"{name}.log" for name in NAMES}
            for log in logs.values():
                log.rename(log.with_suffix(".log.1"))
            nginx.send_signal(signal.SIGUSR1)
            until = time.monotonic() + 20
            while not all(log.exists() for log in logs.values()) and time.monotonic() < until:
                time.sleep(0.02)
            for call in LATER:
                said(call, port)
    yield Run(CALLS, heard, {name: folder / f"{name}.log.1" for name in NAMES})
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", NAMES)
def test_the_store_holds_what_was_sent(run: Run, name: str) -> None:
    """Each call once, by its method, path, status and outcome; no line refused, no secret kept."""
    at.check_answers(run)
    with imported("nginx", [run.logs[name]]) as (program, (report,)):
        assert at.held(program) == at.sent(AS_JSON if name == "json" else run.calls)
        at.check_accounting(program, report, run)


def test_times_and_durations_are_those_of_the_calls(run: Run) -> None:
    """combined knows the second of the answer alone; with request times the start is known to the millisecond."""
    for name, resolution in (("timed", 1.0), ("json", 0.001)):
        with imported("nginx", [run.logs[name]]) as (program, _):
            at.check_times(program, run, resolution=resolution)
            at.check_latency(program, run)
            found = at.by_name(program)
            assert 395 <= found["slower"]["upstream_ms"] <= found["slower"]["latency_ms"] + 5
            assert found["down"]["upstream_ms"] is not None
    with imported("nginx", [run.logs["combined"]]) as (program, _):
        ended = at.by_name(program)["slower"]["time"] - run.heard["slower"].began
        assert -1 <= ended.total_seconds() <= run.heard["slower"].seconds + at.PAUSE


@pytest.mark.parametrize("name", ["combined", "timed", "json"])
def test_bytes_are_those_that_went_over_the_wire(run: Run, name: str) -> None:
    """The body of every answer; with $request_length also the whole of a large request."""
    with imported("nginx", [run.logs[name]]) as (program, _):
        at.check_bytes(program, run)
        if name == "json":
            large = next(call for call in run.calls if call.name == "created")
            assert at.by_name(program)["created"]["request_bytes"] == len(large.wire)


def test_callers_and_addresses_are_those_who_called(run: Run) -> None:
    """The user of Basic authentication, checked or not; a key by its hash; addresses cut to their networks."""
    with imported("nginx", [run.logs["timed"]]) as (program, _):
        found = at.by_name(program)
        assert {name for name, row in found.items() if row["consumer"]} == {"account", "impostor"}
        assert found["account"]["consumer"] == "bob"
        assert (found["six"]["client_ip"], found["slow"]["client_ip"]) == ("::", "127.0.0.0")
        assert found["forwarded"]["client_ip"] == "203.0.113.0"
    with imported("nginx", [run.logs["json"]], consumer="$http_x_api_key") as (program, _):
        found = at.by_name(program)
        assert {name for name, row in found.items() if row["consumer"]} == {"keyed"}


def test_a_rotated_file_adds_nothing_twice(run: Run) -> None:
    """The same file compressed adds nothing; the one that followed it adds its own calls."""
    for name, log in run.logs.items():
        packed = log.with_suffix(".gz")
        packed.write_bytes(gzip.compress(log.read_bytes()))
        with imported("nginx", [log, packed, log.with_suffix(""), log]) as (_, (_, again, newer, last)):
            assert (again.total.landed, again.total.duplicate) == (0, run.lines), name
            assert (newer.total.landed, last.total.landed) == (len(LATER), 0), name


def test_every_format_is_recognised_without_being_named(run: Run) -> None:
    """`auto` says nginx of each, and holds the same calls as when it is told."""
    for name, log in run.logs.items():
        with imported("auto", [log]) as (program, (report,)):
            assert {file.source for file in report.files} == {"nginx"}, name
            assert report.total.landed == run.lines
            assert len(at.rows(program)) == run.lines
