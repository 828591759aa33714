"""How do another system's records become rows of our tables? Which column is taken from where, and how it is read.

A mapping is a frozen value. It serves files and answers of an API alike, and the user's own mapping file becomes the
same value. What cannot be read is passed on as it is: the table's own rules refuse it and say why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from re import compile as pattern
from typing import Any

from firstcall.schema.tables import TABLES
from firstcall.sources.mapping.converters import CONVERTERS, Convert, text
from firstcall.sources.tables.delimited import normal

MOST_LAYERS = 6
"""Envelopes inside envelopes that are taken off a record."""
STEP = pattern(r"[^.\[]*\[[^\]]*\]|[^.]+")
SELECTED = pattern(r"(?P<name>[^\[\]]*)\[(?P<key>[^=\]]+)=(?P<value>[^\]]*)\]")
MISSHAPEN = (TypeError, AttributeError, ValueError, KeyError, IndexError, ArithmeticError)
"""What a converter may stumble over in a record that is not of the shape it seems to be of."""
MISSHAPE = "a field of another shape than documented"
NOTHING: tuple[object, ...] = (None, "", [], {})

When = Mapping[str, tuple[str, ...] | bool]
"""Path → the values it may have (in lower case), True for any value, False for none; all must hold."""


@dataclass(slots=True)
class Node:
    """A record, or an item of one of its lists: its JSON `value`, what it stands in, its place there from 1."""

    value: Any
    above: Node | None = None
    place: int = 1
    _plain: dict[str, Any] | None = None

    def find(self, path: str) -> Any:  # noqa: ANN401 - a JSON value of any kind
        """Return what stands at `path`, or None.

        Parts are joined by dots: names, places in a list from 0, `*` for all of a list, `list[key=value]` for the
        item in which a field has a value; a leading `^` is the record above. A column of a CSV file is named as a
        whole, with or without capitals and underscores.
        """
        if path.startswith("^"):
            return self.above.find(path[1:].removeprefix(".")) if self.above else None
        if not path:
            return self.value
        if isinstance(self.value, dict):
            if path in self.value:
                return self.value[path]
            parts = _parts(path)
            deep = len(parts) > 1 or "[" in path
            if deep and (found := _walk(self.value, parts)) not in NOTHING:
                return found
            if self._plain is None:
                self._plain = {_normal(name): value for name, value in self.value.items()}
            return self._plain.get(_normal(path))
        return _walk(self.value, _parts(path))


_normal = lru_cache(maxsize=4096)(normal)


@lru_cache(maxsize=4096)
def _parts(path: str) -> tuple[str, ...]:
    return tuple(STEP.findall(path))


def _walk(value: Any, parts: Sequence[str]) -> Any:  # noqa: ANN401 - a JSON value of any kind
    for place, part in enumerate(parts):
        if part == "*":
            each = (_walk(item, parts[place + 1 :]) for item in value) if isinstance(value, list) else ()
            flat = (item for found in each for item in (found if isinstance(found, list) else [found]))
            return [item for item in flat if item is not None]
        if "[" in part and (chosen := SELECTED.fullmatch(part)):
            items = value.get(chosen["name"]) if isinstance(value, dict) else None
            key, wanted = _parts(chosen["key"]), chosen["value"]
            value = next((item for item in _dicts(items) if text(_walk(item, key)) == wanted), None)
        elif isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def _dicts(items: object) -> Iterator[dict[str, Any]]:
    yield from (item for item in items if isinstance(item, dict)) if isinstance(items, list) else ()


@dataclass(frozen=True, slots=True)
class Take:
    """Where a column comes from: the first of `paths` that holds something, read as `read`.

    `values` translates texts (compared in lower case); `otherwise` stands where nothing is found or nothing
    translates. `option` names the option whose value is a path that goes before the others. `further` is added after
    a slash for all but the first item of a list. `unit` is the path of the currency of an amount in minor units.
    """

    paths: tuple[str, ...] = ()
    read: Convert | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    option: str | None = None
    further: str = ""
    unit: tuple[str, ...] = ("currency", "^.currency")


Asks = Callable[[Node], bool]
"""(a record) → whether it is meant, where comparing fields one by one does not say it."""


def take(
    *paths: str,
    read: str | Convert | None = None,
    values: Mapping[str, str] | None = None,
    otherwise: str | None = None,
    option: str | None = None,
    further: str = "",
    unit: tuple[str, ...] = ("currency", "^.currency"),
) -> Take:
    """Return a Take; `read` names one of `CONVERTERS` or is a function of its shape."""
    reads = CONVERTERS[read] if isinstance(read, str) else read
    return Take(paths, reads, dict(values or {}), otherwise, option, further, unit)


def constant(value: str) -> Take:
    """Return a column that is the same in every row."""
    return Take(otherwise=value)


class Unclear(ValueError):
    """What a record says can be read in two ways: its row is refused in these words, and says what would settle it."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Rows that are left out and counted as filtered: `when` holds, and `why` says so in the notes.

    With `ends` it is a state that a thing taken in before may come to (voided, merged): its rows end then.
    """

    when: When | Asks
    why: str
    ends: bool = False


Items = Callable[[Node], list[Any]]
"""(a record) → the items that give a row each, where no list of it holds them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table: which records give them, where each column comes from.

    `each` is the path of a list of which every item is a row; its own record is then `^`. `identity` is the column
    that names a thing in a table without a key: kept in `attributes`, it lets a later state replace the earlier.
    `version` is the path that says which of two states in one file is the newer one. A record for which one of
    `unclear` holds is refused in its words; for one of `remarks`, its rows are taken and counted in the notes.
    """

    table: str
    columns: Mapping[str, Take]
    when: When | Asks = field(default_factory=dict)
    each: str | Items = ""
    skip: tuple[Skip, ...] = ()
    identity: str = ""
    version: str = ""
    unclear: tuple[Skip, ...] = ()
    remarks: tuple[Skip, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a thing."""
        return (self.identity,) if self.identity else TABLES[self.table].key


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """A whole mapping: the rows; the paths of lists that hold records; where a record may be wrapped.

    `kind` is the path that names the kind of a record: a kind without rows is left out, a record without a kind is
    refused, and `known` says what was looked for. `head` is how many lines head a CSV file. `cut` is the path that is
    true in a record of whose list only the beginning is there.
    """

    rows: tuple[Rows, ...]
    known: str
    lists: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    kind: str = ""
    head: int = 1
    cut: str = ""


