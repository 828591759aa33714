"""Are lines taken out of whatever they were wrapped in, each once, and is every row accounted for?"""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firstcall.errors import ImportRefused
from firstcall.pipeline.reading import unwrapping
from firstcall.sources.gateways import kong
from firstcall.sources.parsing.json_log import json_conformed
from firstcall.sources.source import Source
from tests.pipeline.admission import Admission, admission, line
from tests.pipeline.loading.test_calls import entry

A, B = line("/a"), line("/b")
QUOTE = '"'
PATHS = "SELECT path FROM calls ORDER BY path"
AB = [("/a",), ("/b",)]
TABLE = Source(
    "table", "", "calls", "", "", "", reads="csv",
    conform=lambda lines, options: json_conformed(lines, options, ends=False),
)  # fmt: skip


def test_plain_lines_are_read_in_place(tmp_path: Path) -> None:
    """Nothing is written for them."""
    path = tmp_path / "access.log"
    path.write_text(f"{A}\n{B}\n")
    found = unwrapping.unwrapped(path, "access.log", None, tmp_path, 1 << 20)
    assert (found.path, found.notes) == (path, ())


@pytest.mark.parametrize(
    ("words", "wrapped"),
    [
        ("RFC 3164", "<134>Oct 10 13:55:36 web-1 nginx: {}"),
        ("RFC 3164", "Oct  1 13:55:36 web-1 nginx[77]: {}"),
        ("RFC 5424", '<134>1 2025-10-10T13:55:36.1Z web-1 nginx 77 - [a b="c\\]d"] {}'),
        ("RFC 5424", "<134>1 2025-10-10T13:55:36.1Z web-1 nginx - - - {}"),
        ("Kubernetes", "2025-10-10T13:55:36.123456789Z stdout F {}"),
        ("CloudWatch export", "2025-10-10T13:55:36.123Z {}"),
        ("aws logs tail", "2025-10-10T13:55:36.123000+00:00 edge/7f {}"),
        ("docker compose", "web-1  | {}"),
        ("RFC 3164", "2025-10-10T13:55:36+0000 web-1 nginx[77]: {}"),
    ],
)
def test_a_prefix_of_a_collector_is_taken_off(tmp_path: Path, words: str, wrapped: str) -> None:
    """And the import says so."""
    with admission(tmp_path) as at:
        counts = at.admit([wrapped.format(one) for one in (A, B)])
        assert (counts.read, counts.landed) == (2, 2)
        assert any(words in note for note in counts.notes)
        assert at.rows(PATHS) == AB


def test_what_journald_and_cloudwatch_print_is_taken_out(tmp_path: Path) -> None:
    """Objects of the journal, a query's CSV, what `aws logs get-log-events` prints."""
    journal = [json.dumps({"__REALTIME_TIMESTAMP": "1", "MESSAGE": one}) for one in (A, B)]
    query = [
        "@timestamp,@message",
        *(f'2025-10-10 13:55:36.000,"{one.replace(QUOTE, QUOTE * 2)}"' for one in (A, B)),
    ]
    events = json.dumps(
        {"events": [{"message": one, "timestamp": 1, "ingestionTime": 2} for one in (A, B)]}, indent=1
    )
    with admission(tmp_path) as at:
        for number, lines in enumerate((journal, query, events.split("\n"))):
            assert at.admit(lines, name=f"{number}").landed == 2
        assert at.rows("SELECT path, count(*) FROM calls GROUP BY ALL ORDER BY ALL") == [("/a", 3), ("/b", 3)]


def test_several_objects_on_a_line_are_as_many_calls(tmp_path: Path) -> None:
    """As Firehose joins them; braces inside a text join nothing."""
    odd = entry("r4").replace("/pets", "/}{")
    with admission(tmp_path) as at:
        counts = at.admit([entry("r1") + entry("r2"), entry("r3"), odd], kong.SOURCE)
        assert (counts.read, counts.landed) == (4, 4)
        assert at.value("SELECT max(path) FROM calls") == "/}{"


def test_what_docker_wrote_is_what_the_gateway_wrote(tmp_path: Path) -> None:
    """A text that Docker had cut in two is one line again; an error line between them is refused."""

    def docker(log: str, stream: str = "stdout") -> str:
        return json.dumps({"log": log, "stream": stream, "time": "2025-10-10T13:55:36.1Z"})

    with admission(tmp_path) as at:
        counts = at.admit(
            [docker(A[:40]), docker("oops\n", "stderr"), docker(A[40:] + "\n"), docker(B + "\n")]
        )
        assert (counts.read, counts.landed, sum(counts.refused.values())) == (3, 2, 1)
        assert at.rows(PATHS) == AB


def test_parts_of_a_kubernetes_line_are_joined(tmp_path: Path) -> None:
    """P is a part, F the end of the line."""
    stamp = "2025-10-10T13:55:36.1Z stdout"
    with admission(tmp_path) as at:
        assert at.admit([f"{stamp} P {A[:40]}", f"{stamp} F {A[40:]}", f"{stamp} F {B}"]).read == 2
        assert at.rows(PATHS) == AB


def test_the_messages_of_a_subscription_are_lines(tmp_path: Path) -> None:
    """A control message holds none and is one blank row."""
    events = [{"id": str(n), "timestamp": n, "message": f"{one}\n"} for n, one in enumerate((A, B))]
    data = json.dumps({"messageType": "DATA_MESSAGE", "logGroup": "g", "logEvents": events})
    control = json.dumps({"messageType": "CONTROL_MESSAGE", "logEvents": []})
    with admission(tmp_path) as at:
        counts = at.admit([control, data])
        assert (counts.read, counts.landed, counts.filtered) == (3, 2, 1)
        assert at.rows(PATHS) == AB


