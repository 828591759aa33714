"""Does the real server start, answer, refuse, and give the store back?"""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firstcall.errors import StoreBusy, UsageError
from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.settings.model import Store
from firstcall.web.server import address, is_loopback

SERVE = """
import sys
from pathlib import Path
from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.settings.model import Store
from firstcall.web.server import address, serve

port = int(sys.argv[2])
with Program.open(Settings(store=Store(path=Path(sys.argv[1]))), serving=address(port=port)) as program:
    serve(program, port=port, say=lambda where: print(where, flush=True))
print("given back", flush=True)
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(store: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run the server in a process of its own."""
    command = [sys.executable, "-c", SERVE, str(store), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == f"http://127.0.0.1:{port}\n"
            yield process
        finally:
            process.kill()


def get(port: int, path: str) -> tuple[int, bytes]:
    """Ask the server over a socket."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_owns_the_store_and_gives_it_back(tmp_path: Path, stop: signal.Signals) -> None:
    """While it runs a second process is told where to ask; after a signal the store is free."""
    port, store = free_port(), tmp_path / "store"
    with serving(store, port) as process:
        assert get(port, "/healthz") == (200, b"ok\n")
        assert get(port, "/")[0] == 200
        with (
            pytest.raises(StoreBusy, match=rf"http://127.0.0.1:{port}"),
            Program.open(Settings(store=Store(path=store))),
        ):
            pass
        process.send_signal(stop)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "given back\n", "")
    with Program.open(Settings(store=Store(path=store))) as program:
        assert program.store_state.counts["calls"] == 0


def test_sql_of_a_serving_store_cannot_reach_files(tmp_path: Path) -> None:
    """The engine is locked before the first request."""
    port = free_port()
    with serving(tmp_path / "store", port):
        status, body = get(port, "/api/v1/metrics/call_volume?where=partner:read_csv('/etc/passwd')")
        assert status == 200
        assert b"root:" not in body


def test_slow_headers_do_not_stop_others(tmp_path: Path) -> None:
    """Half a request waits alone."""
    port = free_port()
    with serving(tmp_path / "store", port), socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        assert get(port, "/healthz")[0] == 200
        assert time.monotonic() - began < 5


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])  # noqa: S104  this is what is refused
def test_other_machines_are_not_served_without_authentication(host: str) -> None:
    """The message says what to do instead."""
    with pytest.raises(UsageError, match="no authentication yet"):
        address(host)


def test_a_port_that_is_taken_is_refused() -> None:
    """Instead of sharing it silently."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="is taken"):
            address(port=int(taken.getsockname()[1]))


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    """Ports go from 1 to 65535."""
    with pytest.raises(UsageError, match="1 to 65535"):
        address(port=port)


def test_loopback_has_many_names() -> None:
    """All of 127.0.0.0/8, ::1 and localhost."""
    assert [is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "10.0.0.1", "")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
