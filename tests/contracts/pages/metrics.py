"""Which metrics are there, and how is each defined?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firstcall import registry
from firstcall.metrics.metric import Metric
from firstcall.query.commands import command
from firstcall.query.targets import with_targets
from firstcall.settings import Settings
from tests.contracts.pages import markdown


def code(names: Iterable[str]) -> str:
    """Return names in backticks, between commas."""
    return ", ".join(f"`{name}`" for name in names)


def facts(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield (what, said) for the lines below a metric's definition; what is not said is empty."""
    card, audience = metric.card, metric.card.audience
    better = "no direction is better" if card.better == "neither" else f"{card.better} is better"
    yield "Unit", f"{metric.unit}; {better}"
    yield "Values", code(metric.names) if len(metric.names) > 1 else ""
    yield "Counts", f"{metric.entity}s; environment {metric.environment}; {metric.traffic} traffic"
    yield "Splits by", code(metric.dimensions)
    yield (
        "Needs",
        "; ".join(f"`{tables}`: `{command(tables.split('|')[0], metric)}`" for tables in metric.needs),
    )
    yield "Grain", f"`{metric.default_grain}`, or {code(others(metric))}"
    yield "Bands", card.goals(metric.unit)
    yield "For", f"{audience.owner}; {audience.category}, {audience.horizon} horizon"
    yield "What to do", card.action


def others(metric: Metric) -> list[str]:
    """Return the grains other than the default."""
    return [grain for grain in metric.grains if grain != metric.default_grain]


def section(name: str, metric: Metric) -> Iterator[str]:
    """Yield what the page says of one metric."""
    yield f"## {name}"
    yield f"**{metric.card.question}**"
    yield metric.card.words
    yield "\n".join(f"- {head}: {said}" for head, said in facts(metric) if said)
    if metric.variants:
        yield markdown.table(
            ("`--set`", "what it decides", "values", "default"),
            ((f"`{v.name}`", v.doc, code(v.values), f"`{v.default}`") for v in metric.variants),
        )


def page() -> str:
    """Return docs/metrics.md."""
    head = markdown.opening(
        "Metrics",
        "`firstcall ask METRIC` answers one; `firstcall explain METRIC` shows its SQL and its rows.",
        "[Answers](answers.md) tells how to read the result.",
    )
    found = with_targets(registry.metrics(), Settings()).items()
    index = markdown.table(
        ("metric", "question"), ((f"[{name}](#{name})", metric.card.question) for name, metric in found)
    )
    return markdown.page([head, index, *(part for item in found for part in section(*item))])
