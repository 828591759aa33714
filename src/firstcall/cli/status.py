"""What is there, how fresh is it, and what can be computed?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.options import Common, Flag, Json
from firstcall.cli.session import opened, settings_of
from firstcall.cli.terminal import Head, Terminal
from firstcall.settings import Settings, origin
from firstcall.settings.rules import Section
from firstcall.settings.template import toml
from firstcall.units import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from firstcall.cli.store_status import GatewayStatus, OtherSource, StoreStatus
    from firstcall.query.requirements import Readiness

MOST_GAPS = 5
"""Gaps listed for a gateway; `--json` names every day."""
FEW = 3
"""Metrics named beside what they miss; `--json` names all."""


def status(
    *,
    settings: Annotated[bool, Flag, Parameter(name="--settings")] = False,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Show what is there, how fresh it is, and what can be computed.

    Parameters
    ----------
    settings
        Show every setting in force and where it came from instead.
    """
    # duckdb loads with it, and --settings needs no store
    from firstcall.cli.store_status import store_status

    terminal = Terminal(common, as_json=as_json)
    in_force = settings_of(common)
    if settings:
        _show_settings(terminal, in_force)
        return 0
    with opened(in_force) as program:
        found = store_status(program)
    if as_json:
        terminal.json(status_json(found))
    else:
        _print(terminal, found)
    return 0


def _show_settings(terminal: Terminal, settings: Settings) -> None:
    if terminal.as_json:
        terminal.json(
            {each.key: {"value": _plain(each.value), "from": each.where} for each in origin(settings)}
        )
        return
    terminal.words(f"Settings file: {settings.file or 'none; firstcall init writes one'}")
    terminal.words()
    heads = (Head("setting"), Head("value", whole=False), Head("from"))
    terminal.table(heads, [(each.key, _shown(each.value), each.where) for each in origin(settings)])


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if dump := getattr(value, "model_dump", None):
        return dump(mode="json", by_alias=True, exclude_defaults=True)
    return value if isinstance(value, bool | int | float | None) else str(value)


def _shown(value: object) -> str:
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, tuple) and isinstance(value[0], Section):
        return f"{len(value)} rules"
    return toml(value)


def status_json(found: StoreStatus) -> dict[str, object]:
    """Return how the program stands as JSON holds it; times are UTC, lag is seconds."""
    return {
        "store": found.store,
        "sources": {each.source: _source_json(each) for each in found.sources},
        "other_sources": [
            {
                "source": each.source,
                "table": each.table,
                "rows": each.rows,
                "latest": each.latest and f"{each.latest.isoformat()}Z",
                "imported": f"{each.imported.isoformat()}Z",
                "refused": each.refused,
            }
            for each in found.others
        ],
        "tables": found.tables,
        "attributed": found.attributed,
        "other_routes": found.folded,
        "refused": [
            {"source": source, "reason": reason, "rows": rows}
            for (source, reason), rows in found.refused.items()
        ],
        "metrics": {metric: _readiness_json(each) for metric, each in found.metrics.items()},
    }


def _source_json(source: GatewayStatus) -> dict[str, object]:
    return {
        "calls": source.calls,
        "rows": source.calls,
        "first": f"{source.first.isoformat()}Z",
        "watermark": f"{source.last.isoformat()}Z",
        "lag": round(source.lag, 3),
        "days_without_calls": source.silent,
        "gaps": [day.isoformat() for day in source.gaps],
        "pauses": source.pauses,
        "attributed": source.attributed,
        "refused": source.refused,
    }


def _readiness_json(readiness: Readiness) -> dict[str, object]:
    return {
        "ready": readiness.state != "missing",
        "state": readiness.state,
        "missing": [{"table": table, "command": command} for table, command in readiness.missing],
        "without": [{"table": table, "command": command} for table, command in readiness.without],
    }


