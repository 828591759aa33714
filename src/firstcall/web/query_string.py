"""What does a query string ask, and which one asks a question?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from firstcall.errors import UnknownName, UsageError
from firstcall.query import question
from firstcall.query.question import PARAMETERS, Parameters

if TYPE_CHECKING:
    from collections.abc import Collection
    from zoneinfo import ZoneInfo

LONGEST = 8_000
"""Characters of a query string that are read; a longer one is refused."""


@dataclass(frozen=True, slots=True)
class QueryString:
    """A query string that has been read: what narrows a question, and the further parameters of a page by name."""

    parameters: Parameters
    others: Mapping[str, str]


def read(
    query: str, zone: ZoneInfo, takes: Collection[str] = PARAMETERS, others: Collection[str] = ()
) -> QueryString:
    """Return what a raw query string asks; an address `takes` only some parameters, and `others` of its own, each once.

    Empty values count as not given, as forms send them. UsageError and UnknownName say what is wrong.
    """
    if len(query) > LONGEST:
        raise UsageError(f"The query string has {len(query):,} characters; at most {LONGEST:,} are read.")
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in takes and name not in others:
            raise UnknownName("parameter of this address", name, (*takes, *others))
        if value.strip():
            given.setdefault(name, []).append(value)
    further = {name: given.pop(name) for name in others if name in given}
    for name, values in further.items():
        question.given_once(name, values)
    found = question.read(given, zone)
    return QueryString(found, {name: values[0].strip() for name, values in further.items()})


def address(path: str, parameters: Parameters) -> str:
    """Return the path with these parameters."""
    query = urlencode(parameters.texts(), quote_via=quote, safe=":,/")
    return f"{path}?{query}" if query else path
