"""Is the store, after an import was taken back, as if that had never been, and is nothing of another one lost?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstcall.errors import ImportRefused, UnknownName
from firstcall.pipeline.loading.transaction import transaction
from firstcall.pipeline.loading.undo import Undone, undo
from firstcall.schema.tables import KEPT_TABLES, TABLES
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk

STEPS = "time,step,developer_id\n"
KEYS = "consumer,partner_id,valid_from\n"
LINE = '10.1.2.3 - {user} [{day:02}/Oct/2025:13:55:36 +0000] "GET /pets/{pet} HTTP/1.1" 200 12 "-" "curl"\n'
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def back(at: ImportDesk, number: int) -> Undone:
    """Take an import back."""
    with at.store.writer() as connection, transaction(connection, "undo"):
        return undo(connection, at.settings, number)


def everything(at: ImportDesk) -> dict[str, list[tuple[object, ...]]]:
    """Return all that the store holds."""
    return {name: sorted(at.rows(f'FROM "{name}"'), key=repr) for name in (*TABLES, *KEPT_TABLES)}


def in_force(at: ImportDesk) -> dict[str, list[tuple[object, ...]]]:
    """Return all that questions see, whichever import it came with."""
    kept = "EXCLUDE (import_id, known_from, known_to)"
    rows = {
        name: sorted(at.rows(f'SELECT * {kept} FROM "{name}" WHERE known_to IS NULL'), key=repr)
        for name in TABLES
    }
    rollups = ("calls_by_hour", "latency_by_day", "calls_by_consumer", "callers_by_month", "watermarks")
    return rows | {name: sorted(at.rows(f'FROM "{name}"'), key=repr) for name in rollups}


names = st.sampled_from("ABC")
partner_rows = st.lists(st.tuples(st.sampled_from("pqr"), names), max_size=4)
step_rows = st.lists(st.tuples(st.sampled_from(("docs_viewed", "went_live")), names), max_size=5)
call_rows = st.lists(
    st.tuples(st.sampled_from("uv"), st.integers(1, 2), st.integers(1, 2)), min_size=1, max_size=5
)


def take(at: ImportDesk, kind: str, rows: list[tuple[object, ...]], *, replace: bool = False) -> None:
    """Import rows of a kind."""
    if kind == "nginx":
        text = "".join(LINE.format(user=user, day=day, pet=pet) for user, day, pet in rows)
        at.take("nginx", text, "access.log", replace=replace)
    elif kind == "partners":
        body = "".join(f"{key},{name},2026-01-01T00:00:00Z\n" for key, name in rows)
        at.take("partners", PARTNERS + body, "partners.csv", replace=replace)
    else:
        at.take(
            "journey",
            STEPS + "".join(f"2026-01-01T00:00:00Z,{step},{who}\n" for step, who in rows),
            "steps.csv",
        )


@QUICK
@given(data=st.data())
@pytest.mark.parametrize(
    ("kind", "drawn"), [("partners", partner_rows), ("journey", step_rows), ("nginx", call_rows)]
)
def test_the_last_import_taken_back_leaves_what_was_before_it(
    tmp_path: Path, kind: str, drawn: st.SearchStrategy[list[tuple[object, ...]]], data: st.DataObject
) -> None:
    """To the row, the version, the rollup and the journal."""
    with desk(tmp_path) as at:
        take(at, kind, data.draw(drawn))
        before = everything(at)
        take(at, kind, data.draw(drawn), replace=data.draw(st.booleans()))
        last = at.rows("SELECT max(import_id) FROM imports")[0][0]
        back(at, int(str(last)))
        assert everything(at) == before


@QUICK
@given(data=st.data())
@pytest.mark.parametrize(
    ("kind", "drawn"), [("partners", partner_rows), ("journey", step_rows), ("nginx", call_rows)]
)
def test_an_import_between_others_taken_back_leaves_theirs(
    tmp_path: Path, kind: str, drawn: st.SearchStrategy[list[tuple[object, ...]]], data: st.DataObject
) -> None:
    """Questions are answered as if it had never been: what a later one has met again stays."""
    first, middle, last = (data.draw(drawn) for _ in range(3))
    with desk(tmp_path) as at, desk(tmp_path) as without:
        for rows in (first, middle, last):
            take(at, kind, rows)
        back(at, 2)
        for rows in (first, last):
            take(without, kind, rows)
        assert in_force(at) == in_force(without)
        odd = (
            "SELECT count(*) FROM imports WHERE read <> landed + duplicate + conflicting + refused + filtered"
        )
        assert at.rows(odd) == [(0,)]


def test_a_replaced_row_holds_again(at: ImportDesk) -> None:
    """And is said."""
    take(at, "partners", [("p", "A")])
    take(at, "partners", [("p", "B")])
    undone = back(at, 2)
    assert (undone.removed, undone.kept, undone.restored) == (1, 0, 1)
    assert at.rows("SELECT name, known_to FROM partners") == [("A", None)]


def test_a_version_between_two_others_goes_and_they_meet(at: ImportDesk) -> None:
    """What was known at any moment has no hole."""
    for name in "ABC":
        take(at, "partners", [("p", name)])
    back(at, 2)
    assert at.rows(
        "SELECT a.known_to = c.known_from FROM partners a, partners c WHERE a.name = 'A' AND c.name = 'C'"
    ) == [(True,)]


def test_what_a_later_import_met_again_is_its_own(at: ImportDesk) -> None:
    """Its journal says that it landed; taken back too, the rows are gone."""
    take(at, "nginx", [("u", 1, 1), ("u", 2, 2)])
    take(at, "nginx", [("u", 1, 1), ("v", 1, 1)])
    undone = back(at, 1)
    assert (undone.removed, undone.kept) == (1, 1)
    assert at.rows("SELECT import_id, landed, duplicate FROM imports") == [(2, 2, 0)]
    assert at.rows("SELECT count(*) FROM repeats") == [(0,)]
    back(at, 2)
    assert at.rows("SELECT count(*) FROM calls") == [(0,)]


def test_refused_rows_go_with_their_import(at: ImportDesk) -> None:
    """And a number nobody knows lists those that are known."""
    at.take("partners", PARTNERS + "p,A,soon\n")
    back(at, 1)
    assert at.rows("SELECT count(*) FROM refused") == [(0,)]
    take(at, "partners", [("p", "A")])
    with pytest.raises(UnknownName, match="There is no import named '7'"):
        back(at, 7)


def test_a_log_read_otherwise_takes_its_own_place_or_is_refused(at: ImportDesk) -> None:
    """Its calls never count twice."""
    text = '10.1.2.3 - - [10/Oct/2025:13:55:36 +0000] "GET /pets HTTP/1.1" 200 12 "-" "curl" k-1\n'
    combined = (
        '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    )
    report = at.take("nginx", text, "access.log")
    assert any(note.startswith("no call says who called") for note in report.notes)
    options = {"log_format": combined + '"$http_user_agent" $http_x_user', "consumer": "http_x_user"}
    with pytest.raises(ImportRefused, match=r"imported before, with other options \(import 1\).*--replace"):
        at.take("nginx", text, "access.log", options=options)
    report = at.take("nginx", text, "access.log", options=options, replace=True)
    assert "took the place of import 1" in report.notes
    assert at.rows("SELECT consumer, count(*) FROM calls GROUP BY ALL") == [("k-1", 1)]
    assert at.rows("SELECT sum(calls) FROM calls_by_hour") == [(1,)]


def test_a_file_goes_with_all_tables_that_it_filled(at: ImportDesk) -> None:
    """One mapping, two tables, one import."""
    mapping = at.put(
        "m.toml",
        '[[rows]]\ntable = "partners"\ncolumns.partner_id = "id"\ncolumns.name = "name"\ncolumns.registered_at = "on"\n'
        '[[rows]]\ntable = "credentials"\ncolumns.consumer = "key"\ncolumns.partner_id = "id"\n',
    )
    at.take("mapping", "id,name,on,key\np,A,2026-01-01,k\n", options={"mapping": mapping})
    assert back(at, 2).removed == 2
    assert at.rows("SELECT (SELECT count(*) FROM partners) + (SELECT count(*) FROM credentials)") == [(0,)]
