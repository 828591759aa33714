"""Do imports and questions put every moment on the same local day, in every zone?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb
import pytest

from firstcall import registry
from firstcall.engines.lowering import DUCKDB
from firstcall.periods import Calendar, Question, Scope
from firstcall.program import Program
from firstcall.query.bindings import Bindings, Expression
from firstcall.query.template import template
from firstcall.settings import Program as ProgramSettings
from firstcall.settings import Settings, Store
from firstcall.sources.parsing.moments import offsets_of_calls
from firstcall.zones import to_local, zone
from tests.pipeline.admission import admission, line
from tests.sources.samples_read import SAMPLES
from tests.test_zones import distinct, of_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONES = {
    "America/New_York": "2025-03-09 07:00",  # clocks go forward
    "Asia/Kolkata": "2025-06-01 18:30",  # half an hour beside the others, never changes
    "Asia/Tokyo": "2025-06-01 15:00",  # never changes
    "Africa/Casablanca": "2025-02-23 02:00",  # back for Ramadan
    "America/Los_Angeles": "2025-11-02 09:00",  # clocks go back
    "America/Edmonton": "2025-03-09 09:00",  # clocks go forward
    "America/Winnipeg": "2025-11-02 07:00",  # clocks go back
    "Pacific/Apia": "2011-12-30 10:00",  # a day left out
}
"""Zones of programs, and a moment (UTC) at which the local day or offset changes."""
START, END = date(2000, 1, 1), date(2026, 9, 1)
HALVES = timedelta(minutes=30)
HAPROXY = (
    "haproxy[14389]: 10.0.1.2:33317 [{}] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- "
    '1/1/1/1/0 0/0 "GET /index.html HTTP/1.1"\n'
)


def moments() -> list[datetime]:
    """Return three days of half hours around each of the moments, in UTC."""
    centres = [datetime.fromisoformat(said).replace(tzinfo=UTC) for said in ZONES.values()]
    return [centre + n * HALVES for centre in centres for n in range(-72, 72)]


def log() -> str:
    """Return a call at each moment, logged with an offset that is not the program's."""
    return "".join(
        f"{line(f'/pets/{n}', when=f'{at:%d/%b/%Y:%H:%M:%S} +0000')}\n" for n, at in enumerate(moments())
    )


def tickets() -> str:
    """Return a ticket at each moment."""
    return "ticket_id,opened_at\n" + "".join(
        f"{n},{at:%Y-%m-%dT%H:%M:%SZ}\n" for n, at in enumerate(moments())
    )


def settings_in(name: str, folder: Path) -> Settings:
    """Return the settings of a program in a zone whose store is in a folder."""
    return Settings(program=ProgramSettings(timezone=name), store=Store(path=folder / "store"))


def by_day(program: Program, metric: str) -> dict[date, int]:
    """Return what a program counts day by day."""
    answer = program.ask(Question(metric, start=START, end=END, grain="day", environment="any"))
    return {point.period: int(str(point.value)) for point in answer.points if point.value}


def hours(program: Program) -> dict[tuple[date, int], int]:
    """Return the calls by local day and hour, as the rollup has them."""
    _, rows = program.engine.run(
        "SELECT day, hour, CAST(sum(calls) AS INTEGER) FROM calls_by_hour GROUP BY ALL"
    )
    return {(day, hour): calls for day, hour, calls in rows}  # type: ignore[misc]


def expected(local: ZoneInfo) -> tuple[dict[date, int], dict[tuple[date, int], int]]:
    """Return how many of the moments are on each local day, and in each local hour."""
    there = [moment.astimezone(local) for moment in moments()]
    return Counter(at.date() for at in there), Counter((at.date(), at.hour) for at in there)


def agrees(program: Program, name: str) -> None:
    """Ask a program by day, from the rollups and from rows with a time, and look at its hours."""
    days, by_hour = expected(zone(name))
    assert by_day(program, "call_volume") == days
    assert by_day(program, "tickets_by_topic") == days
    assert hours(program) == by_hour


def put(program: Program, folder: Path) -> None:
    """Import the calls and tickets."""
    for source, file, text in (("nginx", "access.log", log()), ("tickets", "tickets.csv", tickets())):
        (folder / file).write_text(text)
        report = program.import_files(source, [str(folder / file)])
        assert report.total.landed == len(moments())


@pytest.mark.parametrize("name", ZONES)
def test_a_program_in_any_zone_counts_by_its_local_days(name: str, tmp_path: Path) -> None:
    """Calls, whose day is decided on import, and tickets, whose day is decided when asked."""
    with Program.open(settings_in(name, tmp_path), memory=True) as program:
        put(program, tmp_path)
        agrees(program, name)


def test_a_program_that_moves_counts_by_the_days_of_its_new_zone(tmp_path: Path) -> None:
    """The store is made in one zone and opened in each of the others, also by a table's first and last day."""
    with Program.open(settings_in("UTC", tmp_path)) as program:
        put(program, tmp_path)
    for name in (*ZONES, "UTC"):
        with Program.open(settings_in(name, tmp_path)) as program:
            agrees(program, name)
            _, rows = program.engine.run('SELECT "table", first_day, last_day FROM watermarks ORDER BY ALL')
            first, last = min(expected(zone(name))[0]), max(expected(zone(name))[0])
            assert rows == [("calls", first, last), ("tickets", first, last)]


