"""Is a sheet taken apart row by row, whatever its separator, quotes and line ends?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk, outcome

SAMPLES = Path(__file__).parents[2] / "samples" / "spreadsheet"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def names(at: ImportDesk) -> list[object]:
    """Return the names of all partners, by id."""
    return [
        name for (name,) in at.rows("SELECT name FROM partners WHERE known_to IS NULL ORDER BY partner_id")
    ]


@pytest.mark.parametrize(
    ("separator", "variant"),
    [(",", "csv with comma"), (";", "csv with semicolon"), ("\t", "csv with tab"), ("|", "csv with bar")],
)
def test_the_separator_is_the_one_that_gives_known_names(
    at: ImportDesk, separator: str, variant: str
) -> None:
    """With and without quotes around fields that hold it."""
    plain = "partner_id,name,registered_at\na,A,2026-01-01\n".replace(",", separator)
    quoted = f'b{separator}"B{separator} ""the"" b"{separator}2026-01-01\n'
    report = at.take("partners", plain + quoted)
    assert (report.files[0].variant, outcome(report.total)) == (variant, (2, 2, 0, 0, 0))
    assert names(at) == ["A", f'B{separator} "the" b']


def test_a_first_line_that_names_the_separator_is_understood(at: ImportDesk) -> None:
    """Excel writes it in some countries."""
    content = "sep=;\r\npartner_id;name;registered_at\r\na;A, Inc;2026-01-01\r\n"
    assert outcome(at.take("partners", content).total) == (1, 1, 0, 0, 0)
    assert names(at) == ["A, Inc"]


def test_a_quoted_field_may_run_over_lines_and_blank_lines_are_no_rows(at: ImportDesk) -> None:
    """Its line breaks are kept, also a blank one."""
    content = f'\n{PARTNERS}\na,"two\n\nlines, here",2026-01-01\n\n\nb,B,2026-01-01\n'
    assert outcome(at.take("partners", content).total) == (2, 2, 0, 0, 0)
    assert names(at) == ["two\n\nlines, here", "B"]


def test_a_header_may_run_over_lines(at: ImportDesk) -> None:
    """Spreadsheets allow line breaks in headings."""
    assert outcome(at.take("partners", '"partner\nid",name,registered_at\na,"A",2026-01-01\n').total) == (
        1,
        1,
        0,
        0,
        0,
    )


def test_a_quote_inside_a_plain_field_is_a_sign(at: ImportDesk) -> None:
    """Read exactly, line by line: an inch is no quotation, and the rows after it are whole."""
    content = PARTNERS + 'a,5" disks,2026-01-01\nb,"B, ""b""",2026-01-01\nc,"two\nlines",2026-01-01\n'
    assert outcome(at.take("partners", content).total) == (3, 3, 0, 0, 0)
    assert names(at) == ['5" disks', 'B, "b"', "two\nlines"]


def test_text_after_a_closing_quote_refuses_that_row_alone(at: ImportDesk) -> None:
    """It is kept as it was."""
    content = PARTNERS + 'a,"A"x,2026-01-01\nb,"B",2026-01-01\n'
    assert at.take("partners", content).total.refused == {"broken quotes": 1}
    assert at.rows("SELECT line, content FROM refused") == [(2, 'a,"A"x,2026-01-01')]


def test_a_quote_that_is_never_closed_refuses_the_file(at: ImportDesk) -> None:
    """Where the rows end cannot be known; the line that opens it is named."""
    with pytest.raises(ImportRefused, match="A quote that opens in line 3 is never closed"):
        at.take("partners", PARTNERS + 'a,A,2026-01-01\nb,"B,2026-01-01\nc,C,2026-01-01\n')
    assert at.rows("SELECT count(*) FROM partners") == [(0,)]


@pytest.mark.parametrize("quote", ["", '"'])
def test_ragged_rows_are_refused_and_kept(at: ImportDesk, quote: str) -> None:
    """Too few or too many fields; empty ones at the end do no harm."""
    content = PARTNERS + f"a,{quote}A{quote}\nb,B,2026-01-01,more\nc,C,2026-01-01,,\n"
    assert at.take("partners", content).total.refused == {"ragged row": 2}
    assert at.rows("SELECT detail, content FROM refused ORDER BY line") == [
        (
            "found 2 fields where the header has 3; quote fields that hold the separator",
            '{"partner_id":"a","name":"A","registered_at":null}',
        ),
        (
            "found 4 fields where the header has 3; quote fields that hold the separator",
            '{"partner_id":"b","name":"B","registered_at":"2026-01-01","more":"more"}',
        ),
    ]


