"""Is a system asked again when that may help, as often as is decent and when it says?"""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from urllib3 import HTTPResponse

from firstcall.errors import PullFailed, PullRejected
from firstcall.pipeline.pulling.http_client import LONGEST_WAIT, TRIES, Client, RetryPolicy
from tests.pipeline.pulling.api_server import as_json, serving


def said(status: int, **headers: object) -> HTTPResponse:
    """Return an answer with headers, whose names have dashes here."""
    return HTTPResponse(
        status=status, headers={name.replace("_", "-"): str(value) for name, value in headers.items()}
    )


SOON = int(time.time()) + 20_000
"""A moment, as an epoch number; a run of all tests takes a small part of the time until then."""


@pytest.mark.parametrize(
    ("response", "least", "most"),
    [
        (said(429, Retry_After="7"), 7, 7),
        (said(503, Retry_After=formatdate(SOON, usegmt=True)), 10_000, 20_000),
        (said(429, Retry_After=formatdate(0, usegmt=True)), 0, 0),
        (said(429, X_RateLimit_Reset=SOON), 10_000, 20_001),
        (said(429, X_RateLimit_Reset=12), 12, 12),
        (said(429, RateLimit_Reset=30, X_RateLimit_Reset=SOON), 30, 30),
        (said(429, Retry_After="7", RateLimit_Reset=30), 7, 7),
        (said(429, Retry_After="soon", RateLimit_Reset=30), 30, 30),
        (said(403, X_RateLimit_Remaining=0, X_RateLimit_Reset=SOON), 10_000, 20_001),
        (said(403, X_Rate_Limit_Remaining=0, X_Rate_Limit_Reset=5), 5, 5),
        (said(500, RateLimit_Remaining=0, RateLimit_Reset=1), 1, 1),
    ],
)
def test_it_is_asked_again_when_the_system_says(response: HTTPResponse, least: float, most: float) -> None:
    """In seconds or by a date, or when more requests are allowed: seconds from now, or a moment."""
    assert least <= RetryPolicy().pause(response) <= most


@pytest.mark.parametrize(
    "response",
    [
        said(429),
        said(500, RateLimit_Remaining=5, RateLimit_Reset=30),
        said(429, Retry_After="soon"),
        said(429, RateLimit_Reset="soon"),
        None,
    ],
)
def test_else_the_wait_grows_up_to_a_minute(response: HTTPResponse | None) -> None:
    """Twice as long each time, half a second of it by chance; at once the first time."""
    again, waits = RetryPolicy(total=12), list[float]()
    for _ in range(12):
        again = again.increment("GET", "/", response)
        waits.append(again.pause(response))
    expected = [0.0, *(min(0.25 * 2**n, LONGEST_WAIT) for n in range(1, 12))]
    assert all(0 <= wait - least <= 0.5 for wait, least in zip(waits, expected, strict=True))
    assert waits[-1] == LONGEST_WAIT


@pytest.mark.parametrize(
    ("response", "wanted"),
    [
        (said(429), True),
        (said(503), True),
        (said(408), True),
        (said(403), False),
        (said(403, X_RateLimit_Remaining=7), False),
        (said(403, X_RateLimit_Remaining=0), True),
        (said(403, Retry_After=1), True),
        (said(400), False),
        (said(401, Retry_After=1), False),
        (said(200, RateLimit_Remaining=0), False),
    ],
)
def test_it_is_asked_again_only_where_that_may_help(response: HTTPResponse, wanted: bool) -> None:
    """A wrong request stays wrong, and a whole answer is one though it was the last allowed."""
    assert RetryPolicy().is_wanted(response) is wanted


@pytest.mark.parametrize("headers", [{"Retry_After": "0"}, {"X_RateLimit_Remaining": "0"}])
def test_six_times_forbidden_for_its_pace_is_no_refused_token(headers: dict[str, str]) -> None:
    """The pull ends and can go on later; forbidden once without a limit is a rejection."""
    asked = list[float]()
    with serving(lambda _: as_json({"message": "slow down"}, 403, **headers)) as api:
        client = Client(api.url, {}, 1e6, asked.append)
        with pytest.raises(PullFailed, match=r"answered 403 slow down\. Pull again later") as failed:
            client.get(f"{api.url}/items")
        assert not isinstance(failed.value, PullRejected)
        assert len(api.asked) == TRIES
    with serving(lambda _: as_json({}, 403)) as api, pytest.raises(PullRejected):
        Client(api.url, {}, 1e6, asked.append).get(f"{api.url}/items")
