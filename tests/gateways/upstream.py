"""What stands behind the gateways: a small HTTP service that does what the header X-Do asks of it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EMPTY = (204, 304)
ADDRESSES = ("127.0.0.1", "::1")


class _Service(BaseHTTPRequestHandler):
    """Answers any method: `X-Do: status=404 sleep=0.2 size=100`, or `drop` to close without a word."""

    protocol_version = "HTTP/1.1"
    server: _Upstream

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = dict(word.partition("=")[::2] for word in self.headers.get("X-Do", "").split())
        if self.server.closing.wait(float(asked.get("sleep", "0"))) or "drop" in asked:
            self.close_connection = True
            return
        status = int(asked.get("status", "200"))
        body = b"" if status in EMPTY else b"x" * int(asked.get("size", "12"))
        self.send_response(status)
        self.send_header("Connection", "close")
        if status not in EMPTY:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *_arguments: object) -> None:  # noqa: A002 - the name of the overridden one
        """Say nothing: the gateways' logs are what is looked at."""


class _Upstream(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True

    def __init__(self) -> None:
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", 0), _Service)

    def handle_error(self, *_whom: object) -> None:
        """Expect that gateways go away in mid-answer."""


@contextmanager
def upstream() -> Iterator[int]:
    """Serve on a free port of 127.0.0.1 for as long as the block lasts; yield the port."""
    with _Upstream() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def free_port() -> int:
    """Return a port that is free on 127.0.0.1 and on ::1."""
    while True:
        with socket.socket(socket.AF_INET6) as six, socket.socket() as four:
            six.bind(("::1", 0))
            port = int(six.getsockname()[1])
            try:
                four.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def listening(port: int, addresses: Iterable[str] = ADDRESSES, seconds: float = 20) -> bool:
    """Wait until all addresses take connections on the port; return whether they did in time."""
    until = time.monotonic() + seconds
    for address in addresses:
        while True:
            try:
                socket.create_connection((address, port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > until:
                    return False
                time.sleep(0.02)
    return True
