"""How do the texts of a sheet become rows of a table: typed, inside their domains, or refused with a reason?

One SELECT, made from the table's definition, reads all rows at once: fields trimmed, read as their kind, judged, and
given their defaults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from itertools import zip_longest

import duckdb

from firstcall import zones
from firstcall.errors import ImportRefused
from firstcall.literals import identifier, quoted
from firstcall.pipeline.conforming.column_types import (
    ColumnProblem,
    FieldRules,
    ReadColumn,
    cleaned,
    read,
    trimmed,
)
from firstcall.pipeline.conforming.masking import masked
from firstcall.pipeline.conforming.matched_columns import MatchedColumns
from firstcall.pipeline.conforming.written_forms import currency_of, form, write_forms
from firstcall.schema.business import INVOICE_LINES
from firstcall.schema.table import Column, Table
from firstcall.sources.parsing.moments import (
    ASSUMED,
    DATE,
    EARLIEST,
    EPOCH,
    EXACT,
    LATEST,
    LEAST_EPOCH,
    REPEATED,
    SKIPPED,
    epoch_unit,
)
from firstcall.sources.secrets import always_hashed, hashed, hashed_address
from firstcall.sources.tables.delimited import normal
from firstcall.zones import Changes, offset_changes

SECRET_NAMES = re.compile(
    r"(^|_)(secret|password|passwd|token|api_?key|private_key|access_key|authorization|e_?mail)(_|$)"
)
OPEN_ENDS = frozenset({"valid_to", "ended_at", "expires_at", "retired_at", "sunset_at"})
"""Columns in which the end of the year 9999 means that there is no end."""
PAIRS = (("valid_from", "valid_to"), ("period_start", "period_end"), ("started_at", "ended_at"))
DECIDED_BY_ADMISSION = frozenset({"environment", "traffic_class"})
"""Columns of `calls` whose rules are in the settings: absent stays absent until then."""
NUMERIC, DATED = frozenset({"integer", "number", "money", "rate"}), frozenset({"time", "date"})
"""Kinds of columns of which the format is decided over the whole column."""
MIDNIGHT = rf"({DATE})([Tt ]00:00(:00([.]0+)?)?)?"
CONTENT_BYTES = 65_536
_PERIOD_END = next(column for column in INVOICE_LINES.columns if column.name == "period_end")


def conform_rows(
    connection: duckdb.DuckDBPyConnection,
    matched: MatchedColumns,
    zone: str,
    options: Mapping[str, str],
    *,
    contents: bool,
) -> tuple[str, ...]:
    """Fill the temporary table `conformed` from `sheet`; return the notes.

    It holds row, the table's own columns, attributes, refusal, refusal_detail and, with `contents`, content.
    `options` say how numbers and dates are meant. Raises ImportRefused when they would have to.
    """
    rules = _rules(connection, matched, zone, options)
    connection.execute("DROP TABLE IF EXISTS conformed")
    connection.execute(f"CREATE TEMP TABLE conformed AS {_select(matched, rules, contents=contents)}")
    return (*_unknown_notes(matched), *_format_notes(rules), *_decided_notes(connection, zone))


def _rules(
    connection: duckdb.DuckDBPyConnection, matched: MatchedColumns, zone: str, options: Mapping[str, str]
) -> FieldRules:
    """Decide over whole columns what their fields alone do not say."""

    def of(kinds: frozenset[str]) -> dict[str, str]:
        return {
            column.name: cleaned(column, trimmed(f"fields[{matched.known[column.name]}]"))
            for column in matched.table.columns
            if column.kind in kinds and column.name in matched.known
        }

    dates = of(DATED)
    try:
        forms = write_forms(connection, of(NUMERIC), dates, matched.separator, options)
    except ImportRefused as error:
        raise ImportRefused(f"{matched.shown}: {error} Nothing was imported.") from None
    epochs = _epochs(
        connection, {name: text for name, text in of(frozenset({"time"})).items() if name not in forms.dates}
    )
    years = {
        name: f"coalesce({form(name)}, {text})" if name in forms.dates else text
        for name, text in dates.items()
    }
    return FieldRules(_offset_changes(connection, years, zone), epochs, forms.decimals, forms.dates)


def row_content(matched: MatchedColumns) -> str:
    """Return the SQL (over `sheet`) of a row as a JSON object, secrets masked, cut at 64 KiB."""
    secret = {
        index for name, index in matched.known.items() if (c := matched.table.column(name)) and c.secret
    }
    names = _in_order(matched)
    pairs = [
        f"{quoted(name)}, {_shifted(_kept_field(matched, name, index, secret=index in secret), index)}"
        for name, index in names
    ]
    whole = f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)" if names else "'{}'"
    spare = f"array_to_string(list_transform(fields[{len(names) + 1}:], lambda one: {hashed('one')}), ' ')"
    more = f"left({whole}, -1) || ',\"more\":' || to_json({spare}) || '}}'"
    return (
        f"left(CASE WHEN sheet.content IS NOT NULL THEN {masked('sheet.content')} "
        f"WHEN problem = 'ragged row' AND {spare} <> '' THEN {more} ELSE {whole} END, {CONTENT_BYTES})"
    )


def _kept_field(matched: MatchedColumns, name: str, index: int, *, secret: bool) -> str:
    text = f"fields[{index}]"
    return always_hashed(text) if name in matched.keys else _kept_secret(name, text, secret=secret)


def _shifted(kept: str, index: int) -> str:
    """Return the SQL of a field as kept; in a ragged row any of them may hold the secret of another."""
    return f"CASE WHEN problem = 'ragged row' THEN {hashed(f'fields[{index}]')} ELSE {kept} END"


def _in_order(matched: MatchedColumns) -> Sequence[tuple[str, int]]:
    return sorted((*matched.known.items(), *matched.unknown), key=lambda pair: pair[1])


def _epochs(connection: duckdb.DuckDBPyConnection, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of each time column whose every value is a number, decided by the largest."""
    found = {}
    for name, text in texts.items():
        some = connection.execute(
            f"SELECT t FROM (SELECT {text} AS t FROM sheet) WHERE t IS NOT NULL LIMIT 1"
        ).fetchone()
        if some is None or not re.fullmatch(EPOCH, some[0]):
            continue
        numeric = f"regexp_full_match(t, '{EPOCH}')"
        every, largest = connection.execute(
            f"SELECT bool_and({numeric}), max(abs(TRY_CAST(t AS DOUBLE))) FILTER ({numeric}) "
            f"FROM (SELECT {text} AS t FROM sheet) WHERE t IS NOT NULL"
        ).fetchone() or (False, 0.0)
        if every and largest >= LEAST_EPOCH:
            found[name] = epoch_unit(largest)
    return found


