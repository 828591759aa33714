"""What do the named texts of a question say: days, a stretch, a split, filters, variants?

Every surface calls its parameters alike and has them read here; it brings only how it writes their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from firstcall.errors import ScopeError, UnknownName, UsageError
from firstcall.periods import (
    DIMENSIONS,
    ENTITIES,
    ENVIRONMENTS,
    FIRST_DAY,
    GRAINS,
    LAST_DAY,
    Question,
    shift_months,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from zoneinfo import ZoneInfo

    Texts = Mapping[str, Sequence[str]]
    """What was given, by parameter, in the order given."""
    Spelling = Callable[[str], str]
    """How a surface writes the name of a parameter: `as_of` in an address, `--as-of` on the command line."""

T = TypeVar("T")
ONCE = ("from", "to", "last", "grain", "environment", "entity", "as_of", "known_at", "exact")
MANY = ("by", "where", "set")
PARAMETERS = (*ONCE, *MANY)
"""Everything that narrows a question."""

LONGEST: Mapping[str, int] = {
    "d": (LAST_DAY - FIRST_DAY).days,
    "w": (LAST_DAY - FIRST_DAY).days // 7,
    "m": (LAST_DAY.year - FIRST_DAY.year) * 12,
}
"""The longest stretch in days, weeks and months."""

_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?|-?Q(?P<quarter>[1-4]))?", re.IGNORECASE
)
_PAIR = re.compile(r"([^:=]*[^:=\s][^:=]*)[:=](.*)", re.DOTALL)
_LAST = re.compile(r"(?P<count>[1-9][0-9]{0,4})(?P<unit>[dwm])")


@dataclass(frozen=True, slots=True)
class Parameters:
    """What narrows a question, read. `last` such as 90d, 12w or 12m ends with the newest complete day.

    `start` and `end` are local days, half-open; `as_of` and `known_at` are in UTC.
    """

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

    def question(self, metric: str, newest: Callable[[], date]) -> Question:
        """Return the question about a metric; `newest` tells the first day after the newest complete one.

        It is asked for `last` only. ScopeError when the stretch begins before all days there are.
        """
        start, end = self.bounds(newest)
        return Question(
            metric, start, end, self.grain, self.by, self.where, self.environment, self.entity,
            self.as_of, self.known_at, self.variants, self.exact,
        )  # fmt: skip

    def bounds(self, newest: Callable[[], date]) -> tuple[date | None, date | None]:
        """Return the first day and the first day after the period, None where it stays open."""
        if self.last is None or self.start is not None:
            return self.start, self.end
        end = self.end or newest()
        return back(end, self.last), end

    def texts(self) -> list[tuple[str, str]]:
        """Return the parameters as texts that read the same, in a fixed order."""
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


def parameters_of(question: Question) -> Parameters:
    """Return what narrows a question."""
    return Parameters(
        question.start, question.end, None, question.grain, question.by, question.where, question.environment,
        question.entity, question.as_of, question.known_at, question.variants, question.exact,
    )  # fmt: skip


def read(given: Texts, zone: ZoneInfo, spelled: Spelling = str) -> Parameters:
    """Return what texts by parameter ask; days and moments without an offset are in the zone.

    UsageError, UnknownName and ScopeError call a parameter as it is `spelled`, and say what is accepted.
    """
    for name, texts in given.items():
        if name not in PARAMETERS:
            raise UnknownName("parameter", spelled(name), map(spelled, PARAMETERS))
        if name in ONCE:
            given_once(spelled(name), texts)
    once = {name: texts[0].strip() for name, texts in given.items() if name in ONCE and texts}
    found = Parameters(
        start=_maybe(day, "from", once, spelled), end=_maybe(day, "to", once, spelled),
        last=_maybe(stretch, "last", once, spelled), grain=_one_of("grain", once.get("grain"), GRAINS),
        by=_dimensions(part for text in given.get("by", ()) for part in text.split(",")),
        where=pairs(spelled("where"), given.get("where", ())),
        environment=_one_of("environment", once.get("environment"), ENVIRONMENTS),
        entity=_one_of("entity", once.get("entity"), ENTITIES),
        as_of=moment(spelled("as_of"), once["as_of"], zone) if "as_of" in once else None,
        known_at=moment(spelled("known_at"), once["known_at"], zone) if "known_at" in once else None,
        variants=tuple((name, values[-1]) for name, values in pairs(spelled("set"), given.get("set", ()))),
        exact=bool(_maybe(switch, "exact", once, spelled)),
    )  # fmt: skip
    _dimensions(name for name, _ in found.where)
    if found.start and found.last:
        raise UsageError(f"{spelled('from')} and {spelled('last')} both say when to begin; give one of them.")
    if found.start and found.end and found.end <= found.start:
        raise ScopeError(
            f"The period from {found.start} to {found.end} holds no day: {spelled('to')} is the first day after it."
        )
    return found


def given_once(name: str, texts: Sequence[str]) -> None:
    """Refuse a parameter that is given several times where one text counts."""
    if len(texts) > 1:
        raise UsageError(f"{name} is given {len(texts)} times; give it once.")


def day(name: str, text: str) -> date:
    """Return the first day of what was written: a day, a month, a quarter or a year; `name` is for the error."""
    if said := _DAY.fullmatch(text):
        month = int(said["quarter"]) * 3 - 2 if said["quarter"] else int(said["month"] or 1)
        try:
            return _within(name, text, date(int(said["year"]), month, int(said["day"] or 1)))
        except ValueError:
            pass  # the 30th of February is answered like any other word that is no day
    raise UsageError(f"{name} {text!r} is no day; write 2026-07-01, 2026-07, 2026Q3 or 2026.")


def moment(name: str, text: str, zone: ZoneInfo) -> datetime:
    """Return a moment in UTC; without an offset it is local time, a day alone is its first moment."""
    try:
        # the plus of an offset arrives as a space from an address that did not encode it
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise UsageError(
            f"{name} {text!r} is no moment; write 2026-07-01 or 2026-07-01T12:30:00+02:00."
        ) from None
    _within(name, text, found.date())
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def stretch(name: str, text: str) -> str:
    """Return a length of time such as 30d, 12w or 6m as it was written."""
    said = _LAST.fullmatch(text)
    if said is None or int(said["count"]) > LONGEST[said["unit"]]:
        most = ", ".join(f"{count}{unit}" for unit, count in LONGEST.items())
        raise UsageError(f"{name} {text!r} is no stretch of time; write 30d, 12w or 6m, at most {most}.")
    return text


def back(end: date, last: str) -> date:
    """Return the first day of the stretch `last` (30d, 12w, 6m) that ends before `end`; ScopeError before all days."""
    count, unit = int(last[:-1]), last[-1]
    if unit == "m":
        first = shift_months(end, -count)
        start = min(first + timedelta(days=end.day - 1), shift_months(first, 1) - timedelta(days=1))
    else:
        start = end - timedelta(days=count * (7 if unit == "w" else 1))
    if start < FIRST_DAY:
        raise ScopeError(
            f"The last {last} before {end} begin on {start}; days go from {FIRST_DAY} to {LAST_DAY}."
        )
    return start


def switch(name: str, text: str) -> bool:
    """Return whether a text says true or false."""
    if text.lower() not in {"true", "false", "1", "0"}:
        raise UsageError(f"{name} {text!r} is neither true nor false.")
    return text.lower() in {"true", "1"}


def pairs(name: str, texts: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (key, values) of each KEY=VALUE or KEY:VALUE, values of one key together, in the order given."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        said = _PAIR.fullmatch(text)
        if said is None:
            raise UsageError(f"{name} {text!r} is no NAME=VALUE, as in {name} product=payments.")
        key, value = said[1].strip(), said[2]
        found[key] = (*found.get(key, ()), value)
    return tuple(found.items())


def _maybe(
    reading: Callable[[str, str], T], name: str, once: Mapping[str, str], spelled: Spelling
) -> T | None:
    return reading(spelled(name), once[name]) if name in once else None


def _one_of(kind: str, name: str | None, known: Sequence[str]) -> str | None:
    if name is not None and name not in known:
        raise UnknownName(kind, name, known)
    return name


def _dimensions(names: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions named, each once, in the order given."""
    found = tuple(dict.fromkeys(stripped for name in names if (stripped := name.strip())))
    for name in found:
        _one_of("dimension", name, DIMENSIONS)
    return found


def _within(name: str, text: str, day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError(f"{name} {text!r} cannot be asked for: days go from {FIRST_DAY} to {LAST_DAY}.")
    return day
