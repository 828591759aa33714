"""What is the value of a metric, and where does it come from?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.answer_table import headline, print_answer
from firstcall.cli.export import export
from firstcall.cli.metrics import entry
from firstcall.cli.options import Common, Flag, Json, QuestionOptions
from firstcall.cli.session import opened, settings_of
from firstcall.cli.split_cut import Cut
from firstcall.cli.terminal import Head, Terminal
from firstcall.errors import UsageError
from firstcall.units import show
from firstcall.web.csv import answer_csv

if TYPE_CHECKING:
    from firstcall.query.explain import Explanation

MOST_ROWS = 20
"""Rows behind a number that are shown; `--rows` writes all."""

Name = Annotated[str, Parameter(name="METRIC", help="Name of the metric; `firstcall metrics` lists them.")]


def ask(
    metric: Name,
    /,
    *,
    asked: QuestionOptions | None = None,
    printed: Cut | None = None,
    as_csv: Annotated[bool, Flag, Parameter(name="--csv")] = False,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Ask for one metric.

    Parameters
    ----------
    as_csv
        Print CSV and nothing else on stdout: a row for each point, ids with their names.
    """
    if as_csv and as_json:
        raise UsageError("--csv and --json exclude each other; use one of them.")
    printed = (printed or Cut()).checked(as_data=as_csv or as_json)
    terminal = Terminal(common, as_json=as_json)
    settings = settings_of(common)
    parameters = (asked or QuestionOptions()).parameters(settings.program.zone)
    with opened(settings) as program:
        answer = program.ask(parameters.question(metric, program.newest_day))
    if as_json:
        terminal.json(answer.to_json())
    elif as_csv:
        terminal.csv(answer_csv(answer, ends="\n"))
        for note in answer.notes:
            terminal.remark(f"Note: {note}")
    else:
        fiscal = settings.program.fiscal_year_starts
        print_answer(terminal, answer, program.metrics[metric], printed, fiscal_year_starts=fiscal)
    return 0


def explain(
    metric: Name,
    /,
    *,
    asked: QuestionOptions | None = None,
    rows: Path | None = None,
    raw: Annotated[bool, Flag] = False,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Explain one metric: definition, SQL, inputs, who is behind it.

    Parameters
    ----------
    rows
        Write every row behind the number to this file: .csv, .json, .ndjson or .parquet.
    raw
        Leave CSV cells as they are, even those that a spreadsheet would compute.
    """
    terminal = Terminal(common, as_json=as_json)
    settings = settings_of(common)
    parameters = (asked or QuestionOptions()).parameters(settings.program.zone)
    with opened(settings) as program:
        question = parameters.question(metric, program.newest_day)
        found = program.explain(question, limit=None if rows else MOST_ROWS)
    if rows is not None:
        count = export(rows, found.columns, found.rows, raw=raw)
        terminal.remark(f"{show(count, 'count')} rows written to {rows}.")
    if as_json:
        terminal.json(explanation_json(metric, found, written=rows))
    else:
        _print(terminal, metric, found, written=rows)
    return 0


def explanation_json(name: str, found: Explanation, *, written: Path | None) -> dict[str, object]:
    """Return an explanation as JSON holds it; rows that went to a file are not repeated."""
    return {
        "definition": entry(name, found.metric),
        "answer": found.answer.to_json(),
        "sql": found.queries,
        "inputs": dict(found.inputs),
        "rows": {
            "what": found.relation,
            "sql": found.listing,
            "total": found.total,
            "columns": found.columns,
            "shown": [] if written else found.rows[:MOST_ROWS],
            "file": written,
        },
    }


def _print(terminal: Terminal, name: str, found: Explanation, *, written: Path | None) -> None:
    metric = found.metric
    terminal.words(headline(found.answer), "bold")
    terminal.words()
    _facts(terminal, _definition(found))
    for variant in metric.variants:
        choices = ", ".join(
            f"{each} (default)" if each == variant.default else each for each in variant.values
        )
        _facts(terminal, [(f"--set {variant.name}=", f"{variant.doc} {choices}")])
    terminal.words()
    terminal.table(
        (Head("input"), Head("rows", right=True)),
        [(table, show(count, "count")) for table, count in found.inputs.items()],
        title=f"Inputs, confidence {found.answer.confidence}",
    )
    for query in found.queries:
        terminal.words()
        terminal.words("The SQL that ran", "bold")
        terminal.words(query)
    terminal.words()
    if written is None:
        shown = min(len(found.rows), MOST_ROWS)
        title = (
            f"Rows behind the number: {found.relation} {show(shown, 'count')} of {show(found.total, 'count')}"
        )
        heads = [Head(column, whole=False) for column in found.columns]
        terminal.table(heads, found.rows[:MOST_ROWS], title=title)
        if found.total > shown:
            terminal.words(f"All of them: firstcall explain {name} --rows {name}.csv")


def _definition(found: Explanation) -> list[tuple[str, str]]:
    metric, card, answer = found.metric, found.metric.card, found.answer
    environment = {"any": "any environment"}.get(metric.environment, metric.environment)
    traffic = {"all": "all traffic"}.get(metric.traffic, f"{metric.traffic} traffic")
    facts = [
        ("Question", card.question),
        ("Formula", card.words),
        ("Values", ", ".join(name.replace("_", " ") for name in metric.names)),
        ("By default", f"per {metric.entity}, {environment}, {traffic}, by {metric.default_grain}"),
        ("Unit", metric.unit if card.better == "neither" else f"{metric.unit}; {card.better} is better"),
        ("Bands", card.goals(metric.unit, answer.currency)),
        ("Verdict", answer.verdict or ""),
        ("Splits", ", ".join(metric.dimensions)),
        ("Owner", card.audience.owner),
        ("If it is bad", card.action),
        ("Method", f"{answer.method}; version {metric.version}"),
    ]
    facts += [("Note", note) for note in answer.notes]
    return [(fact, words) for fact, words in facts if words]


def _facts(terminal: Terminal, facts: list[tuple[str, str]]) -> None:
    for fact, words in facts:
        terminal.words(f"{fact}: {words}" if not fact.endswith("=") else f"{fact}… {words}")
