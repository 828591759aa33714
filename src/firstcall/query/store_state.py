"""What does the store hold? Row counts, first and last days, watermarks, and whether the rollups may be trusted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from firstcall.literals import moment_literal
from firstcall.metrics.metric import Relation
from firstcall.periods import as_date, calendar
from firstcall.query import facts, plan
from firstcall.query.bindings import Bindings, Expression
from firstcall.query.compile import Query
from firstcall.query.scope import Seen
from firstcall.query.template import template
from firstcall.schema import rollup as rollups
from firstcall.schema.store_facts import ZONE
from firstcall.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from firstcall.engines.engine import Engine
    from firstcall.metrics.metric import Metric
    from firstcall.periods import Scope
    from firstcall.query.compile import Composition

T = TypeVar("T")
_SPANS = {
    **{
        name: (table.happened, table.happened)
        for name, table in TABLES.items()
        if table.happened and name != "calls"
    },
    "invoice_lines": ("period_start", "period_end"),
    "costs": ("period_start", "period_end"),
    "value": ("period_start", "period_end"),
}
"""Tables whose rows open and close a scope nobody bounded, with the columns that say when."""
_FACT_TABLES = {
    "usage": ("calls",),
    "reaches": ("calls",),
    "moments": ("calls",),
    "people": ("partners", "developers", "credentials"),
    "ledger": ("invoice_lines", "costs", "effort", "value"),
    "recurring": ("invoice_lines",),
}


@dataclass(frozen=True, slots=True)
class Extent:
    """The local days of rows: the first, the last that any reaches, and the last on which one began.

    `covers` says that a row stands for a stretch of days.
    """

    first: date | None = None
    last: date | None = None
    begun: date | None = None
    covers: bool = False


@dataclass
class StoreState:
    """What the store holds, asked once and kept until the next import."""

    engine: Engine
    timezone: str
    _kept: dict[str, object] = field(default_factory=dict)
    _latest: tuple[object, dict[str, object]] = field(default_factory=lambda: (None, {}))
    """The imports that the latest snapshot saw, and what is known of its state; replaced as one, never emptied."""

    def forget(self) -> None:
        """Ask the store again next time."""
        self._kept, self._latest = {}, (None, {})

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """Return what is kept under a name until the next import; `make` makes it, empty, the first time."""
        found: T = self._kept.setdefault(name, make())  # type: ignore[assignment]  # a name is always of one type
        return found

    def at(self, snapshot: Engine) -> StoreState:
        """Return what the store holds in the state that `snapshot` reads, with all that is known of this very state."""
        imports = imports_of(snapshot)
        seen, kept = self._latest
        if seen != imports:
            kept = {}
            self._latest = (imports, kept)
        return StoreState(snapshot, self.timezone, kept, (imports, kept))

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows in force of every table a file can fill; calls counted through their rollup."""
        if "counts" not in self._kept:
            parts = [
                f"SELECT '{name}', count(*) FROM \"{name}\" WHERE known_to IS NULL"
                for name in TABLES
                if name != "calls"
            ]
            parts.append("SELECT 'calls', CAST(coalesce(sum(calls), 0) AS BIGINT) FROM calls_by_consumer")
            _, rows = self.engine.run(" UNION ALL ".join(parts))
            self._kept["counts"] = {str(name): int(str(count)) for name, count in rows}
        counts: Mapping[str, int] = self._kept["counts"]  # type: ignore[assignment]  # filled three lines above
        return counts

    @property
    def last_calls(self) -> Mapping[str, datetime]:
        """The latest call of each source, UTC without zone."""
        if "last_calls" not in self._kept:
            _, rows = self.engine.run(
                "SELECT source, max(last_time) FROM calls_by_consumer GROUP BY source ORDER BY source"
            )
            self._kept["last_calls"] = {str(source): last for source, last in rows}
        last: Mapping[str, datetime] = self._kept["last_calls"]  # type: ignore[assignment]  # filled above
        return last

    @property
    def watermark(self) -> dict[str, str]:
        """How far each source and the journey have come, as the answer object shows it."""
        return {source: f"{last.isoformat()}Z" for source, last in self.last_times.items()}

    @property
    def last_times(self) -> Mapping[str, datetime]:
        """The latest call of each source, and the latest step of the journey, UTC without zone."""
        _, journey = self._span("journey")
        return self.last_calls if journey is None else {**self.last_calls, "journey": _moment(journey)}

    def seen(self, metric: Metric) -> Seen:
        """Return the first and last day of the rows a metric may count, and the watermark."""
        tables = {"calls", *(table for part in metric.parts for table in _tables_named(part.of))}
        tables |= {table for tables in metric.needs for table in tables.split("|")}
        if tables & {"partners", "developers"}:  # the question may ask for the other kind of people
            tables |= {"partners", "developers"}
        spans = [self._days(table) for table in sorted(tables & {*_SPANS, "calls"})]
        firsts = [first for first, _ in spans if first is not None]
        lasts = [last for _, last in spans if last is not None]
        return Seen(
            min(firsts, default=None), max(lasts, default=None), max(self.last_times.values(), default=None)
        )

    def days(self, table: str, known_at: datetime | None = None) -> Extent | None:
        """Return the days of a table's rows, of what was known at a moment if one is named; None of undated ones."""
        if table not in _SPANS:
            return None
        first, last = _SPANS[table]
        found = self._asked(f'min({first}), max({last}), max({first}) FROM "{table}"', known_at)[0]
        if any(each is None for each in found):
            return Extent()
        covers = last == "period_end"
        reached = (
            max(_moment(found[2]), _moment(found[1]) - timedelta(microseconds=1)) if covers else found[1]
        )
        return Extent(self._day(found[0]), self._day(reached), self._day(found[2]), covers)

    def call_days(
        self, sources: Sequence[str], environments: Sequence[str], known_at: datetime | None = None
    ) -> Extent:
        """Return the days of the calls of sources in environments, of all where none is named."""
        if known_at is None:
            rows = self._asked(
                "source, environment, min(day), max(day) FROM calls_by_hour", None, grouped=True
            )
        else:
            rows = self._asked("source, environment, min(time), max(time) FROM calls", known_at, grouped=True)
        kept = [
            (self._day(first), self._day(last))
            for source, environment, first, last in rows
            if (not sources or source in sources) and (not environments or environment in environments)
        ]
        last = max((last for _, last in kept), default=None)
        return Extent(min((first for first, _ in kept), default=None), last, last)

    @property
    def newest(self) -> date | None:
        """The local day of the watermark, the latest call or step of the journey."""
        return max((self._day(last) for last in self.last_times.values()), default=None)

    def _asked(
        self, columns: str, known_at: datetime | None, *, grouped: bool = False
    ) -> Sequence[tuple[object, ...]]:
        """Return the rows of a select over what is known, now or at a moment; what is known now is kept."""
        if columns in self._kept and known_at is None:
            return cast("Sequence[tuple[object, ...]]", self._kept[columns])
        at = "" if known_at is None else moment_literal(known_at)
        known = f"known_from <= {at} AND (known_to IS NULL OR known_to > {at})" if at else "known_to IS NULL"
        rolled = columns.endswith("calls_by_hour")
        _, rows = self.engine.run(
            f"SELECT {columns}{'' if rolled else f' WHERE {known}'}{' GROUP BY source, environment' if grouped else ''}"
        )
        if known_at is None:
            self._kept[columns] = rows
        return rows

    @property
    def first_day(self) -> date | None:
        """The local day of the first call."""
        return self._days("calls")[0]

    def newest_day(self, metrics: Iterable[Metric]) -> date:
        """Return the first day after the newest complete one; the day after the only one, if there is no other."""
        days = [self._day(last) for last in self.last_calls.values()]
        if not days:
            seen = [self.seen(metric).last for metric in metrics]
            return max((day for day in seen if day), default=date(2000, 1, 1)) + timedelta(days=1)
        first = self.first_day
        return max(days) if first is None or first < max(days) else max(days) + timedelta(days=1)

    def _span(self, table: str) -> tuple[object, object]:
        if f"span {table}" not in self._kept:
            first, last = _SPANS[table]
            _, rows = self.engine.run(
                f'SELECT min({first}), max({last}) FROM "{table}" WHERE known_to IS NULL'
            )
            self._kept[f"span {table}"] = rows[0]
        span: tuple[object, object] = self._kept[f"span {table}"]  # type: ignore[assignment]  # filled above
        return span

    def _days(self, table: str) -> tuple[date | None, date | None]:
        """Return the first and last local day of a table's rows; a period ends an instant before its end."""
        if table == "calls":
            if "days" not in self._kept:
                _, rows = self.engine.run("SELECT min(day), max(day) FROM calls_by_hour")
                self._kept["days"] = rows[0]
            days: tuple[date | None, date | None] = self._kept["days"]  # type: ignore[assignment]  # filled above
            return days
        first, last = self._span(table)
        if first is None or last is None:
            return None, None
        if _SPANS[table][1] == "period_end":
            last = max(_moment(first), _moment(last) - timedelta(microseconds=1))
        return self._day(first), self._day(last)

    def _day(self, value: object) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return calendar(self.timezone).day(_moment(value))

    def straddles(self, scope: Scope, rollup: str = "calls_by_consumer") -> bool:
        """Whether some row of the rollup spans the moment its credential changed hands.

        Who asks what was known once is told yes without looking: the calls are read then, and what is kept here is
        of the owners known today.
        """
        if scope.known_at is not None:
            return True
        if f"straddles {rollup}" not in self._kept:
            now = Bindings(scope, {})
            texts = {
                "parties": facts.parties(now.scope),
                "owners": facts.owners(now.scope),
                "straddled": plan.straddled(rollup),
            }
            named = {name: Expression(template(text), (now,)) for name, text in texts.items()}
            counted = Expression(template("select count(*) as found from straddled as s"), (now,))
            _, rows = self.engine.run(Query(named, counted).sql(self.engine.dialect))
            self._kept[f"straddles {rollup}"] = int(str(rows[0][0])) > 0
        return bool(self._kept[f"straddles {rollup}"])

    @property
    def rolled_up(self) -> bool:
        """Whether the rollups were made in the program's zone."""
        if "zone" not in self._kept:
            _, rows = self.engine.run(f"SELECT value FROM store WHERE name = '{ZONE}'")
            self._kept["zone"] = str(rows[0][0]) if rows else self.timezone
        return self._kept["zone"] == self.timezone

    def tables_of(self, composition: Composition) -> tuple[str, ...]:
        """Return the tables of the schema that a composed query reads, rollups under the name they stand for."""
        named = composition.tables
        rolled = {table.name for table in rollups.TABLES}
        return tuple(name for name in TABLES if name in named or (name == "calls" and (named & rolled)))


def imports_of(engine: Engine) -> object:
    """Return how many imports there have been and the latest of them; it changes with every import."""
    return engine.run("SELECT count(*), max(import_id), max(finished_at) FROM imports")[1][0]


def _tables_named(of: object) -> tuple[str, ...]:
    """Return the dated tables that a relation's text stands on."""
    if not isinstance(of, Relation):
        return ()
    read = template(of.sql).tables
    found = [table for fact, tables in _FACT_TABLES.items() if fact in read for table in tables]
    if of.splits_by in {"people", "both"}:
        found += _FACT_TABLES["people"]
    return (*found, *(name for name in _SPANS if f"known_{name}" in read))


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    day = as_date(value)
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  UTC without zone, as everywhere