def test_json_rows_keep_numbers_texts_and_nested_values(at: ImportDesk) -> None:
    """A nested list is JSON; a null is absent; names may hold signs; a repeated name counts once."""
    rows = (
        '{"partner_id": 7, "name": "A \\"a\\"", "registered_at": "2026-01-01", "a/b~c": {"x": [1]}}\n\n'
        '{"name": "B", "partner_id": "b", "registered_at": "2026-01-01", "manager": null, "name": "C"}\n'
    )
    assert outcome(at.take("partners", rows, "f.ndjson").total) == (2, 2, 0, 0, 0)
    assert at.rows("SELECT partner_id, name, manager, attributes FROM partners ORDER BY 1") == [
        ("7", 'A "a"', None, '{"a/b~c":"{\\"x\\":[1]}"}'),
        ("b", "B", None, None),
    ]


def test_json_lines_that_are_no_objects_are_refused_one_by_one(at: ImportDesk) -> None:
    """Each keeps its text; NaN, 1e999 and endless nesting do no harm."""
    deep = '{"partner_id":' + "[" * 20000 + "]" * 20000 + "}"
    good = '{"partner_id":"a","name":"A","registered_at":"2026-01-01","x":NaN,"y":1e999,"z":123456789012345678901234}'
    lines = [good, "{broken", "[1]", "5", '{"partner_id":"\\ud800"}', deep]
    counts = at.take("partners", "\n".join(lines), "f.ndjson").total
    assert counts.refused == {"not JSON": 2, "not a JSON object": 2, "missing name": 1}
    assert at.rows("SELECT line, content FROM refused WHERE line = 2") == [(2, "{broken")]


def test_an_array_may_stand_on_one_line_and_hold_what_is_no_object(at: ImportDesk) -> None:
    """Its rows are counted as they come; a broken array refuses the file."""
    row = '{"partner_id":"%s","name":"A","registered_at":"2026-01-01"}'
    counts = at.take("partners", f"[{row % 'a'},5,null,{row % 'b'}]", "f.json").total
    assert (outcome(counts), dict(counts.refused)) == ((4, 2, 0, 0, 2), {"not a JSON object": 2})
    with pytest.raises(ImportRefused, match="not a JSON array of objects"):
        at.take("partners", f"[{row % 'c'},{row % 'd'}", "f.json")
    assert outcome(at.take("partners", "[]", "g.json").total) == (0, 0, 0, 0, 0)


def test_objects_with_thousands_of_different_names_refuse_the_file(at: ImportDesk) -> None:
    """Names that are data would make thousands of columns."""
    rows = "".join(
        f'{{"partner_id":"a","name":"A","registered_at":"2026-01-01","{n}":1}}\n' for n in range(2001)
    )
    with pytest.raises(ImportRefused, match="more than 2,000 different fields"):
        at.take("partners", rows, "f.ndjson")


def test_bytes_that_are_no_utf8_refuse_their_row(at: ImportDesk) -> None:
    """Latin-1 in one row; the other rows are read."""
    content = PARTNERS.encode() + "a,Müller,2026-01-01\n".encode("latin-1") + "b,Möller,2026-01-01\n".encode()
    counts = at.take("partners", content).total
    assert (outcome(counts), dict(counts.refused)) == ((2, 1, 0, 0, 1), {"not UTF-8": 1})
    assert names(at) == ["Möller"]


def test_parquet_without_zones_is_local_and_missing_numbers_are_absent(tmp_path: Path) -> None:
    """A data frame's NaT, NaN and naive times."""
    with desk(tmp_path, "Europe/Berlin") as at:
        path = tmp_path / "f.parquet"
        at.store.connection.execute(
            "COPY (SELECT 'i1' AS integration_id, 'custom' AS type, TIMESTAMP '2026-03-01 10:30:00' AS started_at, "
            f"'NaN'::DOUBLE AS installs, ['a', 'b'] AS labels) TO '{path}' (FORMAT parquet)"
        )
        report = at.take("integrations", path.read_bytes(), "f.parquet")
        assert "1 time without an offset was read as Europe/Berlin" in report.notes
        assert at.rows("SELECT started_at::VARCHAR, installs, attributes FROM integrations") == [
            ("2026-03-01 09:30:00", None, '{"labels":"[\\"a\\",\\"b\\"]"}')
        ]


@pytest.mark.parametrize("file", sorted(path.name for path in SAMPLES.iterdir()))
def test_the_same_partners_come_out_of_every_sample(at: ImportDesk, file: str) -> None:
    """Comma, semicolon, tab, Excel's UTF-16, NDJSON and an array say the same."""
    assert outcome(at.take("partners", (SAMPLES / file).read_bytes(), file).total) == (2, 2, 0, 0, 0)
    assert at.rows("SELECT partner_id, name, registered_at::VARCHAR, status FROM partners ORDER BY 1") == [
        ("p-001", "Zoë's Shop", "2026-01-15 08:00:00", "approved"),
        ("p-002", "Bolt, Ltd", "2026-02-01 00:00:00", "pending"),
    ]