MappingFor = Callable[[Mapping[str, str]], RecordMapping]
"""(options by name) → the mapping; raises UsageError when an option is wrong."""


def always(mapping: RecordMapping) -> MappingFor:
    """Return what maps the same whatever the options are."""
    return lambda _options: mapping


@dataclass(frozen=True, slots=True)
class Row:
    """A row made: its table, its texts by column, and which state of the thing it is."""

    rows: Rows
    fields: Mapping[str, str | None]
    version: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What gave no row: counted for `table` as refused or, when that was meant, as filtered.

    `ended` are the rows that it would have given, which end where they are in force.
    """

    table: str
    why: str
    refused: bool = False
    ended: tuple[Row, ...] = ()


def unwrapped(value: object, mapping: RecordMapping) -> Iterator[Node]:
    """Yield the records of a JSON value: lists taken apart, envelopes taken off."""
    yield from _unwrapped(Node(value), mapping, 0)


def _unwrapped(node: Node, mapping: RecordMapping, depth: int) -> Iterator[Node]:
    if depth >= MOST_LAYERS:
        yield node
    elif isinstance(node.value, list):
        for item in node.value:
            yield from _unwrapped(Node(item, node.above), mapping, depth + 1)
    elif isinstance(node.value, dict):
        lists = [(path, node.find(path)) for path in mapping.lists]
        lists = [(path, found) for path, found in lists if isinstance(found, list)]
        inner: list[Any] = [item for _, found in lists for item in found]
        if not lists:
            inner = [found for path in mapping.inside if isinstance(found := node.find(path), dict)]
            # an invoice may hold its customer and is an invoice all the same
            inner = [] if inner and any(holds(node, rows.when) for rows in mapping.rows) else inner
        for item in inner:
            yield from _unwrapped(Node(item, node), mapping, depth + 1)
        if not inner and not lists:
            yield node
    else:
        yield node


def rows_of(node: Node, mapping: RecordMapping, options: Mapping[str, str]) -> Iterator[Row | LeftOut]:
    """Yield what one record gives; never nothing, so that every record is accounted for."""
    main = mapping.rows[0].table
    if not isinstance(node.value, dict):
        yield LeftOut(main, "not a JSON object", refused=True)
        return
    matching = [rows for rows in mapping.rows if holds(node, rows.when)]
    if not matching:
        kind = text(node.find(mapping.kind)) if mapping.kind else None
        if kind is None:
            yield LeftOut(main, f"not {mapping.known}", refused=True)
        else:
            yield LeftOut(main, f"{kind}: nothing is taken from this kind")
    for rows in matching:
        yield from _rows(node, rows, options)


def _rows(node: Node, rows: Rows, options: Mapping[str, str]) -> Iterator[Row | LeftOut]:
    for skip in rows.skip:
        if holds(node, skip.when):
            ended = (_row(each, rows, options, rows.key) for each in _each(node, rows)) if skip.ends else ()
            yield LeftOut(rows.table, skip.why, ended=tuple(row for row in ended if isinstance(row, Row)))
            return
    for doubt in rows.unclear:
        if holds(node, doubt.when):
            yield LeftOut(rows.table, doubt.why, refused=True)
            return
    try:
        found = _each(node, rows)
    except Unclear as error:
        yield LeftOut(rows.table, str(error), refused=True)
        return
    except MISSHAPEN:
        yield LeftOut(rows.table, MISSHAPE, refused=True)
        return
    if not found:
        yield LeftOut(rows.table, f"nothing in {rows.each}")
        return
    remarks = tuple(remark.why for remark in rows.remarks if holds(node, remark.when))
    for each in found:
        row = _row(each, rows, options)
        yield replace(row, remarks=remarks) if remarks and isinstance(row, Row) else row


def _each(node: Node, rows: Rows) -> list[Node]:
    """Return what gives a row each: the record, or the items of its list."""
    if not rows.each:
        return [node]
    items = rows.each(node) if callable(rows.each) else node.find(rows.each)
    return [Node(item, node, place) for place, item in enumerate(items, 1)] if isinstance(items, list) else []


def _row(
    node: Node, rows: Rows, options: Mapping[str, str], only: Container[str] | None = None
) -> Row | LeftOut:
    columns = {name: how for name, how in rows.columns.items() if only is None or name in only}
    try:
        fields = {name: taken(node, how, options) for name, how in columns.items()}
    except Unclear as error:
        return LeftOut(rows.table, str(error), refused=True)
    except MISSHAPEN:
        return LeftOut(rows.table, MISSHAPE, refused=True)
    return Row(rows, fields, text(node.find(rows.version)) or "" if rows.version else "")


def holds(node: Node, when: When | Asks) -> bool:
    """Return whether a record is one of those that are meant."""
    if callable(when):
        try:
            return when(node)
        except MISSHAPEN:
            return False
    for path, wanted in when.items():
        found = text(node.find(path))
        if isinstance(wanted, bool):
            if (found is not None) is not wanted:
                return False
        elif found is None or found.lower() not in wanted:
            return False
    return True


def taken(node: Node, how: Take, options: Mapping[str, str]) -> str | None:
    """Return the text of one column of one record."""
    chosen = options.get(how.option) if how.option else None
    paths = how.paths if chosen is None else (chosen, *how.paths)
    found = next((value for path in paths if (value := node.find(path)) not in NOTHING), None)
    if found is None:
        return how.otherwise
    if how.values:
        words = text(found) or ""
        return how.values.get(words.lower(), words if how.otherwise is None else how.otherwise)
    if how.read is None:
        said = text(found)
    else:
        unit = next((str(u) for path in how.unit if (u := node.find(path)) not in NOTHING), "")
        said = how.read(found, unit)
    if said is not None and how.further and node.place > 1:
        said = f"{said}/{text(node.find(how.further)) or node.place}"
    return how.otherwise if said is None else said


def as_text(value: object) -> str:
    """Return a record as one line of JSON."""
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said if said.isascii() else said.encode("utf-8", "replace").decode()
