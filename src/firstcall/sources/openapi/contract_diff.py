"""What changed between two OpenAPI documents of one product, and what of it breaks those who call?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from firstcall.errors import ImportRefused
from firstcall.sources.openapi.contract_rules import BREAKING, DEPRECATION, RULES
from firstcall.sources.openapi.endpoints import (
    PREFIX,
    Document,
    described,
    mapping,
    parsed,
    text_of,
    unescaped,
    variant_of,
)
from firstcall.sources.openapi.operations import Body, Contract, Operation, Schema, contract
from firstcall.sources.openapi.schema_diff import Difference, differences
from firstcall.sources.tables.delimited import Sheet

NAMES = ("product", "version", "released_at", "kind", "behind_new_version", "notice_days", "detail")
MAJOR = re.compile(r"v?([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an operation; `rule` names the entry of `RULES`.

    `behind` says whether old callers kept the old contract, None when the documents cannot tell; `notice` is days.
    """

    operation: str
    rule: tuple[str, str]
    words: str
    behind: bool | None = False
    notice: int | None = 0

    @property
    def kind(self) -> str:
        """Breaking, deprecation, addition or fix."""
        return RULES[self.rule][0]

    @property
    def detail(self) -> str:
        """The operation, what happened to it, and the rule by which it was judged."""
        return f"{self.operation}: {self.words} ({' '.join(self.rule)})"


def changes(old: Contract, new: Contract, released: date) -> tuple[Change, ...]:
    """Return every change from `old` to `new`, released on a day, in the order of routes."""
    moved = _major(old.document.version) != _major(new.document.version)
    found: list[Change] = []
    successors = {(each.method, each.unversioned): each for each in new.operations.values()}
    taken = set()
    for key, before in old.operations.items():
        after = new.operations.get(key) or successors.get((before.method, before.unversioned))
        if after is None:
            found.append(_removed(before, new, released))
            continue
        taken.add((after.method, after.shape))
        kept = moved if key in new.operations else None
        found += _judged(old, new, (before, after), released, behind=kept)
    for key, added in new.operations.items():
        if key not in taken:
            found += _added(old, new, added, released)
    return tuple(sorted(found, key=lambda change: (change.operation.split(" ")[::-1], change.detail)))


def _added(old: Contract, new: Contract, added: Operation, released: date) -> Iterator[Change]:
    """Yield the new operation, and what it breaks beside the one it succeeds, which is still there."""
    yield _change(added, ("operation", "added"), Difference("", ""))
    for before in old.operations.values():
        if (before.method, before.unversioned) == (added.method, added.unversioned):
            judged = _judged(old, new, (before, added), released, behind=True)
            yield from (change for change in judged if change.kind == BREAKING)
            return


def _major(version: str | None) -> str | None:
    found = MAJOR.match(version or "")
    return found[1] if found else None


def _change(
    operation: Operation,
    rule: tuple[str, str],
    what: Difference,
    *,
    behind: bool | None = False,
    notice: int | None = 0,
) -> Change:
    words = RULES[rule][1].format(at=what.at, before=what.before, after=what.after)
    return Change(f"{operation.method} {operation.route}", rule, words, behind, notice)


def _removed(before: Operation, new: Contract, released: date) -> Change:
    sunset = _day(before.sunset)
    if before.deprecated and sunset is not None and sunset <= released:
        rule = ("operation", "removed after its sunset")
    elif any(shape == before.shape for _, shape in new.operations):
        rule = ("operation", "removed")
    else:
        rule = ("operation", "path removed")
    what = Difference("", "", before.sunset or "")
    return _change(before, rule, what, notice=_notice(before, released))


def _notice(before: Operation, released: date) -> int | None:
    """Return the days from the deprecation to the release: none without one, unknown when it has no date."""
    if not before.deprecated:
        return 0
    announced = _day(before.deprecated_at)
    return None if announced is None else max((released - announced).days, 0)


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said[:10]) if said else None
    except ValueError:
        return None


def _judged(
    old: Contract, new: Contract, pair: tuple[Operation, Operation], released: date, *, behind: bool | None
) -> Iterator[Change]:
    before, after = pair
    notice = _notice(before, released)
    roots = (old.root, new.root)
    for side, what in (
        *_standing(before, after),
        *_parameters(roots, before, after),
        *_bodies(roots, before.body, after.body),
        *_answers(roots, before, after),
    ):
        rule = (side, what.fact)
        days = notice
        if RULES[rule][0] == DEPRECATION:
            sunset = _day(after.sunset)
            days = None if sunset is None else max((sunset - released).days, 0)
        yield _change(after, rule, what, behind=behind, notice=days)


def _standing(before: Operation, after: Operation) -> Iterator[tuple[str, Difference]]:
    if before.deprecated != after.deprecated:
        yield "operation", Difference("deprecated" if after.deprecated else "no longer deprecated", "")
    days = (_day(before.sunset), _day(after.sunset))
    if days[0] is not None and days[1] is not None and days[0] != days[1]:
        fact = "sunset moved closer" if days[1] < days[0] else "sunset moved"
        yield "operation", Difference(fact, "", str(days[0]), str(days[1]))
    locked_out = [way for way in before.security if not any(new <= way for new in after.security)]
    if locked_out and any(not way for way in before.security):
        yield "operation", Difference("authentication added", "")
    elif locked_out:
        yield "operation", Difference("authentication changed", "", _credentials(locked_out))
    elif any(not any(old <= way for old in before.security) for way in after.security):
        yield "operation", Difference("authentication loosened", "")


def _credentials(ways: list[frozenset[tuple[str, str]]]) -> str:
    return " or ".join(
        " and ".join(f"{scheme} {scope}".strip() for scheme, scope in sorted(way)) for way in ways
    )


