"""What do two schemas say differently: what do they take no longer, what more, and which properties come and go?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from firstcall.sources.openapi.endpoints import mapping, resolved, written
from firstcall.sources.openapi.operations import Schema

DEEPEST = 24
"""Levels of properties compared; deeper ones are those of a circle, or nobody's."""
MOST_STEPS = 5_000
MOST_PARTS = 1_000
"""Parts of `allOf` that are put together for one schema."""
NUMBERS = frozenset({"integer", "number"})
LOWER_LIMITS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_LIMITS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


@dataclass(frozen=True, slots=True)
class Difference:
    """`fact` is what happened to the schema at `at` (a path of properties), `before` and `after` its values."""

    fact: str
    at: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two documents and where in them we are; `seen` holds the references followed on the way.

    `ever` holds all that were followed and `steps` counts them: schemas that each refer to all the others have more
    ways through them than anybody can go, so that past `MOST_STEPS` none is followed twice.
    """

    old_root: Mapping[str, object]
    new_root: Mapping[str, object]
    at: str = ""
    depth: int = 0
    seen: frozenset[tuple[str, str]] = frozenset()
    ever: set[tuple[str, str]] = field(default_factory=set)
    steps: list[int] = field(default_factory=lambda: [0])


def differences(old_root: Schema, new_root: Schema, old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield how the schema `new` differs from `old`; references are followed, circles end."""
    yield from _compared(_Pair(old_root, new_root), old, new)


def _compared(pair: _Pair, old: Schema, new: Schema) -> Iterator[Difference]:
    references = (str(old.get("$ref", "")), str(new.get("$ref", "")))
    seen = pair.seen if pair.steps[0] < MOST_STEPS else pair.ever
    if pair.depth > DEEPEST or (any(references) and references in seen):
        return
    pair.steps[0] += 1
    pair.ever.add(references)
    pair = replace(pair, depth=pair.depth + 1, seen=pair.seen | {references})
    old, new = _whole(pair.old_root, old), _whole(pair.new_root, new)
    yield from _types(pair, old, new)
    yield from _enums(pair, old, new)
    yield from _limits(pair, old, new)
    yield from _alternatives(pair, old, new)
    yield from _properties(pair, old, new)
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _compared(replace(pair, at=f"{pair.at}[]"), mapping(old["items"]), mapping(new["items"]))


def _whole(root: Schema, schema: Schema, depth: int = 0, left: list[int] | None = None) -> Schema:
    """Return a schema with its references followed and the parts of `allOf` put together."""
    found = mapping(resolved(root, schema))
    parts = found.get("allOf")
    if not isinstance(parts, list) or depth > DEEPEST:
        return found
    left = [MOST_PARTS] if left is None else left
    made: dict[str, object] = {key: value for key, value in found.items() if key != "allOf"}
    for part in parts:
        left[0] -= 1
        if left[0] < 0:
            break
        whole = _whole(root, mapping(part), depth + 1, left)
        properties = {**mapping(made.get("properties")), **mapping(whole.get("properties"))}
        required = [*_listed(made.get("required")), *_listed(whole.get("required"))]
        made = {**whole, **made, "properties": properties, "required": required}
    return made


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _said(values: object) -> str:
    return ", ".join(sorted(map(str, values))) if isinstance(values, set | frozenset) else str(values)


def types(schema: Schema) -> frozenset[str] | None:
    """Return the types a schema allows, `null` among them; None when any is."""
    given = schema.get("type")
    found = set(map(str, given)) if isinstance(given, list) else {str(given)} if given is not None else set()
    if not found and mapping(schema.get("properties")):
        found = {"object"}
    if not found:
        return None
    if schema.get("nullable") is True or schema.get("x-nullable") is True:
        found.add("null")
    return frozenset(found)


