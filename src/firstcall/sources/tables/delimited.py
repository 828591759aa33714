"""How does any table come out of a file in its own shape: CSV, NDJSON, a JSON array or Parquet?

Every shape becomes the same temporary table `sheet`: one row per row of the file, all fields as text. Nothing is
interpreted here and nothing is dropped: a row that cannot be taken apart is kept with the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from firstcall.errors import ImportRefused
from firstcall.literals import identifier, quoted, quoted_all
from firstcall.schema.table import Table
from firstcall.sources.tables.quotes import rewrite

MARK = "\ufffd"
"""Stands where bytes were no UTF-8, or NUL."""
TOO_LONG = "\ufffd\ufffdline too long\ufffd"
"""Begins what is left of a line longer than the limit."""

DELIMITERS = ",;\t|"
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
HEAD = 1 << 20
MOST_COLUMNS = 2000
MOST_ABOVE = 30
"""Lines of titles and remarks that may stand above a header."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the temporary table `sheet` holds: row, fields (VARCHAR[] in the order of `names`), problem, content.

    `variant` is the shape of the file, `notes` what reading it decided. `content` is set where a row could not be
    taken apart. `separator` stands between fields, empty where values are typed. `lines` is a SELECT of (row, line),
    the line of the file in which each row begins; without it they are the same.
    """

    names: tuple[str, ...]
    variant: str
    notes: tuple[str, ...] = ()
    separator: str = ""
    lines: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised text file: lines of at most `limit` bytes; `quotes` and `foreign` say what was found in it."""

    path: Path
    shown: str
    limit: int
    quotes: bool = False
    foreign: bool = False
    longest: int = 0


def shape(path: Path) -> str:
    """Return what the text looks like: empty, csv, ndjson or json (an array)."""
    with path.open("rb") as raw:
        head = raw.read(HEAD).lstrip()
    return {b"": "empty", b"{": "ndjson", b"[": "json"}.get(head[:1], "csv")


def normal(name: str) -> str:
    """Return a column name as names are compared: lower case, words joined by underscores."""
    return "_".join(name.strip().strip('"').lower().replace("-", " ").split())


def load_text(connection: duckdb.DuckDBPyConnection, text: Text, table: Table, scratch: Path) -> Sheet:
    """Fill `sheet` from a text file in whichever shape it has; raises ImportRefused when it has none."""
    variant = shape(text.path)
    if variant == "empty":
        _sheet(
            connection, "SELECT 1 AS row, NULL::VARCHAR[] AS fields, NULL AS problem, NULL AS content LIMIT 0"
        )
        return Sheet((), "empty")
    if variant == "csv":
        return _load_csv(connection, text, table, scratch)
    return _load_json(connection, text, variant)


def load_parquet(connection: duckdb.DuckDBPyConnection, path: Path, shown: str) -> Sheet:
    """Fill `sheet` from a Parquet file; raises ImportRefused when it is damaged."""
    origin = f"read_parquet({quoted(str(path))}, binary_as_string = true)"
    try:
        columns = connection.execute(f"DESCRIBE SELECT * FROM {origin}").fetchall()
        fields = ", ".join(_as_text(name, type_) for name, type_, *_ in columns)
        _sheet(
            connection,
            f"SELECT row_number() OVER () AS row, [{fields}]::VARCHAR[] AS fields, NULL::VARCHAR AS problem, "
            f"NULL::VARCHAR AS content FROM {origin}",
        )
    except duckdb.Error as error:
        raise ImportRefused(f"{shown}: the Parquet file cannot be read: {_first(error)}") from error
    return Sheet(tuple(name for name, *_ in columns), "parquet")