def test_a_store_that_other_rules_made_is_mended(tmp_path: Path) -> None:
    """Days and hours made by an earlier tzdata are made again when the store is opened, or by the next import."""
    settings = settings_in("Africa/Casablanca", tmp_path)
    with Program.open(settings) as program:
        put(program, tmp_path)
    with Program.open(settings) as program:
        spoil(program)
        report = program.import_files("nginx", [str(tmp_path / "access.log")])
        assert report.notes[0].startswith("the rules of Africa/Casablanca are those of tzdata 20")
        assert report.notes[0].endswith(": days, hours and rollups of 50 calls were made again")
        agrees(program, "Africa/Casablanca")
        spoil(program)
    with Program.open(settings) as program:
        agrees(program, "Africa/Casablanca")


def spoil(program: Program) -> None:
    """Give the 50 calls of a day with 25 hours another day and hour, and the store an earlier version of the rules."""
    connection = program.engine.connection  # type: ignore[attr-defined]
    connection.execute("UPDATE calls SET day = day - 1, hour = 3 WHERE day = DATE '2025-02-23'")
    connection.execute("UPDATE store SET value = '2025.2' WHERE name = 'tzdata'")


@pytest.mark.parametrize(
    ("name", "wall", "utc", "said"),
    [
        ("America/New_York", "2025-03-09 02:30:00", "2025-03-09 07:30:00", "does not occur"),
        ("America/New_York", "2025-11-02 01:30:00", "2025-11-02 05:30:00", "occurs twice"),
        ("Africa/Casablanca", "2025-02-23 02:30:00", "2025-02-23 01:30:00", "occurs twice"),
        ("America/Winnipeg", "2025-01-01 00:00:00", "2025-01-01 06:00:00", ""),
        ("Asia/Kolkata", "2025-06-01 00:00:00", "2025-05-31 18:30:00", ""),
        ("Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 22:00:00", "does not occur"),
        ("Europe/Berlin", "2099-07-01 00:00:00", "2099-06-30 22:00:00", ""),
    ],
)
def test_a_local_time_is_the_same_moment_in_a_table_and_in_a_log(
    name: str, wall: str, utc: str, said: str, tmp_path: Path
) -> None:
    """Twice: the earlier one. Never: forward by the gap; past a day that was left out to the same hour of the next."""
    with Program.open(settings_in(name, tmp_path), memory=True) as program:
        (tmp_path / "tickets.csv").write_text(f"ticket_id,opened_at\n1,{wall}\n")
        notes = " ".join(program.import_files("tickets", [str(tmp_path / "tickets.csv")]).notes)
        assert said in notes
        assert f"1 time without an offset was read as {name}" in notes
        asked = "SELECT CAST(opened_at AS VARCHAR) FROM tickets"
        if date.fromisoformat(wall[:10]) < END:
            stamp = f"{datetime.fromisoformat(wall):%d/%b/%Y:%H:%M:%S}.000"
            (tmp_path / "haproxy.log").write_text(HAPROXY.format(stamp))
            program.import_files("haproxy", [str(tmp_path / "haproxy.log")], options={"timezone": name})
            asked += " UNION ALL SELECT CAST(time AS VARCHAR) FROM calls"
        assert {row[0] for row in program.engine.run(asked)[1]} == {utc}


def around(name: str) -> Iterator[datetime]:
    """Yield moments around each change of a zone, and around the midnights next to it, in UTC without zone."""
    for end, _ in of_zone(name):
        if end is not None:
            local = zone(name)
            day = end.replace(tzinfo=UTC).astimezone(local).date()
            for n in (-1, 0, 1, 2):
                middle = datetime.combine(day + timedelta(days=n), datetime.min.time(), local).astimezone(UTC)
                for more in (-1, 0, 1):
                    yield (middle + timedelta(seconds=more)).replace(tzinfo=None)
            yield from (end + timedelta(seconds=more) for more in (-1, 0, 1))


def asked_day(name: str, moment: str) -> str:
    """Return the SQL (of the engine) by which a question puts a moment on a day."""
    scope = Scope(
        START, END, "day", "any", "partner", datetime.combine(END, datetime.min.time()), Calendar(name)
    )
    asked = template(f"select local_day({moment}) as day from asked")
    return Expression(asked, (Bindings(scope, {}),)).sql(DUCKDB)


def test_every_zone_has_the_same_days_on_import_and_when_asked() -> None:
    """Around every change of the years in which calls may be. Zones with the same changes have the same SQL."""
    with duckdb.connect() as connection:
        for name in {of_zone(name): name for name in distinct()}.values():
            times = [time for time in around(name) if time.date() < END]
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest(?::TIMESTAMP[]) AS t", [times]
            )
            imported = f"SELECT CAST({to_local('t', offsets_of_calls(name))} AS DATE) FROM asked"
            right = [(time.replace(tzinfo=UTC).astimezone(zone(name)).date(),) for time in times]
            assert connection.execute(imported).fetchall() == right, name
            assert connection.execute(asked_day(name, "asked.t")).fetchall() == right, name


def test_every_format_of_calls_lands_on_local_days_west_of_greenwich(tmp_path: Path) -> None:
    """A sample of each, in Los Angeles: the day and hour of every call are those of Python's zone."""
    here = ZoneInfo("America/Los_Angeles")
    formats = [source for source in registry.sources().values() if source.conform]
    settings = Settings(program=ProgramSettings(timezone=here.key))
    with admission(tmp_path, settings, now=datetime.now(UTC).replace(tzinfo=None)) as at:
        for source in formats:
            sample = min((SAMPLES / source.name).glob("*"))
            assert at.admit(sample.read_bytes(), source, name=source.name).landed, sample
        landed = at.rows("SELECT DISTINCT source, time, day, hour FROM calls")
    assert {source for source, *_ in landed} == {source.name for source in formats}
    for source, time, day, hour in landed:
        assert isinstance(time, datetime)
        local = time.replace(tzinfo=UTC).astimezone(here)
        assert (source, day, hour) == (source, local.date(), local.hour)
