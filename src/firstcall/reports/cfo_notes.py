"""What has to stand below the CFO's table so that nobody is misled by a number?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from firstcall.answers import Answer, Value
from firstcall.periods import Period, Question
from firstcall.query.change import RANKED_BY
from firstcall.reports.document import Footnote, Row, line, sentence
from firstcall.reports.facts import Assumption, ProgramFacts
from firstcall.reports.quarters import MONTHS, span
from firstcall.reports.report import Ask
from firstcall.reports.rows import Line, Pair, at, named, shown, unit_of

MOST_ASSUMPTIONS = 4
NAMES: Mapping[str, str] = {"effort": "hours of onboarding"}
"""Categories of cost that are called by another word here."""
BESIDE_REVENUE = frozenset({"attributed revenue", "avoided cost", "partners' transactions"})
"""What an assumption may be about that counts as value beside the program's own revenue."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The named values of one metric in both quarters, printed or absent as an empty text."""

    answer: Answer
    pair: Pair

    def value(self, name: str, period: Period) -> Value:
        """Return a named value of a quarter."""
        return named(self.answer, at(self.answer, period), name)

    def cases(self, period: Period) -> int:
        """Return how many cases the quarter's number rests on."""
        point = at(self.answer, period)
        return 0 if point is None else point.cases

    def __call__(self, name: str, *, before: bool = False) -> str:
        """Return a named value of this quarter, or of the one before, as it is printed."""
        value = self.value(name, self.pair.before if before else self.pair.now)
        return shown(value, unit_of(self.answer, name), self.answer.currency)


def footnotes(
    ask: Ask,
    facts: ProgramFacts,
    pair: Pair,
    answers: Mapping[str, Answer],
    rows: Sequence[Row],
    lines: Sequence[Line],
) -> tuple[Footnote, ...]:
    """Return a footnote for each row, and those of the whole page."""
    notes = []
    for one, shown_row in zip(lines, rows, strict=True):
        numbers = Numbers(answers[one.key], pair)
        parts = [one.words, CASES[one.key](numbers, ask, facts), *_absent(shown_row, facts, pair)]
        parts += [f"{line(note, 160)}." for note in answers[one.key].notes if "exchange rate" in note]
        parts.append(
            "" if numbers.answer.confidence == "measured" else f"Confidence: {numbers.answer.confidence}."
        )
        notes.append(Footnote(shown_row.note, one.label, " ".join(part for part in parts if part)))
    return (*notes, *_of_the_page(facts, pair))


def _absent(shown_row: Row, facts: ProgramFacts, pair: Pair) -> list[str]:
    """Say why a dash stands where a number was expected."""
    said = []
    cells = ((shown_row.now, pair.now), (shown_row.before, pair.before))
    for cell, period in cells:
        if cell.absent:
            said.append(f"No number for {span(period, facts).title}: {line(cell.absent, 160)}.")
    if len(said) == len(cells) and shown_row.now.absent == shown_row.before.absent:
        return [f"No number: {line(shown_row.now.absent or '', 160)}."]
    if not said and shown_row.trend.change is None and pair.complete:
        said.append("No trend: the quarter before stands at zero.")
    return said


def _revenue(numbers: Numbers, ask: Ask, facts: ProgramFacts) -> str:  # noqa: ARG001  all cases are told alike
    now, before = numbers.cases(numbers.pair.now), numbers.cases(numbers.pair.before)
    lines = "invoice line" if now == 1 else "invoice lines"
    return f"From {now:,} {lines} (quarter before: {before:,})." if now or before else ""


def _onboarded(numbers: Numbers, ask: Ask, facts: ProgramFacts) -> str:  # noqa: ARG001  all cases are told alike
    if numbers.value("spend", numbers.pair.now) is None:
        return ""
    before = numbers.value("onboarded", numbers.pair.before)
    earlier = (
        ""
        if before is None
        else f" (quarter before: {numbers('onboarded', before=True)} for {numbers('spend', before=True)})"
    )
    return f"{numbers('onboarded')} went live, {numbers('spend')} was spent{earlier}."


