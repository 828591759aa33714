"""What can be asked, and which question does each metric answer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall import registry
from firstcall.cli.options import Common, Json
from firstcall.cli.session import settings_of
from firstcall.cli.terminal import Head, Terminal
from firstcall.errors import UnknownName
from firstcall.query.targets import with_targets

if TYPE_CHECKING:
    from firstcall.metrics.metric import Metric


def metrics(
    *,
    family: str | None = None,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """List the metrics and the questions they answer.

    Parameters
    ----------
    family
        Only this family: onboarding, adoption, reliability, business or satisfaction.
    """
    terminal = Terminal(common, as_json=as_json)
    found = with_targets(registry.metrics(), settings_of(common))
    families = list(dict.fromkeys(_family(metric) for metric in found.values()))
    if family is not None:
        if family not in families:
            raise UnknownName("family", family, families)
        found = {name: metric for name, metric in found.items() if _family(metric) == family}
    if as_json:
        terminal.json([entry(name, metric) for name, metric in found.items()])
    for each in families:
        rows = [
            (name, metric.card.question, metric.unit)
            for name, metric in found.items()
            if _family(metric) == each
        ]
        if rows:
            heads = (Head("metric"), Head("question", whole=False), Head("unit"))
            terminal.table(heads, rows, title=each.capitalize())
            terminal.words()
    terminal.words("firstcall explain METRIC shows how one is computed; firstcall ask METRIC computes it.")
    return 0


def _family(metric: Metric) -> str:
    return metric.card.audience.category


def entry(name: str, metric: Metric) -> dict[str, object]:
    """Return everything a reader must know of a metric, as JSON holds it."""
    card, audience = metric.card, metric.card.audience
    lines = dict(card.bands.lines) if card.bands else None
    return {
        "metric": name,
        "version": metric.version,
        "question": card.question,
        "words": card.words,
        "values": {value: metric.unit_of.get(value, metric.unit) for value in metric.names},
        "unit": metric.unit,
        "better": card.better,
        "family": audience.category,
        "horizon": audience.horizon,
        "owner": audience.owner,
        "action": card.action,
        "entity": metric.entity,
        "environment": metric.environment,
        "traffic": metric.traffic,
        "grains": metric.grains,
        "dimensions": metric.dimensions,
        "bands": lines,
        "why_no_bands": card.why_no_bands or None,
        "variants": {
            variant.name: {"values": variant.values, "default": variant.default, "doc": variant.doc}
            for variant in metric.variants
        },
        "needs": [need.split("|") for need in metric.needs],
    }
