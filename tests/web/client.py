"""What do the tests of the dashboard share: a small program worked out by hand, and a client without a network?"""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette

from firstcall.program import Program
from firstcall.settings import Settings

HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
FORMULA = '=HYPERLINK("http://evil.example","pay")'
FIRST, DAYS = date(2026, 9, 1), 30

Row = dict[str, object]


def calls() -> Iterator[Row]:
    """September 2026 and one call after it: 300 of Acme (30 fail with 500), 105 of the hostile one, 150 of nobody."""
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        for k in range(10):
            yield _call(day, k, "k1", "/pay", 500 if k == 0 else 200)
        if n >= 9:
            for k in range(5):
                yield _call(day, k, "k2", "/pay", 200)
        for k in range(5):
            yield _call(day, k, "zz", "/<b>ship</b>", 404 if k == 0 else 200)
    yield _call(FIRST + timedelta(days=DAYS), 0, "k1", "/pay", 200)


def _call(day: date, k: int, consumer: str, route: str, status: int) -> Row:
    return {
        "event_id": f"{consumer}-{day}-{k}",
        "time": f"{day}T{8 + k:02}:00:00Z",
        "source": "gate",
        "environment": "production",
        "consumer": consumer,
        "product": "payments",
        "method": "POST",
        "route": route,
        "status": status,
        "latency_ms": 100,
    }


PARTNERS: tuple[Row, ...] = (
    {"partner_id": "P1", "name": "Acme", "registered_at": "2026-08-30T00:00:00Z", "segment": "startup"},
    {"partner_id": "P2", "name": HOSTILE, "registered_at": "2026-09-05T00:00:00Z", "segment": HOSTILE},
    {"partner_id": "P3", "name": FORMULA, "registered_at": "2026-09-07T00:00:00Z", "segment": FORMULA},
)
DEVELOPERS: tuple[Row, ...] = (
    {"developer_id": "D1", "partner_id": "P1", "signed_up_at": "2026-09-01T07:00:00Z"},
    {"developer_id": "D2", "partner_id": "P2", "signed_up_at": "2026-09-10T06:00:00Z"},
)
CREDENTIALS: tuple[Row, ...] = (
    {"consumer": "k1", "partner_id": "P1", "developer_id": "D1"},
    {"consumer": "k2", "partner_id": "P2", "developer_id": "D2"},
)
INVOICE_LINES: tuple[Row, ...] = (
    {
        "line_id": "L1", "invoice_id": "I1", "partner_id": "P1", "product": "payments", "kind": "subscription",
        "period_start": "2026-09-01T00:00:00Z", "period_end": "2026-10-01T00:00:00Z", "amount": "900.00",
        "currency": "EUR", "issued_at": "2026-09-01T00:00:00Z",
    },
)  # fmt: skip
MILESTONES: tuple[Row, ...] = (
    {"date": "2026-09-12", "label": HOSTILE, "kind": "launch", "url": "javascript:alert(3)"},
)

LOGS = {"calls": tuple(calls())}
EVERYTHING = {
    **LOGS,
    "partners": PARTNERS,
    "developers": DEVELOPERS,
    "credentials": CREDENTIALS,
    "invoice_lines": INVOICE_LINES,
    "milestones": MILESTONES,
}


def fill(program: Program, folder: Path, tables: dict[str, tuple[Row, ...]]) -> None:
    """Write tables as CSV and import them as anybody would."""
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        report = program.import_files(name, [str(path)])
        assert report.total.landed == len(rows)


@contextmanager
def opened(folder: Path, tables: dict[str, tuple[Row, ...]]) -> Iterator[Program]:
    """Open a program in memory, filled with these tables."""
    with Program.open(Settings(), memory=True) as program:
        fill(program, folder, tables)
        yield program


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, headers by lower-case name, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401  JSON has any shape
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def words(self) -> str:
        """The visible text of a page, in one line."""
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", " ", self.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(bare))


@dataclass(slots=True)
class Client:
    """Calls an application as a server would, without a socket."""

    app: Starlette
    host: str = "127.0.0.1:8765"
    sent: list[dict[str, Any]] = field(default_factory=list)

    def get(self, url: str, *, method: str = "GET", **headers: str) -> Reply:
        """Ask for an address; header names are written with underscores."""
        return asyncio.run(
            self._ask(url, method, {name.replace("_", "-"): text for name, text in headers.items()})
        )

    async def _ask(self, url: str, method: str, headers: dict[str, str]) -> Reply:
        parts = urlsplit(url)
        given = {"host": self.host, "accept": "*/*", **headers}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
            "headers": [(name.encode(), text.encode()) for name, text in given.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8765),
        }  # fmt: skip
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401  ASGI's own shape
            sent.append(dict(message))

        await self.app(scope, receive, send)
        start = sent[0]
        found = {name.decode().lower(): text.decode() for name, text in start["headers"]}
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return Reply(
            start["status"], found, gzip.decompress(body) if found.get("content-encoding") == "gzip" else body
        )
