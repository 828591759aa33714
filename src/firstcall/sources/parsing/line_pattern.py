"""How are lines of a fixed shape taken apart by one regular expression, a name for every group?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import duckdb

from firstcall.errors import UsageError
from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.call_columns import BLANK, UNREADABLE


def taken_apart(pattern: str) -> str:
    """Return the SELECT of (line, matched, one VARCHAR per named group) over `lines(line)`.

    `pattern` is written for whole lines; groups without a name must not capture. A group that took no part is ''.
    """
    names = tuple(re.compile(pattern).groupindex)
    plain = re.sub(r"\(\?P<\w+>", "(", pattern)
    whole = quoted(rf"^({plain})\s*$")
    groups = quoted_all(("matched", *names))
    values = ", ".join(f"x.{name} AS {name}" for name in names)
    return (
        f"SELECT line, x.matched <> '' AS matched, {values} "
        f"FROM (SELECT line, regexp_extract(line, {whole}, [{groups}]) AS x FROM lines)"
    )


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def groups(pattern: str, lines: Iterable[str]) -> list[tuple[str, ...] | None]:
    """Return for each line that the pattern finds something in the whole and its groups, '' for one that took no part.

    Asked of the engine that reads the file afterwards: Python's own expressions go back over what they took, and a
    line of many quotes, or of blanks alone, would keep a pattern of many open fields busy for hours. Raises
    UsageError for a pattern that is too large.
    """
    names = [f"g{number}" for number in range(re.compile(pattern).groups + 1)]
    plain = re.sub(r"\(\?P<\w+>", "(", pattern)
    held = [line.encode("utf-8", "replace").decode() for line in lines]
    asked = "SELECT regexp_extract(line, $pattern, $names) FROM (SELECT unnest($lines::VARCHAR[]) AS line)"
    given = {"pattern": f"({plain})", "names": names, "lines": held}
    try:
        rows = _engine().cursor().execute(asked, given).fetchall()
    except duckdb.Error as error:
        raise UsageError(
            f"No expression can be made of the shape of the lines: {error} Give a shorter --option log_format."
        ) from error
    return [tuple(row.values()) if row["g0"] else None for (row,) in rows]


def calls_in(select: str, lines: Iterable[str]) -> list[tuple[object, ...]]:
    """Return what a SELECT over `lines(line)` gives for some lines, in order."""
    held = [line.encode("utf-8", "replace").decode() for line in lines]
    given = "WITH lines AS MATERIALIZED (SELECT unnest($lines::VARCHAR[]) AS line) "
    return _engine().cursor().execute(given + select, {"lines": held}).fetchall()


def matched(pattern: str, lines: Iterable[str]) -> list[dict[str, str] | None]:
    """Return the named groups of each line that fits the whole pattern, None for the others."""
    names = re.compile(pattern).groupindex
    found = groups(rf"^(?:{pattern})\s*$", lines)
    return [None if each is None else {name: each[place] for name, place in names.items()} for each in found]


def share(pattern: str, lines: Iterable[str]) -> tuple[int, int]:
    """Return (how many of the first hundred lines that are not blank fit the pattern, how many there are)."""
    held = [line for line in lines if line.strip()][:100]
    return sum(found is not None for found in matched(pattern, held)), len(held)


def refusal(matched: str, *known: tuple[str, str]) -> str:
    """Return why a line is no call: null when `matched`, else the reason of the first pattern in `known` it has."""
    cases = "".join(
        f"WHEN regexp_matches(line, {quoted(pattern)}) THEN {quoted(why)} " for pattern, why in known
    )
    return (
        f"CASE WHEN {matched} THEN NULL WHEN coalesce(trim(line) = '', true) THEN '{BLANK}' "
        f"{cases}ELSE '{UNREADABLE}' END"
    )