def _types(pair: _Pair, old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = types(old), types(new)
    if before != after:
        plain = (before or frozenset()) ^ (after or frozenset())
        if before is not None and after is not None and plain == {"null"}:
            fact = "null added" if "null" in after else "null removed"
            yield Difference(fact, pair.at)
        else:
            said = (_said(before) if before else "anything", _said(after) if after else "anything")
            if not _within(before, after):
                yield Difference("type narrowed", pair.at, *said)
            if not _within(after, before):
                yield Difference("type widened", pair.at, *said)
    formats = (str(old.get("format") or ""), str(new.get("format") or ""))
    if formats[0] != formats[1] and before == after:
        facts = (
            ("format added",)
            if not formats[0]
            else ("format removed",)
            if not formats[1]
            else ("format changed",)
        )
        yield Difference(facts[0], pair.at, *formats)


def _within(some: frozenset[str] | None, others: frozenset[str] | None) -> bool:
    """Whether everything of some types is of the others; an integer is a number."""
    if others is None:
        return True
    if some is None:
        return False
    return all(one in others or (one == "integer" and "number" in others) for one in some)


def _enums(pair: _Pair, old: Schema, new: Schema) -> Iterator[Difference]:
    def known(schema: Schema) -> set[str] | None:
        given = [schema["const"]] if "const" in schema else schema.get("enum")
        return {written(value) for value in given} if isinstance(given, list) else None

    before, after = known(old), known(new)
    if before is None and after is not None:
        yield Difference("values closed", pair.at, "", _said(after))
    elif before is not None and after is None:
        yield Difference("values opened", pair.at, _said(before))
    elif before is not None and after is not None:
        for value in sorted(before - after):
            yield Difference("value removed", pair.at, value)
        for value in sorted(after - before):
            yield Difference("value added", pair.at, "", value)


def _limits(pair: _Pair, old: Schema, new: Schema) -> Iterator[Difference]:
    for name in (*LOWER_LIMITS, *UPPER_LIMITS):
        before, after = _number(old.get(name)), _number(new.get(name))
        if before == after:
            continue
        tighter = after is not None and (
            before is None or (after > before if name in LOWER_LIMITS else after < before)
        )
        said = (f"{name} {old.get(name, 'none')}", f"{name} {new.get(name, 'none')}")
        yield Difference("limit tightened" if tighter else "limit loosened", pair.at, *said)
    if (pattern := new.get("pattern")) != old.get("pattern"):
        yield Difference(
            "pattern changed" if pattern is not None else "limit loosened",
            pair.at,
            str(old.get("pattern") or "none"),
            str(pattern or "none"),
        )
    if "default" in old and old.get("default") != new.get("default"):
        yield Difference("default changed", pair.at, str(old["default"]), str(new.get("default", "none")))


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _alternatives(pair: _Pair, old: Schema, new: Schema) -> Iterator[Difference]:
    """Compare `oneOf` and `anyOf` by what their schemas are written as."""
    for name in ("oneOf", "anyOf"):
        before, after = (
            {written(one, ordered=True) for one in _listed(schema.get(name))} for schema in (old, new)
        )
        if before and after:
            if before - after:
                yield Difference("alternative removed", pair.at, f"{len(before - after)} of {name}")
            if after - before:
                yield Difference("alternative added", pair.at, "", f"{len(after - before)} of {name}")


def _properties(pair: _Pair, old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = mapping(old.get("properties")), mapping(new.get("properties"))
    needed_before, needed_after = (set(map(str, _listed(schema.get("required")))) for schema in (old, new))
    for name in sorted({*before, *after}, key=str):
        at = f"{pair.at}.{name}" if pair.at else str(name)
        required = name in needed_after
        if name not in before:
            yield Difference("required property added" if required else "property added", at)
        elif name not in after:
            yield Difference("property removed", at)
        else:
            if required and name not in needed_before:
                yield Difference("property became required", at)
            elif name in needed_before and not required:
                yield Difference("property became optional", at)
            below = (mapping(before[name]), mapping(after[name]))
            if below[1].get("deprecated") is True and below[0].get("deprecated") is not True:
                yield Difference("property deprecated", at)
            yield from _compared(replace(pair, at=at), *below)