def test_packed_records_of_a_stream_are_unfolded(tmp_path: Path) -> None:
    """Base64, and gzip inside it."""
    plain = base64.b64encode(A.encode()).decode()
    packed = base64.b64encode(gzip.compress(f"{B}\n".encode())).decode()
    with admission(tmp_path) as at:
        at.admit([json.dumps({"requestId": "r", "records": [{"data": plain}, {"data": packed}]})])
        assert at.rows(PATHS) == AB


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"records": rows}, lambda rows: rows[0]])
def test_a_document_is_one_line_a_record(tmp_path: Path, indent: int | None, wrap: Any) -> None:  # noqa: ANN401
    """Laid out over many lines or not, with the records at the top or inside."""
    rows = [json.loads(entry("r1")), json.loads(entry("r2"))]
    value = wrap(rows)
    with admission(tmp_path) as at:
        counts = at.admit(json.dumps(value, indent=indent).encode(), kong.SOURCE)
        assert counts.landed == counts.read == (1 if value == rows[0] else 2)
        assert at.admit([json.dumps(row) for row in rows], kong.SOURCE).duplicate == counts.landed


def test_a_format_takes_its_own_documents_apart(tmp_path: Path) -> None:
    """What it does not know is one row, refused."""
    own = replace(kong.SOURCE, unpack=lambda value: value["log"]["entries"])
    document = json.dumps({"log": {"entries": [json.loads(entry("r1")), json.loads(entry("r2"))]}})
    with admission(tmp_path) as at:
        counts = at.admit([document, '{"log": 1}', '{"log": {"entries": []}}', "nope"], own)
        assert (counts.read, counts.landed, counts.filtered) == (5, 2, 1)


def test_the_end_of_a_line_that_was_cut_off_hides_no_documents(tmp_path: Path) -> None:
    """Logs are rotated in the middle of a line; what follows is taken apart all the same."""
    own = replace(kong.SOURCE, unpack=lambda value: value["log"]["entries"])
    document = json.dumps({"log": {"entries": [json.loads(entry("r1")), json.loads(entry("r2"))]}})
    with admission(tmp_path) as at:
        counts = at.admit(['ies": []}}', document], own)
        assert (counts.read, counts.landed, sum(counts.refused.values())) == (3, 2, 1)


def test_a_document_that_breaks_off_is_lines(tmp_path: Path) -> None:
    """Its lines are refused one by one."""
    with admission(tmp_path) as at:
        text = json.dumps([json.loads(entry("r1"))], indent=1)[:-1]
        counts = at.admit(text.encode(), kong.SOURCE)
        assert counts.read == text.count("\n") == sum(counts.refused.values())


def test_a_document_too_large_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to write it instead."""
    monkeypatch.setattr(unwrapping, "DOCUMENT_BYTES", 100)
    with admission(tmp_path) as at, pytest.raises(ImportRefused, match="jq -c"):
        at.admit(json.dumps([json.loads(entry("r1"))], indent=1).encode(), kong.SOURCE)


def _table(at: Admission, *rows: str) -> Any:  # noqa: ANN401 - Counts, asked by name
    return at.admit(["time,status,method,path,consumer", *rows], TABLE)


def test_csv_is_one_object_a_record(tmp_path: Path) -> None:
    """Quotes, doubled quotes and line feeds inside them are exact."""
    good = "2025-10-10T13:55:36Z,200,GET,/a,"
    with admission(tmp_path) as at:
        counts = _table(at, f"{good}bob", f'{good}"a ""b"", c"', f'{good}"two\nlines"')
        assert (counts.read, counts.landed) == (3, 3)
        assert at.rows("SELECT consumer FROM calls ORDER BY ALL") == [
            ('a "b", c',),
            ("bob",),
            ("two\nlines",),
        ]


def test_csv_records_of_another_length_are_refused(tmp_path: Path) -> None:
    """With their line as it was; a quote that is never closed refuses its own line alone."""
    good = "2025-10-10T13:55:36Z,200,GET,/a,bob"
    with admission(tmp_path) as at:
        counts = _table(at, good, "1,2", f"{good},more", f'{good[:-3]}"bob', "", f"{good}2")
        assert (counts.read, counts.landed, counts.filtered) == (6, 2, 1)
        assert counts.refused == {"too few fields": 1, "too many fields": 1, "a quote is not closed": 1}
        assert at.rows("SELECT content FROM refused WHERE reason = 'too few fields'") == [("1,2",)]


def test_csv_without_a_head_has_the_names_of_its_format(tmp_path: Path) -> None:
    """A file that brings its names is read by them."""
    own = replace(TABLE, header=("time", "status", "method", "path"))
    with admission(tmp_path) as at:
        at.admit(['"2025-10-10T13:55:36Z";200;GET;"/a"'], own)
        at.admit(["time;path;status;method", "2025-10-10T13:55:36Z;/b;200;GET"], own)
        assert at.rows(PATHS) == AB


def test_what_is_no_csv_stays_as_it_is(tmp_path: Path) -> None:
    """A format may come as JSON too."""
    with admission(tmp_path) as at:
        assert at.admit(['{"time": "2025-10-10T13:55:36Z", "status": 200, "path": "/a"}'], TABLE).landed == 1
