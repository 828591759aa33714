"""How does one page of an API lead to the next? One kind a class: by an id, a token, a link, or by counting."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from firstcall.sources.mapping.converters import text
from firstcall.sources.mapping.mapping import NOTHING, Node

NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its JSON, its headers by names in small letters, the records found in it, and its own address."""

    value: Any
    headers: Mapping[str, str]
    records: Sequence[object]
    url: str

    def says(self, flag: str) -> bool:
        """Return whether the flag at this path is true."""
        return Node(self.value).find(flag) is True

    def number(self, parameter: str) -> int:
        """Return a number of the address' query; 0 when it is not there."""
        said = dict(parse_qsl(urlsplit(self.url).query)).get(parameter, "")
        return int(said) if said.isdecimal() else 0

    def at(self, parameter: str, value: str) -> str:
        """Return the address with one parameter set, the others as they are."""
        parts = urlsplit(self.url)
        held = [
            (name, said) for name, said in parse_qsl(parts.query, keep_blank_values=True) if name != parameter
        ]
        return urlunsplit(parts._replace(query=urlencode([*held, (parameter, value)])))


class Paging(Protocol):
    """The contract; an endpoint may have several kinds, of which the first that knows a next page is taken."""

    def following(self, page: Page) -> str | None:
        """Return the address of the next page, which may be relative; None when there is none."""


@dataclass(frozen=True, slots=True)
class LastId:
    """The next page begins after the id of the last record, as long as the flag at `more` is true."""

    parameter: str
    more: str

    def following(self, page: Page) -> str | None:
        """Return the address of the next page."""
        if not (page.records and page.says(self.more)):
            return None
        last = text(Node(page.records[-1]).find("id"))
        return page.at(self.parameter, last) if last else None


@dataclass(frozen=True, slots=True)
class NextToken:
    """What stands at `path` names the next page, unless the flag at `last` is true."""

    parameter: str
    path: str
    last: str = ""

    def following(self, page: Page) -> str | None:
        """Return the address of the next page."""
        token = Node(page.value).find(self.path)
        done = token in NOTHING or (self.last and page.says(self.last))
        return None if done else page.at(self.parameter, text(token) or "")


@dataclass(frozen=True, slots=True)
class NextLink:
    """The address of the next page stands at `path`, unless the flag at `last` is true."""

    path: str
    last: str = ""

    def following(self, page: Page) -> str | None:
        """Return the address of the next page."""
        link = text(Node(page.value).find(self.path))
        done = link == page.url or (self.last and page.says(self.last))
        return None if done else link


@dataclass(frozen=True, slots=True)
class LinkHeader:
    """The address of the next page stands in the header Link."""

    def following(self, page: Page) -> str | None:
        """Return the address of the next page."""
        found = NEXT.search(page.headers.get("link", ""))
        return found[1] if found and found[1] != page.url else None


@dataclass(frozen=True, slots=True)
class Offset:
    """Records are counted: as long as the flag at `more` is true, or up to the number at `total`."""

    parameter: str
    more: str = ""
    total: str = ""

    def following(self, page: Page) -> str | None:
        """Return the address of the next page."""
        read = page.number(self.parameter) + len(page.records)
        total = Node(page.value).find(self.total) if self.total else None
        goes_on = page.says(self.more) if self.more else isinstance(total, int) and read < total
        return page.at(self.parameter, str(read)) if page.records and goes_on else None


@dataclass(frozen=True, slots=True)
class PageNumber:
    """Pages are counted from 1, until one holds fewer records than `size`."""

    parameter: str
    size: int

    def following(self, page: Page) -> str | None:
        """Return the address of the next page."""
        full = len(page.records) >= self.size
        return page.at(self.parameter, str((page.number(self.parameter) or 1) + 1)) if full else None
