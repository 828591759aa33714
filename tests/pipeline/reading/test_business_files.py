"""Is a business system's file taken apart into records, whatever JSON or CSV it is?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import ImportRefused
from firstcall.pipeline.reading import business_files
from firstcall.pipeline.reading.business_files import Unreadable, read_records
from tests.pipeline.import_desk import desk


def read(folder: Path, content: str, head: int = 1) -> tuple[str, list[object]]:
    """Return (shape, values) of a file with this content."""
    path = folder / "file"
    path.write_text(content, encoding="utf-8", newline="")
    found = read_records(path, "file", head, 1000)
    return found.shape, list(found.values)


@pytest.mark.parametrize(
    ("content", "shape", "found"),
    [
        ("", "empty", []),
        (" \n\n", "empty", []),
        ('{"a": 1.10}', "JSON", [{"a": "1.10"}]),
        ('[\n {"a": 1, "b": 2, "c": 3},\n {"a": 4}\n]\n', "JSON", [[{"a": 1, "b": 2, "c": 3}, {"a": 4}]]),
        ('{"a":1}\n\n{"a":2}\n', "NDJSON", [{"a": 1}, {"a": 2}]),
        ('{"a":1}\n{broken\n5\n', "NDJSON", [{"a": 1}, Unreadable("not JSON", "{broken"), 5]),
        ("a,b\r\n1,2\r\n\r\n3,4", "csv", [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
        ("# from X\n\na;b\n1;2\n", "csv", [{"a": "1", "b": "2"}]),
        ("#,b\n1,2\n", "csv", [{"#": "1", "b": "2"}]),
        ("a,a,a\n1,,3\n", "csv", [{"a": ["1", "3"]}]),
        ("a,b\n1\n", "csv", [Unreadable("too few fields", '{"a": "1"}')]),
        ("a,b\n1,2,,\n", "csv", [{"a": "1", "b": "2"}]),
        ('"x, y","z"\n"1\n2","3 ""q"""\n', "csv", [{"x, y": "1\n2", "z": '3 "q"'}]),
    ],
)
def test_a_file_is_its_records(tmp_path: Path, content: str, shape: str, found: list[object]) -> None:
    """Decimals stay as they were written; blank lines are none; columns of one name are a list."""
    assert read(tmp_path, content) == (shape, found)


def test_a_record_of_csv_says_in_which_line_it_begins(tmp_path: Path) -> None:
    """Titles, blank lines and quoted line feeds count as they stand in the file."""
    path = tmp_path / "file"
    path.write_text('Partners of 2026\n\na,b\n"1\n2",3\n\n4,5\n', encoding="utf-8")
    found = read_records(path, "file", 1, 1000)
    assert [(found.line(), value) for value in found.values] == [
        (4, {"a": "1\n2", "b": "3"}),
        (7, {"a": "4", "b": "5"}),
    ]


def test_two_lines_of_headings_are_joined_where_the_first_leaves_a_blank(tmp_path: Path) -> None:
    """A question of one column keeps its name."""
    content = "id,How,,Why\n,Docs,Support,Open\n1,2,3,4\n"
    assert read(tmp_path, content, head=2) == (
        "csv",
        [{"id": "1", "How: Docs": "2", "How: Support": "3", "Why": "4"}],
    )


def test_a_document_that_is_cut_off_or_too_long_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says where it breaks, and what to do about its length."""
    with pytest.raises(ImportRefused, match="not valid JSON in line 2"):
        read(tmp_path, '{"a": [1,\n')
    monkeypatch.setattr(business_files, "DOCUMENT_BYTES", 10)
    with pytest.raises(ImportRefused, match="one record a line"):
        read(tmp_path, '{"a":\n [1, 2, 3, 4, 5, 6\n')


@pytest.mark.parametrize("depth", [150, 250, 330, 480, 960, 985, 1500])
def test_a_record_nested_without_end_is_refused_alone(tmp_path: Path, depth: int) -> None:
    """What goes through it could not come back, wherever that is tried: up to two hundred levels are a record."""
    deep = "[" * depth + "1" + "]" * depth
    with desk(tmp_path) as at:
        line = '{{"id":"{}","object":"customer","name":{},"created":1767225600}}\n'
        counts = at.take("stripe", line.format("c1", '"A"') + line.format("c2", deep), "a.ndjson").total
    assert counts.adds_up
    assert counts.refused == ({"not JSON": 1} if depth > 200 else {})
    assert counts.landed == 2 - (depth > 200)
