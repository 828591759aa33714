"""Which stretch of time is asked about, how is it cut, and what else narrows the question?

Days are local days of the program's zone; stretches are half-open: the first day belongs, the end does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal, cast, get_args

from firstcall.errors import ScopeError, UnknownName
from firstcall.zones import zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Grain = Literal["day", "week", "month", "quarter", "year", "all"]
Environment = Literal["production", "sandbox", "any"]
Entity = Literal["partner", "developer", "app"]
GRAINS: tuple[str, ...] = get_args(Grain)
ENVIRONMENTS: tuple[str, ...] = get_args(Environment)
ENTITIES: tuple[str, ...] = get_args(Entity)
DIMENSIONS = (
    "partner", "developer", "app", "consumer", "product", "endpoint", "method", "route", "version",
    "environment", "status", "outcome", "traffic_class", "source", "sdk", "segment", "country", "channel",
    "manager", "plan", "subscription_kind", "tier", "api_class", "feature", "topic", "severity", "step",
    "region", "target", "category", "kind", "wave", "currency",
)  # fmt: skip
"""Everything an answer may be split or filtered by."""
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)
"""The days that can be asked for. Rows lie between 1971 and 2199, and what is looked at around a period (windows of ten
years, zones 400 days on either side) stays within the days that every engine knows, 1900 to 2299."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def shift_months(day: date, months: int) -> date:
    """Return the first of the month `months` after the month of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def as_utc(moment: datetime) -> datetime:
    """Return a moment in UTC without zone, as answers and the store hold it; one without a zone is that already."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def as_date(value: object) -> date:
    """Return the day of what an engine gave for one: a date, or a moment of it."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise TypeError(f"a day was expected, not {value!r}")


@dataclass(frozen=True, slots=True)
class Period:
    """One bucket of days: `first` belongs to it, `end` does not."""

    first: date
    end: date


@dataclass(frozen=True, slots=True)
class KnownSpan:
    """The days of which rows are known, `first` and `last` among them; `since` and `until` say what lies outside."""

    first: date
    last: date
    since: str
    until: str


@dataclass(frozen=True)
class Calendar:
    """The program's zone and how it cuts time: first weekday, first month of the fiscal year."""

    timezone: str = "UTC"
    week_starts: str = "monday"
    fiscal_year_starts: int = 1

    @cached_property
    def zone(self) -> ZoneInfo:
        """The IANA zone."""
        return zone(self.timezone)

    @property
    def week_shift(self) -> int:
        """Days by which the week starts before Monday: 0 for Monday, 1 for Sunday."""
        return {"monday": 0, "sunday": 1, "saturday": 2}[self.week_starts]

    @property
    def month_shift(self) -> int:
        """Months by which the fiscal year starts after January."""
        return self.fiscal_year_starts - 1

    def starts(self, day: date) -> datetime:
        """Return the first moment of a local day, as UTC without zone."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return as_utc(local)

    def local(self, moment: datetime) -> datetime:
        """Return the local time of a moment given in UTC without zone."""
        return moment.replace(tzinfo=UTC).astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        """Return the local day of a moment given in UTC without zone."""
        return self.local(moment).date()

    def period(self, day: date, grain: str) -> Period:
        """Return the bucket of `grain` that holds the day; `all` has no bucket of its own."""
        if grain == "day":
            return Period(day, day + timedelta(days=1))
        if grain == "week":
            first = day - timedelta(days=(day.weekday() + self.week_shift) % 7)
            return Period(first, first + timedelta(days=7))
        if grain not in _MONTHS:
            raise ScopeError(f"Grain {grain!r} does not cut time; use one of {', '.join(GRAINS)}.")
        length = _MONTHS[grain]
        shift = 0 if grain == "month" else self.month_shift
        into = (day.month - 1 - shift) % length
        first = shift_months(day, -into)
        return Period(first, shift_months(first, length))

    def periods(self, start: date, end: date, grain: str) -> tuple[Period, ...]:
        """Return every bucket that shares a day with [start, end); whole buckets, in order."""
        if grain == "all":
            return (Period(start, end),)
        found = []
        bucket = self.period(start, grain)
        while bucket.first < end:
            found.append(bucket)
            bucket = self.period(bucket.end, grain)
        return tuple(found)

    def before(self, day: date, grain: str, buckets: int) -> date:
        """Return the first day of the bucket that lies `buckets` before the one that holds `day`."""
        first = self.period(day, grain).first
        for _ in range(buckets):
            first = self.period(first - timedelta(days=1), grain).first
        return first


@lru_cache(maxsize=32)
def calendar(timezone: str, week_starts: str = "monday", fiscal_year_starts: int = 1) -> Calendar:
    """Return the one Calendar of these settings."""
    return Calendar(timezone, week_starts, fiscal_year_starts)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks of a metric; whatever is None takes the metric's or the program's default.

    `start` and `end` are local days, half-open. `as_of` is event time and `known_at` knowledge time, both with a
    zone or in UTC. `where` maps a dimension to the values kept; the value "null" keeps what belongs to nobody.
    """

    metric: str
    start: date | None = None
    end: date | None = None
    grain: str | None = None
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    environment: str | None = None
    entity: str | None = None
    as_of: datetime | None = None
    known_at: datetime | None = None
    variants: tuple[tuple[str, str], ...] = ()
    exact: bool = False

    def __post_init__(self) -> None:
        """Refuse what no metric could answer."""
        if self.grain is not None and self.grain not in GRAINS:
            raise UnknownName("grain", self.grain, GRAINS)
        if self.environment is not None and self.environment not in ENVIRONMENTS:
            raise UnknownName("environment", self.environment, ENVIRONMENTS)
        if self.entity is not None and self.entity not in ENTITIES:
            raise UnknownName("entity", self.entity, ENTITIES)
        for name in (*self.by, *(key for key, _ in self.where)):
            if name not in DIMENSIONS:
                raise UnknownName("dimension", name, DIMENSIONS)
        if len(set(self.by)) < len(self.by):
            raise ScopeError(f"The split by {', '.join(self.by)} names a dimension twice; name it once.")
        self._check_days()

    def _check_days(self) -> None:
        moments = [each.date() for each in (self.as_of, self.known_at) if each is not None]
        slack = timedelta(days=1)  # a first or last local day is another one in UTC
        wrong = [each for each in moments if not FIRST_DAY - slack <= each <= LAST_DAY + slack]
        wrong += [each for each in (self.start, self.end) if each and not FIRST_DAY <= each <= LAST_DAY]
        if wrong:
            raise ScopeError(f"{wrong[0]} cannot be asked for: days go from {FIRST_DAY} to {LAST_DAY}.")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ScopeError(
                f"The scope from {self.start} to {self.end} holds no day: `to` is the first day after it."
            )


