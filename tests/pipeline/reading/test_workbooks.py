"""Is a sheet of a workbook read as what it shows, and the right sheet taken or asked for?"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused
from firstcall.pipeline.importing import import_files
from firstcall.pipeline.reading.decompress import DecompressionLimits
from firstcall.pipeline.reading.workbooks import as_text
from tests.contracts.house import ROOT
from tests.pipeline.import_desk import ImportDesk, desk
from tests.pipeline.workbook import Rows, workbook

HEAD = ("Partner ID", "Name", "Registered\nat", "Status")
SHEET: Rows = (HEAD, ("p1", "Zoë\nLtd", "2026-01-15", "approved"))


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def test_a_real_workbook_is_read(at: ImportDesk) -> None:
    """As a spreadsheet program stored it, with days and moments as such; `auto` knows its columns."""
    path = str(ROOT / "tests" / "samples" / "spreadsheet" / "workbook.xlsx")
    report = import_files(at.store, at.settings, "auto", [path])
    assert "read from the sheet Partners" in report.notes
    assert at.rows("SELECT partner_id, name, registered_at::VARCHAR FROM partners ORDER BY 1") == [
        ("p-001", "Zoë's Shop", "2026-01-15 08:00:00"),
        ("p-002", "Bolt, Ltd", "2026-02-01 00:00:00"),
    ]


def test_a_row_is_named_by_its_number_in_the_sheet(at: ImportDesk) -> None:
    """Whatever stands above the header, and between rows."""
    rows = (("Partners of 2026",), (), HEAD, (), ("p1", "A", "2026-01-15", "approved"), ("p2", "B", "soon"))
    report = at.take("partners", workbook({"Sheet1": rows}), "p.xlsx")
    assert (report.total.landed, at.rows("SELECT line, reason FROM refused")) == (
        1,
        [(6, "bad time in registered_at")],
    )


def test_the_only_visible_sheet_with_rows_is_taken(at: ImportDesk) -> None:
    """A cover has none, and hidden sheets are named."""
    book = workbook({"Cover": (("ACME",),), "List": SHEET, "Old": SHEET}, hidden=frozenset({"Old"}))
    assert at.take("partners", book, "p.xlsx").notes[:2] == (
        "read from the sheet List",
        "hidden sheets were passed over: Old",
    )
    assert at.rows("SELECT name FROM partners") == [("Zoë Ltd",)]


def test_of_several_sheets_one_has_to_be_said(at: ImportDesk) -> None:
    """The message has the option; a name that is not there lists those that are."""
    book = workbook({"Our partners": SHEET, "Leads": SHEET})
    with pytest.raises(
        ImportRefused, match=r"2 sheets have rows: Our partners, Leads.*--option sheet='Our partners'"
    ):
        at.take("partners", book, "p.xlsx")
    assert at.take("partners", book, "p.xlsx", options={"sheet": "Leads"}).total.landed == 1
    with pytest.raises(ImportRefused, match=r"there is no sheet 'Lead'\. Its sheets are Our partners, Leads"):
        at.take("partners", book, "p.xlsx", options={"sheet": "Lead"})


def test_a_number_is_what_its_cell_shows(tmp_path: Path) -> None:
    """To fifteen digits, and with decimals that nobody takes for thousands."""
    rows: Rows = (("a", "b"), (1.125, 1000.0), (0.30000000000000004, 1e-7), (-2.5, 123456789012345.0))
    (tmp_path / "b.xlsx").write_bytes(workbook({"S": rows}))
    as_text(tmp_path / "b.xlsx", "b.xlsx", None, tmp_path / "out", DecompressionLimits())
    assert (tmp_path / "out").read_text() == ("a\tb\n1.1250\t1000\n0.3\t0.0000001\n-2.5\t123456789012345\n")


def test_a_text_in_a_workbook_has_the_format_of_its_column(at: ImportDesk) -> None:
    """Pasted amounts are texts, and are read as any others."""
    head = ("line_id", "invoice_id", "partner_id", "kind", "period_start", "period_end", "amount", "currency",
            "issued_at")  # fmt: skip
    rows = [
        ("L", "I", "P", "usage", "01.04.2026", "01.05.2026", text, "EUR", "2.5.2026")
        for text in ("1.000", "2,5")
    ]
    named = [(f"{row[0]}{n}", *row[1:]) for n, row in enumerate(rows)]
    at.take("invoice_lines", workbook({"S": (head, *named)}), "i.xlsx")
    assert at.rows("SELECT amount::DOUBLE FROM invoice_lines ORDER BY 1") == [(2.5,), (1000.0,)]


def test_what_is_no_workbook_or_grows_too_far_is_refused(at: ImportDesk) -> None:
    """An archive, a broken workbook, and one that unpacks to far more than itself."""
    archive = at.folder / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("partners.csv", "partner_id,name")
    with pytest.raises(ImportRefused, match="a zip archive"):
        at.take("partners", archive.read_bytes(), "b.zip")
    with pytest.raises(ImportRefused, match="the workbook cannot be read"):
        at.take("partners", b"\xd0\xcf\x11\xe0" + bytes(5000), "old.xls")
    name = at.put("bomb.xlsx", workbook({"S": SHEET}))
    with pytest.raises(ImportRefused, match="save the sheet as CSV"):
        import_files(at.store, at.settings, "partners", [name], limits=DecompressionLimits(free=10, ratio=0))
