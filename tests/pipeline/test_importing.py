"""Does an import take in each row once, replace what is corrected, account for all, and keep nothing by half?"""

from __future__ import annotations

import gzip
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firstcall.engines.duckdb import open_store
from firstcall.errors import ImportRefused, StoreError, UnknownName, UsageError
from firstcall.pipeline import importing
from firstcall.pipeline.importing import Progress, import_files
from firstcall.pipeline.loading.load_job import Counts
from firstcall.settings import Settings
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk, outcome

TWO = PARTNERS + "acme,Acme,2026-01-01T00:00:00Z\nbolt,Bolt,2026-02-01T00:00:00Z\n"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def test_the_same_file_twice_changes_nothing(at: ImportDesk) -> None:
    """All rows are duplicates the second time, and nothing in the table moves."""
    assert outcome(at.take("partners", TWO).total) == (2, 2, 0, 0, 0)
    before = at.rows("FROM partners ORDER BY ALL")
    assert outcome(at.take("partners", TWO).total) == (2, 0, 2, 0, 0)
    assert at.rows("FROM partners ORDER BY ALL") == before


@pytest.mark.parametrize("again", ["renamed.csv", "packed.csv.gz"])
def test_the_same_rows_under_another_name_are_no_news(at: ImportDesk, again: str) -> None:
    """Renamed, compressed and reordered, the rows are the same rows."""
    at.take("partners", TWO)
    header, first, second = TWO.splitlines()
    content = f"{header}\n{second}\n{first}".encode()
    report = at.take("partners", gzip.compress(content) if again.endswith("gz") else content, again)
    assert outcome(report.total) == (2, 0, 2, 0, 0)


def test_an_overlapping_file_adds_what_is_new(at: ImportDesk) -> None:
    """Two known rows, one new one."""
    at.take("partners", TWO)
    assert outcome(at.take("partners", TWO + "cord,Cord,2026-03-01T00:00:00Z\n").total) == (3, 1, 2, 0, 0)


def test_a_row_with_the_same_key_replaces_and_the_earlier_version_stays(at: ImportDesk) -> None:
    """The old name is known until the moment from which the new one is."""
    at.take("partners", TWO)
    report = at.take("partners", PARTNERS + "acme,Acme Ltd,2026-01-01T00:00:00Z\n")
    assert outcome(report.total) == (1, 1, 0, 0, 0)
    assert report.notes == ("1 rows replaced an earlier version, which is kept",)
    versions = (
        "SELECT name, known_to IS NULL, import_id FROM partners WHERE partner_id = 'acme' ORDER BY import_id"
    )
    assert at.rows(versions) == [("Acme", False, 1), ("Acme Ltd", True, 2)]
    assert at.rows(
        "SELECT a.known_to = b.known_from FROM partners a, partners b WHERE a.name = 'Acme' AND b.name = 'Acme Ltd'"
    ) == [(True,)]


def test_an_old_file_again_does_not_undo_what_came_after_it_unless_told_to(at: ImportDesk) -> None:
    """The same bytes are no news; with replace they win for their keys."""
    old = PARTNERS + "acme,Acme,2026-01-01T00:00:00Z\n"
    at.take("partners", old)
    at.take("partners", PARTNERS + "acme,Acme Ltd,2026-01-01T00:00:00Z\n")
    assert outcome(at.take("partners", old).total) == (1, 0, 1, 0, 0)
    assert at.rows("SELECT name FROM partners WHERE known_to IS NULL") == [("Acme Ltd",)]
    assert outcome(at.take("partners", old, replace=True).total) == (1, 1, 0, 0, 0)
    assert at.rows("SELECT name FROM partners WHERE known_to IS NULL") == [("Acme",)]


def test_inside_one_file_the_first_row_of_a_key_wins(at: ImportDesk) -> None:
    """An identical repetition is a duplicate, a different one is in conflict and kept to be looked at."""
    extra = "acme,Acme,2026-01-01T00:00:00Z\nacme,Other,2026-01-01T00:00:00Z\n"
    assert outcome(at.take("partners", TWO + extra).total) == (4, 2, 1, 1, 0)
    assert at.rows("SELECT line, verdict, reason, content FROM refused") == [
        (5, "conflicting", "conflicting row",
         '{"partner_id":"acme","name":"Other","registered_at":"2026-01-01T00:00:00Z"}'),
    ]  # fmt: skip


