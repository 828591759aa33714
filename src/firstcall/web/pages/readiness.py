"""What can be computed now, and which table would make more of it possible?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.periods import Question
from firstcall.query.requirements import readiness as readiness_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.query.requirements import Readiness
    from firstcall.web.answer_service import AnswerService, Need


@dataclass(frozen=True, slots=True)
class Missing:
    """A table without rows, the command that fills it, and the metrics that wait for it."""

    table: str
    command: str
    metrics: tuple[str, ...]


def readiness(service: AnswerService) -> Mapping[str, tuple[Need, ...]]:
    """Return what each metric still needs; nothing for those that can be computed."""
    return {name: service.needs(Question(name)) for name in service.program.metrics}


def states(service: AnswerService) -> Mapping[str, Readiness]:
    """Return of each metric whether it can be computed, in part or not, and what it is without."""
    program = service.program
    return {
        name: readiness_of(program.resolve(Question(name)), program.store_state.counts)
        for name in program.metrics
    }


def missing_tables(service: AnswerService) -> tuple[Missing, ...]:
    """Return the tables that would help, the most helpful first."""
    found: dict[tuple[str, str], list[str]] = {}
    for metric, needs in readiness(service).items():
        for need in needs:
            found.setdefault((need.table, need.command), []).append(metric)
    made = [Missing(table, command, tuple(metrics)) for (table, command), metrics in found.items()]
    return tuple(sorted(made, key=lambda each: (-len(each.metrics), each.table)))
