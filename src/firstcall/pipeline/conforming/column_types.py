"""How is the text of one field read as the kind its column has, and what is said when it cannot be?

Every function returns SQL over one text expression; the engine evaluates it for all rows at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from firstcall.literals import day_literal, identifier, quoted, quoted_all
from firstcall.schema.table import Column
from firstcall.sources.parsing.moments import (
    DATE,
    EARLIEST,
    EXACT,
    LATEST,
    Step,
    moment_of_epoch,
    moment_of_text,
)
from firstcall.units import currencies
from firstcall.zones import Changes, to_local

NULLS = ("", "-", '"-"', "null", "NULL", "(not set)", "\\N")
"""Texts that mean "nothing here" in every column of a table's own shape."""
OPTIONAL_NULLS = ("N/A", "n/a", "None", "none", "NaN", "nan", "{}", "[]")
"""The same, in columns that may be left out and have no domain that names them."""

INTEGER = "[+-]?[0-9]+([.]0+)?"
NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"
POWER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)[eE][+-]?[0-9]{1,3}"
COMMA = "[+-]?[0-9.]*,[0-9]+|[+-]?[0-9,]+[.][0-9]+"
SERIAL = "[0-9]{5}([.][0-9]+)?"
SLASHED = "[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}.*"
PLACES = {"money": (24, 6), "rate": (24, 10)}


@dataclass(frozen=True, slots=True)
class ColumnProblem:
    """A condition under which a row is refused, the reason that is counted, and SQL of what was found."""

    when: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """SQL of a column's value; the `problems` that refuse the row; what was `decided` about a moment.

    The value looks at the columns of the `steps`, computed one after the other before it.
    """

    value: str
    problems: tuple[ColumnProblem, ...] = ()
    decided: str = str(EXACT)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRules:
    """What reading depends on beside the column.

    The zone's offset changes, and by column the units of times that are counts, the sign before decimals, and whether
    days or months stand first.
    """

    changes: Changes
    epochs: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

    @property
    def formed(self) -> tuple[str, ...]:
        """The columns with texts of another form than the one that is read."""
        return (*self.decimals, *self.dates)


def trimmed(raw: str) -> str:
    """Return the SQL of a field without blanks around it; most have none and pay a few comparisons."""
    blanks = "chr(32) || chr(9) || chr(10) || chr(13) || chr(160)"
    ends = " OR ".join(f"suffix({raw}, chr({code}))" for code in (32, 9, 10, 13, 160))
    return f"CASE WHEN {raw} < '!' OR prefix({raw}, chr(160)) OR {ends} THEN trim({raw}, {blanks}) ELSE {raw} END"


def cleaned(column: Column, text: str) -> str:
    """Return the SQL of a trimmed field, NULL where its text means that there is nothing."""
    nulls: tuple[str, ...] = NULLS
    if not column.required and not column.values and column.kind != "json":
        nulls += OPTIONAL_NULLS
    return f"CASE WHEN {text} NOT IN ({quoted_all(nulls)}) THEN {text} END"


def read(column: Column, text: str, value: str, rules: FieldRules) -> ReadColumn:
    """Return how the cleaned `text` is read as `column`; the problems speak of the result as `value`."""
    if column.name == "currency":
        return _currency(text, value)
    if column.values:
        return _domain(column, text, value)
    return _KINDS[column.kind](column, text, value, rules)


def _found(text: str, help_: str) -> str:
    return f"'found ' || left(to_json({text})::VARCHAR, 80) || {quoted('; ' + help_)}"


def _bad(column: Column, what: str, text: str, value: str, help_: str) -> ColumnProblem:
    return ColumnProblem(
        f"{text} IS NOT NULL AND {value} IS NULL", f"bad {what} in {column.name}", _found(text, help_)
    )


def _bounded(column: Column, text: str, value: str) -> tuple[ColumnProblem, ...]:
    limits = ((column.least, "<", "below"), (column.most, ">", "above"))
    return tuple(
        ColumnProblem(f"{value} {sign} {limit:g}", f"{column.name} {word} {limit:g}", f"'found ' || {text}")
        for limit, sign, word in limits
        if limit is not None
    )


def _text(column: Column, text: str, _value: str, _setting: FieldRules) -> ReadColumn:
    return ReadColumn(f"upper({text})" if column.name == "method" else text)