def test_absent_parts_of_a_key_are_equal(at: ImportDesk) -> None:
    """A credential without valid_from, and one with it, are two rows; each is found again."""
    content = "consumer,partner_id,valid_from\nk1,acme,\nk1,bolt,2026-05-01T00:00:00Z\n"
    assert outcome(at.take("credentials", content).total) == (2, 2, 0, 0, 0)
    assert outcome(at.take("credentials", content).total) == (2, 0, 2, 0, 0)


def test_rows_without_a_key_are_there_as_often_as_the_fullest_file_says(at: ImportDesk) -> None:
    """Two identical steps are two steps; a file with three of them adds one."""
    header, step = "time,step,developer_id\n", "2026-01-01T00:00:00Z,docs_viewed,d1\n"
    assert outcome(at.take("journey", header + step * 2).total) == (2, 2, 0, 0, 0)
    assert outcome(at.take("journey", header + step * 2).total) == (2, 0, 2, 0, 0)
    assert outcome(at.take("journey", header + step * 3).total) == (3, 1, 2, 0, 0)
    assert at.rows("SELECT rows, last_day::VARCHAR FROM watermarks WHERE \"table\" = 'journey'") == [
        (3, "2026-01-01")
    ]


def test_a_dry_run_counts_and_keeps_nothing(at: ImportDesk) -> None:
    """Neither rows nor journal."""
    report = at.take("partners", TWO, dry_run=True)
    assert (outcome(report.total), report.dry_run) == ((2, 2, 0, 0, 0), True)
    assert at.rows("SELECT (SELECT count(*) FROM partners), (SELECT count(*) FROM imports)") == [(0, 0)]


def test_a_glob_a_directory_and_standard_input_name_files(
    at: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are taken in the order of their names; the report has one line for each."""
    at.put("b.csv", PARTNERS + "bolt,Bolt,2026-02-01T00:00:00Z\n")
    at.put("a.csv", PARTNERS + "acme,Acme,2026-01-01T00:00:00Z\n")
    (at.folder / ".hidden.csv").write_text("not a table")
    by_glob = import_files(at.store, at.settings, "partners", [str(at.folder / "*.csv")])
    assert [Path(file.path).name for file in by_glob.files] == ["a.csv", "b.csv"]
    assert outcome(by_glob.total) == (2, 2, 0, 0, 0)
    assert outcome(import_files(at.store, at.settings, "partners", [str(at.folder)]).total) == (2, 0, 2, 0, 0)
    piped = io.TextIOWrapper(io.BytesIO(gzip.compress(TWO.encode())))
    monkeypatch.setattr("sys.stdin", piped)
    report = import_files(at.store, at.settings, "partners", ["-"])
    assert (report.files[0].path, outcome(report.total)) == ("standard input", (2, 0, 2, 0, 0))


def test_a_name_that_reads_like_a_glob_is_a_name(at: ImportDesk) -> None:
    """A file called `a[1].csv` is that file."""
    assert outcome(at.take("partners", TWO, "a[1].csv").total) == (2, 2, 0, 0, 0)


def test_an_unknown_source_names_the_near_ones(at: ImportDesk) -> None:
    """Tables and formats are looked through."""
    with pytest.raises(UnknownName, match=r"There is no table or format named 'partner'.*partners"):
        import_files(at.store, at.settings, "partner", ["x.csv"])


def test_an_option_that_a_table_does_not_have_is_wrong_usage(at: ImportDesk) -> None:
    """A typing error in an option is not passed over."""
    with pytest.raises(UnknownName, match="option of partners named 'zone'"):
        at.take("partners", TWO, options={"zone": "UTC"})


def test_one_bad_file_among_several_is_reported_and_the_others_go_on(at: ImportDesk) -> None:
    """Its counts are zero and its error says why; alone it would be an error."""
    at.put("a.csv", TWO)
    at.put("b.csv", "partner_id,name\nx,X\n")
    report = import_files(at.store, at.settings, "partners", [str(at.folder)])
    assert outcome(report.total) == (2, 2, 0, 0, 0)
    assert [
        (Path(file.path).name, "missing: registered_at" in (file.error or ""))
        for file in report.refused_files
    ] == [("b.csv", True)]
    assert at.rows("SELECT count(*) FROM imports") == [(1,)]


def test_counts_that_do_not_add_up_are_an_error_and_keep_nothing(
    at: ImportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours is never silent."""
    monkeypatch.setattr(importing, "admit_rows", lambda *_args, **_named: Counts(read=2, landed=1))
    with pytest.raises(Exception, match="do not add up"):
        at.take("partners", TWO)
    assert at.rows("SELECT (SELECT count(*) FROM partners), (SELECT count(*) FROM imports)") == [(0, 0)]


def test_an_interrupted_import_leaves_the_store_as_it_was(at: ImportDesk) -> None:
    """Ctrl-C between reading and committing rolls the file back; the next import works."""

    def interrupt(progress: Progress) -> None:
        if progress.stage == "writing":
            raise KeyboardInterrupt

    name = at.put("file.csv", TWO)
    with pytest.raises(KeyboardInterrupt):
        import_files(at.store, at.settings, "partners", [name], progress=interrupt)
    assert at.rows("SELECT (SELECT count(*) FROM partners), (SELECT count(*) FROM imports)") == [(0, 0)]
    assert outcome(at.take("partners", TWO).total) == (2, 2, 0, 0, 0)


def test_progress_tells_bytes_and_stages(at: ImportDesk) -> None:
    """Reading ends with all bytes read; then come importing and writing."""
    told: list[Progress] = []
    import_files(at.store, at.settings, "partners", [at.put("file.csv", TWO)], progress=told.append)
    assert [step.stage for step in told] == ["reading", "importing", "writing"]
    assert {(step.done, step.total, step.number, step.files) for step in told} == {(len(TWO), len(TWO), 1, 1)}


cells = st.one_of(
    st.sampled_from(
        ["", "a", "b", "acme", "-", '"', "x,y", "two\nlines", "2026-01-01", "2026-13-01", "null", "é"]
    ),
    st.text(max_size=6),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6))
