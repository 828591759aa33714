"""Does a bad file end in a clear message and a store that is as it was, never in half an import?"""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import FirstcallError, ImportRefused
from firstcall.pipeline.importing import import_files
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk, outcome

GOOD = "acme,Acme,2026-01-01T00:00:00Z\n"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC with one partner in the store."""
    with desk(tmp_path) as made:
        made.take("partners", PARTNERS + "zero,Zero,2026-01-01T00:00:00Z\n", "first.csv")
        yield made


def untouched(at: ImportDesk) -> bool:
    """Return whether only the first import is in the store."""
    kept = "SELECT (SELECT count(*) FROM partners), (SELECT count(*) FROM imports), (SELECT count(*) FROM refused)"
    return at.rows(kept) == [(1, 1, 0)]


REFUSED_FILES = {
    "truncated gzip": (
        gzip.compress((PARTNERS + GOOD * 500).encode() + os.urandom(9000))[:-3000],
        "gzip file is truncated",
    ),
    "gzip of nothing but its name": (b"\x1f\x8b", "gzip file is truncated"),
    "binary": (bytes(range(256)) * 8, "a binary file"),
    "image": (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x06\x00\x00\x00",
        "a binary file",
    ),
    "archive": (b"PK\x03\x04rest", "a zip archive"),
    "half a workbook": (b"\xd0\xcf\x11\xe0rest", "the workbook cannot be read"),
    "missing column": (b"partner_id,name\nx,X\n", "missing: registered_at. Found: partner_id, name"),
    "no header": (
        b"acme,Acme,2026-01-01\n",
        "missing: partner_id, name, registered_at. Found: acme, Acme, 2026-01-01",
    ),
    "a column twice": (b"partner_id,name,registered_at,name\na,b,c,d\n", "the header names 'name' twice"),
    "an open quote": (PARTNERS.encode() + b'a,"A,2026-01-01\n' * 3, "never closed"),
    "half an array": (b'[{"partner_id":"a"', "not a JSON array"),
    "half a Parquet file": (b"PAR1" + b"\0" * 100, "Parquet file cannot be read"),
    "deep array": (b"[" * 100_000, "not a JSON array"),
}


@pytest.mark.parametrize("kind", REFUSED_FILES)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_kept(at: ImportDesk, kind: str) -> None:
    """The message begins with the file's name and says what was found."""
    content, said = REFUSED_FILES[kind]
    with pytest.raises(ImportRefused) as refusal:
        at.take("partners", content, "bad.file")
    message = str(refusal.value)
    assert message.startswith(str(at.folder / "bad.file"))
    assert said in message
    assert "Traceback" not in message
    assert untouched(at)


@pytest.mark.parametrize("name", ["missing.csv", "empty-folder", "*.nothing"])
def test_what_is_not_there_is_refused(at: ImportDesk, name: str) -> None:
    """A missing file, a folder without files, a glob without a match."""
    (at.folder / "empty-folder").mkdir()
    with pytest.raises(ImportRefused, match=r"no such file|has no files|no file has a name"):
        import_files(at.store, at.settings, "partners", [str(at.folder / name)])
    assert untouched(at)


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"   ", gzip.compress(b"", mtime=0), PARTNERS.encode(), b"[]"]
)
def test_an_empty_file_is_an_import_of_no_rows(at: ImportDesk, content: bytes) -> None:
    """It says that it was empty, unless it has a header."""
    report = at.take("partners", content, "empty.csv")
    assert outcome(report.total) == (0, 0, 0, 0, 0)
    assert report.notes == (() if content.startswith(b"partner_id") else ("the file is empty",))


BAD_ROWS = {
    "ragged row": "a,A\n",
    "broken quotes": 'a,"A" x,2026-01-01T00:00Z\n',
    "missing partner_id": ",A,2026-01-01T00:00Z\n",
    "missing name": "a,null,2026-01-01T00:00Z\n",
    "missing registered_at": "a,A,-\n",
    "bad time in registered_at": "a,A,soon\n",
    "not UTF-8": "a,Zoë A\ufffe,2026-01-01T00:00Z\n",
    "line too long": "a," + "A" * (1 << 20) + ",2026-01-01T00:00Z\n",
}


