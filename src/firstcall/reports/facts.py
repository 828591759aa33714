"""What does a report need to know of the program beside its numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from firstcall import registry
from firstcall.engines.engine import Engine
from firstcall.periods import Calendar, as_date, as_utc, calendar
from firstcall.query.store_state import StoreState
from firstcall.settings import Settings

_KNOWN = "known_to IS NULL"
_SPANS = "min(CAST(period_start AS DATE)), max(CAST(period_end AS DATE))"
_GUESSED = f"{_KNOWN} AND confidence <> 'measured'"
_INVOICED = f"EXISTS (SELECT 1 FROM invoice_lines WHERE {_KNOWN})"
_ASSUMPTIONS = (
    f"""SELECT kind, confidence, note, {_SPANS} FROM "value"
    WHERE {_GUESSED} AND already_in_revenue = false AND (kind <> 'transaction' OR NOT {_INVOICED}) GROUP BY 1, 2, 3""",
    f"SELECT category, confidence, note, {_SPANS} FROM costs WHERE {_GUESSED} GROUP BY 1, 2, 3",
    f"""SELECT 'effort', confidence, NULL, min("date"), max("date") FROM effort WHERE {_GUESSED} GROUP BY 1, 2""",
)
_ABOUT = {
    "attributed_revenue": "attributed revenue",
    "cost_avoidance": "avoided cost",
    "transaction": "partners' transactions",
    "effort": "onboarding hours",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened to the program on a day; `kind` as in the table `milestones`."""

    date: date
    label: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Rows that somebody did not measure: what they are about, how sure, on what ground, and when (inclusive)."""

    about: str
    confidence: str
    note: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Staff:
    """Full-time people of the program in a month."""

    month: date
    people: float


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """The program and what is known of it: `first` is its first day with data, `as_of` where data ends (UTC).

    Both are None when there is nothing yet. Times carry no zone.
    """

    name: str
    currency: str
    calendar: Calendar
    as_of: datetime | None = None
    first: date | None = None
    milestones: tuple[Milestone, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    staff: tuple[Staff, ...] = ()
    window_days: int = 90


def gather(
    settings: Settings, engine: Engine, store_state: StoreState, *, as_of: datetime | None = None
) -> ProgramFacts:
    """Return the facts of an open store; `as_of` ends the data earlier, as it does for the answers."""
    program = settings.program
    local = calendar(program.timezone, str(program.week_starts), program.fiscal_year_starts)
    first, until = _reach(store_state, local)
    if as_of is not None and until is not None:
        until = min(until, as_utc(as_of))
    return ProgramFacts(
        name=program.name,
        currency=program.currency,
        calendar=local,
        as_of=until,
        first=first,
        milestones=_milestones(engine),
        assumptions=_assumptions(engine),
        staff=_staff(engine),
        window_days=settings.definitions.activation_window_days,
    )


def _reach(store_state: StoreState, local: Calendar) -> tuple[date | None, datetime | None]:
    """Return the first day of any row that a metric counts, and the watermark, else the end of the last day."""
    seen = [store_state.seen(metric) for metric in registry.metrics().values()]
    first = min((one.first for one in seen if one.first is not None), default=None)
    marks = [one.watermark for one in seen if one.watermark is not None]
    lasts = [local.starts(one.last + timedelta(days=1)) for one in seen if one.last is not None]
    return first, max(marks, default=max(lasts, default=None))


def _milestones(engine: Engine) -> tuple[Milestone, ...]:
    rows = _rows(engine, f'SELECT "date", label, kind FROM milestones WHERE {_KNOWN} ORDER BY 1, 2')
    return tuple(Milestone(as_date(day), str(label), str(kind or "")) for day, label, kind in rows)


def _assumptions(engine: Engine) -> tuple[Assumption, ...]:
    rows = [row for sql in _ASSUMPTIONS for row in _rows(engine, f"{sql} ORDER BY 1, 2, 3")]
    return tuple(
        Assumption(
            _ABOUT.get(str(what), f"{what} cost"), str(sure), str(note or ""), as_date(first), as_date(last)
        )
        for what, sure, note, first, last in rows
    )


def _staff(engine: Engine) -> tuple[Staff, ...]:
    rows = _rows(engine, f"SELECT month, sum(fte) FROM headcount WHERE {_KNOWN} GROUP BY 1 ORDER BY 1")
    return tuple(Staff(as_date(month), float(str(people))) for month, people in rows)


def _rows(engine: Engine, sql: str) -> Sequence[tuple[object, ...]]:
    return engine.run(sql)[1]
