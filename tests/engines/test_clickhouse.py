"""Does the ClickHouse engine make the store's tables and return plain Python values?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from firstcall.engines.clickhouse import SORTED_BY, ClickHouseEngine, create
from firstcall.errors import StoreError
from firstcall.schema.tables import KEPT_TABLES, TABLES, stored


@pytest.mark.parametrize("name", [*TABLES, *KEPT_TABLES])
def test_every_table_is_made_sorted_by_columns_it_has(clickhouse: ClickHouseEngine, name: str) -> None:
    """The statement runs as a server would run it, and the columns come in the schema's order."""
    clickhouse.query("CREATE DATABASE IF NOT EXISTS made")
    clickhouse.query(create(name).replace("CREATE TABLE ", "CREATE TABLE made."))
    _, rows = clickhouse.run(
        f"SELECT name FROM system.columns WHERE database = 'made' AND table = '{name}' ORDER BY position"
    )
    assert [row[0] for row in rows] == [column.name for column in stored(name)]


def test_every_sort_order_is_of_a_table() -> None:
    """A table that is gone takes its sort order with it."""
    assert sorted(SORTED_BY.keys() - TABLES.keys() - KEPT_TABLES.keys()) == []


def test_columns_that_must_be_there_are_not_nullable() -> None:
    """What is required is stored without a null map, the rest with one."""
    made = create("exchange_rates", "Memory")
    assert '"date" Date32,' in made
    assert "\"known_to\" Nullable(DateTime64(6, 'UTC'))" in made
    assert made.endswith("ENGINE = Memory")


def test_values_come_back_as_plain_python(clickhouse: ClickHouseEngine) -> None:
    """Moments without zone, money exact, whole numbers whole, truth as truth, nothing as None."""
    names, rows = clickhouse.run(
        "SELECT toDateTime64('2025-03-30 12:00:00.000001', 6, 'UTC') AS t, toDate32('1969-12-31') AS d, "
        "toDecimal128('-0.000001', 6) AS m, toInt128('170141183460469231731687303715884105727') AS k, 0.1 AS f, "
        "true AS b, NULL AS n, 'ä\\n\"' AS s, toLowCardinality('x') AS l, toUInt64('18446744073709551615') AS u"
    )
    assert names == ("t", "d", "m", "k", "f", "b", "n", "s", "l", "u")
    assert rows == [
        (
            datetime.fromisoformat("2025-03-30 12:00:00.000001"),
            date(1969, 12, 31),
            Decimal("-0.000001"),
            170141183460469231731687303715884105727,
            0.1,
            True,
            None,
            'ä\n"',
            "x",
            18446744073709551615,
        )
    ]


def test_no_rows_are_no_rows(clickhouse: ClickHouseEngine) -> None:
    """The columns are named all the same."""
    assert clickhouse.run("SELECT 1 AS n WHERE 1 = 0") == (("n",), [])


def test_a_filter_may_name_who_a_merged_partner_became(clickhouse: ClickHouseEngine) -> None:
    """A row names a partner, that one names another, and the filter is about the other."""
    _, rows = clickhouse.run(
        "SELECT x.partner AS partner FROM (SELECT consumer AS partner FROM calls) AS x "
        "LEFT JOIN partners AS named ON named.partner_id = x.partner "
        "LEFT JOIN partners AS p ON p.partner_id = coalesce(named.merged_into, x.partner) "
        "WHERE p.partner_id IN ('nowhere')"
    )
    assert rows == []


def test_a_foreign_type_is_refused_by_name(clickhouse: ClickHouseEngine) -> None:
    """A value whose reading nobody decided is not guessed at."""
    with pytest.raises(StoreError, match=r"Array\(UInt8\)"):
        clickhouse.run("SELECT [1, 2] AS a")


def test_a_statement_without_rows_is_refused() -> None:
    """ResolvedQuestion is for queries; statements are sent with `query`."""
    with pytest.raises(StoreError, match="no header"):
        ClickHouseEngine(lambda _: b"").run("DROP TABLE x")


def test_settings_go_with_every_query() -> None:
    """A server's own profile cannot change an answer."""
    sent: list[str] = []

    def query(sql: str) -> bytes:
        sent.append(sql)
        return b'["n"]\n["UInt8"]\n[1]\n'

    assert ClickHouseEngine(query).run("SELECT 1 AS n") == (("n",), [(1,)])
    assert "join_use_nulls = 1" in sent[0]
    assert "session_timezone = 'UTC'" in sent[0]


def test_a_snapshot_is_the_engine_itself(clickhouse: ClickHouseEngine) -> None:
    """There is no transaction over several queries; the page on engines says so."""
    with clickhouse.snapshot() as state:
        assert state is clickhouse
