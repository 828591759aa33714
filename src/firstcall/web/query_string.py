"""What does a query string ask? The same parameters on every page and in the API, read in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from firstcall.errors import UnknownName, UsageError
from firstcall.periods import Question, shift_months

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from zoneinfo import ZoneInfo

ONCE = ("from", "to", "last", "grain", "environment", "entity", "as_of", "known_at", "exact")
MANY = ("by", "where", "set")
PARAMETERS = (*ONCE, *MANY)
"""Everything that narrows a question, as it is called in an address."""

LONGEST = 8_000
"""Characters of a query string that are read; a longer one is refused."""

_DAY = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?|-?Q(?P<quarter>[1-4]))?", re.IGNORECASE
)
_LAST = re.compile(r"(?P<count>[1-9]\d{0,3})(?P<unit>[dwm])")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query string that has been read. `last` such as 90d or 12m ends with the newest complete day."""

    start: date | None = None
    end: date | None = None
    last: str | None = None
    grain: str | None = None
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    environment: str | None = None
    entity: str | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None
    variants: tuple[tuple[str, str], ...] = ()
    exact: bool = False
    others: Mapping[str, str] = field(default_factory=dict)

    def question(self, metric: str, newest: date) -> Question:
        """Return the question about a metric; `newest` is the first day after the newest complete one."""
        start, end = self.bounds(newest)
        return Question(
            metric, start, end, self.grain, self.by, self.where, self.environment, self.entity,
            self.as_of, self.known_at, self.variants, self.exact,
        )  # fmt: skip

    def bounds(self, newest: date) -> tuple[date | None, date | None]:
        """Return the first day and the first day after the period, None where it stays open."""
        if self.last is None or self.start is not None:
            return self.start, self.end
        end = self.end or newest
        return back(end, self.last), end

    def pairs(self) -> list[tuple[str, str]]:
        """Return what was asked as the parameters of an address, in a fixed order."""
        single = (
            ("from", self.start), ("to", self.end), ("last", self.last), ("grain", self.grain),
            ("environment", self.environment), ("entity", self.entity),
            ("as_of", self.as_of.isoformat() if self.as_of else None),
            ("known_at", self.known_at.isoformat() if self.known_at else None),
            ("exact", "true" if self.exact else None),
        )  # fmt: skip
        found = [(name, str(value)) for name, value in single if value is not None]
        found += [("by", ",".join(self.by))] if self.by else []
        found += [("where", f"{name}:{value}") for name, values in self.where for value in values]
        return found + [("set", f"{name}:{value}") for name, value in self.variants]

    def address(self, path: str) -> str:
        """Return the path with these parameters."""
        query = urlencode(self.pairs(), quote_via=quote, safe=":,/")
        return f"{path}?{query}" if query else path


def of(question: Question) -> Asked:
    """Return a question as the query string that asks it."""
    return Asked(
        question.start, question.end, None, question.grain, question.by, question.where, question.environment,
        question.entity, question.as_of, question.known_at, question.variants, question.exact,
    )  # fmt: skip


def read(query: str, zone: ZoneInfo, others: Collection[str] = ()) -> Asked:
    """Return what a raw query string asks; `others` are further parameters, each at most once.

    Empty values count as not given, as forms send them. UsageError and UnknownName say what is wrong.
    """
    if len(query) > LONGEST:
        raise UsageError(f"The query string has {len(query):,} characters; at most {LONGEST:,} are read.")
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in PARAMETERS and name not in others:
            raise UnknownName("parameter", name, (*PARAMETERS, *others))
        if value.strip():
            given.setdefault(name, []).append(value.strip())
    for name, values in given.items():
        if name not in MANY and len(values) > 1:
            raise UsageError(f"{name} is given {len(values)} times; give it once.")
    once = {name: values[0] for name, values in given.items() if name not in MANY}
    asked = Asked(
        start=_day("from", once), end=_day("to", once), last=_last(once.get("last")), grain=once.get("grain"),
        by=tuple(dim.strip() for each in given.get("by", ()) for dim in each.split(",") if dim.strip()),
        where=_grouped("where", given.get("where", [])),
        environment=once.get("environment"), entity=once.get("entity"),
        as_of=_moment("as_of", once, zone), known_at=_moment("known_at", once, zone),
        variants=tuple((name, values[-1]) for name, values in _grouped("set", given.get("set", []))),
        exact=_yes("exact", once),
    )  # fmt: skip
    return replace(asked, others={name: once[name] for name in others if name in once})


def back(end: date, last: str) -> date:
    """Return the first day of the stretch `last` (30d, 12w, 6m) that ends before `end`."""
    said = _LAST.fullmatch(last)
    if said is None:
        raise UsageError(f"last={last} is no stretch of time; write 30d, 12w or 6m.")
    count = int(said["count"])
    if said["unit"] != "m":
        return end - timedelta(days=count * (7 if said["unit"] == "w" else 1))
    first = shift_months(end, -count)
    return min(first + timedelta(days=end.day - 1), shift_months(first, 1) - timedelta(days=1))


def _last(said: str | None) -> str | None:
    if said is not None:
        back(date(9000, 1, 1), said)
    return said


def _day(name: str, once: Mapping[str, str]) -> date | None:
    text = once.get(name)
    if text is None:
        return None
    if said := _DAY.fullmatch(text):
        month = int(said["quarter"]) * 3 - 2 if said["quarter"] else int(said["month"] or 1)
        try:
            return _within(date(int(said["year"]), month, int(said["day"] or 1)))
        except ValueError:
            pass  # the 30th of February is answered like any other word that is no day
    raise UsageError(f"{name}={text} is no day; write 2026-07-01, 2026-07, 2026Q3 or 2026.")


def _within(day: date) -> date:
    if not 1970 <= day.year < 2200:
        raise ValueError(day)
    return day


def _moment(name: str, once: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    text = once.get(name)
    if text is None:
        return None
    try:
        # a plus that was not encoded arrives as a space
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        _within(found.date())
    except ValueError:
        raise UsageError(
            f"{name}={text} is no moment; write 2026-07-01 or 2026-07-01T12:30:00+02:00."
        ) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _yes(name: str, once: Mapping[str, str]) -> bool:
    text = once.get(name, "false").lower()
    if text not in {"true", "false", "1", "0"}:
        raise UsageError(f"{name}={text} is neither true nor false.")
    return text in {"true", "1"}


def _grouped(name: str, given: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (name, values) of each `name:value` or `name=value`, values of one name together."""
    found: dict[str, tuple[str, ...]] = {}
    for each in given:
        said = re.fullmatch(r"\s*(\w+)\s*[:=](.*)", each, re.DOTALL)
        if said is None:
            raise UsageError(f"{name}={each} is no name:value, as in {name}=product:payments.")
        found[said[1]] = (*found.get(said[1], ()), said[2])
    return tuple(found.items())
