"""Which columns does every format of calls give, and how are values that all of them share written in SQL?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from firstcall.errors import UnknownName, UsageError
from firstcall.literals import quoted_all
from firstcall.schema.usage import CALLS
from firstcall.sources.source import Option
from firstcall.zones import zone

TYPES = {
    "text": "VARCHAR", "time": "TIMESTAMP", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN",
    "json": "VARCHAR",
}  # fmt: skip

BESIDE: Mapping[str, str] = {
    "host": "VARCHAR", "stage": "VARCHAR", "weight": "DOUBLE", "streamed": "BOOLEAN", "asked_version": "VARCHAR",
    "refusal": "VARCHAR", "refusal_detail": "VARCHAR", "content": "VARCHAR",
}  # fmt: skip
"""Columns a format gives beside those of `calls`: what rules look at, how many calls a sampled row stands for
(null: one), whether the log marks a stream, the API version that a header of the request asks for, and why a line was
refused."""

COLUMNS: Mapping[str, str] = {
    **{column.name: TYPES[column.kind] for column in CALLS.columns},
    **BESIDE,
}
"""Column → SQL type, in the order in which admission takes them."""

UNREADABLE = "line does not fit the format"
NOT_AN_OBJECT = "not a JSON object"
BLANK = "blank line"
"""Reason of an empty line; admission counts it as filtered, not as refused."""

NULLS = (
    "-", "", '"-"', "null", "NULL", "(not set)", "Not Versioned", "unknown", "{}", "[]", "none", "<NOSRV>",
    "00000000",
)  # fmt: skip
"""What gateways write where there is nothing. `0` is not among them: a length or a latency can be nought."""

TIMEZONE = Option("timezone", "Time zone of the times, as in Europe/Berlin, where the log names none.", "UTC")


OWN_ID = "NULL"
"""The `event_id` of a format whose request id is the gateway's own: nobody else can set it, so it names the call."""


def named_by_client(identity: str) -> str:
    """Return what names a call whose id the client may have set (SQL): two calls can have it, so with its line."""
    return f"CASE WHEN {identity} IS NOT NULL THEN {identity} || ' ' || left(md5(line), 16) END"


def select(relation: str, values: Mapping[str, str]) -> str:
    """Return a SELECT with every column of `COLUMNS`: `values` gives expressions over `relation`, the rest is null.

    A request id alone is no identity unless `event_id` says so: OWN_ID.
    """
    if "request_id" in values and "event_id" not in values:
        values = {**values, "event_id": named_by_client(values["request_id"])}
    columns = ", ".join(
        f"CAST({values.get(name, 'NULL')} AS {kind}) AS {name}" for name, kind in COLUMNS.items()
    )
    return f"SELECT {columns} FROM ({relation})"


def given(value: str) -> str:
    """Return `value` with the tokens that mean absent turned to null."""
    return f"CASE WHEN {value} IN ({quoted_all(NULLS)}) THEN NULL ELSE {value} END"


def first(values: Iterable[str]) -> str:
    """Return the first of several values that is there."""
    held = tuple(values)
    return held[0] if len(held) == 1 else f"coalesce({', '.join(held)})"


def count(value: str) -> str:
    """Return a whole number, null when it is none or negative (a minus one means unknown)."""
    return f"CASE WHEN TRY_CAST({value} AS BIGINT) >= 0 THEN TRY_CAST({value} AS BIGINT) END"


def status(value: str) -> str:
    """Return an HTTP status: `-`, `-1` and `000` mean that nothing was answered; text after the number is dropped."""
    code = f"CASE WHEN {value} IN ('-', '-1') THEN 0 ELSE TRY_CAST({value} AS INTEGER) END"
    return f"coalesce({code}, TRY_CAST(regexp_extract({value}, '^([0-9]{{3}}) ', 1) AS INTEGER))"


def milliseconds(value: str, unit: str) -> str:
    """Return a duration in milliseconds; `unit` is s, ms, us or ns. A dash or minus one means unknown."""
    number = f"TRY_CAST({value} AS DOUBLE)"
    scaled = {
        "s": f"round({number} * 1000, 6)",
        "ms": number,
        "us": f"{number} / 1000",
        "ns": f"{number} / 1000000",
    }
    return f"CASE WHEN {number} <> -1 THEN {scaled[unit]} END"