def _activation(numbers: Numbers, ask: Ask, facts: ProgramFacts) -> str:
    now = numbers.pair.now
    share, newcomers = numbers.value("to_date", now), numbers.value("newcomers", now)
    if share is None or newcomers is None:
        return ""
    registered = at(ask(Question("registered_partners", grain="quarter")), now)
    whole = 0 if registered is None or registered.value is None else int(registered.value)
    said = [f"{round(float(share) * whole):,} of {whole:,}."]
    reached, waiting = numbers.value("reached", now), numbers.value("open", now)
    if newcomers:
        still = f"; {waiting:,} are still within that time" if waiting else ""
        said.append(
            f"Of the {newcomers:,} that registered in the quarter, {reached:,} went live within "
            f"{facts.window_days} days{still}."
        )
    return " ".join(said)


def _worth(numbers: Numbers, ask: Ask, facts: ProgramFacts) -> str:
    now = numbers.pair.now
    value, revenue = numbers.value("value", now), numbers.value("revenue", now)
    if value is None or revenue is None or numbers.value("with_attributed", now) is None:
        return ""
    beside = Decimal(str(value)) - Decimal(str(revenue))
    sure = {one.confidence for one in _in_force(facts, numbers.pair) if one.about in BESIDE_REVENUE}
    guessed = f"{' and '.join(sorted(sure, reverse=True))} " if sure else ""
    what = "attributed revenue and avoided cost" if revenue else "value that partners' use brings"
    extra = f"plus {guessed}{what} of {shown(beside, 'money', numbers.answer.currency)}"
    return (
        f"The quarter cost {numbers('cost')}{_largest_cost(ask, now)} and earned {numbers('revenue')}, "
        f"{extra if beside else 'and no other value is recorded'}. "
        f"With all value {numbers('with_attributed')}, on own revenue alone {numbers('direct_only')}."
    )


def _largest_cost(ask: Ask, period: Period) -> str:
    answer = ask(
        Question("program_cost", start=period.first, end=period.end, grain="quarter", by=("category",))
    )
    largest = max(answer.points, key=lambda point: point.value or 0, default=None)
    if largest is None or not largest.value:
        return ""
    category = str(largest.by.get("category") or "effort")
    return f" (most of it {NAMES.get(category, category)}: {shown(largest.value, 'money', answer.currency)})"


def _growth(numbers: Numbers, ask: Ask, facts: ProgramFacts) -> str:  # noqa: ARG001  all cases are told alike
    pair = numbers.pair
    if not numbers.value("before", pair.now) and not numbers.value("active", pair.now):
        return ""
    last, first = (MONTHS[(period.end - timedelta(days=1)).month - 1] for period in (pair.now, pair.before))
    return f"{numbers('active')} active partners in {last}, {numbers('before')} in {first}."


Cases = Callable[[Numbers, Ask, ProgramFacts], str]
CASES: Mapping[str, Cases] = {
    "program_revenue": _revenue,
    "cost_per_partner_onboarded": _onboarded,
    "production_activation_rate": _activation,
    "cost_value_ratio": _worth,
    "partner_growth_rate": _growth,
}
"""Metric → the numbers behind its number, in a sentence."""


def _of_the_page(facts: ProgramFacts, pair: Pair) -> list[Footnote]:
    trend = (
        "Better and worse follow what is good for the program; a change under 5 % of the number, or within its "
        f"statistical noise, is no clear change. Most and least rank {RANKED_BY}."
        if pair.complete
        else f"{span(pair.now, facts).title} is not over: its numbers so far are not compared."
    )
    notes = [Footnote(0, "Trend", trend)]
    guessed = _in_force(facts, pair)
    if guessed:
        said = [
            f"{one.about}{f' ({line(one.note, 90)})' if one.note else ''}: {one.confidence}"
            for one in guessed
        ]
        more = f"; and {len(said) - MOST_ASSUMPTIONS} more" if len(said) > MOST_ASSUMPTIONS else ""
        notes.append(Footnote(0, "Not measured", sentence("; ".join(said[:MOST_ASSUMPTIONS]) + more)))
    return notes


def _in_force(facts: ProgramFacts, pair: Pair) -> list[Assumption]:
    """Return the assumptions that touch either quarter."""
    return [one for one in facts.assumptions if one.last >= pair.before.first and one.first < pair.now.end]
