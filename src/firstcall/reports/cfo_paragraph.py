"""What is being done for the API program, and what is needed? One paragraph, drafted from the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from firstcall.answers import Answer
from firstcall.periods import Question
from firstcall.reports.document import Row, line, listed
from firstcall.reports.facts import Milestone, ProgramFacts
from firstcall.reports.quarters import day
from firstcall.reports.report import Ask
from firstcall.reports.rows import Line, Pair, at, named, shown

MOST_MILESTONES = 3
HAPPENED = frozenset({"incident"})
"""Kinds of milestones that nobody planned."""


def draft(
    ask: Ask,
    facts: ProgramFacts,
    pair: Pair,
    answers: Mapping[str, Answer],
    rows: Sequence[Row],
    lines: Sequence[Line],
) -> str:
    """Return the paragraph: what was done, what moved, what is weak and its remedy, what the next quarter takes."""
    return " ".join(
        part
        for part in (_done(facts, pair), _moved(rows), _weak(rows, lines), _needed(ask, facts, pair, answers))
        if part
    )


def _done(facts: ProgramFacts, pair: Pair) -> str:
    inside = [one for one in facts.milestones if pair.now.first <= one.date < pair.now.end]
    done = [one for one in inside if one.kind not in HAPPENED]
    happened = [one for one in inside if one.kind in HAPPENED]
    earlier = [one for one in facts.milestones if one.date < pair.now.first and one.kind not in HAPPENED]
    said = []
    if done:
        said.append(f"Done in the quarter: {_named(done)}.")
    elif earlier:
        last = max(earlier, key=lambda one: one.date)
        said.append(
            f"No new step is recorded for the quarter; the last one was {line(last.label, 60)} "
            f"({day(last.date)} {last.date.year})."
        )
    if happened:
        said.append(f"Incidents: {_named(happened)}.")
    return " ".join(said)


def _named(milestones: Sequence[Milestone]) -> str:
    said = [f"{line(one.label, 60)} ({day(one.date)})" for one in milestones[:MOST_MILESTONES]]
    more = len(milestones) - len(said)
    return listed([*said, *([f"{more} more"] if more else [])])


def _moved(rows: Sequence[Row]) -> str:
    best = max((one for one in rows if one.trend.verdict == "better"), key=_size, default=None)
    if best is None:
        return "" if all(one.trend.verdict is None for one in rows) else "No number got clearly better."
    return f"{best.label} improved most, from {best.before.shown} to {best.now.shown} ({best.trend.shown})."


def _weak(rows: Sequence[Row], lines: Sequence[Line]) -> str:
    """Name the number that got worse most, else the one that moved least, and what to do about it."""
    actions = {one.key: one.action for one in lines}
    worse = [one for one in rows if one.trend.verdict == "worse"]
    if worse:
        weak = max(worse, key=_size)
        return (
            f"{weak.label} got worse, from {weak.before.shown} to {weak.now.shown} ({weak.trend.shown}); "
            f"the next step is to {actions[weak.key]}."
        )
    still = [one for one in rows if one.trend.verdict is not None]
    if len(still) < 2:
        return ""
    weak = min(still, key=_size)
    return (
        f"No number got worse. {weak.label} moved least ({weak.trend.shown}); "
        f"the next step is to {actions[weak.key]}."
    )


def _size(one: Row) -> float:
    """Return how far a row moved, in steps that make a clear change."""
    return one.trend.size or 0.0


def _needed(ask: Ask, facts: ProgramFacts, pair: Pair, answers: Mapping[str, Answer]) -> str:
    """Say what the next quarter takes at this quarter's level: budget, tools, people."""
    if not pair.complete:
        return ""
    costs = ask(
        Question("program_cost", start=pair.now.first, end=pair.now.end, grain="quarter", by=("category",))
    )
    total = sum((Decimal(str(point.value)) for point in costs.points if point.value is not None), Decimal(0))
    if not total:
        return (
            "What the next quarter needs is not known before its costs are: firstcall import costs costs.csv."
        )
    parts = []
    onboarding = answers["cost_per_partner_onboarded"]
    partners = named(onboarding, at(onboarding, pair.now), "onboarded")
    spend = named(onboarding, at(onboarding, pair.now), "spend")
    if partners and spend:
        another = "another partner" if partners == 1 else f"another {partners:,} partners"
        parts.append(f"{shown(spend, 'money', facts.currency)} to bring {another} live")
    tools = [point.values.get("run") for point in costs.points if point.by.get("category") == "tooling"]
    if tools and tools[0]:
        parts.append(f"{shown(tools[0], 'money', facts.currency)} for running tools")
    inside = f" (of it {listed(parts)})" if parts else ""
    people = _people(facts, pair)
    team = f", and a team of {people:g} full-time" if people is not None else ""
    budget = shown(total, "money", facts.currency)
    return f"Needed to go on at this level: a budget of {budget} for the next quarter{inside}{team}."


def _people(facts: ProgramFacts, pair: Pair) -> float | None:
    inside = [one.people for one in facts.staff if pair.now.first <= one.month < pair.now.end]
    return inside[-1] if inside else None
