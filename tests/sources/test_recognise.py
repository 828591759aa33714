"""Does a file say by its first lines which format it is in?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from firstcall import registry
from firstcall.errors import UsageError
from firstcall.pipeline.reading.business_files import read_records as business_values
from firstcall.pipeline.reading.decompress import DecompressionLimits
from firstcall.pipeline.reading.files import open_file
from firstcall.pipeline.reading.unwrapping import first_lines, unwrapped
from firstcall.schema.tables import TABLES
from firstcall.sources.recognise import recognised
from tests.sources.gateways.test_kong import ENTRY
from tests.sources.samples_read import SAMPLES

LINE = '1.2.3.4 - bob [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8"'


def told(*lines: str) -> str:
    """Return the name of the format that is recognised."""
    return recognised("access.log", lines, registry.sources())[0].name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"{LINE} 0.123 0.120", "nginx"),
        (LINE.replace("200 12", "499 0"), "nginx"),
        ('{"time_local": "x", "request": "GET / HTTP/1.1", "status": "200", "remote_addr": "::1"}', "nginx"),
        (LINE.replace("200 12", "304 -"), "apache"),
        (f"{LINE} 123456", "apache"),
        (json.dumps(ENTRY), "kong"),
        (json.dumps([ENTRY, ENTRY]), "kong"),
        ('{"requestId": "r", "routeKey": "GET /a", "status": "200", "errorMessage":-}', "aws-api-gateway"),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 12 r-1', "aws-api-gateway"),
    ],
)
def test_a_format_is_told_by_what_only_it_writes(line: str, name: str) -> None:
    """Whatever other formats the lines would fit."""
    assert told(line) == name


def test_lines_that_two_formats_read_alike_are_read_as_the_simpler() -> None:
    """And that is said; nobody is asked what makes no difference."""
    found, why = recognised("access.log", [LINE, LINE.replace("/a", "/b")], registry.sources())
    assert found.name == "nginx"
    assert why.endswith("; apache would give the same calls")


def test_an_unknown_wrapper_is_named() -> None:
    """With the command that takes it off."""
    with pytest.raises(
        UsageError, match="every line has 'edge-7 >> ' or the like in front of an access log's line"
    ):
        told(f"edge-7 >> {LINE}", f"edge-7 >> {LINE}")


def test_logs_without_what_a_call_needs_say_what_to_do() -> None:
    """IIS without the names of its fields, Apache's log of connections."""
    headless = "2026-05-15 10:00:00 10.0.0.1 GET /a - 443 - 203.0.113.7 curl/8 - 200 0 0 15"
    assert told(headless) == "iis"
    assert (
        told('[10/Oct/2025:13:55:36 +0000] 203.0.113.7 TLSv1.3 TLS_AES_256 "GET /a HTTP/1.1" 5') == "apache"
    )


@pytest.mark.parametrize("line", ["", "partner_id,name", '{"a": 1}', "nope"])
def test_lines_of_no_format_are_refused(line: str) -> None:
    """With what the file begins with."""
    with pytest.raises(UsageError, match="no format knows this file"):
        told(line)


ALIKE = {
    "nginx/vhost_forwarded.log": "Apache writes it alike",
    "traefik/generic.log": "combined, as nginx and Apache write it",
}
"""Samples that do not say what they are, and are read as nginx's → why that gives the same calls."""
FILES = [path for name in sorted(registry.sources()) for path in sorted((SAMPLES / name).glob("*"))]


def told_of(path: Path, scratch: Path) -> str:
    """Return the name of the format or table that is recognised in a file, opened as an import opens it."""
    opened = open_file(str(path), scratch, DecompressionLimits(), lambda _done, _total: None)
    lines = first_lines(unwrapped(opened.path, path.name, None, scratch, 1 << 20).path)

    def records() -> Iterator[object]:
        yield from business_values(opened.path, path.name, 1, 1 << 20).values

    return recognised(path.name, lines, registry.sources(), records())[0].name


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_told(path: Path, tmp_path: Path) -> None:
    """None is taken for another format, but where that gives the same calls."""
    name = "nginx" if f"{path.parent.name}/{path.name}" in ALIKE else path.parent.name
    assert told_of(path, tmp_path) == name


def test_every_format_of_calls_says_what_names_a_call() -> None:
    """An id that a client can set is none alone."""
    silent = [name for name, each in registry.sources().items() if each.conform and not each.call_id]
    assert silent == []


