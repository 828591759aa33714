"""Does a user's TOML file bring any CSV or JSON into our tables, and say what is wrong with itself?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import UsageError
from tests.pipeline.import_desk import ImportDesk, desk, outcome

PAGE = Path(__file__).parents[3] / "docs" / "mapping.md"
SIMPLE = '[[rows]]\ntable = "partners"\ncolumns.partner_id = "id"\ncolumns.name = "n"\ncolumns.registered_at = "t"\n'


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def examples(language: str) -> list[str]:
    """Return the code of a language on the page, in order."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_examples_of_the_page_work_as_they_stand(at: ImportDesk) -> None:
    """A CSV file into one table, a JSON document into invoice lines."""
    csv_mapping, json_mapping = (at.put(f"{n}.toml", text) for n, text in enumerate(examples("toml")))
    report = at.take("mapping", examples("csv")[0], "a.csv", options={"mapping": csv_mapping})
    assert outcome(report.total) == (1, 1, 0, 0, 0)
    assert at.rows("SELECT partner_id, name, registered_at::VARCHAR, status FROM partners") == [
        ("17", "Acme", "2025-12-31 09:30:00", "approved")
    ]
    report = at.take("mapping", examples("json")[0], "a.json", options={"mapping": json_mapping})
    assert outcome(report.total) == (1, 1, 0, 0, 0)
    assert at.rows("SELECT line_id, invoice_id, partner_id, kind, amount::VARCHAR FROM invoice_lines") == [
        ("l1", "i1", "17", "usage", "12.500000")
    ]


def test_one_record_may_give_rows_of_two_tables_and_what_is_wrong_is_refused_with_it(
    at: ImportDesk,
) -> None:
    """The fee lands as a cost; the line's time is none, and the whole record is kept to be mended."""
    mapping = at.put("m.toml", examples("toml")[1])
    record = (
        '{"id":"i2","status":"open","customer":{"id":"c"},"date":1782864000,"currency":"JPY","fee":"12.5",'
        '"fee_currency":"EUR","lines":[{"id":"l","cents":700,"from":"soon","to":1782864000}]}'
    )
    counts = at.take("mapping", record, "a.ndjson", options={"mapping": mapping}).total
    assert outcome(counts) == (2, 1, 0, 0, 1)
    assert counts.refused == {"bad time in period_start": 1}
    assert at.rows("SELECT cost_id, amount::VARCHAR, currency FROM costs") == [("i2", "12.500000", "EUR")]
    [(kept,)] = at.rows("SELECT content FROM refused")
    assert str(kept).startswith('{"id": "i2"')
    again = at.take(
        "mapping", str(kept).replace("soon", "1780272000"), "b.json", options={"mapping": mapping}
    )
    assert outcome(again.total) == (2, 1, 1, 0, 0)
    assert at.rows("SELECT amount::VARCHAR, kind FROM invoice_lines") == [("700.000000", "one_off")]


def test_records_that_are_not_meant_are_refused_and_counted(at: ImportDesk) -> None:
    """A text, a broken line, and an object of another kind."""
    mapping = at.put("m.toml", SIMPLE + 'when = { kind = "company" }\n')
    lines = '{"kind":"Company","id":1,"n":"A","t":"2026-01-01"}\n{"kind":"person"}\n5\n{broken\n'
    counts = at.take("mapping", lines, "a.ndjson", options={"mapping": mapping}).total
    assert outcome(counts) == (4, 1, 0, 0, 3)
    assert counts.refused == {
        "not a record that the mapping m.toml is for": 1,
        "not a JSON object": 1,
        "not JSON": 1,
    }


def test_csv_keeps_quotes_and_columns_of_one_name_and_refuses_ragged_rows(at: ImportDesk) -> None:
    """Two columns called Tag are one list."""
    mapping = at.put("m.toml", SIMPLE + 'columns.segment = "Tag"\n')
    text = 'id;n;t;Tag;Tag\r\n1;"A;\r\n""B""";2026-01-01;x;y\r\n2;C;2026-01-01;;\r\n3;D\r\n'
    counts = at.take("mapping", text, options={"mapping": mapping}).total
    assert (outcome(counts), dict(counts.refused)) == ((3, 2, 0, 0, 1), {"too few fields": 1})
    assert at.rows("SELECT name, segment FROM partners ORDER BY partner_id") == [
        ('A;\n"B"', "x, y"),
        ("C", None),
    ]