def _offset_changes(connection: duckdb.DuckDBPyConnection, texts: Mapping[str, str], zone: str) -> Changes:
    """Return the zone's offset changes in the years that the file's times and dates begin with."""
    years = [f"TRY_CAST(left({text}, 4) AS INTEGER)" for text in texts.values()]
    first, last = connection.execute(
        f"SELECT min(year), max(year) FROM (SELECT unnest([{', '.join(years)}]::INTEGER[]) AS year FROM sheet) "
        f"WHERE year BETWEEN {EARLIEST.year} AND {LATEST.year}"
    ).fetchone() or (None, None)
    today = datetime.now(UTC).year
    # a day more on either side, since in another zone it may be another year
    start, end = date(first or today, 1, 1), date((last or today) + 1, 1, 1)
    return offset_changes(zones.zone(zone), start - timedelta(days=2), end + timedelta(days=2))


def _kept_secret(name: str, text: str, *, secret: bool) -> str:
    """Return the SQL of a field as it may be kept: hashed when its value or its name says that it is a secret."""
    plain = normal(name)
    if plain == "email_hash":
        return hashed_address(f"lower({text})")
    if secret:
        return hashed(text)
    if SECRET_NAMES.search(plain) and not plain.endswith(("_id", "_hash")):
        return f"'sha256:' || sha256({text})"
    return text


def _field(name: str) -> str:
    """Return the step at which a column is the file's field, without blanks around it."""
    return identifier(f"x_{name}")


def _text(name: str) -> str:
    """Return the step at which it is what the field says, null for nothing."""
    return identifier(f"t_{name}")


def _value(name: str) -> str:
    """Return the step at which it is read as its kind."""
    return identifier(f"v_{name}")


def _reading(column: Column, matched: MatchedColumns, rules: FieldRules) -> ReadColumn:
    text, value = _text(column.name), _value(column.name)
    reading = read(column, text, value, rules)
    if column.name in matched.keys:
        return ReadColumn(always_hashed(text), reading.problems)
    if column.secret:
        return ReadColumn(_kept_secret(column.name, text, secret=True), reading.problems)
    return reading


