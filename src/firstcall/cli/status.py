"""What is there, how fresh is it, and what can be computed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.options import Common, Flag, Json
from firstcall.cli.terminal import Head, Terminal
from firstcall.cli.wiring import opened, settings_of
from firstcall.settings import Settings, origin
from firstcall.settings.rules import Section
from firstcall.settings.template import toml
from firstcall.units import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.cli.standing import Freshness, Standing
    from firstcall.metrics.readiness import Readiness

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
    from firstcall.cli.standing import standing

    terminal = Terminal(common, as_json=as_json)
    in_force = settings_of(common)
    if settings:
        _show_settings(terminal, in_force)
        return 0
    with opened(in_force) as program:
        found = standing(program)
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


def status_json(found: Standing) -> dict[str, object]:
    """Return how the program stands as JSON holds it; times are UTC, lag is seconds."""
    return {
        "store": found.store,
        "sources": {
            each.source: {
                "calls": each.calls,
                "first": f"{each.first.isoformat()}Z",
                "watermark": f"{each.last.isoformat()}Z",
                "lag": round(each.lag, 3),
                "days_without_calls": each.gaps,
            }
            for each in found.sources
        },
        "tables": found.tables,
        "attributed": found.attributed,
        "refused": [
            {"source": source, "reason": reason, "rows": rows}
            for (source, reason), rows in found.refused.items()
        ],
        "metrics": {
            metric: {
                "ready": each.state != "missing",
                "state": each.state,
                "missing": [{"table": table, "command": command} for table, command in each.missing],
                "without": [{"table": table, "command": command} for table, command in each.without],
            }
            for metric, each in found.metrics.items()
        },
    }


def _print(terminal: Terminal, found: Standing) -> None:
    terminal.words(f"Store: {found.store}")
    terminal.words()
    _print_sources(terminal, found.sources)
    if found.attributed is not None:
        terminal.words(f"Calls whose caller is known: {show(found.attributed, 'share')}")
        terminal.words()
    others = [(table, show(count, "count")) for table, count in found.tables.items() if table != "calls"]
    if others:
        terminal.table((Head("table"), Head("rows", right=True)), others)
        terminal.words()
    if found.refused:
        rows = [(source, reason, show(count, "count")) for (source, reason), count in found.refused.items()]
        heads = (Head("refused from"), Head("reason", whole=False), Head("rows", right=True))
        terminal.table(heads, rows)
        terminal.words("firstcall refused shows them.")
        terminal.words()
    _print_readiness(terminal, found.metrics)


def _print_sources(terminal: Terminal, sources: tuple[Freshness, ...]) -> None:
    if not sources:
        terminal.words("No calls yet: firstcall sources lists the gateways whose logs can be imported.")
        terminal.words()
        return
    heads = ("gateway", "calls", "from", "until (UTC)", "lag", "days missed")
    terminal.table(
        [Head(title, right=title in {"calls", "lag", "days missed"}) for title in heads],
        [
            (
                each.source,
                show(each.calls, "count"),
                f"{each.first:%Y-%m-%d}",
                f"{each.last:%Y-%m-%d %H:%M:%S}",
                show(each.lag, "seconds", short=True),
                show(each.gaps, "count"),
            )
            for each in sources
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
