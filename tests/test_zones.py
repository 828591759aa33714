"""Do Python, imports and questions agree on the offset of every zone at every moment?"""

from __future__ import annotations

import ast
import re
import struct
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from firstcall import zones
from firstcall.errors import UnknownName
from firstcall.zones import STEP, Changes, occurrences, offset_changes, to_local, to_utc, zone, zone_names
from tests.contracts.house import product

FIRST, LAST = date(2000, 1, 1), date(2031, 1, 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
AROUND = (timedelta(), -timedelta(microseconds=1), timedelta(seconds=1), -HOUR, HOUR, -25 * HOUR, 25 * HOUR)


def data_of(name: str) -> bytes:
    """Return a zone's file as tzdata brings it."""
    return files("tzdata").joinpath(f"zoneinfo/{name}").read_bytes()


@cache
def distinct() -> tuple[str, ...]:
    """Return a name for each different file: the others are links to them."""
    return tuple(sorted({data_of(name): name for name in sorted(zone_names())}.values()))


def written_changes(name: str) -> list[datetime]:
    """Return the moments that a zone's file lists (RFC 8536) and at which the offset becomes another."""
    data = data_of(name)

    def counts(at: int) -> tuple[int, ...]:
        return struct.unpack(">6l", data[at + 20 : at + 44])

    utc, standard, leaps, times, types, letters = counts(0)
    second = 44 + 5 * times + 6 * types + letters + 8 * leaps + standard + utc
    times = counts(second)[3]
    seconds = struct.unpack(f">{times}q", data[second + 44 : second + 44 + 8 * times])
    moments = (EPOCH + timedelta(seconds=at) for at in seconds if at > -60_000_000_000)
    local = zone(name)
    return [
        moment
        for moment in moments
        if moment.astimezone(local).utcoffset()
        != (moment - timedelta(seconds=1)).astimezone(local).utcoffset()
    ]


def of_zone(name: str) -> Changes:
    """Return the changes of a zone in the years of the test."""
    return offset_changes(zone(name), FIRST, LAST)


def shown(name: str, first: str, last: str) -> list[tuple[str, int]]:
    """Return the changes of a zone as texts, the last offset with a dash."""
    found = offset_changes(zone(name), date.fromisoformat(first), date.fromisoformat(last))
    return [(f"{end:%Y-%m-%d %H:%M:%S}" if end else "-", seconds) for end, seconds in found]


@pytest.mark.parametrize(
    ("name", "first", "last", "changes"),
    [
        ("UTC", "2000-01-01", "2030-01-01", [("-", 0)]),
        ("Asia/Tokyo", "2000-01-01", "2030-01-01", [("-", 32_400)]),
        (
            "America/New_York", "2025-01-01", "2026-01-01",
            [("2025-03-09 07:00:00", -18_000), ("2025-11-02 06:00:00", -14_400), ("-", -18_000)],
        ),
        # one hour less in Ramadan
        (
            "Africa/Casablanca", "2025-01-01", "2026-01-01",
            [("2025-02-23 02:00:00", 3_600), ("2025-04-06 02:00:00", 0), ("-", 3_600)],
        ),
        # summer time for a week
        (
            "America/Boa_Vista", "2000-09-01", "2000-11-01",
            [("2000-10-08 04:00:00", -14_400), ("2000-10-15 03:00:00", -10_800), ("-", -14_400)],
        ),
        # from one side of the date line to the other
        ("Pacific/Apia", "2011-12-01", "2012-01-01", [("2011-12-30 10:00:00", -36_000), ("-", 50_400)]),
        # offsets have had seconds
        ("Africa/Monrovia", "1971-01-01", "1973-01-01", [("1972-01-07 00:44:30", -2_670), ("-", 0)]),
    ],
)  # fmt: skip
def test_offsets_change_when_the_zone_s_law_says(
    name: str, first: str, last: str, changes: list[tuple[str, int]]
) -> None:
    """Exact to the second."""
    assert shown(name, first, last) == changes


def test_a_change_at_the_first_moment_of_a_year_is_seen_once() -> None:
    """Casey's first offset began with 1969 UTC; a range that begins there has it already."""
    assert shown("Antarctica/Casey", "1968-01-01", "1969-06-01") == [
        ("1969-01-01 00:00:00", 0),
        ("-", 28_800),
    ]
    assert shown("Antarctica/Casey", "1969-01-01", "1969-06-01") == [("-", 28_800)]


def test_every_change_that_a_zone_s_file_lists_is_found() -> None:
    """Further ones come after the last that is listed, by the rule at its end. None was ever missed by the step."""
    near = []
    for name in distinct():
        listed = written_changes(name)
        near += [later - earlier for earlier, later in pairwise(listed)]
        wanted = {moment.replace(tzinfo=None) for moment in listed if FIRST < moment.date() < LAST}
        found = {end for end, _ in of_zone(name) if end is not None}
        last = max(listed, default=EPOCH).replace(tzinfo=None)
        assert wanted == {end for end in found if end <= last}, name
    assert min(near) > 2 * STEP


def test_sql_and_python_agree_on_every_zone_around_every_change() -> None:
    """Local times of moments, moments of local times in gaps and folds, and how often each local time occurs.

    Zones with the same changes in these years have the same SQL: one of them speaks for all.
    """
    with duckdb.connect() as connection:
        for name in {of_zone(name): name for name in distinct()}.values():
            wrong = disagreements(connection, name)
            assert wrong == [], name


def disagreements(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    """Return (what was asked, what Python says, what SQL says) where they differ."""
    local, changes = zone(name), of_zone(name)
    ends = [end for end, _ in changes if end is not None] or [datetime(2015, 6, 30, 12)]  # noqa: DTZ001
    moments = [end + more for end in ends for more in AROUND]
    connection.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest(?::TIMESTAMP[]) AS t", [moments])
    rows = connection.execute(
        f"SELECT t, {to_local('t', changes)}, {to_utc('t', changes)}, {occurrences('t', changes)} FROM asked"
    ).fetchall()
    assert len(rows) == len(moments)
    return [
        (moment, expected, tuple(said))
        for moment, *said in rows
        if (expected := by_python(moment, local)) != tuple(said)
    ]


def by_python(time: datetime, local: zoneinfo.ZoneInfo) -> tuple[datetime, datetime, int]:
    """Return the local time of a UTC one; as a local one its UTC time, and how often it occurs."""
    there = time.replace(tzinfo=UTC).astimezone(local).replace(tzinfo=None, fold=0)
    both = [time.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1)]
    back = {moment for moment in both if moment.astimezone(local).replace(tzinfo=None, fold=0) == time}
    return there, both[0].replace(tzinfo=None), len(back)


def test_the_system_s_own_files_say_nothing(tmp_path: Path) -> None:
    """A machine whose Europe/Berlin is that of Tokyo reads the package's all the same."""
    folder = tmp_path / "Europe"
    folder.mkdir()
    (folder / "Berlin").write_bytes(data_of("Asia/Tokyo"))
    usual = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path)])
    zones.zone.cache_clear()
    try:
        january = datetime(2026, 1, 1, tzinfo=UTC)
        assert january.astimezone(zoneinfo.ZoneInfo.no_cache("Europe/Berlin")).hour == 9
        assert january.astimezone(zone("Europe/Berlin")).hour == 1
    finally:
        zoneinfo.reset_tzpath(usual)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "europe/berlin", "Europe", "", "../zoneinfo/UTC", "right/UTC"]
)
def test_a_zone_nobody_knows_is_an_error_that_helps(name: str) -> None:
    """Also where the file system does not tell capitals from small letters, or the name is that of a folder."""
    with pytest.raises(UnknownName, match=f"There is no time zone named '{name}'"):
        zone(name)


def test_a_zone_knows_its_name() -> None:
    """It is what `key` says, and the same zone each time."""
    assert zone("Europe/Berlin").key == "Europe/Berlin"
    assert zone("Europe/Berlin") is zone("Europe/Berlin")


def test_no_other_file_opens_zones() -> None:
    """Nor does SQL name one: the engine's tables are its own."""
    found = [
        f"{module.where}:{node.lineno}"
        for module in product()
        for node in ast.walk(module.tree)
        if module.name != "firstcall.zones"
        and (
            (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).endswith(("ZoneInfo", "available_timezones"))
            )
            or (
                isinstance(node, ast.Constant)
                and re.search(r"timezone\('(?!UTC')|AT TIME ZONE", str(node.value))
            )
        )
    ]
    assert found == []