def _print(terminal: Terminal, found: StoreStatus) -> None:
    terminal.words(f"Store: {found.store}")
    terminal.words()
    _print_sources(terminal, found.sources)
    if found.attributed is not None:
        terminal.words(f"Calls whose caller is known: {show(found.attributed, 'share')}")
        terminal.words()
    if found.folded:
        folded = show(found.folded, "count")
        terminal.words(f"{folded} calls are counted under the route (other); firstcall routes tells why.")
        terminal.words()
    _print_others(terminal, found.others)
    if found.refused:
        rows = [(source, reason, show(count, "count")) for (source, reason), count in found.refused.items()]
        heads = (Head("refused from"), Head("reason", whole=False), Head("rows", right=True))
        terminal.table(heads, rows)
        terminal.words("firstcall refused shows them.")
        terminal.words()
    _print_readiness(terminal, found.metrics)


def _print_sources(terminal: Terminal, sources: tuple[GatewayStatus, ...]) -> None:
    if not sources:
        terminal.words("No calls yet: firstcall sources lists the gateways whose logs can be imported.")
        terminal.words()
        return
    heads = ("gateway", "calls", "from", "until (UTC)", "lag", "caller known", "refused", "gaps")
    terminal.table(
        [Head(title, right=title not in {"gateway", "from", "until (UTC)"}) for title in heads],
        [
            (
                each.source,
                show(each.calls, "count"),
                f"{each.first:%Y-%m-%d}",
                f"{each.last:%Y-%m-%d %H:%M:%S}",
                show(each.lag, "seconds", short=True),
                "" if each.attributed is None else show(each.attributed, "share"),
                show(sum(each.refused.values()), "count"),
                show(len(each.gaps), "count"),
            )
            for each in sources
        ],
    )
    for each in sources:
        if each.gaps:
            more = (
                f" and {len(spans(each.gaps)) - MOST_GAPS} more" if len(spans(each.gaps)) > MOST_GAPS else ""
            )
            terminal.words(f"{each.source} has no calls on {', '.join(spans(each.gaps)[:MOST_GAPS])}{more}")
        if each.pauses:
            rest = " and ".join(f"{day}s" for day in each.pauses)
            terminal.words(f"{each.source} always rests on {rest}; these are no gaps")
    terminal.words()


def spans(days: Sequence[date]) -> list[str]:
    """Return days in order as people write them, neighbours as one: 2026-07-03 to 2026-07-05."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]


def _print_others(terminal: Terminal, others: tuple[OtherSource, ...]) -> None:
    if not others:
        return
    heads = ("table", "source", "rows", "latest row (UTC)", "last import (UTC)", "refused")
    terminal.table(
        [Head(title, right=title in {"rows", "refused"}) for title in heads],
        [
            (
                each.table,
                each.source,
                show(each.rows, "count"),
                "" if each.latest is None else f"{each.latest:%Y-%m-%d %H:%M:%S}",
                f"{each.imported:%Y-%m-%d %H:%M:%S}",
                show(sum(each.refused.values()), "count"),
            )
            for each in others
        ],
    )
    terminal.words()


def _print_readiness(terminal: Terminal, metrics: Mapping[str, Readiness]) -> None:
    wholly = [name for name, each in metrics.items() if each.state == "computable"]
    partly = [name for name, each in metrics.items() if each.state == "in part"]
    terminal.words(f"Can be computed: {len(wholly)} of {len(metrics)} metrics", "bold")
    terminal.words(", ".join(wholly) or "none yet")
    if partly:
        terminal.words()
        terminal.words(f"In part: {len(partly)}", "bold")
        terminal.words(", ".join(partly))
    for title, lacks in (
        ("missing", _by_lack({name: each.missing for name, each in metrics.items()})),
        ("would tell more", _by_lack({name: each.without for name, each in metrics.items()})),
    ):
        if lacks:
            terminal.words()
            terminal.table((Head(title), Head("this adds it"), Head("for", whole=False)), lacks)


def _by_lack(lacks: Mapping[str, tuple[tuple[str, str], ...]]) -> list[tuple[str, str, str]]:
    """Return (table, command, metrics that lack it) from the lacks of each metric."""
    found: dict[tuple[str, str], list[str]] = {}
    for metric, tables in lacks.items():
        for lack in tables:
            found.setdefault(lack, []).append(metric)
    return [(table, command, _few(names)) for (table, command), names in found.items()]


def _few(names: list[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"{', '.join(names[:FEW])}{more}"
