"""By which fields is a record known as that of one system, when its file does not say whose it is?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from firstcall.sources.mapping.converters import text
from firstcall.sources.tables.delimited import normal

ABSENT = object()
MOST_RECORDS = 50
"""Records of one list that are looked at."""
DEPTH = 4
"""Lists and envelopes inside one another that are looked into."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Fields that records of one system have together, and those of no other; `without` are fields that they lack.

    A field is a key, a column (with or without capitals and underscores), or a path of keys with dots between. Bars
    stand between fields of which one suffices. `field=value,value` asks for one of these values, in small or capital
    letters; a value that ends in a star may go on.
    """

    fields: tuple[str, ...]
    without: tuple[str, ...] = ()


def signature(*fields: str, without: tuple[str, ...] = ()) -> Signature:
    """Return a signature of fields that all have to be there."""
    return Signature(fields, without)


def fields_shown(record: Mapping[str, Any], signatures: Iterable[Signature]) -> tuple[str, ...]:
    """Return the fields of the first signature that a record shows, as it names them; nothing when it shows none."""
    for each in signatures:
        found = tuple(_one_of(record, field) for field in each.fields)
        if all(found) and not any(_one_of(record, field) for field in each.without):
            return found
    return ()


def nested_objects(value: object) -> Iterable[tuple[dict[str, Any], ...]]:
    """Yield the objects of a JSON value, then those that stand in them, and so on inwards."""
    held = _objects(value)
    for _ in range(DEPTH):
        if not held:
            return
        yield held
        inner = (found for item in held for part in item.values() for found in _objects(part))
        held = tuple(islice(inner, MOST_RECORDS * DEPTH))


def _objects(value: object) -> tuple[dict[str, Any], ...]:
    listed = value if isinstance(value, list) else (value,)
    flat = (item for each in listed for item in (each if isinstance(each, list) else (each,)))
    return tuple(item for item in islice(flat, MOST_RECORDS) if isinstance(item, dict))


def _one_of(record: Mapping[str, Any], field: str) -> str:
    return next((name for part in field.split("|") if (name := _present(record, part))), "")


def _present(record: Mapping[str, Any], field: str) -> str:
    """Return a field as the record names it when it is there, with a value that is wanted; else nothing."""
    path, equals, wanted = field.partition("=")
    name, value = _at(record, path)
    if value is ABSENT:
        return ""
    if not equals:
        return name
    said = text(value) or ""
    fits = (
        said.lower().startswith(each[:-1]) if each.endswith("*") else said.lower() == each
        for each in wanted.lower().split(",")
    )
    return f"{name} {said}" if any(fits) else ""


def _at(record: Mapping[str, Any], path: str) -> tuple[str, Any]:
    """Return (the name, the value) of a field; ABSENT when there is none."""
    if path in record:
        return path, record[path]
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, dict) or part not in value:
            break
        value = value[part]
    else:
        return path, value
    plain = normal(path)
    name = next((key for key in record if normal(key) == plain), None)
    return (path, ABSENT) if name is None else (name, record[name])