def _last_day(text: str) -> str:
    """Return the SQL of the date of a text without a time of day, when it is the last one of its month."""
    day = f"TRY_CAST(CASE WHEN regexp_full_match({text}, '{MIDNIGHT}') THEN left({text}, 10) END AS DATE)"
    return f"(CASE WHEN {day} = last_day({day}) THEN {day} END)"


def _inclusive(matched: MatchedColumns, rules: FieldRules) -> str:
    """Return the SQL that asks whether an invoice period's end is meant to be within the period."""
    if matched.table.name != "invoice_lines" or "period_end" in rules.epochs:
        return "false"
    return f"{_last_day(_written(_PERIOD_END, rules))} IS NOT NULL"


def _written(column: Column, rules: FieldRules) -> str:
    """Return the SQL of a field in the form in which it is read."""
    text = cleaned(column, _field(column.name))
    return f"coalesce({form(column.name)}, {text})" if column.name in rules.formed else text


def _raw(column: Column, matched: MatchedColumns, rules: FieldRules) -> str:
    if column.name not in matched.known:
        return quoted(matched.given[column.name]) if column.name in matched.given else "NULL::VARCHAR"
    text = _written(column, rules)
    if column.name in OPEN_ENDS:
        return f"(CASE WHEN NOT starts_with({text}, '9999-12-31') THEN {text} END)"
    if column is _PERIOD_END and "period_end" not in rules.epochs:
        return f"coalesce(CAST({_last_day(text)} + 1 AS VARCHAR), {text})"
    if column.name in matched.given:
        return f"coalesce({text}, {quoted(matched.given[column.name])})"
    return text


def _attributes(matched: MatchedColumns) -> str:
    """Return the SQL of the unknown columns that hold something, as a JSON object with sorted names, or NULL."""
    pairs = []
    for name, index in sorted(matched.unknown):
        text = f"nullif(trim(fields[{index}]), '')"
        pairs.append(f"{quoted(name)}, {_kept_secret(name, text, secret=False)}")
    if not pairs:
        return "NULL::VARCHAR"
    # a merge patch leaves nulls out
    return f"nullif(CAST(json_merge_patch('{{}}', json_object({', '.join(pairs)})) AS VARCHAR), '{{}}')"


def _problems(table: Table, readings: Mapping[str, ReadColumn], rules: FieldRules) -> Iterator[ColumnProblem]:
    for column in table.columns:
        if column.required:
            yield ColumnProblem(
                f"{_text(column.name)} IS NULL", f"missing {column.name}", "'the field is empty; fill it'"
            )
        yield from readings[column.name].problems
        if column.kind == "money" and column.name in rules.decimals and table.column("currency"):
            yield ColumnProblem(
                f"{currency_of(column.name)} <> {_value('currency')}",
                f"{column.name} in another currency",
                f"'found ' || {currency_of(column.name)} || ' where the currency is ' || {_value('currency')}",
            )
    for group in table.needs_one_of:
        empty = " AND ".join(f"{_text(name)} IS NULL" for name in group)
        yield ColumnProblem(
            empty, f"missing {' or '.join(group)}", "'all of these fields are empty; fill one'"
        )
    for start, end in PAIRS:
        if table.column(start) and table.column(end):
            found = f"'from ' || {_text(start)} || ' to ' || {_text(end)}"
            yield ColumnProblem(f"{_value(end)} < {_value(start)}", f"{end} before {start}", found)


def _defaulted(column: Column, table: Table) -> str:
    value = _value(column.name)
    if column.default is None or (table.name == "calls" and column.name in DECIDED_BY_ADMISSION):
        return value
    default = quoted(column.default) if isinstance(column.default, str) else str(column.default).lower()
    return f"coalesce({value}, {default})"


EXPLAINED = {
    "line too long": "'the line is longer than the limit; only its beginning was kept'",
    "not UTF-8": "'the row has bytes that are no UTF-8; convert the file, as with iconv -f latin1 -t utf-8'",
    "ragged row": "'found ' || width || ' fields where the header has {width}; quote fields that hold the separator'",
    "broken quotes": "'text after a closing quote; double quotes inside a quoted field'",
    "not JSON": "'the line is not valid JSON'",
    "not a JSON object": '\'a row is an object, as in {{"name": "value"}}\'',
}
"""What is said about a row that could not be taken apart, by problem; `width` is the number of its fields."""


def _explained(matched: MatchedColumns) -> str:
    width = len(matched.known) + len(matched.unknown)
    cases = " ".join(
        f"WHEN {quoted(what)} THEN {said.format(width=width)}" for what, said in EXPLAINED.items()
    )
    return f"CASE problem {cases} END"


