"""Who answers a page's questions? One service that asks each once per state of the store, several at a time."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from math import inf
from threading import Lock
from typing import TYPE_CHECKING

from firstcall import __version__
from firstcall.answers import Answer
from firstcall.charts import Milestone
from firstcall.errors import FirstcallError
from firstcall.query.execute import missing_tables
from firstcall.query.store_state import imports_of
from firstcall.web.deadlines import SECONDS, Deadline, deadline, limited, too_slow, until
from firstcall.web.errors import Broken, TooSlow, Unanswered
from firstcall.web.response_cache import ResponseCache

if TYPE_CHECKING:
    from firstcall.periods import Question
    from firstcall.program import Program

Outcome = Answer | FirstcallError | Unanswered
"""What became of a question: the answer, or the reason why there is none."""

MOST_POINTS = 400_000
"""Points of all answers kept together; the longest unused answer goes first."""

_log = logging.getLogger("firstcall.web")


@dataclass(frozen=True, slots=True)
class Need:
    """A table that is missing and the command that fills it."""

    table: str
    command: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A question that several readers may wait for; its deadline is that of the most patient one."""

    future: Future[Outcome]
    deadline: Deadline

    @property
    def lost(self) -> bool:
        """Whether it ended without an outcome worth keeping: what was too slow or broken may be asked again."""
        return self.future.done() and (
            self.future.cancelled() or isinstance(self.future.result(), Unanswered)
        )

    @property
    def size(self) -> int:
        """Points that it holds, and one."""
        found = self.future.result() if self.future.done() and not self.future.cancelled() else None
        return len(found.points) + 1 if isinstance(found, Answer) else 1


@dataclass
class AnswerService:
    """A program that is asked by many readers at once; `seconds` is the time a page has for all its questions.

    `unanswered` counts the questions and drawings that were too slow or broke; `cache` keeps finished answers.
    """

    program: Program
    seconds: float = SECONDS
    workers: int = 4
    unanswered: int = field(default=0, init=False)
    cache: ResponseCache = field(default_factory=ResponseCache, init=False)
    _kept: OrderedDict[Question, Shared] = field(default_factory=OrderedDict, init=False)
    _facts: dict[str, object] = field(default_factory=dict, init=False)
    _state: str = field(default="", init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        """Put the program on an engine with deadlines and hire the workers."""
        self.program = limited(self.program)
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="answers")

    def close(self) -> None:
        """Let the workers finish what they are doing and go."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def generation(self) -> str:
        """Return a short word that changes with every import; answers of an earlier state are forgotten."""
        imports = imports_of(self.program.engine)
        state = sha256(f"{__version__} {imports} {self.program.settings!r}".encode()).hexdigest()[:16]
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._facts.clear()
                self.program.store_state.forget()
                self._state = state
        return state

    def ask(self, question: Question) -> Outcome:
        """Return the answer, or why there is none; never raises for what a question can do wrong."""
        return self.ask_all([question])[question]

    def ask_all(self, questions: Iterable[Question]) -> Mapping[Question, Outcome]:
        """Return what became of every question by this reader's deadline; those not known are asked side by side."""
        shared = {question: self._shared(question) for question in dict.fromkeys(questions)}
        return {question: self._outcome(question, each) for question, each in shared.items()}

    def _shared(self, question: Question) -> Shared:
        """Return the question as it is asked already, or ask it; nobody's patience is cut short by another's."""
        mine = deadline()
        with self._lock:
            found = self._kept.get(question)
            if found is not None and not found.lost:
                self._kept.move_to_end(question)
                found.deadline.put_off(mine.until)
                return found
            end = Deadline(mine.until)
            shared = Shared(self._pool.submit(copy_context().run, self._answer, question, end), end)
            self._kept[question] = shared
        shared.future.add_done_callback(lambda _: self._tidy(question, shared))
        return shared

    def _outcome(self, question: Question, shared: Shared) -> Outcome:
        mine = deadline()
        while True:
            try:
                found = shared.future.result(None if mine.until == inf else max(0.0, mine.left))
            except TimeoutError:
                self.unanswered += 1
                return too_slow()
            if not isinstance(found, TooSlow) or mine.left <= 0:
                return found
            shared = self._shared(question)  # it had been stopped when this reader came

    def _answer(self, question: Question, end: Deadline) -> Outcome:
        try:
            with until(end):
                return self.program.ask(question)
        except FirstcallError as error:
            return error
        except TooSlow as error:
            self.unanswered += 1
            return error
        except Exception as error:  # noqa: BLE001  one broken card must not blank the page
            return self.broken(error, f"question {question}")

    def broken(self, error: BaseException, what: str) -> Broken:
        """Write a fault of ours to the log and return what a reader is told."""
        self.unanswered += 1
        number = f"{time.time_ns() // 1_000_000 % 10**9:09d}"
        _log.error("fault %s: %s", number, what, exc_info=error)
        return Broken(
            f"This could not be computed: a fault of firstcall, not of your data. The log has it as {number}."
        )

    def _tidy(self, question: Question, shared: Shared) -> None:
        """Keep answers, and no more of them than there is room for."""
        with self._lock:
            if shared.lost and self._kept.get(question) is shared:
                del self._kept[question]
            sizes = {kept: each.size for kept, each in self._kept.items()}
            over = sum(sizes.values()) - MOST_POINTS
            for oldest in list(self._kept)[:-1]:
                if over <= 0:
                    break
                over -= sizes[oldest]
                del self._kept[oldest]

    def needs(self, question: Question) -> tuple[Need, ...]:
        """Return the tables a question needs and the store has no rows of; empty when it can be computed."""
        asking = self.program.resolve(question)
        found = missing_tables(asking.metric, asking.scope, self.program.store_state.counts)
        return tuple(Need(table, command) for table, command in found)

    @property
    def partners(self) -> Mapping[str, str]:
        """Every partner's name by its id, by name."""
        if "partners" not in self._facts:
            _, rows = self.program.engine.run(
                "SELECT partner_id, coalesce(name, partner_id) FROM partners WHERE known_to IS NULL ORDER BY 2, 1"
            )
            self._facts["partners"] = {str(key): str(name) for key, name in rows}
        return self._facts["partners"]  # type: ignore[return-value]  # filled four lines above

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """What happened and explains changes, in order of time."""
        if "milestones" not in self._facts:
            _, rows = self.program.engine.run(
                'SELECT "date", label, url FROM milestones WHERE known_to IS NULL ORDER BY 1, 2'
            )
            self._facts["milestones"] = tuple(
                Milestone(day, str(label), None if url is None else str(url))
                for day, label, url in rows
                if isinstance(day, date)
            )
        return self._facts["milestones"]  # type: ignore[return-value]  # filled four lines above