def _domain(column: Column, text: str, value: str) -> ReadColumn:
    known = ", ".join(column.values)
    wrong = f"{value} NOT IN ({quoted_all(column.values)})"
    problem = ColumnProblem(wrong, f"{column.name} not one of {known}", _found(text, f"use one of {known}"))
    return ReadColumn(f"regexp_replace(lower({text}), '[ -]+', '_', 'g')", (problem,))


def _currency(text: str, value: str) -> ReadColumn:
    wrong = f"{value} NOT IN ({quoted_all(sorted(currencies()))})"
    return ReadColumn(
        f"upper({text})",
        (ColumnProblem(wrong, "unknown currency", _found(text, "use an ISO 4217 code, as in EUR")),),
    )


def _integer(column: Column, text: str, value: str, _setting: FieldRules) -> ReadColumn:
    whole = f"CASE WHEN regexp_full_match({text}, '{INTEGER}') THEN split_part({text}, '.', 1) END"
    bad = _bad(column, "integer", text, value, "write a whole number with digits alone, as in 1200")
    return ReadColumn(f"TRY_CAST({whole} AS BIGINT)", (bad, *_bounded(column, text, value)))


def _number(column: Column, text: str, value: str, _setting: FieldRules) -> ReadColumn:
    number = f"TRY_CAST(CASE WHEN regexp_full_match({text}, '{NUMBER}') THEN {text} END AS DOUBLE)"
    help_ = "write a point before decimals, as in 1234.5, or say --option decimal=comma"
    bad = _bad(column, "number", text, value, help_)
    return ReadColumn(
        f"CASE WHEN isfinite({number}) THEN {number} END", (bad, *_bounded(column, text, value))
    )


def _exact(column: Column, text: str, value: str, _setting: FieldRules) -> ReadColumn:
    width, places = PLACES[column.kind]
    type_ = f"DECIMAL({width}, {places})"
    wide = f"TRY_CAST(CASE WHEN regexp_full_match({text}, '{POWER}') THEN {text} END AS DECIMAL(38, 14))"
    fits = f"[+-]?([0-9]+([.][0-9]{{0,{places}}}0*)?|[.][0-9]{{1,{places}}}0*)"
    read_as = (
        f"CASE WHEN regexp_full_match({text}, '{fits}') THEN TRY_CAST({text} AS {type_}) "
        f"WHEN TRY_CAST({wide} AS {type_}) = {wide} THEN TRY_CAST({wide} AS {type_}) END"
    )
    hint = (
        f"CASE WHEN regexp_full_match({text}, '{NUMBER}') "
        f"THEN '; at most {places} decimals and {width - places} digits before them are kept exactly' "
        f"WHEN regexp_full_match({text}, '{COMMA}') "
        f"THEN '; write a point before decimals, as in 1234.56, or say --option decimal=comma' "
        f"ELSE '; write the number alone, the currency has its own column' END"
    )
    what = "amount" if column.kind == "money" else "rate"
    bad = ColumnProblem(
        f"{text} IS NOT NULL AND {value} IS NULL", f"bad {what} in {column.name}", _hinted(text, hint)
    )
    zero = ColumnProblem(f"{value} <= 0", f"{column.name} not above 0", f"'found ' || {text}")
    return ReadColumn(read_as, (bad, zero) if column.kind == "rate" else (bad,))


def _hinted(text: str, hint: str) -> str:
    return f"'found ' || left(to_json({text})::VARCHAR, 80) || {hint}"


def _boolean(column: Column, text: str, value: str, _setting: FieldRules) -> ReadColumn:
    meant = (
        f"CASE WHEN lower({text}) IN ('true', 'yes', 'y', 't', '1') THEN true "
        f"WHEN lower({text}) IN ('false', 'no', 'n', 'f', '0') THEN false END"
    )
    return ReadColumn(meant, (_bad(column, "yes or no", text, value, "write true or false"),))