@pytest.mark.parametrize("reason", BAD_ROWS)
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_is_imported(at: ImportDesk, reason: str) -> None:
    """One row before it, one after it; its line, the reason and a detail are kept."""
    bad = BAD_ROWS[reason].encode().replace("\ufffe".encode(), b"\xff")
    content = PARTNERS.encode() + GOOD.encode() + bad + b"bolt,Bolt,2026-01-01T00:00:00Z\n"
    report = at.take("partners", content, "rows.csv")
    assert (outcome(report.total), dict(report.total.refused)) == ((3, 2, 0, 0, 1), {reason: 1})
    ((line, kept, detail, content_kept),) = at.rows(
        "SELECT line, reason, detail, length(content) FROM refused"
    )
    assert (line, kept) == (3, reason)
    assert detail
    assert 0 < int(str(content_kept)) < 70_000


def test_ten_thousand_bad_rows_of_many_kinds_are_all_accounted_for(at: ImportDesk) -> None:
    """Every eighth row is good; the others are refused, each for its own reason."""
    kinds = [
        "g{n},G,2026-01-01T00:00Z", "a{n},A", "a{n},A,2026-01-01T00:00Z,x,y", ",A,2026-01-01T00:00Z",
        "a{n},,2026-01-01T00:00Z",
        "a{n},A,never", "a{n},A,2026-02-31", "a{n},A,{n}",
    ]  # fmt: skip
    body = "".join(kinds[n % 8].format(n=n) + "\n" for n in range(10_000))
    counts = at.take("partners", PARTNERS + body).total
    assert outcome(counts) == (10_000, 1250, 0, 0, 8750)
    assert dict(counts.refused) == {
        "bad time in registered_at": 3750, "ragged row": 2500, "missing name": 1250, "missing partner_id": 1250,
    }  # fmt: skip


def test_a_hundred_megabytes_without_a_line_end_are_one_refused_row(at: ImportDesk) -> None:
    """And they do not become hundreds of megabytes of memory."""
    path = at.folder / "long.csv"
    with path.open("wb") as out:
        out.write((PARTNERS + GOOD + "x,").encode())
        for _ in range(100):
            out.write(b"x" * (1 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = import_files(at.store, at.settings, "partners", [str(path)])
    assert (outcome(report.total), dict(report.total.refused)) == ((2, 1, 0, 0, 1), {"line too long": 1})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_ten_thousand_columns_are_kept_or_refused_but_never_a_crash(at: ImportDesk) -> None:
    """Unknown columns in such numbers are a mistake, and said to be one."""
    extra = ",".join(f"c{n}" for n in range(10_000))
    with pytest.raises(FirstcallError, match="10,003 columns"):
        at.take("partners", PARTNERS.strip() + "," + extra + "\n")
    assert untouched(at)


KILLED = """
import os, sys, threading, time
from pathlib import Path
from firstcall.engines.duckdb import open_store
from firstcall.pipeline.importing import import_files
from firstcall.settings import Settings
store = open_store(Path(sys.argv[1]))
threading.Timer(float(sys.argv[3]), lambda: os._exit(9)).start()
import_files(store, Settings(), "partners", [sys.argv[2]])
time.sleep(60)
"""


@pytest.mark.slow
def test_a_killed_import_is_whole_or_not_there_and_can_be_repeated(tmp_path: Path) -> None:
    """Whenever the process dies, the next one finds all rows or none, and ends with all."""
    rows = "".join(f"p{n},P{n},2026-01-01T00:00:00Z\n" for n in range(20_000))
    file = tmp_path / "partners.csv"
    file.write_text(PARTNERS + rows)
    for attempt, wait in enumerate((0.05, 0.2, 0.3, 0.4, 0.6)):
        folder = tmp_path / f"store-{attempt}"
        subprocess.run([sys.executable, "-c", KILLED, str(folder), str(file), str(wait)], check=False)
        check = (
            "import sys; from pathlib import Path; from firstcall.engines.duckdb import open_store; "
            "from firstcall.pipeline.importing import import_files; from firstcall.settings import Settings; "
            "store = open_store(Path(sys.argv[1])); ask = lambda: store.connection.execute("
            "'SELECT (SELECT count(*) FROM partners), (SELECT count(*) FROM imports)').fetchone(); "
            "print(*ask(), end=' '); import_files(store, Settings(), 'partners', [sys.argv[2]]); print(ask()[0])"
        )
        run = subprocess.run(
            [sys.executable, "-c", check, str(folder), str(file)], capture_output=True, text=True, check=True
        )
        partners, journal, after = map(int, run.stdout.split())
        assert (partners, journal) in {(0, 0), (20_000, 1)}
        assert after == 20_000