def _as_text(name: str, type_: str) -> str:
    column = identifier(name)
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(timezone('UTC', {column}) AS VARCHAR) || 'Z'"
    if type_ in {"DOUBLE", "FLOAT"}:
        return f"CASE WHEN NOT isnan({column}) THEN CAST({column} AS VARCHAR) END"
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _sheet(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    connection.execute("DROP TABLE IF EXISTS sheet")
    connection.execute(f"CREATE TEMP TABLE sheet AS {select}")


def _first(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _lines(path: Path, limit: int) -> str:
    """Return the relation (n, line) of a text file's physical lines; a blank line is NULL."""
    return (
        f"(SELECT row_number() OVER () AS n, line FROM read_csv({quoted(str(path))}, "
        f"columns = {{'line': 'VARCHAR'}}, delim = '\1', quote = '', escape = '', comment = '', header = false, "
        f"auto_detect = false, strict_mode = false, null_padding = false, max_line_size = {limit + 16}))"
    )


def _load_csv(connection: duckdb.DuckDBPyConnection, text: Text, table: Table, scratch: Path) -> Sheet:
    delimiter, names, skip = _header(text.path, table)
    if {*map(normal, names)} & {*table.names}:
        _refuse_repeated(names, text.shown)  # of data that has no header, this would be the wrong complaint
    plain = (
        f"SELECT n, line AS text FROM {_lines(text.path, text.limit)} WHERE n > {skip} AND line IS NOT NULL"
    )
    if not text.quotes:
        records, fields = plain, f"string_split(text, {quoted(delimiter)})"
    elif count := _regular(connection, text, skip, delimiter):
        records, fields = _joined(text, skip), _unquoted(delimiter)
        if _quick(connection, text, delimiter, len(names), skip, count):
            return _csv(names, delimiter, records)
    else:
        records, fields = _exact(text, delimiter, skip, scratch)
    _sheet(connection, _taken_apart(records, fields, len(names), foreign=text.foreign))
    return _csv(names, delimiter, records)


def _csv(names: tuple[str, ...], delimiter: str, records: str) -> Sheet:
    lines = f"SELECT row_number() OVER (ORDER BY n) AS row, n AS line FROM ({records})"
    return Sheet(names, f"csv with {NAMES[delimiter]}", separator=delimiter, lines=lines)


def _exact(text: Text, delimiter: str, skip: int, scratch: Path) -> tuple[str, str]:
    """Return (records, fields) of a file whose quotes have to be followed sign by sign."""
    out = scratch / "records"
    try:
        rewrite(text.path, out, delimiter, skip, text.limit)
    except ImportRefused as error:
        raise ImportRefused(f"{text.shown}: {error}") from error
    # each line begins with the number of the line of the file at which its record does
    records = (
        "SELECT CAST(split_part(line, ' ', 1) AS BIGINT) AS n, substr(line, instr(line, ' ') + 1) AS text "
        f"FROM {_lines(out, 8 * text.limit)}"
    )
    return records, "from_json(CASE WHEN text[1] = '[' THEN text END, '[\"VARCHAR\"]')"


def _quick(
    connection: duckdb.DuckDBPyConnection, text: Text, delimiter: str, width: int, skip: int, count: int
) -> bool:
    """Fill `sheet` with the engine's own CSV reader; return whether it gave every one of the `count` records.

    It leaves out what does not fit without saying so, so it is believed only when nothing is missing.
    """
    if text.foreign or text.longest > text.limit:
        return False
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(width))
    fields = ", ".join(f"c{n}" for n in range(width))
    _sheet(
        connection,
        f"SELECT row_number() OVER () AS row, [{fields}] AS fields, NULL::VARCHAR AS problem, NULL::VARCHAR AS content "
        f"FROM read_csv({quoted(str(text.path))}, columns = {{{columns}}}, delim = {quoted(delimiter)}, "
        f"quote = '\"', escape = '\"', comment = '', header = false, skip = {skip}, auto_detect = false, "
        f"strict_mode = true, ignore_errors = true, parallel = false, max_line_size = {text.limit + 16})",
    )
    return connection.execute("SELECT count(*) FROM sheet").fetchone() == (count,)


def _taken_apart(records: str, fields: str, width: int, *, foreign: bool) -> str:
    """Return the SELECT that makes `sheet` of records and their fields, with what is wrong with them."""
    spare = f"(len(fields) > {width} AND array_to_string(fields[{width + 1}:], '') = '')"
    problem = (
        f"CASE WHEN {_too_long()} THEN 'line too long' WHEN fields IS NULL THEN 'broken quotes' "
        f"{_not_utf8(asked=foreign)} "
        f"WHEN NOT (len(fields) = {width} OR {spare}) THEN 'ragged row' END"
    )
    content = (
        "CASE WHEN fields IS NULL THEN coalesce(json_extract_string(text, '$.content'), text) "
        f"WHEN {_too_long()} THEN text END"
    )
    return (
        f"SELECT row_number() OVER () AS row, fields, {problem} AS problem, {content} AS content "
        f"FROM (SELECT text, {fields} AS fields FROM ({records}))"
    )


def _too_long() -> str:
    return f"starts_with(text, '{TOO_LONG}')"


def _not_utf8(*, asked: bool) -> str:
    return f"WHEN contains(text, '{MARK}') THEN 'not UTF-8'" if asked else ""


def _header(path: Path, table: Table) -> tuple[str, tuple[str, ...], int]:
    """Return (delimiter, column names, physical lines up to the end of the header).

    The delimiter is the one that gives most names the table knows, then most names.
    """
    with path.open("rb") as raw:
        head = raw.read(HEAD).decode("utf-8", errors="replace")
    first = above_header(head.split("\n"))
    known = set(table.names)

    def read(delimiter: str) -> tuple[str, tuple[str, ...], int]:
        lines = islice(io.StringIO(head), first, None)
        reader = csv.reader(lines, delimiter=delimiter)
        names = next((row for row in reader if row), [])
        while len(names) > 1 and not names[-1].strip():
            names.pop()
        filled = (name.strip() or f"column {n}" for n, name in enumerate(names, 1))
        return delimiter, tuple(filled), first + reader.line_num

    return max(
        map(read, DELIMITERS), key=lambda found: (len(known & {*map(normal, found[1])}), len(found[1]))
    )


def above_header(lines: Sequence[str]) -> int:
    """Return how many lines stand above the header: what names the separator, titles, remarks and blank lines.

    A header has at least two names; where no line has, the first one is the header.
    """
    said = lines[0].rstrip("\r")
    first = 1 if said.startswith("sep=") and said[4:] in tuple(DELIMITERS) else 0
    for number, line in enumerate(lines[first : first + MOST_ABOVE], first):
        # a name may go over several lines
        if line.count('"') % 2 or any(
            sum(map(bool, map(str.strip, line.split(sign)))) > 1 for sign in DELIMITERS
        ):
            return number
    return first


def _refuse_repeated(names: Sequence[str], shown: str) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if (first := seen.setdefault(normal(name), name)) is not name:
            twice = f"{name!r} twice" if first == name else f"both {first!r} and {name!r}"
            raise ImportRefused(f"{shown}: the header names {twice}. Rename or remove one of the columns.")
    if len(names) > MOST_COLUMNS:
        raise ImportRefused(
            f"{shown}: {len(names):,} columns are more than {MOST_COLUMNS:,}. Is the table lying on its side?"
        )


def _started(text: Text, skip: int) -> str:
    """Return (n, line, start): each physical line with the line at which its record begins.

    A line is inside a quoted field when an odd number of quotes stands before it; doubled quotes keep it even.
    """
    count = "length(line) - length(replace(line, '\"', ''))"
    before = f"sum({count}) OVER (ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    lines = f"SELECT n, coalesce(line, '') AS line FROM {_lines(text.path, text.limit)} WHERE n > {skip}"
    marked = f"SELECT n, line, CAST(coalesce({before}, 0) AS BIGINT) % 2 = 1 AS inside FROM ({lines})"
    start = "max(CASE WHEN NOT inside THEN n END) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING)"
    return f"SELECT n, line, {start} AS start FROM ({marked})"


def _joined(text: Text, skip: int) -> str:
    """Return (n, text) of the records when a quoted field may run over several lines."""
    return (
        f"SELECT start AS n, string_agg(line, chr(10) ORDER BY n) AS text FROM ({_started(text, skip)}) "
        f"GROUP BY start HAVING text <> '' ORDER BY start"
    )


def _regular(connection: duckdb.DuckDBPyConnection, text: Text, skip: int, delimiter: str) -> int:
    """Return the number of records when every quote opens, closes or doubles as RFC 4180 says, else 0.

    Then counting quotes finds the records.
    """
    sizes = f"SELECT sum(strlen(line) + 1) AS size FROM ({_started(text, skip)}) GROUP BY start"
    largest = connection.execute(f"SELECT coalesce(max(size), 0) FROM ({sizes})").fetchone()
    if largest is None or largest[0] > text.limit:
        return 0
    field, sign = _field(delimiter)
    fits = f"regexp_full_match(text, '(?:{field})(?:{sign}(?:{field}))*')"
    every, count = connection.execute(
        f"SELECT bool_and({fits}), count(*) FROM ({_joined(text, skip)})"
    ).fetchone() or (0, 0)
    return int(count) if every else 0


def _field(delimiter: str) -> tuple[str, str]:
    """Return the patterns of one field and of the sign between fields."""
    return f'"(?:[^"]|"")*"|[^"{delimiter}]*', "[|]" if delimiter == "|" else delimiter


def _unquoted(delimiter: str) -> str:
    """Return the SQL of a regular record's fields, without their quotes."""
    field, sign = _field(delimiter)
    found = f"regexp_extract_all(text || {quoted(delimiter)}, '({field}){sign}', 1)"
    inner = "replace(substr(field, 2, length(field) - 2), '\"\"', '\"')"
    return f"list_transform({found}, lambda field: CASE WHEN field[1] = '\"' THEN {inner} ELSE field END)"


def _load_json(connection: duckdb.DuckDBPyConnection, text: Text, variant: str) -> Sheet:
    lines = f"SELECT n, line AS text FROM {_lines(text.path, text.limit)} WHERE trim(line) <> ''"
    if variant == "json":
        most = f"maximum_object_size = {16 * text.limit}"
        origin = f"read_json_objects({quoted(str(text.path))}, format = 'array', {most})"
        lines = (
            f"SELECT row_number() OVER () AS n, coalesce(CAST(json AS VARCHAR), 'null') AS text FROM {origin}"
        )
    whole = "CASE WHEN json_valid(text) THEN text END"
    object_ = f"CASE WHEN json_type({whole}) = 'OBJECT' THEN text END"
    try:
        names = _keys(connection, lines, object_, text.shown)
        pointers = quoted_all(map(_pointer, names))
        problem = (
            f"CASE WHEN {_too_long()} OR strlen(text) > {text.limit} THEN 'line too long' "
            f"{_not_utf8(asked=text.foreign)} "
            "WHEN NOT json_valid(text) THEN 'not JSON' "
            f"WHEN json_type({whole}) <> 'OBJECT' THEN 'not a JSON object' END"
        )
        fields = f"json_extract_string({object_}, [{pointers}]::VARCHAR[])" if names else "[]::VARCHAR[]"
        _sheet(
            connection,
            f"SELECT row_number() OVER () AS row, CASE WHEN problem IS NULL THEN {fields} END AS fields, problem, "
            "CASE WHEN problem IS NOT NULL THEN text END AS content "
            f"FROM (SELECT text, {problem} AS problem FROM ({lines}))",
        )
    except duckdb.Error as error:
        raise ImportRefused(
            f"{text.shown}: not a JSON array of objects: {_first(error)} Nothing was imported."
        ) from error
    if not names and connection.execute("SELECT count(*) FROM sheet").fetchone() == (0,):
        return Sheet((), "empty")
    if variant == "json":
        return Sheet(names, "JSON array")
    return Sheet(
        names, "NDJSON", lines=f"SELECT row_number() OVER (ORDER BY n) AS row, n AS line FROM ({lines})"
    )


def _keys(connection: duckdb.DuckDBPyConnection, lines: str, object_: str, shown: str) -> tuple[str, ...]:
    """Return the names of all fields of all objects, by first appearance."""
    each = f"SELECT n, unnest(json_keys({object_})) AS key FROM ({lines})"
    found = connection.execute(
        f"SELECT key FROM ({each}) GROUP BY key ORDER BY min(n), key LIMIT {MOST_COLUMNS + 1}"
    ).fetchall()
    if len(found) > MOST_COLUMNS:
        raise ImportRefused(
            f"{shown}: its objects have more than {MOST_COLUMNS:,} different fields, so names seem to be data. "
            "Put them into one field, or import the rows as CSV."
        )
    return tuple(name for (name,) in found)


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