def _select(matched: MatchedColumns, rules: FieldRules, *, contents: bool) -> str:
    table = matched.table
    readings = {column.name: _reading(column, matched, rules) for column in table.columns}
    texts = ", ".join(f"{_raw(column, matched, rules)} AS {_text(column.name)}" for column in table.columns)
    values = ", ".join(f"{reading.value} AS {_value(name)}" for name, reading in readings.items())
    decided = ", ".join(reading.decided for reading in readings.values() if reading.decided != str(EXACT))
    own = ", ".join(f"{_defaulted(column, table)} AS {identifier(column.name)}" for column in table.columns)
    problems = list(_problems(table, readings, rules))
    reason = " ".join(f"WHEN {p.when} THEN {quoted(p.reason)}" for p in problems)
    detail = ", ".join(
        f"CASE WHEN {p.when} THEN {quoted(p.reason + ': ')} || {p.detail} END" for p in problems
    )
    kept, carried = (", content", f", {row_content(matched)} AS content") if contents else ("", "")
    taken = "".join(
        f", {trimmed(f'fields[{index}]')} AS {_field(name)}" for name, index in matched.known.items()
    )
    carried += "".join(f", {form(name)}" for name in rules.formed)
    named = "".join(f", {currency_of(name)}" for name in rules.decimals)
    inclusive = _inclusive(matched, rules)
    relation = (
        f"SELECT row, problem, width, {texts}{named}, attributes, {inclusive} AS inclusive{kept} FROM (SELECT row, "
        f"problem, len(fields) AS width, {_attributes(matched)} AS attributes{carried}{taken}{named} FROM sheet)"
    )
    for steps in zip_longest(*(reading.steps for reading in readings.values()), fillvalue=()):
        added = "".join(f", {sql} AS {name}" for step in steps for name, sql in step)
        relation = f"SELECT *{added} FROM ({relation})"
    read_ = f"SELECT *, {values}, [{decided}]::INTEGER[] AS decided FROM ({relation})"
    judged = f"SELECT *, CASE WHEN problem IS NOT NULL THEN problem {reason} END AS refusal FROM ({read_})"
    return (
        f"SELECT row, {own}, attributes, decided, inclusive, refusal, "
        f"CASE WHEN problem IS NOT NULL THEN {_explained(matched)} "
        f"WHEN refusal IS NOT NULL THEN concat_ws('; ', {detail}) END AS refusal_detail{kept} FROM ({judged})"
    )


def _unknown_notes(matched: MatchedColumns) -> Iterator[str]:
    if not matched.unknown:
        return
    near = {
        name: get_close_matches(normal(name), matched.table.names, n=1, cutoff=0.7)
        for name, _ in matched.unknown
    }
    said = (f"{name} (did you mean {near[name][0]}?)" if near[name] else name for name, _ in matched.unknown)
    # admission of calls fills attributes with its own remarks
    fate = "left out" if matched.table.name == "calls" else "kept in attributes"
    yield f"columns unknown to {matched.table.name}, {fate}: {', '.join(said)}"


def _format_notes(rules: FieldRules) -> Iterator[str]:
    commas = [name for name, decimal in rules.decimals.items() if decimal == ","]
    if commas:
        yield f"read with a decimal comma: {', '.join(commas)}"
    for order in ("day-first", "month-first"):
        if turned := [name for name, found in rules.dates.items() if found == order]:
            yield f"dates that are not ISO 8601 read {order}: {', '.join(turned)}"


def _decided_notes(connection: duckdb.DuckDBPyConnection, zone: str) -> Iterator[str]:
    def times(what: int) -> str:
        return f"coalesce(sum(len(list_filter(decided, lambda d: d = {what}))), 0)"

    row = connection.execute(
        f"SELECT {times(ASSUMED)}, {times(REPEATED)}, {times(SKIPPED)}, count(*) FILTER (inclusive) "
        "FROM conformed WHERE refusal IS NULL"
    ).fetchone()
    assumed, repeated, skipped, inclusive = row or (0, 0, 0, 0)
    if total := assumed + repeated + skipped:
        said = "1 time without an offset was" if total == 1 else f"{total:,} times without an offset were"
        yield f"{said} read as {zone}"
    if repeated:
        yield f"{repeated:,} of them fall into an hour that occurs twice and were read as the earlier one"
    if skipped:
        yield f"{skipped:,} of them fall into an hour that does not occur and were moved forward"
    if inclusive:
        yield f"{inclusive:,} invoice periods that end on the last day of a month were read as inclusive"
