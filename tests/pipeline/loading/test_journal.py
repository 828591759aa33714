"""Can one read what was imported, what was refused, and mend it?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import UnknownName
from firstcall.pipeline.loading.journal import export_refused, imports, reasons, refused
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk, outcome

MIXED = PARTNERS + "acme,Acme,2026-01-01T00:00:00Z\nbolt,,2026-02-01T00:00:00Z\ncord,Cord,soon\n"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk with one import: a good row, two refused ones."""
    with desk(tmp_path) as made:
        made.take("partners", MIXED)
        yield made


def test_the_journal_tells_each_file_with_its_accounting(at: ImportDesk) -> None:
    """Newest first, with the bytes and the fingerprint."""
    at.take("partners", MIXED, "again.csv")
    second, first = imports(at.store.connection)
    assert (first.import_id, first.source, first.name, first.table) == (1, "partners", "partners", "partners")
    assert (first.bytes, first.fingerprint == second.fingerprint) == (len(MIXED), True)
    assert outcome(first.counts) == (3, 1, 0, 0, 2)
    assert outcome(second.counts) == (3, 0, 1, 0, 2)
    assert first.counts.refused == {"missing name": 1, "bad time in registered_at": 1}
    assert second.file.endswith("again.csv")
    assert first.started_at <= first.finished_at <= second.started_at
    assert imports(at.store.connection, last=1) == (second,)


def test_a_refused_row_is_kept_once_however_often_it_comes(at: ImportDesk) -> None:
    """The counts tell every time, the list of what is to be mended does not grow."""
    at.take("partners", MIXED)
    assert [(row.import_id, row.line, row.reason) for row in refused(at.store.connection, "partners")] == [
        (1, 3, "missing name"),
        (1, 4, "bad time in registered_at"),
    ]
    assert reasons(at.store.connection) == {
        ("partners", "bad time in registered_at"): 1,
        ("partners", "missing name"): 1,
    }


def test_refused_rows_are_exported_mended_and_imported(at: ImportDesk) -> None:
    """The export is a file of the table's own shape."""
    path = at.folder / "refused.ndjson"
    assert export_refused(at.store.connection, path, "partners") == 2
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert rows[0] == {"partner_id": "bolt", "name": "", "registered_at": "2026-02-01T00:00:00Z"}
    rows[0]["name"] = "Bolt"
    rows[1]["registered_at"] = "2026-03-01T00:00:00Z"
    mended = "".join(json.dumps(row) + "\n" for row in rows)
    assert outcome(at.take("partners", mended, "mended.ndjson").total) == (2, 2, 0, 0, 0)


def test_an_unknown_source_names_the_known_ones(at: ImportDesk) -> None:
    """Only what was imported can have been refused."""
    with pytest.raises(
        UnknownName, match=r"There is no imported source named 'partner'. Did you mean partners"
    ):
        list(refused(at.store.connection, "partner"))
