"""What became of the paths, and what would become of them under other rules?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall.cli.options import Common, Flag, Json
from firstcall.cli.session import connection_of, opened, settings_of
from firstcall.cli.terminal import Head, Terminal
from firstcall.errors import FirstcallError, UnknownName, UsageError
from firstcall.units import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from firstcall.pipeline.loading.reclassify import Move
    from firstcall.pipeline.route_report import Candidate, Folded, RouteFound, RouteReport

MOST = 50
"""Lines of a table; `--json` has all."""
NO_PRODUCT = "null"
"""How --product asks for calls without a product."""


def routes(
    *,
    product: str | None = None,
    dry_run: Annotated[bool, Flag, Parameter(name="--dry-run")] = False,
    apply: Annotated[bool, Flag, Parameter(name="--apply")] = False,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """Show what became of the paths, and how to count them otherwise.

    Parameters
    ----------
    product
        Only this product; null asks for calls without one.
    dry_run
        Show what the rules of the settings file would change in history, and change nothing.
    apply
        Write the rules that are proposed into the settings file; history follows at once.
    """
    terminal = Terminal(common, as_json=as_json)
    if dry_run and apply:
        raise UsageError("--dry-run changes nothing and --apply does. Give one of them.")
    if dry_run:
        return _dry_run(terminal, common, product)
    if apply:
        return _apply(terminal, common, product)
    # duckdb loads with it, and --help needs none
    from firstcall.pipeline.route_report import report

    with opened(settings_of(common)) as program:
        found = report(connection_of(program), program.settings)
    known = {each.product for each in found.routes}
    kept = _only(found, product, known)
    if as_json:
        terminal.json(asdict(kept))
    else:
        _print(terminal, kept)
    return 0


def _dry_run(terminal: Terminal, common: Common | None, product: str | None) -> int:
    # duckdb, as above
    from firstcall.pipeline.loading import reclassify

    settings = settings_of(common)
    with opened(settings, settled=False) as program:
        connection = connection_of(program)
        connection.execute("BEGIN")
        try:
            reclassify.stage(connection, settings)
            found = reclassify.moves(connection)
        finally:
            connection.execute("ROLLBACK")
    if product is not None:
        asked = None if product == NO_PRODUCT else product
        found = tuple(move for move in found if move.product == asked)
    if terminal.as_json:
        terminal.json({"changes": [asdict(move) for move in found]})
    else:
        _print_moves(terminal, found)
    return 0


def _apply(terminal: Terminal, common: Common | None, product: str | None) -> int:
    # duckdb, as above
    from firstcall.pipeline.route_report import report

    settings = settings_of(common)
    if settings.file is None:
        raise UsageError("There is no firstcall.toml to write rules into. Make one with `firstcall init`.")
    with opened(settings) as program:
        found = report(connection_of(program), program.settings)
    kept = _only(found, product, {each.product for each in found.routes})
    rules = tuple(dict.fromkeys(each.rule for each in kept.candidates))
    before = settings.file.read_bytes()
    if rules:
        settings.file.write_bytes(before.rstrip() + b"\n\n" + "\n".join(rules).encode())
    try:
        with opened(settings_of(common)) as program:
            left = len(report(connection_of(program), program.settings).routes)
    except FirstcallError:
        settings.file.write_bytes(before)
        raise
    if terminal.as_json:
        terminal.json({"rules": rules, "routes_before": len(found.routes), "routes": left})
    elif rules:
        made = f"{show(len(rules), 'count')} rules written into {settings.file.name}"
        terminal.words(f"{made}; {show(len(found.routes), 'count')} routes became {show(left, 'count')}.")
        terminal.words("A rule that you do not want can be deleted there; history follows again.")
    else:
        terminal.words("No segment looks like an id that was not recognised; nothing was written.")
    return 0


def _only(found: RouteReport, product: str | None, known: Iterable[str | None]) -> RouteReport:
    # duckdb, as above
    from firstcall.pipeline.route_report import RouteReport

    if product is None:
        return found
    asked = None if product == NO_PRODUCT else product
    if asked not in known:
        names = sorted(each for each in known if each is not None)
        raise UnknownName("product with calls", product, names)
    return RouteReport(
        tuple(each for each in found.routes if each.product == asked),
        tuple(each for each in found.other if each.product == asked),
        tuple(each for each in found.candidates if each.product == asked),
    )


def _print(terminal: Terminal, found: RouteReport) -> None:
    if not found.routes:
        terminal.words("No calls yet: firstcall sources lists the gateways whose logs can be imported.")
        return
    _print_routes(terminal, found.routes)
    _print_other(terminal, found.other)
    _print_candidates(terminal, found.candidates)
    if not found.candidates:
        terminal.words("No segment looks like an id that was not recognised.")
    terminal.words(
        "firstcall routes --dry-run shows what changed rules would change before they are in force."
    )


def _print_routes(terminal: Terminal, found: Sequence[RouteFound]) -> None:
    counted: dict[str, int] = {}
    for each in found:
        counted[each.by] = counted.get(each.by, 0) + each.calls
    total = sum(counted.values())
    shares = (f"{by} {show(calls / total, 'share')}" for by, calls in counted.items())
    terminal.words(
        f"{show(len(found), 'count')} routes; calls by how they were recognised: {', '.join(shares)}"
    )
    terminal.words()
    heads = (
        Head("product"), Head("method"), Head("route", whole=False), Head("by"), Head("calls", right=True),
        Head("paths", right=True), Head("such as", whole=False),
    )  # fmt: skip
    rows = [
        (
            _named(one.product),
            one.method,
            one.route,
            one.by,
            show(one.calls, "count"),
            show(one.paths, "count"),
            " ".join(one.examples),
        )
        for one in found[:MOST]
    ]
    terminal.table(heads, rows)
    _rest(terminal, len(found))
    terminal.words()


def _print_other(terminal: Terminal, found: Sequence[Folded]) -> None:
    for one in found:
        terminal.words(
            f"{_named(one.product)}: {show(one.calls, 'count')} calls of {show(one.routes, 'count')} routes are "
            f"counted under (other), such as {' '.join(one.examples)}: {one.why}."
        )
    if found:
        terminal.words()


def _print_candidates(terminal: Terminal, found: Sequence[Candidate]) -> None:
    if not found:
        return
    heads = (
        Head("product"), Head("one route instead", whole=False), Head("values", right=True),
        Head("calls", right=True), Head("such as", whole=False),
    )  # fmt: skip
    rows = [
        (
            _named(one.product),
            one.route,
            show(one.values, "count"),
            show(one.calls, "count"),
            " ".join(one.examples),
        )
        for one in found[:MOST]
    ]
    terminal.table(heads, rows, title="Segments that look like ids")
    _rest(terminal, len(found))
    terminal.words()
    terminal.words(
        "To count them so, let `firstcall routes --apply` write these rules into firstcall.toml, or add those that "
        "hold; history follows at once:"
    )
    terminal.words()
    for rule in dict.fromkeys(one.rule for one in found[:MOST]):
        terminal.words(rule)


def _print_moves(terminal: Terminal, found: Sequence[Move]) -> None:
    if not found:
        terminal.words("These rules change nothing in history.")
        return
    heads = (
        Head("what"), Head("product"), Head("is", whole=False), Head("would be", whole=False),
        Head("calls", right=True),
    )  # fmt: skip
    rows = [
        (
            one.column.replace("_", " "),
            _named(one.product),
            _named(one.before),
            _named(one.after),
            show(one.calls, "count"),
        )
        for one in found[:MOST]
    ]
    terminal.table(heads, rows)
    _rest(terminal, len(found))
    terminal.remark("This was a dry run; the next command that opens the store makes it so.")


def _rest(terminal: Terminal, total: int) -> None:
    if total > MOST:
        terminal.words(f"The busiest {MOST} of {show(total, 'count')}; --json has all of them.")


def _named(value: str | None) -> str:
    return "none" if value is None else value