def _parameters(
    roots: tuple[Schema, Schema], before: Operation, after: Operation
) -> Iterator[tuple[str, Difference]]:
    for key in sorted({*before.parameters, *after.parameters}):
        old, new = before.parameters.get(key), after.parameters.get(key)
        one = new or old
        at = f"{one.place} parameter {one.name}" if one else ""
        if old is None or new is None:
            if new is not None and new.required and new.place != "path":
                yield "parameter", Difference("required added", at)
            elif key[0] != "path":
                yield "parameter", Difference("removed" if new is None else "added", at)
            continue
        if key[0] == "path" and old.name != new.name:
            yield "parameter", Difference("renamed", at, old.name, new.name)
        if old.required != new.required:
            yield "parameter", Difference("became required" if new.required else "became optional", at)
        if new.deprecated and not old.deprecated:
            yield "parameter", Difference("deprecated", at)
        yield from _schemas(roots, "request", at, old.schema, new.schema)


def _bodies(
    roots: tuple[Schema, Schema], old: Body | None, new: Body | None
) -> Iterator[tuple[str, Difference]]:
    if old is None or new is None:
        if new is not None:
            yield "body", Difference("required added" if new.required else "added", "")
        elif old is not None:
            yield "body", Difference("removed", "")
        return
    if old.required != new.required:
        yield "body", Difference("became required" if new.required else "became optional", "")
    yield from _media(roots, ("body", "request"), "", old.media, new.media)


def _answers(
    roots: tuple[Schema, Schema], before: Operation, after: Operation
) -> Iterator[tuple[str, Difference]]:
    for code in sorted({*before.responses, *after.responses}):
        old, new = before.responses.get(code), after.responses.get(code)
        if new is None:
            yield "answer", Difference("success removed" if code.startswith("2") else "removed", "", code)
        elif old is None:
            yield "answer", Difference("added", "", "", code)
        else:
            yield from _media(roots, ("answer", "response"), code, old, new)


def _media(
    roots: tuple[Schema, Schema],
    sides: tuple[str, str],
    at: str,
    old: Mapping[str, Schema],
    new: Mapping[str, Schema],
) -> Iterator[tuple[str, Difference]]:
    """Compare by media type; what a type brings that several share is said once."""
    said = set()
    for name in sorted({*old, *new}):
        if name not in new:
            yield sides[0], Difference("media type removed", at, name)
        elif name not in old:
            yield sides[0], Difference("media type added", at, "", name)
        else:
            for side, what in _schemas(
                roots, sides[1], f"response {at}" if at else "body", old[name], new[name]
            ):
                if what not in said:
                    said.add(what)
                    yield side, what


def _schemas(
    roots: tuple[Schema, Schema], side: str, at: str, old: Schema, new: Schema
) -> Iterator[tuple[str, Difference]]:
    for what in differences(*roots, old, new):
        where = f"{what.at} of {at}" if what.at else at
        yield side, Difference(what.fact, where, what.before, what.after)


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of two documents and the names they were given, the older first."""

    old: Path
    new: Path
    shown: tuple[str, str]


def load_changes(
    connection: duckdb.DuckDBPyConnection, pair: Pair, options: Mapping[str, str], dated: datetime
) -> Sheet | None:
    """Fill the temporary table `sheet` with the changes of a contract; None when the documents are of two products.

    `dated` is when the newer file was written, for documents without a date of their own. Raises ImportRefused when
    one is no OpenAPI document or `--option released` is no date.
    """
    old, new = (
        _contract(path, shown, options) for path, shown in zip((pair.old, pair.new), pair.shown, strict=True)
    )
    if old.document.product != new.document.product:
        return None
    released, why = _released(new.document, options, dated)
    version = new.document.given_version or new.document.version or _prefix(new) or "unknown"
    rows = [
        [
            new.document.product,
            version,
            released,
            change.kind,
            None if change.behind is None else str(change.behind).lower(),
            None if change.notice is None else str(change.notice),
            change.detail,
        ]
        for change in changes(old, new, date.fromisoformat(released[:10]))
    ]
    connection.execute("DROP TABLE IF EXISTS sheet")
    connection.execute(
        "CREATE TEMP TABLE sheet AS SELECT row_number() OVER () AS row, fields, NULL::VARCHAR AS problem, "
        "NULL::VARCHAR AS content FROM (SELECT unnest(from_json(?, '[[\"VARCHAR\"]]')) AS fields)",
        [unescaped(rows)],
    )
    variant = f"changes from {pair.shown[0]} to {pair.shown[1]}"
    return Sheet(NAMES, variant, (f"{len(rows):,} {variant}, released {released[:10]} ({why})",))


def _contract(path: Path, shown: str, options: Mapping[str, str]) -> Contract:
    root = parsed(path, shown)
    variant_of(root, shown)
    return contract(described(root, options))


def _released(document: Document, options: Mapping[str, str], dated: datetime) -> tuple[str, str]:
    if "released" in options:
        if _day(options["released"]) is None:
            raise ImportRefused(
                f"--option released={options['released']}: expected a date, as in 2026-03-01; nothing was compared."
            )
        return options["released"], "as said"
    info = mapping(document.root.get("info"))
    own = text_of(info.get("x-release-date")) or text_of(info.get("x-date")) or document.dated
    if own is not None and _day(own) is not None:
        return own, "the newer document's own date"
    return dated.astimezone(
        UTC
    ).date().isoformat(), "the newer file's date; --option released=YYYY-MM-DD sets it"


def _prefix(new: Contract) -> str | None:
    found = (PREFIX.search(operation.route) for operation in new.operations.values())
    return next((match[1] for match in found if match), None)
