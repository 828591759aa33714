"""Where does a page of an API end, which one is next, and up to which moment does it tell?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from firstcall.pipeline.pulling.http_client import Answer
from firstcall.sources.mapping.mapping import NOTHING, Node
from firstcall.sources.mapping.readings import moment, text
from firstcall.sources.pull import Endpoint, Paging

NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


def records(endpoint: Endpoint, answer: Answer) -> list[object] | None:
    """Return the records of an answer; None when it is no such answer."""
    found = Node(answer.value).find(endpoint.records) if endpoint.records else answer.value
    return found if isinstance(found, list) else None


def following(endpoint: Endpoint, answer: Answer, found: list[object], url: str, seen: int) -> str | None:
    """Return the address of the next page, which may be relative; None when there is none.

    `url` is this page's address, `seen` how many records were read from this and the pages before it.
    """
    return next(
        (link for paging in endpoint.paging if (link := _following(paging, answer, found, url, seen))), None
    )


def _following(paging: Paging, answer: Answer, found: list[object], url: str, seen: int) -> str | None:
    node = Node(answer.value)
    if paging.more and node.find(paging.more) is not True:
        return None
    if paging.last and node.find(paging.last) is True:
        return None
    if paging.by == "link":
        link = text(node.find(paging.path)) if paging.path else _linked(answer.headers.get("link", ""))
        return link if link and link != url else None
    if paging.by == "last_id":
        last = text(Node(found[-1]).find("id")) if found else None
        return with_parameter(url, paging.parameter, last) if last else None
    if paging.by == "token":
        token = node.find(paging.path)
        return None if token in NOTHING else with_parameter(url, paging.parameter, text(token) or "")
    return _counted(paging, node, found, url, seen)


def _counted(paging: Paging, node: Node, found: list[object], url: str, seen: int) -> str | None:
    """Return the next page by the number of records or pages read."""
    if not found:
        return None
    if paging.total:
        total = node.find(paging.total)
        begun = parameter(url, paging.parameter)
        if not isinstance(total, int) or begun + len(found) >= total:
            return None
    elif not paging.more and len(found) < paging.size:
        return None
    step = len(found) if paging.by == "offset" else 1
    start = parameter(url, paging.parameter) or (0 if paging.by == "offset" else 1)
    return with_parameter(url, paging.parameter, str(start + step)) if seen else None


def _linked(header: str) -> str | None:
    found = NEXT.search(header)
    return found[1] if found else None


def parameter(url: str, name: str) -> int:
    """Return a number of an address' query; 0 when it is not there."""
    said = dict(parse_qsl(urlsplit(url).query)).get(name, "")
    return int(said) if said.isdecimal() else 0


def with_parameter(url: str, name: str, value: str) -> str:
    """Return an address with one parameter set, the others as they are."""
    parts = urlsplit(url)
    pairs = [(key, held) for key, held in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    return urlunsplit(parts._replace(query=urlencode([*pairs, (name, value)])))


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
