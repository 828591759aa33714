"""Which metrics are there, and how is each defined?"""

from __future__ import annotations

from collections.abc import Iterator

from firstcall import registry
from firstcall.metrics.metric import Metric
from tests.contracts.pages import markdown


def card(name: str, metric: Metric) -> Iterator[str]:
    """Yield what the page says of one metric."""
    yield f"## {name}"
    yield f"**{metric.question}** {metric.words}"
    yield "\n".join(f"- {head}: {said}" for head, said in facts(metric) if said)


def facts(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield (what, said) for the lines below a metric's definition."""
    yield "Unit", f"{metric.unit}, {metric.better} is better"
    yield "Values", ", ".join(f"`{value}`" for value in metric.values)
    yield "What to do", metric.action


def page() -> str:
    """Return docs/metrics.md."""
    head = markdown.opening(
        "Metrics",
        "`firstcall ask METRIC` answers one; `firstcall explain METRIC` shows its SQL and its rows.",
    )
    return markdown.page([head, *(part for item in registry.metrics().items() for part in card(*item))])
