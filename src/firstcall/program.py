"""What is one program? The composition root: settings, store and catalogues, wired once, asked many times."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from firstcall import registry
from firstcall.engines.duckdb import DuckDBEngine, open_store
from firstcall.errors import SettingsError, StoreError
from firstcall.periods import Question, calendar
from firstcall.pipeline.conforming.call_rules import fingerprint
from firstcall.query.execute import Found as _Found
from firstcall.query.execute import ResolvedQuestion, answer, find, missing_tables, without
from firstcall.query.explain import Explanation, explain
from firstcall.query.names import labels
from firstcall.query.resolve import resolve
from firstcall.query.store_state import StoreState
from firstcall.query.targets import with_targets
from firstcall.schema.store_facts import RULES, SUCCESS, TZDATA, ZONE
from firstcall.settings import Settings
from firstcall.zones import zones_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from firstcall.answers import Answer
    from firstcall.engines.engine import Engine
    from firstcall.metrics.metric import Metric
    from firstcall.periods import Calendar
    from firstcall.pipeline.importing import ImportReport, Progress
    from firstcall.pipeline.loading.undo import Undone
    from firstcall.pipeline.proposing import Proposal
    from firstcall.query.compile import Query
    from firstcall.query.points import Row


@dataclass
class Program:
    """Settings and an open store; everything above asks it and nothing else."""

    settings: Settings
    engine: Engine
    store_state: StoreState = field(init=False)

    def __post_init__(self) -> None:
        """Read what the store says of itself once it is asked."""
        self.store_state = StoreState(self.engine, self.calendar.timezone)

    @classmethod
    @contextmanager
    def open(
        cls,
        settings: Settings,
        *,
        memory: bool = False,
        must_exist: bool = False,
        serving: str | None = None,
        settled: bool = True,
    ) -> Iterator[Program]:
        """Open the settings' store (or one in memory) for as long as the block lasts.

        With `settled` false the calls stay as they were judged, whatever the settings say now.
        """
        if settings.store.url is not None:
            raise SettingsError(
                f"store.url: a store on a server was asked for ({settings.store.url}); this version keeps its store "
                "in a folder. Remove store.url and set store.path."
            )
        folder = None if memory else Path(settings.store.path)
        limits = settings.limits
        engine = open_store(
            folder, memory_mb=limits.memory_mb, threads=limits.threads, serving=serving, must_exist=must_exist
        )
        try:
            if settled:
                _settle(engine, settings)
            yield cls(settings, engine)
        finally:
            engine.close()

    @cached_property
    def calendar(self) -> Calendar:
        """The program's zone, weeks and fiscal year."""
        program = self.settings.program
        return calendar(program.timezone, str(program.week_starts), program.fiscal_year_starts)

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """Every metric by name, judged by the program's targets; SettingsError when one of them cannot be used."""
        return with_targets(registry.metrics(), self.settings)

    def import_files(
        self,
        source: str,
        files: Sequence[str],
        *,
        name: str | None = None,
        dry_run: bool = False,
        replace: bool = False,
        options: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> ImportReport:
        """Import files of a table or format; see `firstcall.pipeline.importing`."""
        # duckdb's readers, babel and yaml: asking needs none of them
        from firstcall.pipeline.importing import import_files

        if not isinstance(self.engine, DuckDBEngine):
            raise StoreError("Rows are imported by the process that owns the store; this one only reads it.")
        try:
            return import_files(
                self.engine,
                self.settings,
                source,
                files,
                name=name,
                dry_run=dry_run,
                replace=replace,
                options=options or {},
                progress=progress,
            )
        finally:
            self.store_state.forget()

    def proposal(self, source: str, file: str, options: Mapping[str, str]) -> Proposal | None:
        """Return how a sheet with headings of its own might be read; see `firstcall.pipeline.proposing`."""
        # duckdb's readers, as above
        from firstcall.pipeline.proposing import proposal

        if not isinstance(self.engine, DuckDBEngine):
            return None
        with self.engine.reader() as connection:
            return proposal(connection, self.settings, source, file, options)

    def undo(self, number: int, *, dry_run: bool = False) -> Undone:
        """Take an import back, or only say what that would do; see `firstcall.pipeline.loading.undo`."""
        # duckdb's readers, as above
        from firstcall.pipeline.loading.transaction import transaction
        from firstcall.pipeline.loading.undo import undo

        if not isinstance(self.engine, DuckDBEngine):
            raise StoreError(
                "An import is taken back by the process that owns the store; this one only reads it."
            )
        with (
            self.engine.writer() as connection,
            transaction(connection, f"import {number}", keep=not dry_run),
        ):
            found = undo(connection, self.settings, number)
        self.store_state.forget()
        return found

    def newest_day(self) -> date:
        """Return the first day after the newest complete one, where the last 30 days end."""
        return self.store_state.newest_day(self.metrics.values())

    def ask(self, question: Question) -> Answer:
        """Return the answer; raises UnknownName or ScopeError when the question cannot be asked."""
        with self.snapshot() as state:
            return state.answered(question)[1]

    def explain(self, question: Question, *, limit: int | None = 50) -> Explanation:
        """Return the answer with its definition, SQL, inputs and rows; `limit` None returns every row."""
        with self.snapshot() as state:
            resolved, made, found = state.answered(question)
            return explain(resolved, made, found, state.engine, state.store_state, limit=limit)

    @contextmanager
    def snapshot(self) -> Iterator[Program]:
        """Give this program over one state of the store: what is imported meanwhile is not seen in the block."""
        with self.engine.snapshot() as engine:
            found = Program(self.settings, engine)
            found.store_state = self.store_state.at(engine)
            found.metrics = self.metrics
            yield found

    def resolve(self, question: Question) -> ResolvedQuestion:
        """Return the question with its metric and scope resolved, ready to compose queries."""
        return resolve(question, self.metrics, self.settings, self.calendar, self.store_state)

    def answered(self, question: Question) -> tuple[ResolvedQuestion, Answer, _Found]:
        """Return a question resolved, its answer, and what its queries brought back."""
        resolved = self.resolve(question)
        missing = missing_tables(resolved.metric, resolved.scope, self.store_state.counts)
        if missing:
            table, command = missing[0]
            found = _Found(points=without(resolved, f"needs rows in {table}: {command}"))
        else:
            found = find(resolved, self._run, trim=question.start is None)
        made = answer(
            resolved,
            found,
            watermark=self.store_state.watermark,
            currency=self.settings.program.currency,
            verdict_cases=self.settings.definitions.verdict_cases,
            labels=labels(found.points, resolved.scope, self.engine),
        )
        return resolved, made, found

    def _run(self, query: Query) -> tuple[str, Sequence[Row]]:
        sql = query.sql(self.engine.dialect)
        names, rows = self.engine.run(sql)
        return sql, [dict(zip(names, row, strict=True)) for row in rows]


def _settle(engine: DuckDBEngine, settings: Settings) -> None:
    """Before anything is asked, see that what calls derive from the settings follows the settings of today."""
    facts = {name: engine.fact(name) for name in (ZONE, TZDATA, SUCCESS, RULES)}
    wanted = {
        ZONE: settings.program.timezone,
        TZDATA: zones_version(),
        SUCCESS: settings.definitions.success,
        RULES: fingerprint(settings),
    }
    if any(held is not None and held != wanted[name] for name, held in facts.items()):
        # duckdb's readers, babel and yaml: a store that agrees needs none of them
        from firstcall.pipeline.importing import kept_definitions

        with engine.writer() as connection:
            kept_definitions(connection, settings)
