"""Is a sheet proposed as it is meant, nothing made larger, and a file of our own left alone?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused
from firstcall.pipeline.importing import import_files
from firstcall.pipeline.proposing import Proposal, proposal
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk

LINE = '10.1.2.3 - {} [10/Oct/2025:13:55:36 +0000] "GET /pets HTTP/1.1" 200 12 "-" "curl"\n'


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def proposed(at: ImportDesk, source: str, content: str, file: str = "sheet.csv") -> Proposal | None:
    """Return what is proposed for a file."""
    return proposal(at.store.connection, at.settings, source, at.put(file, content), {})


def taken(at: ImportDesk, found: Proposal | None) -> None:
    """Import a sheet as proposed."""
    assert found is not None
    tomllib.loads(found.toml)
    mapping = at.put("m.toml", found.toml)
    import_files(at.store, at.settings, "mapping", [found.file], options={"mapping": mapping})


def test_a_list_of_partners_without_a_number_is_known_by_its_names(at: ImportDesk) -> None:
    """Headings with quotes are headings too."""
    taken(at, proposed(at, "partners", 'Firma;Kunde seit;"5"" Flag"\nAcme;1.2.2026;x\n'))
    assert at.rows("SELECT partner_id, name, registered_at::VARCHAR FROM partners") == [
        ("Acme", "Acme", "2026-02-01 00:00:00")
    ]


def test_what_has_called_is_a_credential_whatever_it_is_called(at: ImportDesk) -> None:
    """Plainly where the log has it plainly; without a log, a column called a key is hashed."""
    sheet = "Company;Since;Kennung\nAcme;1.2.2026;acme-app\nBolt;2.2.2026;bolt-app\n"
    before = proposed(at, "partners", sheet)
    assert before is not None
    assert (list(before.tables), before.left) == (["partners"], ("Kennung",))
    at.take("nginx", LINE.format("acme-app"), "access.log")
    taken(at, proposed(at, "partners", sheet))
    assert at.rows("SELECT consumer, partner_id FROM credentials ORDER BY 1") == [
        ("acme-app", "Acme"),
        ("bolt-app", "Bolt"),
    ]
    keys = proposed(at, "partners", "Company;Since;API key\nAcme;1.2.2026;k-1\n")
    assert keys is not None
    assert (keys.tables["credentials"]["consumer"].read, "k-1" in str(keys)) == ("key", False)


def test_invoices_without_kind_period_and_currency_are_filled_with_care(at: ImportDesk) -> None:
    """One-off, on the day of the invoice, in the currency beside the amount; words for kinds are translated."""
    taken(at, proposed(at, "auto", "Invoice no;Customer;Date;Net amount\nR1;Acme;31.12.2025;£ 1.200,00\n"))
    line = "SELECT line_id, kind, currency, amount::DOUBLE, period_start::VARCHAR FROM invoice_lines"
    assert at.rows(line) == [("R1", "one_off", "GBP", 1200.0, "2025-12-31 00:00:00")]
    found = proposed(
        at,
        "invoice_lines",
        "Invoice no,Customer,Date,Net,Type\nR1,A,2026-01-01,5,Abo\nR2,A,2026-01-01,5,Setup\n",
    )
    assert found is not None
    assert found.tables["invoice_lines"]["kind"].values == {"abo": "subscription", "setup": "one_off"}
    assert found.tables["invoice_lines"]["currency"].constant == at.settings.program.currency


def test_lines_of_one_invoice_that_nothing_tells_apart_are_no_proposal(at: ImportDesk) -> None:
    """Two lines would be one."""
    with pytest.raises(ImportRefused, match="invoice_lines needs line_id too"):
        proposed(at, "invoice_lines", "Invoice no,Customer,Date,Net\nR1,A,2026-01-01,5\nR1,A,2026-01-01,6\n")


@pytest.mark.parametrize(
    "content",
    [f"{PARTNERS}p,A,2026-01-01\n", "", "a,b\n1,2\n", '{"Company": "Acme"}\n', LINE.format("u")],
)
def test_what_needs_no_proposal_gets_none(at: ImportDesk, content: str) -> None:
    """A table's own headings, nothing, headings nobody knows, JSON, a log."""
    assert proposed(at, "auto", content) is None


def test_a_row_finds_its_partner_by_a_name_that_one_alone_has(at: ImportDesk) -> None:
    """In any letters; two of one name are told apart by their ids alone, and unknown names are said."""
    at.take("partners", PARTNERS + "1,Acme,2026-01-01\n2,Bolt,2026-01-01\n3,bolt,2026-01-01\n")
    report = at.take("credentials", "consumer,partner_id\na,ACME\nb,Bolt\nc,2\nd,Dust\n")
    assert at.rows("SELECT consumer, partner_id FROM credentials ORDER BY 1") == [
        ("a", "1"), ("b", "Bolt"), ("c", "2"), ("d", "Dust"),
    ]  # fmt: skip
    assert report.notes[-2:] == (
        "1 rows name their partner by its name: ACME is 1",
        "2 rows name a partner that is not known: Bolt, Dust; import it, or mend its name",
    )


def test_a_folder_leaves_our_own_files_alone(at: ImportDesk) -> None:
    """Settings, mapping files and the store are no data."""
    folder = at.folder / "data"
    (folder / "store").mkdir(parents=True)
    for name in ("firstcall.toml", "partners.mapping.toml", "store/store.duckdb", "store/owner.json"):
        (folder / name).write_text("x = 1\n")
    (folder / "partners.csv").write_text(f"{PARTNERS}p,A,2026-01-01\n")
    report = import_files(at.store, at.settings, "auto", [str(folder)])
    assert [Path(file.path).name for file in report.files] == ["partners.csv"]