def _time(column: Column, text: str, value: str, rules: FieldRules) -> ReadColumn:
    unit = rules.epochs.get(column.name)
    moment = moment_of_text(text, column.name, rules.changes) if unit is None else moment_of_epoch(text, unit)
    number = "the other rows of this column are epoch numbers; this one is none in range"
    plain = "write it as in 2026-03-01T09:30:00Z" if unit is None else number
    hint = (
        f"CASE WHEN regexp_full_match({text}, '{SERIAL}') THEN '; looks like a serial number of a spreadsheet: "
        f"format the column as 2026-03-01 09:30' WHEN regexp_full_match({text}, '{SLASHED}') THEN "
        f"'; day and month cannot be told apart: say --option dates=day-first, or month-first' "
        f"ELSE {quoted('; ' + plain)} END"
    )
    bad = ColumnProblem(
        f"{text} IS NOT NULL AND {value} IS NULL", f"bad time in {column.name}", _hinted(text, hint)
    )
    return ReadColumn(moment.value, (bad,), moment.decided, moment.steps)


def _date(column: Column, text: str, value: str, rules: FieldRules) -> ReadColumn:
    moment, day = moment_of_text(text, column.name, rules.changes), identifier(f"day_{column.name}")
    taken = (
        f"CASE WHEN regexp_full_match({text}, '{DATE}') THEN TRY_CAST({text} AS DATE) "
        f"WHEN regexp_full_match({text}, '[0-9]{{8}}') THEN CAST(TRY_STRPTIME({text}, '%Y%m%d') AS DATE) "
        f"WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}') THEN TRY_CAST({text} || '-01' AS DATE) "
        f"ELSE CAST({to_local(moment.column, rules.changes)} AS DATE) END"
    )
    bounded = f"CASE WHEN {day} >= {day_literal(EARLIEST)} AND {day} < {day_literal(LATEST)} THEN {day} END"
    first = f"CAST(date_trunc('month', {bounded}) AS DATE)"
    bad = _bad(column, "date", text, value, "write it as in 2026-03-01")
    steps = (*moment.steps, ((day, taken),))
    return ReadColumn(first if column.name == "month" else bounded, (bad,), steps=steps)


def _json(column: Column, text: str, value: str, _setting: FieldRules) -> ReadColumn:
    problems = [_bad(column, "JSON", text, value, "write JSON")]
    if column.name == "tiers":
        help_ = 'write [{"up_to": 1000, "unit_price": "0.002"}, {"up_to": null, "unit_price": "0.001"}]'
        wrong = f"{value} IS NOT NULL AND NOT coalesce({_tiers(value)}, false)"
        problems.append(ColumnProblem(wrong, "tiers of the wrong shape", _found(text, help_)))
    return ReadColumn(f"CASE WHEN json_valid({text}) THEN {text} END", tuple(problems))


def _tiers(valid: str) -> str:
    """Return the SQL that asks for a list of tiers: rising limits, only the last open, each with an exact price."""
    items = f"from_json(CASE WHEN json_type({valid}) = 'ARRAY' THEN {valid} END, '[\"JSON\"]')"
    limits = f"list_transform({items}, lambda tier: TRY_CAST(tier ->> 'up_to' AS BIGINT))"
    known = "['up_to', 'unit_price', 'flat_fee']"
    amount = "'[0-9]+([.][0-9]{1,10})?'"
    each = (
        f"json_type(tier) = 'OBJECT' "
        f"AND list_has_all({known}, json_keys(CASE WHEN json_type(tier) = 'OBJECT' THEN tier END)) "
        f"AND coalesce(tier ->> 'unit_price', tier ->> 'flat_fee') IS NOT NULL "
        f"AND regexp_full_match(coalesce(tier ->> 'unit_price', '0'), {amount}) "
        f"AND regexp_full_match(coalesce(tier ->> 'flat_fee', '0'), {amount}) "
        f"AND regexp_full_match(coalesce(tier ->> 'up_to', '1'), '[1-9][0-9]*')"
    )
    rising = f"list_sort(list_distinct({limits}[:-2])) = {limits}[:-2]"
    last = f"({limits}[-1] IS NULL OR len({items}) = 1 OR {limits}[-1] > {limits}[-2])"
    return (
        f"len({items}) > 0 AND list_bool_and(list_transform({items}, lambda tier: {each})) "
        f"AND (len({items}) = 1 OR ({rising} AND {last}))"
    )


_KINDS = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "money": _exact,
    "rate": _exact,
    "boolean": _boolean,
    "time": _time,
    "date": _date,
    "json": _json,
}