def test_a_later_state_of_a_thing_without_a_key_replaces_the_earlier(at: ImportDesk) -> None:
    """Named by a column that is kept in attributes; the earlier state stays, ended."""
    mapping = at.put(
        "m.toml",
        '[[rows]]\ntable = "contributions"\nidentity = "number"\ncolumns.number = "no"\ncolumns.time = "t"\n'
        'columns.kind = { constant = "issue" }\ncolumns.resolved_at = "done"\n',
    )
    for done, landed in (("", 1), ("", 0), ("2026-02-01", 1)):
        counts = at.take("mapping", f"no,t,done\n7,2026-01-01,{done}\n", options={"mapping": mapping}).total
        assert counts.landed == landed
    assert at.rows(
        "SELECT resolved_at::VARCHAR, known_to IS NULL FROM contributions ORDER BY known_from"
    ) == [
        (None, False),
        ("2026-02-01 00:00:00", True),
    ]


def test_calls_go_through_the_rules_of_calls(at: ImportDesk) -> None:
    """Their path becomes a route; the name of the import is their source."""
    columns = {"time": "at", "consumer": "who", "method": "verb", "path": "url", "status": "code"}
    lines = "".join(f'columns.{ours} = "{theirs}"\n' for ours, theirs in columns.items())
    mapping = at.put("m.toml", f'[[rows]]\ntable = "calls"\n{lines}')
    text = (
        "at,who,verb,url,code\n2026-03-01T10:00:00Z,a,get,/pets/7,200\n2026-03-01T10:00:00Z,a,get,/pets/7,x\n"
    )
    counts = at.take("mapping", text, options={"mapping": mapping}).total
    assert (outcome(counts), dict(counts.refused)) == ((2, 1, 0, 0, 1), {"bad integer in status": 1})
    assert at.rows("SELECT source, consumer, method, route, status FROM calls") == [
        ("mapping", "a", "GET", "/pets/{id}", 200)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no rows are described"),
        ("rowz = []", "no key named 'rowz'. Did you mean rows"),
        ('[[rows]]\ntable = "partner"', "no table to fill named 'partner'. Did you mean partners"),
        (SIMPLE + 'columns.nam = "x"', "no column of partners named 'nam'. Did you mean name"),
        (SIMPLE + 'wen = { a = "b" }', "no key of \\[\\[rows\\]\\] named 'wen'. Did you mean when"),
        ('[[rows]]\ntable = "partners"\ncolumns.name = "n"', "partners needs partner_id, registered_at too"),
        (
            SIMPLE + 'columns.status = { form = "s" }',
            "no key of columns.status named 'form'. Did you mean from",
        ),
        (
            SIMPLE + 'columns.status = { from = "s", read = "epoch" }',
            "no converter named 'epoch'. Did you mean",
        ),
        (SIMPLE + "columns.status = 5", "columns.status = 5 is neither a path nor a table"),
        (SIMPLE + "when = { a = 1 }", "when.a = 1 is neither a text nor a list of texts"),
        ("a = [", "not valid TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used_names_the_key_and_the_nearest_known_one(
    at: ImportDesk, text: str, said: str
) -> None:
    """And nothing is imported."""
    with pytest.raises(UsageError, match=said):
        at.take("mapping", "id,n,t\n", options={"mapping": at.put("m.toml", text)})


def test_a_mapping_file_has_to_be_named_and_there(at: ImportDesk) -> None:
    """The command that names it is shown."""
    with pytest.raises(UsageError, match=r"--option mapping=my\.toml"):
        at.take("mapping", "a\n")
    with pytest.raises(UsageError, match=r"no\.toml cannot be read"):
        at.take("mapping", "a\n", options={"mapping": "no.toml"})


def test_a_mapping_file_nested_without_end_is_refused_in_words(at: ImportDesk) -> None:
    """It ends in a sentence, as every mistake in it does."""
    mapping = at.put("deep.toml", "rows = " + "[" * 3000)
    with pytest.raises(UsageError, match="not valid TOML"):
        at.take("mapping", "{}", "a.json", options={"mapping": mapping})