def test_every_source_that_reads_files_says_how_it_is_known() -> None:
    """By its lines or by the fields of a record; but for the user's own mapping, which fits whatever it is made for."""
    silent = [
        name for name, source in registry.sources().items() if not (source.recognise or source.signatures)
    ]
    assert silent == ["mapping"]


@pytest.mark.parametrize("path", sorted((SAMPLES / "spreadsheet").glob("*")), ids=lambda path: path.name)
def test_a_tables_own_file_is_told_by_its_columns(path: Path, tmp_path: Path) -> None:
    """Whatever divides them, and in JSON as well."""
    assert told_of(path, tmp_path) == "partners"


@pytest.mark.parametrize(
    ("header", "table"),
    [
        ("consumer,partner_id,valid_from", "credentials"),
        ("ticket_id,partner_id,opened_at,topic", "tickets"),
        ("date,currency,rate", "exchange_rates"),
        ("time,method,path,status,consumer", "calls"),
    ],
)
def test_the_table_that_knows_most_columns_is_meant(header: str, table: str) -> None:
    """A table whose required columns are not all there is none of them."""
    rows = [dict.fromkeys(header.split(","), "1")]
    found, why = recognised("x.csv", [header], registry.sources(), rows)
    assert (found.name, why) == (table, f"has columns {', '.join(_in_order(table, header))}")


def _in_order(table: str, header: str) -> list[str]:
    return [name for name in TABLES[table].names if name in header.split(",")]


def test_columns_that_two_tables_have_are_the_users_to_decide() -> None:
    """A name alone says little: the error has both commands, each with its reason."""
    rows = [{"partner_id": "p", "period_start": "2026-01-01", "period_end": "2026-02-01", "amount": "1",
             "currency": "EUR", "kind": "transaction", "cost_id": "c", "category": "support",
             "already_in_revenue": "no"}]  # fmt: skip
    with pytest.raises(UsageError) as error:
        recognised("money.csv", ["x"], registry.sources(), rows)
    assert "firstcall import costs money.csv   (has columns cost_id" in str(error.value)
    assert "firstcall import value money.csv   (has columns" in str(error.value)


def test_a_table_that_knows_less_than_half_of_the_columns_is_not_meant() -> None:
    """Three names that fit among nine are chance."""
    rows = [dict.fromkeys(["partner_id", "name", "registered_at", *"abcdef"], "1")]
    with pytest.raises(UsageError, match="no format knows this file"):
        recognised("x.csv", ["x"], registry.sources(), rows)


def test_records_that_two_systems_write_alike_are_the_users_to_decide() -> None:
    """A conversation of Intercom that has Zendesk's fields too."""
    both = {"requester_id": 1, "organization_id": 2, "type": "conversation", "contacts": []}
    with pytest.raises(UsageError) as error:
        told(json.dumps(both))
    assert "firstcall import intercom access.log   (the records have type conversation, contacts)" in str(
        error.value
    )
    assert "firstcall import zendesk access.log   (the records have requester_id, organization_id)" in str(
        error.value
    )


MIXED = [
    ([json.dumps(ENTRY), '{"lago_id": "i1"}'], "kong in record 1, lago in record 2"),
    ([json.dumps(ENTRY), f"{LINE} 0.123 0.120"], "kong in record 1, nginx in record 2"),
    (
        ['{"lago_id": "1"}', '{"lago_id": "2"}', '{"requester_id": 1, "organization_id": 2}'],
        "lago in record 1, zendesk in record 3",
    ),
]


@pytest.mark.parametrize(("lines", "places"), MIXED)
def test_a_file_of_several_formats_is_refused(lines: list[str], places: str) -> None:
    """And where each of them begins is said; taken for one of them the others would be lost."""
    with pytest.raises(UsageError, match=f"holds records of several formats: {places}"):
        told(*lines)


def test_random_text_is_refused() -> None:
    """Prose, numbers, bytes, JSON of no meaning and CSV of unknown columns are nobody's."""
    chance = Random(7)
    for _ in range(200):
        text = "".join(chance.choices('abc019 .,;:|{}[]"-/\t=#', k=chance.randrange(1, 120)))
        with pytest.raises(UsageError):
            recognised("noise", [text], registry.sources(), [text, {"a": text}])


@pytest.mark.parametrize(
    "line",
    [
        "1575493351.000\tnope\t1\t200\tGET\t/",
        '"tx";"req";"now";"203.0.113.9"' + ';""' * 27,
    ],
)
def test_lines_without_names_are_told_only_when_their_values_fit(line: str) -> None:
    """An address, a time in milliseconds, a method: one that is missing, and the shape says nothing."""
    with pytest.raises(UsageError, match="no format knows this file"):
        told(line)
