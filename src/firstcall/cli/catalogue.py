"""What can be imported, and what can be asked?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall import registry
from firstcall.cli.options import Common, Json
from firstcall.cli.terminal import Head, Terminal
from firstcall.cli.wiring import settings_of
from firstcall.errors import UnknownName
from firstcall.query.targets import with_targets
from firstcall.schema import TABLES

if TYPE_CHECKING:
    from firstcall.metrics.metric import Metric
    from firstcall.schema import Table
    from firstcall.sources.source import Source


def sources(
    name: Annotated[str | None, Parameter(name="NAME")] = None,
    /,
    *,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """List what can be imported, what it needs and what it fills.

    Parameters
    ----------
    name
        One format or table, in full: its columns, shapes and options.
    """
    terminal = Terminal(common, as_json=as_json)
    formats = registry.sources()
    if name is None:
        if as_json:
            listed = [_format(found) for found in formats.values()]
            terminal.json({"formats": listed, "tables": [_table(table) for table in TABLES.values()]})
        _list_sources(terminal, formats.values(), TABLES.values())
    elif name in formats:
        _show_format(terminal, formats[name])
    elif name in TABLES:
        _show_table(terminal, TABLES[name])
    else:
        raise UnknownName(
            "format or table", name, [*formats, *TABLES], hint="firstcall sources lists them all."
        )
    return 0


def _list_sources(terminal: Terminal, formats: Iterable[Source], tables: Iterable[Table]) -> None:
    terminal.table(
        (
            Head("format"),
            Head("fills"),
            Head("shapes", right=True),
            Head("who called", whole=False),
            Head("samples", whole=False),
            Head("options", whole=False),
        ),
        [
            (
                found.name,
                ", ".join((found.fills, *found.also)),
                len(found.variants),
                found.identity,
                found.samples,
                ", ".join(option.name for option in found.options),
            )
            for found in formats
        ],
        title="Formats of gateways and other systems",
    )
    terminal.words()
    terminal.table(
        (Head("table"), Head("layer"), Head("one row is", whole=False), Head("needs", whole=False)),
        [(table.name, table.layer, table.doc, ", ".join(needs(table))) for table in tables],
        title="Tables, from CSV, NDJSON, JSON or Parquet, plain or as .gz or .zst",
    )
    terminal.words()
    terminal.words("firstcall sources NAME shows one in full; firstcall import NAME FILE… imports it.")
    terminal.words("firstcall import auto FILE… tells the format by the first lines of each file.")


def _show_format(terminal: Terminal, found: Source) -> None:
    if terminal.as_json:
        terminal.json(_format(found))
        return
    terminal.words(f"{found.name}: {found.title}", "bold")
    terminal.words(f"Fills {', '.join((found.fills, *found.also))}. Needs {found.needs}")
    terminal.words(f"Who called: {found.identity}")
    terminal.words(f"How sure: {found.certainty}")
    if found.pull is not None:
        where = found.pull.base or f"--url {found.pull.address}"
        needed = f" The token needs: {found.pull.rights}." if found.pull.rights else ""
        terminal.words(f"Can be pulled, from {where}: firstcall pull {found.name}.{needed}")
    terminal.words(f"Samples: {found.samples}")
    if found.variants:
        terminal.words()
        terminal.table(
            (Head("shape"), Head("what it is", whole=False)),
            [(variant.name, variant.doc) for variant in found.variants],
            title="Shapes, told apart by the first lines",
        )
    if found.options:
        terminal.words()
        terminal.table(
            (Head("option"), Head("default"), Head("what it does", whole=False)),
            [(option.name, option.default, option.doc) for option in found.options],
            title="Options, as --option NAME=VALUE",
        )
    if found.pull is not None and found.pull.blanks:
        terminal.words()
        terminal.table(
            (Head("option"), Head("default"), Head("what it does", whole=False)),
            [(blank.name, blank.default, blank.doc) for blank in found.pull.blanks],
            title="Options of the pull",
        )


def _show_table(terminal: Terminal, table: Table) -> None:
    if terminal.as_json:
        terminal.json(_table(table))
        return
    terminal.words(f"{table.name} ({table.layer})", "bold")
    terminal.words(table.doc)
    terminal.words()
    heads = (Head("column"), Head("kind"), Head("required"), Head("what it is", whole=False))
    rows = []
    for column in table.columns:
        domain = f" One of: {', '.join(column.values)}." if column.values else ""
        default = f" Default: {column.default}." if column.default is not None else ""
        rows.append(
            (column.name, column.kind, "yes" if column.required else "", f"{column.doc}{domain}{default}")
        )
    terminal.table(heads, rows)
    terminal.words()
    key = ", ".join(table.key)
    terminal.words(f"A row is known by {key}." if key else "Two rows with the same content are one row.")


def needs(table: Table) -> tuple[str, ...]:
    """Return the columns a row cannot do without; of a group, one is enough."""
    required = [column.name for column in table.columns if column.required]
    return (*required, *(" or ".join(group) for group in table.needs_one_of))


def _format(found: Source) -> dict[str, object]:
    return {
        "name": found.name,
        "title": found.title,
        "fills": found.fills,
        "also": found.also,
        "pull": found.pull is not None,
        "needs": found.needs,
        "identity": found.identity,
        "certainty": found.certainty,
        "samples": found.samples,
        "variants": {variant.name: variant.doc for variant in found.variants},
        "options": {option.name: {"default": option.default, "doc": option.doc} for option in found.options},
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "name": table.name,
        "layer": table.layer,
        "doc": table.doc,
        "key": table.key,
        "needs_one_of": table.needs_one_of,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "required": column.required,
                "values": column.values,
                "default": column.default,
                "doc": column.doc,
            }
            for column in table.columns
        ],
    }


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
        "needs": [list(need) for need in metric.needs],
    }
