"""A row names its partner as people do, by name: whose is it?"""

from __future__ import annotations

import duckdb

from firstcall.literals import identifier
from firstcall.schema.table import Table

SHOWN = 3


def names_to_ids(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[str, ...]:
    """Put a partner's id in place of its name in the temporary table `conformed`; return what has to be said.

    Only a name that one partner alone has, small and capital letters alike, and that is nobody's id.
    """
    if table.name == "partners" or table.column("partner_id") is None:
        return ()
    known = "SELECT partner_id, lower(trim(name)) AS name FROM partners WHERE known_to IS NULL"
    alone = f"SELECT name, min(partner_id) AS partner_id FROM ({known}) GROUP BY name HAVING count(*) = 1"
    named = connection.execute(
        f"SELECT c.partner_id, p.partner_id, count(*) FROM conformed c JOIN ({alone}) p "
        "ON lower(trim(c.partner_id)) = p.name WHERE c.partner_id NOT IN (SELECT partner_id FROM partners "
        "WHERE known_to IS NULL) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    if not named:
        return ()
    connection.execute(
        f"UPDATE conformed SET partner_id = p.partner_id FROM ({alone}) AS p "
        "WHERE lower(trim(conformed.partner_id)) = p.name AND conformed.partner_id NOT IN "
        "(SELECT partner_id FROM partners WHERE known_to IS NULL)"
    )
    shown = ", ".join(f"{name} is {partner}" for name, partner, _ in named[:SHOWN])
    more = f" and {len(named) - SHOWN} more" if len(named) > SHOWN else ""
    notes: tuple[str, ...] = (
        f"{sum(rows for *_, rows in named):,} rows name their partner by its name: {shown}{more}",
    )
    nobody = connection.execute(
        f"SELECT count(*), list(DISTINCT partner_id ORDER BY partner_id) FROM {identifier('conformed')} "
        "WHERE partner_id IS NOT NULL AND partner_id NOT IN (SELECT partner_id FROM partners WHERE known_to IS NULL)"
    ).fetchone() or (0, [])
    if nobody[0]:
        few = ", ".join(nobody[1][:SHOWN])
        notes += (f"{nobody[0]:,} rows name a partner that is not known: {few}; import it, or mend its name",)
    return notes