def test_every_row_of_any_csv_is_accounted_for(tmp_path: Path, rows: list[list[str]]) -> None:
    """Whatever stands in the cells: read = landed + duplicate + conflicting + refused, and again only duplicates."""
    body = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    content = (PARTNERS + body).encode("utf-8", "surrogatepass")
    with desk(tmp_path) as at:
        counts = at.take("partners", content).total
        assert counts.adds_up
        assert counts.read == len(rows)
        assert at.rows("SELECT count(*) FROM partners") == [(counts.landed,)]
        again = at.take("partners", content).total
        assert (again.landed, again.duplicate) == (0, counts.landed + counts.duplicate)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(alphabet='ab",\n\r2026-:TZ; \t', max_size=60))
def test_any_text_under_a_header_is_imported_or_refused_with_a_reason(tmp_path: Path, body: str) -> None:
    """No text makes the import fall over, and all that was read is accounted for."""
    with desk(tmp_path) as at:
        try:
            counts, said = at.take("partners", PARTNERS + body).total, ""
        except ImportRefused as error:
            counts, said = Counts(), str(error)
        assert not said or "never closed" in said
        assert counts.adds_up
        assert at.rows("SELECT count(*) FROM refused") == [
            (sum(counts.refused.values()) + counts.conflicting,)
        ]


CALLS = "time,source,consumer,method,path,status,latency_ms\n"


def test_calls_come_from_a_sheet_too(at: ImportDesk) -> None:
    """Two identical calls are two; a negative latency and a bad time are refused with their line; again is no news."""
    call = "2026-01-01T00:00:00Z,kong,k1,get,/pets/7,200,5.5\n"
    bad = "2026-01-01T00:00:01Z,,k1,get,/pets/7,200,-5\nsoon,,k1,get,/pets/7,200,5\n"
    report = at.take("calls", CALLS + call * 2 + bad)
    assert outcome(report.total) == (4, 2, 0, 0, 2)
    assert dict(report.total.refused) == {"latency_ms below 0": 1, "bad time in time": 1}
    assert at.rows("SELECT source, method, status, latency_ms, count(*) FROM calls GROUP BY ALL") == [
        ("kong", "GET", 200, 5.5, 2)
    ]
    assert at.rows("SELECT line, reason FROM refused ORDER BY line") == [
        (4, "latency_ms below 0"),
        (5, "bad time in time"),
    ]
    assert outcome(at.take("calls", CALLS + call * 2 + bad).total) == (4, 0, 2, 0, 2)
    assert at.rows("SELECT count(*) FROM refused") == [(2,)]


