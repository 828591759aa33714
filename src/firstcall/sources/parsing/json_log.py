"""How does a log of JSON objects, one a line or several in an array, become fields by the names of its keys?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.access_log import ALIASES, Fields, calls
from firstcall.sources.parsing.call_columns import NOT_AN_OBJECT
from firstcall.sources.parsing.envelopes import parsed
from firstcall.sources.source import Conformed

REPAIRS = (
    (r"^[0-9TZ:.+-]{20,35} ([{\[])", r"\1"),
    (r"\\x([0-9A-Fa-f]{2})", r"%\1"),
    (r"(\"\s*:\s*)(?:-\s*)?([,}])", r"\1null\2"),
)
"""What gateways write that is no JSON: a time before the object, bytes as \\xHH (kept as %HH), unset numbers."""


OWN_KEYS = ("requestId", "extendedRequestId", "apisix_request_id", "kong_request_id")
"""Keys of ids that AWS, APISIX and Kong make themselves."""


def looks_like_json(lines: Iterable[str]) -> bool:
    """Whether the first line that is not blank opens an object or an array."""
    first = next((line.lstrip() for line in lines if line.strip()), "")
    return mended(first).startswith(("{", "["))


def mended(line: str) -> str:
    """Return the line as valid JSON, if it is one of the known deviations."""
    for pattern, replacement in REPAIRS:
        line = re.sub(pattern, replacement, line)
    return line


def objects(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Return the objects of the lines that hold some; arrays give their elements."""
    found: list[dict[str, Any]] = []
    for line in lines:
        for text in (line, mended(line)):
            value = parsed(text)
            if value is None:
                continue
            found += [
                item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)
            ]
            break
    return found


def relation() -> str:
    """Return the SELECT of (line, doc): one row per object, arrays taken apart, `doc` null when there is none."""
    mending = "line"
    for pattern, replacement in REPAIRS:
        mending = f"regexp_replace({mending}, {quoted(pattern)}, {quoted(replacement)}, 'g')"
    doc = f"CASE WHEN json_valid(line) THEN line WHEN json_valid({mending}) THEN {mending} END"
    array = "starts_with(ltrim(line), '[') AND doc IS NOT NULL"
    parts = f"CASE WHEN {array} THEN CAST(json_extract(doc, '$[*]') AS VARCHAR[]) ELSE [doc] END"
    return (
        "SELECT CASE WHEN several THEN part ELSE line END AS line, "
        "CASE WHEN json_type(part) = 'OBJECT' THEN part END AS doc "
        f"FROM (SELECT line, {array} AS several, "
        f"unnest(CASE WHEN len({parts}) = 0 THEN [NULL] ELSE {parts} END) AS part "
        f"FROM (SELECT line, {doc} AS doc FROM lines))"
    )


def path_of(key: str) -> str:
    """Return the JSON path of a key, whatever signs it has but quotes and backslashes."""
    return f'$."{key}"'


def inner_path(key: str) -> str:
    """Return the JSON path of keys one inside the other, given with dots between."""
    return "$" + "".join(f'."{part}"' for part in key.split("."))


def _opened(item: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return what stands in an object's objects, by its keys with dots between: of `keys` those that are there."""
    found = {}
    for key in keys:
        value: Any = item
        for part in key.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            found[key] = value
    return found


def _named(keys: Iterable[str], synonyms: Mapping[str, str], wanted: str) -> dict[str, str]:
    """Return the keys by the names that `ALIASES` has for them; the one that is wanted by its own."""
    named: dict[str, str] = {}
    known = set(chain.from_iterable(ALIASES.values()))
    for key in keys:
        plain = re.sub(r"\W", "_", key.lower()) if key != "@timestamp" else key
        name = synonyms.get(key, plain)
        if '"' in key or "\\" in key:
            continue  # no path of the engine can name it
        if name in known or (wanted and key == wanted):
            named.setdefault(name if name in known else key, key)
    return named


def extracted(paths: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return (SELECT of line, matched, v VARCHAR[], expressions by name) for JSON paths by name."""
    listed = quoted_all(paths.values())
    values = f"CASE WHEN doc IS NOT NULL THEN json_extract_string(doc, [{listed}]) END AS v"
    expressions = {name: f"v[{n}]" for n, name in enumerate(paths, 1)}
    return f"SELECT line, doc, doc IS NOT NULL AS matched, {values} FROM ({relation()})", expressions


def json_conformed(
    lines: Sequence[str],
    options: Mapping[str, str],
    *,
    ends: bool,
    synonyms: Mapping[str, str] | None = None,
    variant: str = "json",
) -> Conformed:
    """Return how to read objects whose keys are known by `ALIASES` or `synonyms` (their key → name in `ALIASES`)."""
    found = objects(lines)
    keys = dict.fromkeys(chain.from_iterable(item.keys() for item in found))
    wanted = options.get("consumer", "").lstrip("$%")
    inside = tuple(key for key in (*(synonyms or {}), wanted) if "." in key and key not in keys)
    named = _named(keys, synonyms or {}, wanted)
    held = [item | _opened(item, inside) for item in found]
    for key in dict.fromkeys(key for item in held for key in item if key in inside):
        named.setdefault((synonyms or {}).get(key, key), key)
    select, expressions = extracted(
        {name: path_of(key) if key in keys else inner_path(key) for name, key in named.items()}
    )
    samples = {
        name: tuple(str(item[key]) for item in held if item.get(key) is not None)
        for name, key in named.items()
    }
    own_ids = [name for name, key in named.items() if key in OWN_KEYS]
    fields = Fields(select, expressions, samples, ends=ends, reason=NOT_AN_OBJECT, own_ids=own_ids)
    sql, notes = calls(fields, options)
    return Conformed(
        sql,
        variant,
        f"the lines are JSON objects; keys {', '.join(keys)}"[:300],
        notes,
        ids=True,
        expands=True,
    )
