"""How is one answer of another system's API got: in time, at its pace, and again when it was not whole?"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, SSLError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from firstcall.errors import PullFailed, PullRejected, UsageError
from firstcall.pipeline.reading.business_files import parsed
from firstcall.sources.pull import Auth

TRIES = 6
LONGEST_WAIT = 60.0
LEFT = ("RateLimit-Remaining", "Rate-Limit-Remaining")
RENEWED = ("RateLimit-Reset", "Rate-Limit-Reset")
"""Headers that say how many requests are left and when there are more; most systems put an X- before them."""
EPOCH = 1_000_000_000
"""From here on a number of seconds is a moment."""
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


def token_header(auth: Auth, token: str | None) -> dict[str, str]:
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


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why there is no whole answer: in words, what came in its place, what went wrong on the way."""

    why: str
    response: BaseHTTPResponse | None
    error: Exception | None = None


class RetryPolicy(Retry):
    """How often and when to ask again: by what the system says of its limits, else after a growing wait."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - what `new` of the library passes on
        """Ask up to six times, at most a minute apart when no time is said; half a second of a wait is chance."""
        policy = {
            "total": TRIES - 1,
            "status_forcelist": AGAIN,
            "backoff_factor": 0.25,
            "backoff_jitter": 0.5,
        }
        super().__init__(**{**policy, "backoff_max": LONGEST_WAIT, **given})

    def pause(self, response: BaseHTTPResponse | None) -> float:
        """Return how many seconds to wait before asking again."""
        told = None if response is None else self.get_retry_after(response)
        return self.get_backoff_time() if told is None else told

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return how many seconds a system asks us to wait: by Retry-After, else until its limit is renewed."""
        with suppress(InvalidHeader):
            if (told := super().get_retry_after(response)) is not None:
                return told
        for name in (*RENEWED, *(f"X-{name}" for name in RENEWED)) if self.is_limited(response) else ():
            if (said := response.headers.get(name, "").strip()).isdecimal():
                # an epoch number, which is cut to its second, or the seconds that are left
                return max(int(said) - time.time(), 0.0) + 1 if int(said) >= EPOCH else float(said)
        return None

    def is_wanted(self, response: BaseHTTPResponse) -> bool:
        """Return whether asking again may help; some systems forbid what is only too much."""
        forbidden = response.status == HTTPStatus.FORBIDDEN
        return response.status in AGAIN or (forbidden and self.is_limited(response))

    def is_limited(self, response: BaseHTTPResponse) -> bool:
        """Return whether a system says that we ask too fast."""
        left = [response.headers.get(f"{x}{name}", "").strip() for name in LEFT for x in ("", "X-")]
        return (
            response.status == HTTPStatus.TOO_MANY_REQUESTS
            or "0" in left
            or "Retry-After" in response.headers
        )


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
        again = RetryPolicy()
        while True:
            self._keep_pace()
            tried = self._try(url, again)
            if isinstance(tried, Answer):
                return tried
            try:
                again = again.increment("GET", url, tried.response, tried.error)
            except MaxRetryError:
                break
            if (pause := again.pause(tried.response)) > MOST_PATIENCE:
                break
            self.wait(pause)
        raise PullFailed(f"{_bare(url)}: {tried.why}. Pull again later: it goes on where it stopped.")

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next:
            self.wait(self._next - now)
        self._next = max(now, self._next) + 1 / self.per_second

    def _try(self, url: str, again: RetryPolicy) -> Answer | _Failed:
        """Return the answer, or why there is none that is whole; raises PullRejected where asking again is no use."""
        try:
            # redirects are not followed: the token must not go elsewhere; asked again is only what is not whole
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
            return _Failed(f"no whole answer ({type(error).__name__}: {error})", None, error)
        if again.is_wanted(response):
            return _Failed(f"answered {response.status} {_said(body)}".rstrip(), response)
        return _read(url, response, body)


def _read(url: str, response: BaseHTTPResponse, body: bytes) -> Answer | _Failed:
    status = response.status
    if status in REDIRECTS or status >= HTTPStatus.BAD_REQUEST:
        raise PullRejected(status, f"{_bare(url)}: answered {status} {_said(body)}".rstrip())
    if len(body) > MOST_BYTES:
        raise PullFailed(f"{_bare(url)}: one answer has more than {MOST_BYTES >> 20} MB.")
    try:
        text = body.decode("utf-8-sig")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(parsed(text), text.replace("\r", " ").replace("\n", " "), headers)
    except (ValueError, RecursionError) as error:
        return _Failed(f"the answer is no JSON, or was cut off after {len(body):,} bytes", None, error)


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
