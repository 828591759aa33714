"""Which merges of partners lead nowhere: into one that is not there, in a circle, or too far?"""

from __future__ import annotations

import duckdb

DEEPEST = 3
"""Merges that questions follow from one partner to the next; see `parties` in `firstcall.query.plan`."""
SHOWN = 5
FOLLOWED = f"""
WITH RECURSIVE merged AS (
    SELECT partner_id, merged_into FROM partners
    WHERE known_to IS NULL AND merged_into IS NOT NULL AND merged_into <> partner_id),
up AS (
    SELECT partner_id AS origin, merged_into AS reached, 1 AS steps FROM merged
    UNION ALL
    SELECT up.origin, m.merged_into, up.steps + 1 FROM up JOIN merged m ON m.partner_id = up.reached
    WHERE up.reached <> up.origin AND up.steps <= {DEEPEST})
SELECT origin, bool_or(reached = origin), max(steps) > {DEEPEST}, bool_or(reached NOT IN (
    SELECT partner_id FROM partners WHERE known_to IS NULL))
FROM up GROUP BY origin ORDER BY origin
"""


def merge_notes(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return what the user should know about merges that lead nowhere."""
    found = connection.execute(FOLLOWED).fetchall()
    circle = [origin for origin, circular, _, _ in found if circular]
    deep = [origin for origin, circular, deep, _ in found if deep and not circular]
    lost = [origin for origin, _, _, lost in found if lost]
    notes = (
        (circle, "are merged in a circle and count as nobody, until one of them has no merged_into"),
        (deep, f"are merged over more than {DEEPEST} others; name the last one in merged_into"),
        (lost, "are merged into one that is not there; until it is, the last one that is counts"),
    )
    return tuple(f"{len(who):,} partners {said}: {_few(who)}" for who, said in notes if who)


def _few(who: list[str]) -> str:
    more = f" and {len(who) - SHOWN} more" if len(who) > SHOWN else ""
    return f"{', '.join(who[:SHOWN])}{more}"
