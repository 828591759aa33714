"""Which tables are there, all together, and how is each stored?

`TABLES` are the tables a file can fill. `stored` adds what the store keeps beside a table's own columns, so that
every engine creates the same physical tables from the same values.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from firstcall.schema import business, identity, journal, rollup, signals, usage
from firstcall.schema.table import KEPT, Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

DERIVED = (
    Column(
        "call_key", "key", "128-bit identity of the call: hash of source and event id, or of source and line."
    ),
    Column("day", "date", "Local day of `time` in the program's zone.", required=True),
    Column("hour", "integer", "Local hour of `time`, 0 to 23.", required=True),
    Column("outcome", "text", "success, redirect, client_error, server_error or timeout.", required=True),
    Column("latency_bucket", "integer", "Histogram bucket of latency_ms; null without a latency."),
)
"""Columns of `calls` that admission computes from the others."""

AS_SAID = (
    Column("host", "text", "Host name the call was sent to, for rules that ask for it."),
    Column("stage", "text", "Deployment stage as the gateway names it, for rules that ask for it."),
    Column("given_route", "text", "Route template that the source itself named."),
    Column(
        "given",
        "integer",
        "What the source itself said: environment 1, traffic class 2, product 4, version 8, and 16 for a version that "
        "the request asked for, added up; null when not known.",
    ),
)
"""Columns of `calls` by which changed rules can judge a call again; they stand last, as a migration adds them."""

TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for layer in (usage, identity, business, signals) for table in layer.TABLES}
)
"""Every table a file can fill, by name."""

KEPT_TABLES: Mapping[str, Table] = MappingProxyType(
    {table.name: table for table in (*rollup.TABLES, *journal.TABLES)}
)
"""Tables the product fills itself: rollups and journal."""


def stored(name: str) -> tuple[Column, ...]:
    """Return the columns of the physical table called `name`, in order."""
    if name in KEPT_TABLES:
        return KEPT_TABLES[name].columns
    own = TABLES[name].columns
    if name == "calls":
        return (*own, *DERIVED, *KEPT, *AS_SAID)
    return (*own, *KEPT)
