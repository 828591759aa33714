"""How is one answer of another system's API got: in time, at its pace, and again when it was not whole?"""

from __future__ import annotations

import json
import random
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, SSLError

from firstcall.errors import PullFailed, PullRejected, UsageError
from firstcall.pipeline.reading.business_files import parsed
from firstcall.sources.pull import Auth

TRIES = 6
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
MOST_PATIENCE = 900.0
"""Seconds that a system may ask us to wait; with longer ones the pull ends, to be continued later."""
CONNECT_SECONDS, READ_SECONDS = 10.0, 90.0
MOST_BYTES = 64 << 20
SHOWN = 200
LOCAL = ("localhost", "127.0.0.1", "::1")
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
REDIRECTS = range(300, 400)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: its JSON, the text it came as on one line, and its headers."""

    value: Any
    line: str
    headers: Mapping[str, str]


def shown_as(auth: Auth, token: str | None) -> dict[str, str]:
    """Return the header that shows the token; none without a token."""
    if token is None or auth == "none":
        return {}
    pairs = {"user": f"{token}:", "pair": f"{token}:X", "basic": token}
    if auth == "bearer" or (auth == "basic" and ":" not in token):
        return {"Authorization": f"Bearer {token}"}
    if auth == "token":
        return {"Authorization": f"Token token={token}"}
    return {"Authorization": f"Basic {b64encode(pairs[auth].encode()).decode()}"}


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; raises UsageError when it is none that a token may be sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{url!r} is no address: {error}.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise UsageError(
            f"{url!r} is no address to ask; write it as https://host, without name and password."
        )
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise UsageError(f"{url}: what is asked and answered could be read on the way. Write https://…")
    return parts.scheme, parts.hostname, port or (80 if parts.scheme == "http" else 443)


@dataclass(slots=True)
class Client:
    """Asks one origin, `per_second` times at most; `wait` sleeps that many seconds."""

    base: str
    headers: Mapping[str, str]
    per_second: float
    wait: Callable[[float], None] = time.sleep
    _pool: urllib3.PoolManager = field(init=False)
    _next: float = 0.0

    def __post_init__(self) -> None:
        """Go through the proxy of the environment, if there is one for the base."""
        scheme, host, _ = origin(self.base)
        proxy = None if proxy_bypass(host) else getproxies().get(scheme)
        self._pool = urllib3.ProxyManager(proxy) if proxy else urllib3.PoolManager()

    def close(self) -> None:
        """Close what is still connected."""
        self._pool.clear()

    def get(self, url: str) -> Answer:
        """Return the answer at `url`, tried up to six times; raises PullRejected, or PullFailed when none was whole.

        An address elsewhere than at the base is never asked, since the token would go with it.
        """
        if origin(url) != origin(self.base):
            raise PullFailed(
                f"{self.base} names its next page at {urlsplit(url).netloc}, another host. It was not asked, since "
                "the token would have been sent there. If it is right, give its address with --url."
            )
        pause = FIRST_WAIT
        for attempt in range(1, TRIES + 1):
            self._keep_pace()
            answer, why, told = self._try(url)
            if answer is not None:
                return answer
            if attempt == TRIES or (told or 0.0) > MOST_PATIENCE:
                break
            # half of it by chance, so that many clients do not come back at once
            self.wait(told if told is not None else pause * (0.5 + random.random() / 2))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST_WAIT)
        raise PullFailed(f"{_bare(url)}: {why}. Pull again later: it goes on where it stopped.")

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next:
            self.wait(self._next - now)
        self._next = max(now, self._next) + 1 / self.per_second

    def _try(self, url: str) -> tuple[Answer | None, str, float | None]:
        """Return (answer, why there is none, seconds we were told to wait)."""
        try:
            # redirects are not followed: the token must not go elsewhere
            response = self._pool.request(
                "GET", url, headers={"Accept": "application/json", "User-Agent": "firstcall", **self.headers},
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS), retries=False, redirect=False,
                preload_content=False,
            )  # fmt: skip
            try:
                body = response.read(MOST_BYTES + 1, decode_content=True)
            finally:
                response.close()
        except SSLError as error:
            raise PullFailed(f"{_bare(url)}: the certificate cannot be trusted: {error}.") from error
        except (HTTPError, OSError) as error:
            return None, f"no whole answer ({type(error).__name__}: {error})", None
        return self._read(url, response.status, body, {k.lower(): v for k, v in response.headers.items()})

    def _read(
        self, url: str, status: int, body: bytes, headers: Mapping[str, str]
    ) -> tuple[Answer | None, str, float | None]:
        spent = headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers
        limited = status == HTTPStatus.FORBIDDEN and spent
        if status in AGAIN or limited:
            return None, f"answered {status} {_said(body)}".rstrip(), _told(headers)
        if status in REDIRECTS or status >= HTTPStatus.BAD_REQUEST:
            raise PullRejected(status, f"{_bare(url)}: answered {status} {_said(body)}".rstrip())
        if len(body) > MOST_BYTES:
            raise PullFailed(f"{_bare(url)}: one answer has more than {MOST_BYTES >> 20} MB.")
        try:
            text = body.decode("utf-8-sig")
            return Answer(parsed(text), text.replace("\r", " ").replace("\n", " "), headers), "", None
        except (ValueError, RecursionError):
            return None, f"the answer is no JSON, or was cut off after {len(body):,} bytes", None


def _told(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds a system asks us to wait: by Retry-After, else by the moment its limit is renewed."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        if said:
            return max((parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
    renewed = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and renewed.isdecimal() and len(renewed) >= 10:
        return max(float(renewed) - time.time(), 0.0) + 1
    return None


def _said(body: bytes) -> str:
    """Return the beginning of what an error says."""
    text = body[: 10 * SHOWN].decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    found = (
        value.get("message") or value.get("error") or value.get("errors") if isinstance(value, dict) else None
    )
    if isinstance(found, dict):
        found = found.get("message")
    return " ".join(str(found or text).split())[:SHOWN]


def _bare(url: str) -> str:
    """Return an address without its query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
