"""How is a system asked for its records over HTTP? The contract: addresses, pages, token, cursor."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from firstcall.sources.paging import Paging

Auth = Literal["bearer", "basic", "user", "pair", "token", "none"]
"""How the token is shown: as bearer; `name:secret` as basic, else as bearer; as the user of basic without a password;
as the user with the password X; as `Token token=…`; or not at all."""


@dataclass(frozen=True, slots=True)
class PartialList:
    """What a record holds only the beginning of: it has more when the flag at `more` is true.

    The list at `items` is then asked for at `path`, which may hold the record's `{id}`; it stands at `records`.
    """

    more: str
    items: str
    path: str
    records: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One list that can be asked for, in pages.

    `path` and `query` may hold options in braces. `records` is the path of the list in an answer, empty when the
    answer is the list. `since` is the parameter that leaves out what is older, `{since}` in its text the moment in the
    form `form` (epoch, iso, or a pattern of strftime); the moment is the latest one found at `changed`, less
    `lookback`. Without an earlier pull it is `start`; when that is empty, `first` is asked in its place.
    `rest` is where the rest of a record's list is asked for, page by page as the endpoint itself.
    """

    name: str
    path: str
    records: str
    query: tuple[tuple[str, str], ...] = ()
    paging: tuple[Paging, ...] = ()
    since: tuple[str, str] | None = None
    form: str = "iso"
    changed: str = ""
    lookback: timedelta = timedelta(hours=1)
    start: str = ""
    first: tuple[tuple[str, str], ...] = ()
    rest: PartialList | None = None


@dataclass(frozen=True, slots=True)
class UrlBlank:
    """One `--option NAME=VALUE` that fills a blank in the addresses; a `default` of None means that it is needed."""

    name: str
    doc: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    """A system's API: its address (None when everybody has their own), how the token is shown, what is asked for.

    `per_second` bounds how many requests are sent; `rights` says what the token must be allowed to.
    """

    endpoints: tuple[Endpoint, ...]
    auth: Auth
    base: str | None = None
    address: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    blanks: tuple[UrlBlank, ...] = ()
    per_second: float = 5.0
    rights: str = ""