def tries(value: str, unit: str = "s") -> str:
    """Return the sum of a list such as `0.001, 0.048 : 0.002`, one item per try, in milliseconds."""
    items = f"list_transform(regexp_extract_all({value}, '[0-9.]+'), lambda item: TRY_CAST(item AS DOUBLE))"
    several = f"contains({value}, ',') OR contains({value}, ':')"
    factor = {"s": "1000", "ms": "1", "us": "0.001", "ns": "0.000001"}[unit]
    total = f"round(list_sum({items}) * {factor}, 6)"
    return f"CASE WHEN {several} THEN {total} ELSE {milliseconds(value, unit)} END"


def zone_of(options: Mapping[str, str]) -> str:
    """Return the zone given by the option `timezone`, UTC without it; raises UsageError for one nobody knows."""
    name = options.get(TIMEZONE.name, "UTC")
    try:
        return zone(name).key
    except UnknownName as error:
        raise UsageError(f"The option timezone={name} is no time zone. {error}") from error


def host_of(url: str) -> str:
    """Return the host of an absolute URL, without port, null for a path."""
    return f"nullif(regexp_extract({url}, '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(\\[[^]]*\\]|[^/?#:]*)', 1), '')"


def event_stream(content: str) -> str:
    """Return true for the content type of a stream of events, which lives as long as its reader (SQL)."""
    return f"CASE WHEN starts_with(lower({content}), 'text/event-stream') THEN true END"


FOUR = "[0-9]{1,3}(?:[.][0-9]{1,3}){3}"
ADDRESSES = (
    f"^(?:for=)?[\\[]?(?:::ffff:)?({FOUR})[\\]]?(?::[0-9]+)?$",
    "^(?:for=)?[\\[]([0-9a-f:.]*:[0-9a-f:.]*)(?:%[^\\]]*)?[\\]](?::[0-9]+)?$",
    "^([0-9a-f]*:[0-9a-f:.]*)(?:%.*)?$",
)
"""Of version 4, with a port or mapped into version 6; of version 6 in brackets, with a port or a zone; and without."""


def address(value: str) -> str:
    """Return an IP address alone (SQL): no port, brackets, zone or quotes, not mapped, the first of a comma list.

    Every source has its addresses from here, so that networks of the rules meet them. What is no address stays.
    """
    one = f"lower(trim(split_part({value}, ',', 1), ' \"'))"
    short = "substr(regexp_replace(':' || {}, ':0+([0-9a-f])', ':\\1', 'g'), 2)"
    found = ", ".join(f"nullif(regexp_extract({one}, '{pattern}', 1), '')" for pattern in ADDRESSES)
    six = f"coalesce({found}, trim(split_part({value}, ',', 1)))"
    zeros = f"CASE WHEN contains({six}, ':0') THEN {short.format(six)} ELSE {six} END"
    return f"CASE WHEN regexp_full_match({value}, '[0-9.]+') THEN {value} ELSE {zeros} END"


def weight(value: str) -> str:
    """Return how many calls a sampled row stands for, null when it stands for itself alone."""
    number = f"TRY_CAST({value} AS DOUBLE)"
    return f"CASE WHEN {number} > 1 AND isfinite({number}) THEN {number} END"


def request_parts(request: str) -> dict[str, str]:
    """Return method and path of a request line: `GET /a b HTTP/1.1` keeps the blank, `` has neither."""
    words = f"string_split({request}, ' ')"
    plain = f"len({words}) = 3 AND starts_with({words}[3], 'HTTP/')"
    exact = f"regexp_extract({request}, '^([A-Za-z_-]+) +(/.*|[a-z]+://.*|\\*|[^ ]+)$', {{}})"
    path = f"regexp_replace({exact.format(2)}, ' +HTTP/[0-9.]+$', '')"
    return {
        "method": f"CASE WHEN {plain} THEN {words}[1] ELSE nullif({exact.format(1)}, '') END",
        "path": f"CASE WHEN {plain} THEN {words}[2] ELSE nullif({path}, '') END",
    }