@dataclass(frozen=True, slots=True)
class Scope:
    """A question with every default filled in; the only thing that narrows a metric.

    `start` and `end` are the days asked for; `periods` the buckets they touch, each whole. `as_of` is UTC without
    zone; `cut` says that it was asked for, so later rows are hidden; otherwise it only ends open windows. `steps` and
    `mode` are those of the settings' funnel that was asked for. `known` are the days of which there are rows of
    everything that the metric needs; None where nothing that it needs is dated. `calls_since` is the first day of which
    calls are known at all: whoever registered before may have called before.
    """

    start: date
    end: date
    grain: Grain
    environment: Environment
    entity: Entity
    as_of: datetime
    calendar: Calendar
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    cut: bool = False
    known_at: datetime | None = None
    variants: tuple[tuple[str, str], ...] = ()
    exact: bool = False
    earliest: date | None = None
    steps: tuple[str, ...] = ()
    mode: str = "ordered"
    known: KnownSpan | None = None
    calls_since: date | None = None

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every bucket the scope touches, in order."""
        return self.calendar.periods(self.start, self.end, self.grain)

    def history(self) -> tuple[Period, ...]:
        """Every bucket from the earliest row of the store to the end of the scope."""
        first = min(self.earliest or self.start, self.start)
        if self.grain == "all":
            return self.periods
        return self.calendar.periods(first, self.end, self.grain)

    def is_partial(self, period: Period) -> bool:
        """Whether the bucket is cut by the scope, not over at `as_of`, or reaches beyond what is known."""
        return (
            period.first < self.start
            or period.end > self.end
            or self.calendar.starts(period.end) > self.as_of
            or (
                self.known is not None
                and not self.known.first <= period.first < period.end <= _after(self.known)
            )
        )

    def before(self, period: Period) -> Period:
        """Return the whole bucket before one; grain `all` has none, and gets the bucket itself."""
        if self.grain == "all":
            return period
        return self.calendar.period(period.first - timedelta(days=1), self.grain)

    def unknown(self, period: Period) -> str | None:
        """Return why nothing is known of the days of a bucket inside the scope; None where something is."""
        if self.known is None:
            return None
        if min(period.end, self.end) <= self.known.first:
            return self.known.since
        return self.known.until if max(period.first, self.start) > self.known.last else None

    def variant(self, name: str, default: str = "") -> str:
        """Return the value chosen with `--set name=value`."""
        return dict(self.variants).get(name, default)


def _after(known: KnownSpan) -> date:
    return known.last + timedelta(days=1)


def as_grain(name: str) -> Grain:
    """Return `name` as a grain, or say which there are."""
    if name not in GRAINS:
        raise UnknownName("grain", name, GRAINS)
    return cast("Grain", name)
