"""Which calls are sent through every gateway, and what did the client hear?

Every call names itself in its user agent, so that the row it became can be found; the last word on what the store must
hold stands here, written by hand, and where gateways differ beside the gateway.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

AGENT = "pets-python/"
IMPATIENCE = 0.8
"""Seconds that every gateway is told to wait for the service."""
TOKEN = "key-hunter2hunter2hunter2"
"""Stands in a query and in a header; it must be nowhere in a store."""
LONG = "/pets/11?api_key=" + TOKEN + "&q=" + "x" * 3000
RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its bytes as the client sends them, and the row it should become.

    `path` is percent-encoded, None for the target as it is. `status` None means that a gateway keeps no line of it.
    `leaves` is after how many seconds the client is gone, `sleeps` how long the service takes. `raw` stands for the
    whole request; then, and when `nameless`, the gateway does not know the user agent. `outcome` is what the gateway
    knows better than the status says.
    """

    name: str
    target: str
    status: int | None
    method: str = "GET"
    path: str | None = None
    do: str = ""
    headers: tuple[str, ...] = ()
    body: bytes = b""
    version: str = "1.1"
    raw: bytes | None = None
    address: str = "127.0.0.1"
    sleeps: float = 0
    leaves: float | None = None
    agent: str = ""
    nameless: bool = False
    outcome: str = ""

    @property
    def wire(self) -> bytes:
        """The bytes of the request."""
        if self.raw is not None:
            return self.raw
        lines = [
            f"{self.method} {self.target} HTTP/{self.version}",
            "Host: api.example.com",
            f"User-Agent: {AGENT}{self.name}{self.agent}",
            "Connection: close",
            f"X-Do: {self.do} sleep={self.sleeps}",
            *self.headers,
        ]
        lines += [f"Content-Length: {len(self.body)}"] if self.body else []
        return "\r\n".join((*lines, "", "")).encode("utf-8", "surrogateescape") + self.body


@dataclass(frozen=True, slots=True)
class Heard:
    """What the client got: the status (None without an answer), bytes of all and of the body, when, how long."""

    status: int | None
    size: int
    body: int
    began: datetime
    seconds: float


CALLS = (
    Call("created", "/pets", 201, "POST", do="status=201", body=b"p" * 300_000),
    Call("removed", "/pets/9", 204, "DELETE", do="status=204"),
    Call("unchanged", "/pets/8", 304, do="status=304"),
    Call("bad", "/pets?limit=-1", 400, path="/pets", do="status=400"),
    Call("unknown-caller", "/pets/12", 401, do="status=401"),
    Call("missing", "/pets/404404", 404, do="status=404 size=30"),
    Call("limited", "/pets/13", 429, do="status=429"),
    Call("failed", "/pets/14", 500, do="status=500"),
    Call("slow", "/reports/1", 200, sleeps=0.1),
    Call("slower", "/reports/2", 200, sleeps=0.4),
    Call("timed-out", "/reports/3", 504, sleeps=1.6),
    Call("dropped", "/pets/15", 502, do="drop"),
    Call("down", "/down/1", 502),
    Call("left", "/reports/4", 499, sleeps=0.5, leaves=0.25),
    Call("large", "/exports/1", 200, do="size=2000000"),
    Call("asked-head", "/pets/16", 200, "HEAD"),
    Call("old-protocol", "/pets/17", 200, version="1.0"),
    Call("six", "/pets/18", 200, address="::1"),
    Call("encoded", "/caf%C3%A9/a%2Fb%20c", 200),
    Call("unicode", "/café/7", 200, path="/caf%C3%A9/7"),
    Call("raw-bytes", "/raw\udcff/7", 200, path="/raw%FF/7"),
    Call("doubled", "//pets//7", 200),
    Call("quotes", '/say/"it\'s"', 200, path="/say/%22it's%22"),
    Call("backslash", "/c\\pets\\x41", 200, path="/c%5Cpets%5Cx41"),
    Call("braces", "/{pet}|7", 200, path="/%7Bpet%7D%7C7"),
    Call("long", LONG, 200, path="/pets/11"),
    Call("blank", "/a b", 200, path="/a%20b"),
    Call("unknown-method", "/pots/1", 200, "BREW"),
    Call("says", "/pets/19", 200, agent=' "hi" \\ é'),
    Call("account", "/account", 200, headers=("Authorization: Basic Ym9iOnNlY3JldA==",)),
    Call("impostor", "/account", 401, headers=("Authorization: Basic Ym9iOmd1ZXNz",), do="status=401"),
    Call("keyed", "/pets/20", 200, headers=(f"X-Api-Key: {TOKEN}",)),
    Call("forwarded", "/pets/21", 200, headers=("X-Forwarded-For: 203.0.113.9, 10.0.0.1",)),
    Call("words", "", 400, raw=b"hello\r\n\r\n"),
    Call("tls", "", 400, raw=b"\x16\x03\x01\x02\x00\x01\xfc\x03\x03\r\n\r\n"),
)
LATER = tuple(Call(f"later-{n}", "/pets/22", 200) for n in range(3))
"""Made once a log has been rotated."""
MANY = Call("many", "/pets/7", 200)
REPEATED = 12
"""How often the same call is made over one connection: most of its lines are the same to the last character."""


def said(call: Call, port: int) -> Heard:
    """Send the call from a connection of its own and read until the gateway closes it."""
    began, start = datetime.now(UTC).replace(tzinfo=None), time.perf_counter()
    got = b""
    with socket.create_connection((call.address, port), timeout=20) as wire:
        wire.sendall(call.wire)
        if call.leaves is not None:
            time.sleep(call.leaves)
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        else:
            got = _all(wire)
    head, _, body = got.partition(b"\r\n\r\n")
    status = int(head.split()[1]) if got.startswith(b"HTTP/") else None
    return Heard(status, len(got), len(body), began, time.perf_counter() - start)


def _all(wire: socket.socket) -> bytes:
    parts = []
    try:
        while part := wire.recv(1 << 16):
            parts.append(part)
    except ConnectionResetError:
        # a gateway that has not read the whole request resets once it has answered
        pass
    return b"".join(parts)


def kept_alive(port: int) -> None:
    """Make the call MANY over one connection, as often as REPEATED says."""
    plain = MANY.wire.replace(b"Connection: close\r\n", b"")
    with socket.create_connection((MANY.address, port), timeout=20) as wire:
        for _ in range(REPEATED):
            wire.sendall(plain)
            got = b""
            while not got.endswith(b"x" * 12):
                part = wire.recv(1 << 16)
                assert part, "the gateway closed the connection"
                got += part
            assert got.startswith(b"HTTP/1.1 200")


def send(port: int, calls: Iterable[Call] = CALLS) -> Mapping[str, Heard]:
    """Send all calls, several at a time, and the many; return what was heard by the name of the call."""
    held = tuple(calls)
    with ThreadPoolExecutor(12) as pool:
        heard = dict(zip((c.name for c in held), pool.map(lambda c: said(c, port), held), strict=True))
    kept_alive(port)
    return heard


def adjusted(changes: Mapping[str, Mapping[str, Any]], calls: Iterable[Call] = CALLS) -> tuple[Call, ...]:
    """Return the calls with the fields that a gateway, or one of its formats, sees otherwise: name → field → value."""
    held = {call.name: call for call in calls}
    changed = {name: replace(held[name], **fields) for name, fields in changes.items()}
    return tuple({**held, **changed}.values())
