"""How long does a question take before the engine is asked, and how does that compare with parsing its SQL anew?

    python benchmarks/planning_speed.py [--rounds 5]

Asks every metric of an empty store for a scope that nobody asked before (so that nothing but the texts of relations is
known already), at month grain, unsplit and with a filter and a split, and takes the processor time from the question to
the engine's SQL. Prints median and 95th percentile, their share of the limits (10 and 30 ms), and the ratio to what
sqlglot needs to parse that SQL once: what planning costs when every question is understood from its text.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import date, timedelta
from typing import Any

import sqlglot

from firstcall.periods import Question
from firstcall.program import Program
from firstcall.query.compile import measured
from firstcall.settings import Settings

MEDIAN_MS, P95_MS = 10.0, 30.0


def planned(program: Program, question: Question) -> list[str]:
    """Return the engine's SQL of every part of an answer."""
    resolved = program.resolve(question)
    return [
        measured(part, resolved.composition(part)).sql(program.engine.dialect) for part in resolved.parts()
    ]


def questions(program: Program, turn: int) -> list[Question]:
    """Return every metric plain, and split and filtered by its last dimension, for days that differ by turn."""
    found = []
    for name, metric in program.metrics.items():
        grain = "month" if "month" in metric.grains else metric.default_grain
        within: dict[str, Any] = {"start": date(2025, 3, 1) + timedelta(days=turn), "end": date(2026, 1, 1)}
        found.append(Question(name, **within, grain=grain))
        if metric.dimensions:
            last = metric.dimensions[-1]
            where = ((last, (f"value {turn}", "null")),)
            found.append(Question(name, **within, grain=grain, by=(last,), where=where))
    return found


def milliseconds(work: Any, *arguments: Any) -> float:  # noqa: ANN401 - any call
    """Return the processor time of a call in ms."""
    started = time.process_time()
    work(*arguments)
    return (time.process_time() - started) * 1000


def main() -> None:
    """Ask all, print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    with Program.open(Settings(), memory=True) as program:
        cold = [milliseconds(planned, program, each) for each in questions(program, 0)]
        warm, parsing = [], []
        for turn in range(1, rounds + 1):
            for question in questions(program, turn):
                warm.append(milliseconds(planned, program, question))
                if turn == 1:
                    texts = planned(program, question)
                    parsing.append(sum(milliseconds(sqlglot.parse_one, text, "duckdb") for text in texts))
    for what, times in (("relations known", warm), ("relations cold", cold), ("parsing the SQL", parsing)):
        times.sort()
        median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
        print(
            f"{what:16} median {median:7.2f} ms ({median / MEDIAN_MS:5.2f} of the limit)   "
            f"95th {p95:7.2f} ms ({p95 / P95_MS:5.2f})   n = {len(times)}"
        )
    print(f"planning / parsing: {statistics.median(warm) / statistics.median(parsing):.2f} at the median")


if __name__ == "__main__":
    main()
