"""How does a log of one JSON object per call name its fields, wherever its versions put them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from firstcall.errors import UnknownName, UsageError
from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.call_columns import BLANK, NOT_AN_OBJECT, first, given
from firstcall.sources.parsing.json_log import extracted
from firstcall.sources.parsing.moments import moment_shape
from firstcall.sources.source import Option

Places = Mapping[str, Sequence[str]]
"""Name → JSON paths where it may stand, best first."""

SAMPLED = Option(
    "sample_rate", "Share of the calls that was logged, as in 0.1; each then stands for its inverse."
)


def fields(places: Places, *, inside: str | None = None, within: Places | None = None) -> str:
    """Return the SELECT of line, doc, matched and one VARCHAR column per name: the first place that holds something.

    `within` are paths in the object that the column `inside` holds, which may also be a text of JSON.
    """
    relation, held = _columns_of(places)
    select = f"SELECT line, doc, matched, {held} FROM ({relation})"
    return opened(select, inside, within) if within and inside else select


def opened(select: str, inside: str, within: Places) -> str:
    """Return `select` with one more column per name in `within`: paths in the JSON that its column `inside` holds."""
    paths = _flat(within)
    listed = quoted_all(paths.values())
    values = f"CASE WHEN json_valid({inside}) THEN json_extract_string({inside}, [{listed}]) END AS w"
    inner = {name: f"w[{n}]" for n, name in enumerate(paths, 1)}
    return f"SELECT * EXCLUDE (w), {_named(within, inner)} FROM (SELECT *, {values} FROM ({select}))"


def _columns_of(places: Places) -> tuple[str, str]:
    relation, at = extracted(_flat(places))
    return relation, _named(places, at)


def _flat(places: Places) -> dict[str, str]:
    return {f"{name}_{n}": path for name, paths in places.items() for n, path in enumerate(paths)}


def _named(places: Places, at: Mapping[str, str]) -> str:
    return ", ".join(
        f"{first(given(at[f'{name}_{n}']) for n in range(len(paths)))} AS {name}"
        for name, paths in places.items()
    )


def refusal(skipped: str | None = None, *, reason: str = NOT_AN_OBJECT, matched: str = "matched") -> str:
    """Return why a row is no call (SQL); rows where `skipped` holds are counted as filtered, like blank lines."""
    filtered = f"WHEN {skipped} THEN {quoted(BLANK)} " if skipped else ""
    return (
        f"CASE WHEN NOT coalesce({matched}, false) THEN CASE WHEN coalesce(trim(line) IN ('', '[]'), true) "
        f"THEN {quoted(BLANK)} ELSE {quoted(reason)} END {filtered}END"
    )


def header(name: str, *, of: str = "$.request.headers") -> tuple[str, ...]:
    """Return the places of an HTTP header in a map of headers: in small letters, as in documents, in capitals."""
    return tuple(f'{of}."{form}"' for form in dict.fromkeys((name.lower(), name, name.upper())))


def one(value: str) -> str:
    """Return the first of several values when a header came as a list (SQL)."""
    # an IPv6 address or a user agent may begin with a bracket too, and taking JSON out of it would end the import
    several = f"starts_with({value}, '[') AND json_valid({value})"
    return f"CASE WHEN {several} THEN json_extract_string({value}, '$[0]') ELSE {value} END"


def traced(value: str) -> str:
    """Return the trace id of a traceparent header (SQL); its span is the caller's, so it names no call."""
    return f"nullif(regexp_extract({value}, '^[0-9a-f]{{2}}-([0-9a-f]{{32}})-', 1), '')"


def which_id(orders: Mapping[str, Sequence[str]]) -> Option:
    """Return the option that chooses the order in which ids are asked for the consumer: without it the first."""
    return Option("consumer", f"Which id names the consumer: {', '.join(orders)}.", next(iter(orders)))


def identity(options: Mapping[str, str], orders: Mapping[str, Sequence[str]], of: str) -> str:
    """Return the SQL of the consumer in the order that the option of `which_id` chose; raises UnknownName."""
    chosen = options.get("consumer", next(iter(orders)))
    if chosen not in orders:
        raise UnknownName(f"consumer id of {of}", chosen, orders)
    return first(orders[chosen])


def sampled(options: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """Return (how many calls a row stands for, notes) by the option `sample_rate`; raises UsageError."""
    if (given_rate := options.get(SAMPLED.name)) is None:
        return None, ()
    try:
        rate = float(given_rate)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1:
        raise UsageError(
            f"The option sample_rate={given_rate} is no share. Give what part of the calls was logged: 0.1 for a tenth."
        )
    return repr(1 / rate), (f"sampled at {rate:g}: each row stands for {1 / rate:g} calls",)


def values_at(found: Iterable[Mapping[str, Any]], paths: Iterable[str]) -> tuple[str, ...]:
    """Return what the sample's objects hold at the first of `paths` that is there, as text."""
    held = []
    for item in found:
        for path in paths:
            if (value := _walked(item, path)) is not None:
                held.append(str(value))
                break
    return tuple(held)


def _walked(item: object, path: str) -> object:
    for key in re.findall(r'"([^"]+)"|([^.$"]+)', path):
        if not isinstance(item, Mapping):
            return None
        item = item.get(key[0] or key[1])
    return item


def shape_at(found: Iterable[Mapping[str, Any]], paths: Iterable[str], default: str = "iso") -> str:
    """Return the shape of the times at `paths`, by the sample; `default` when the sample has none."""
    held = values_at(found, paths)
    return moment_shape(held) if held else default
