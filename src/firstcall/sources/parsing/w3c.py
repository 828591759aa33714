"""How are logs in the W3C's extended format taken apart, whose fields a line of the file itself names?

`#Fields:` may change in the middle of a file, so each line is read by the last one before it. A log without such a
line is read by the names that the user gives.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.errors import UnknownName, UsageError
from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.call_columns import BLANK, UNREADABLE, first, given
from firstcall.sources.source import Option

FIELDS = Option("fields", "Names of the fields in order, for a file that has no line #Fields:.")
HEADLESS = "no line #Fields: before it"
QUOTED_WORDS = (
    """list_transform(regexp_extract_all(line, '"(?:[^"]|"")*"|\\S+'), """
    """lambda part: CASE WHEN starts_with(part, '"') THEN trim(part, '"') ELSE part END)"""
)
SPLIT = (
    # a tab ends the fields of some and is never inside one; the others end at blanks
    "split AS (SELECT line, size, day AS given_day, places, "
    "string_split(rtrim(line), CASE WHEN contains(line, chr(9)) THEN chr(9) ELSE ' ' END) AS plain "
    "FROM sections LEFT JOIN shapes USING (section)), "
    # some quote what holds blanks; a quote inside a field of the others is a sign like any
    f"worded AS (SELECT *, CASE WHEN len(plain) <> size AND contains(line, '\"') THEN {QUOTED_WORDS} "
    "ELSE plain END AS w FROM split) "
)
Needs = Mapping[str, Sequence[str]]
"""What a call needs → field names in small letters, best first."""


def named_fields(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names that the `#Fields:` lines of the sample give, in small letters, each once."""
    held = (line[8:].split() for line in lines if line.startswith("#Fields:"))
    return tuple(dict.fromkeys(name.lower() for names in held for name in names))


def own_fields(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that the user gave, in small letters."""
    return tuple(name.lower() for name in re.split(r"[,\s]+", options.get(FIELDS.name, "")) if name)


def taken_apart(needs: Needs, own: Sequence[str]) -> str:
    """Return the SELECT of (line, matched, `given_day`, `why`, `counted`, one VARCHAR column per need) over `lines`.

    `own` are the names for lines before any `#Fields:`. `given_day` is the last `#Date:` where no field has the day.
    """
    wanted = tuple(dict.fromkeys(name for names in needs.values() for name in names))
    places = ", ".join(f"list_position(names, {quoted(name)})" for name in wanted)
    listed = quoted_all(own)
    before = (
        f"SELECT 0 AS section, CAST([{listed}] AS VARCHAR[]) AS names, NULL AS day UNION ALL " if own else ""
    )
    value = {name: f"w[nullif(places[{n}], 0)]" for n, name in enumerate(wanted, 1)}
    columns = ", ".join(
        f"{first(given(value[name]) for name in names) if names else 'CAST(NULL AS VARCHAR)'} AS {need}"
        for need, names in needs.items()
    )
    return (
        # counting without an order streams through the file; a lookup by position would be slow where names alternate
        "WITH sections AS NOT MATERIALIZED (SELECT line, row_number() OVER () AS n, "
        "count(CASE WHEN starts_with(line, '#Fields:') THEN 1 END) "
        "OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS section FROM lines), "
        "heads AS (SELECT section, starts_with(line, '#Fields:') AS naming, "
        "string_split_regex(lower(trim(substr(line, 9))), '\\s+') AS names, last_value(CASE WHEN "
        "starts_with(line, '#Date:') THEN nullif(regexp_extract(line, '[0-9]{4}-[0-9]{2}-[0-9]{2}'), '') END "
        "IGNORE NULLS) OVER (ORDER BY n) AS day FROM sections "
        "WHERE starts_with(line, '#Fields:') OR starts_with(line, '#Date:')), "
        f"shapes AS (SELECT section, day, len(names) AS size, [{places}] AS places FROM "
        f"({before}SELECT section, names, CASE WHEN NOT list_contains(names, 'date') THEN day END AS day "
        "FROM heads WHERE naming)), "
        f"{SPLIT}"
        "SELECT line, coalesce(len(w) = size AND NOT starts_with(line, '#'), false) AS matched, given_day, "
        f"CASE WHEN size IS NULL THEN '{HEADLESS}' ELSE '{UNREADABLE}' END AS why, "
        f"len(w) || ' fields, ' || size || ' are named' AS counted, {columns} FROM worded"
    )


def refused() -> dict[str, str]:
    """Return why a line is no call, and what is wrong with it; comments are filtered like blank lines."""
    nothing = "coalesce(trim(line) = '' OR starts_with(line, '#'), true)"
    return {
        "refusal": f"CASE WHEN matched THEN NULL WHEN {nothing} THEN '{BLANK}' ELSE why END",
        "refusal_detail": f"CASE WHEN NOT matched AND NOT {nothing} THEN counted END",
    }


def chosen(needs: Needs, names: Sequence[str], options: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Return the needs with the consumer that the option names; raises UnknownName when no field has that name."""
    found = dict(needs)
    if wanted := options.get("consumer", "").lower():
        header = f"cs({wanted})"
        if names and not {wanted, header}.intersection(names):
            raise UnknownName("field of the log", wanted, names)
        found["caller"] = (wanted, header)
    return found


def demand(names: Sequence[str], lines: Sequence[str], *groups: Sequence[str]) -> None:
    """Raise UsageError when a file that is not empty names no fields, or none of one of the groups."""
    if not any(line.strip() for line in lines):
        return
    if not names:
        shown = next(line for line in lines if line.strip())[:120]
        raise UsageError(
            f"The file has no line #Fields: and begins with {shown!r}. Give --option fields='date time …' in its order."
        )
    for group in groups:
        if not set(group).intersection(names):
            raise UsageError(f"The log has none of the fields {', '.join(group)}; it has {', '.join(names)}.")
