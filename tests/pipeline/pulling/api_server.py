"""A real HTTP server in the test's process that speaks a system's API, with its limits and its accidents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Received:
    """One request: its path, its query with the last value of each name, and its headers in small letters."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class Api:
    """What the server answers: accidents first, in order, then what `speak` says; and what it was asked."""

    speak: Callable[[Received], object]
    url: str = ""
    accidents: list[Reply] = field(default_factory=list)
    asked: list[Received] = field(default_factory=list)

    def reply(self, request: Received) -> Reply:
        """Return (status, headers, body); a value that is no such triple is an answer in JSON."""
        self.asked.append(request)
        if self.accidents:
            return self.accidents.pop(0)
        said = self.speak(request)
        return said if isinstance(said, tuple) else as_json(said)

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [each.path for each in self.asked]


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """Return an answer in JSON; underscores in names of headers are dashes."""
    return (
        status,
        {name.replace("_", "-"): text for name, text in headers.items()},
        json.dumps(value).encode(),
    )


def cut_off(value: object) -> Reply:
    """Return an answer whose connection ends before its body does."""
    body = json.dumps(value).encode()
    return 200, {"Content-Length": str(len(body))}, body[: len(body) // 2]


@contextmanager
def serving(speak: Callable[[Received], object]) -> Iterator[Api]:
    """Serve on a free port of this machine while the block runs."""
    api = Api(speak)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {
                name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
            }
            headers = {name.lower(): text for name, text in self.headers.items()}
            status, more, body = api.reply(Received(parts.path, query, headers))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            for name, text in ({"Content-Length": str(len(body))} | more).items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing: the test looks at what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