def test_calls_without_a_source_belong_to_the_named_connection(at: ImportDesk) -> None:
    """`--from-name` fills the column that the file leaves out."""
    name = at.put("calls.csv", "time,method,route,status\n2026-01-01T00:00:00Z,GET,/pets/{id},200\n")
    import_files(at.store, at.settings, "calls", [name], name="edge")
    assert at.rows("SELECT source, route, environment FROM calls") == [("edge", "/pets/{id}", "unknown")]


def test_a_log_is_imported_in_its_gateways_own_format(at: ImportDesk) -> None:
    """The same verb, the same report, the same journal."""
    line = '192.0.2.1 - k1 [01/Jan/2026:00:00:00 +0000] "GET /pets/7 HTTP/1.1" 200 12 "-" "curl/8.0"\n'
    report = at.take("nginx", gzip.compress((line * 2 + "noise\n").encode()), "access.log.gz")
    assert outcome(report.total) == (3, 2, 0, 0, 1)
    assert at.rows('SELECT source, "table", read, landed FROM imports') == [("nginx", "calls", 3, 2)]


def test_auto_tells_every_file_by_its_first_lines(tmp_path: Path) -> None:
    """A folder may hold several formats; the calls belong to the format's own connection, and the import says why."""
    nginx = '1.2.3.4 - bob [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8" 0.123 0.120\n'
    kong = {"started_at": 1760104536000, "request": {"id": "r", "method": "GET", "uri": "/b"}, "service": {},
            "response": {"status": 200}, "latencies": {"request": 12}}  # fmt: skip
    (tmp_path / "a.log").write_text(nginx)
    (tmp_path / "b.json").write_text(json.dumps([kong], indent=1))
    (tmp_path / "c.txt").write_text("nothing of the kind\n")
    store = open_store(None)
    try:
        report = import_files(
            store, Settings(), "auto", [str(tmp_path / name) for name in ("a.log", "b.json", "c.txt")]
        )
        assert [(file.source, file.counts.landed) for file in report.files] == [
            ("nginx", 1),
            ("kong", 1),
            ("auto", 0),
        ]
        assert "no format knows this file" in str(report.files[2].error)
        assert any("b.json recognised as kong: JSON with latencies" in note for note in report.notes)
        found = store.connection.execute("SELECT source, path FROM calls ORDER BY ALL").fetchall()
        assert found == [("kong", "/b"), ("nginx", "/a")]
        with pytest.raises(UsageError, match="no format knows this file"):
            import_files(store, Settings(), "auto", [str(tmp_path / "c.txt")])
    finally:
        store.close()


LOGGED = '192.0.2.1 - k1 [01/Jan/2026:00:00:00 +0000] "GET /pets/{} HTTP/1.1" 200 12 "-" "curl/8.0"\n'
SETTINGS = "SELECT name, value FROM duckdb_settings() ORDER BY name"


def test_two_imports_at_once_follow_each_other_and_leave_settings_as_they_were(at: ImportDesk) -> None:
    """The second begins when the first is done, though it was asked for in its middle; what both have is once there."""
    before, order, second = at.rows(SETTINGS), list[str](), threading.Event()
    files = [at.put(f"{n}.log", LOGGED.format(n) + LOGGED.format("both")) for n in (1, 2)]

    def told(progress: Progress) -> None:
        number = 1 if progress.file == files[0] else 2
        order.append(f"{progress.stage} {number}")
        if number == 2:
            second.set()
        elif progress.stage == "importing":
            other.start()
            second.wait(0.3)

    def take(file: str) -> None:
        import_files(at.store, at.settings, "nginx", [file], progress=told)

    other = threading.Thread(target=take, args=[files[1]])
    take(files[0])
    other.join(30)
    assert order == [f"{stage} {n}" for n in (1, 2) for stage in ("reading", "importing", "writing")]
    assert at.rows("SELECT path, count(*) FROM calls GROUP BY ALL ORDER BY ALL") == [
        ("/pets/1", 1),
        ("/pets/2", 1),
        ("/pets/both", 1),
    ]
    assert at.rows(SETTINGS) == before


def test_an_import_that_fails_leaves_settings_as_they_were(at: ImportDesk) -> None:
    """The store refuses what does not fit its column, in the middle of the statement that reads the lines."""
    before = at.rows(SETTINGS)
    at.store.connection.execute("ALTER TABLE calls ALTER status TYPE TINYINT")
    with pytest.raises(StoreError, match="nothing of it was kept"):
        at.take("nginx", LOGGED.format(1), "access.log")
    assert at.rows(SETTINGS) == before
