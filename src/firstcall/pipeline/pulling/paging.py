"""What is on a page of an API's list, which page is next, and up to which moment does it tell?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from firstcall.pipeline.pulling.http_client import Answer
from firstcall.sources.mapping.converters import moment, text
from firstcall.sources.mapping.mapping import Node
from firstcall.sources.paging import Page
from firstcall.sources.pull import Endpoint


def page_of(endpoint: Endpoint, answer: Answer, url: str) -> Page | None:
    """Return what an answer at `url` holds of the endpoint's list; None when it is no such answer."""
    found = Node(answer.value).find(endpoint.records) if endpoint.records else answer.value
    return Page(answer.value, answer.headers, found, url) if isinstance(found, list) else None


def following(endpoint: Endpoint, page: Page) -> str | None:
    """Return the address of the next page, which may be relative; None when there is none."""
    return next((link for kind in endpoint.paging if (link := kind.following(page))), None)


def address(url: str, query: Iterable[tuple[str, str]]) -> str:
    """Return an address with a query."""
    pairs = list(query)
    return f"{url}?{urlencode(pairs)}" if pairs else url


def changed(endpoint: Endpoint, record: object) -> datetime | None:
    """Return when a record was changed; None when the endpoint does not say where that stands, or it is not there."""
    said = text(Node(record).find(endpoint.changed)) if endpoint.changed else None
    return moment(said) if said else None


def written(when: datetime, form: str) -> str:
    """Return a moment as a system wants it: epoch, iso, or by a pattern of strftime."""
    if form == "epoch":
        return str(int(when.timestamp()))
    return when.strftime("%Y-%m-%dT%H:%M:%SZ" if form == "iso" else form)
