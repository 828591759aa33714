"""Do OpenAPI documents become the endpoints that they describe?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused, UnknownName
from tests.pipeline.import_desk import ImportDesk, desk, outcome

SAMPLES = Path(__file__).parents[2] / "samples" / "openapi"
KEPT = """SELECT product, method, route, version, api_class, feature, deprecated_at::VARCHAR, sunset_at::VARCHAR
    FROM endpoints WHERE known_to IS NULL ORDER BY route, method"""


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def document(**paths: object) -> str:
    """Return a small document with these paths."""
    return json.dumps(
        {
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "paths": {f"/{k}": v for k, v in paths.items()},
        }
    )


def test_a_yaml_document_of_version_3(at: ImportDesk) -> None:
    """Servers give the base path, their variables the version; a path's own servers win; references are followed."""
    report = at.take("openapi", (SAMPLES / "payments.yaml").read_bytes(), "payments.yaml")
    assert (report.table, report.files[0].variant, outcome(report.total)) == (
        "endpoints",
        "OpenAPI 3.1.0",
        (4, 4, 0, 0, 0),
    )
    assert at.rows(KEPT) == [
        ("payments-api", "GET", "/v1/old", "v1", None, None, "2026-03-01 00:00:00", "2026-12-31 00:00:00"),
        ("payments-api", "GET", "/v2/payments", "v2", None, "Payments", None, None),
        ("payments-api", "POST", "/v2/payments", "v2", "processing", "Payments", None, None),
        ("payments-api", "DELETE", "/v2/payments/{id}", "v2", None, None, "2026-02-01 00:00:00", None),
    ]
    assert (
        report.notes[0]
        == "product payments-api taken from the document's title; --option product=NAME sets it"
    )


def test_a_json_document_of_version_2(at: ImportDesk) -> None:
    """basePath is joined; what is no operation is refused; a deprecation without a date is said."""
    report = at.take(
        "openapi", (SAMPLES / "pets.json").read_bytes(), "pets.json", options={"product": "pets"}
    )
    assert (report.files[0].variant, outcome(report.total)) == ("Swagger 2.0", (3, 2, 0, 0, 1))
    assert report.notes == ("1 operations are deprecated without a date; --option date=YYYY-MM-DD sets it",)
    assert at.rows(KEPT) == [
        ("pets", "GET", "/api/pets", "1.4.2", None, "pets", None, None),
        ("pets", "GET", "/api/pets/{petId}", "1.4.2", None, None, None, None),
    ]
    assert at.rows("SELECT reason, content FROM refused") == [
        (
            "operation is not an object",
            '{"path": "/pets/{petId}", "method": "put", "found": "not an operation"}',
        )
    ]


def test_a_document_twice_is_no_news_and_a_changed_one_replaces(at: ImportDesk) -> None:
    """An operation that becomes deprecated keeps its earlier version in the journal."""
    options = {"product": "t", "version": "1", "date": "2026-05-01"}
    assert at.take("openapi", document(a={"get": {}}), options=options).total.landed == 1
    assert outcome(at.take("openapi", document(a={"get": {}}), options=options).total) == (1, 0, 1, 0, 0)
    assert at.take("openapi", document(a={"get": {"deprecated": True}}), options=options).total.landed == 1
    assert at.rows(KEPT) == [("t", "GET", "/a", "1", None, None, "2026-05-01 00:00:00", None)]
    assert at.rows("SELECT count(*) FROM endpoints") == [(2,)]


def test_references_outside_or_in_circles_refuse_their_path_alone(at: ImportDesk) -> None:
    """The other paths are imported."""
    content = document(
        a={"$ref": "other.yaml#/a"},
        b={"$ref": "#/paths/~1b"},
        c={"query": {}, "additionalOperations": {"COPY": {}}},
    )
    counts = at.take("openapi", content).total
    assert dict(counts.refused) == {"path is not an object or refers outside the document": 2}
    assert [row[1] for row in at.rows(KEPT)] == ["COPY", "QUERY"]


def test_a_class_that_nobody_knows_refuses_the_operation(at: ImportDesk) -> None:
    """As in every other table."""
    counts = at.take(
        "openapi", document(a={"get": {"x-api-class": "fast"}, "put": {"x-api-class": "retrieval"}})
    ).total
    assert dict(counts.refused) == {"api_class not one of retrieval, processing, webhook": 1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"openapi": "3.0.0",', "not valid JSON in line 1"),
        ("a: [", "not valid YAML"),
        ("a: &a [*a, *b]", "not valid YAML"),
        ("just words", "not an OpenAPI document"),
        ("- list", "not an OpenAPI document"),
        ("openapi: 4.0.0\npaths: {}", "found openapi 4.0.0"),
        ("asyncapi: 2.6.0", "found asyncapi 2.6.0"),
        ("openapi: 3.0.0\ninfo: {title: T}", "describes no operations"),
        ('{"a":' * 100_000, "cannot be read as JSON or YAML"),
        ("!!python/object/apply:os.system [ls]", "not valid YAML"),
        ("", "not an OpenAPI document"),
    ],
)
def test_what_is_no_such_document_is_refused(at: ImportDesk, content: str, said: str) -> None:
    """The message says what was found; nothing is executed, nothing overflows."""
    with pytest.raises(ImportRefused, match=said):
        at.take("openapi", content, "bad.yaml")
    assert at.rows("SELECT count(*) FROM imports") == [(0,)]


def test_an_unknown_option_names_the_known_ones(at: ImportDesk) -> None:
    """`produkt` is close to `product`."""
    with pytest.raises(UnknownName, match=r"option of openapi named 'produkt'. Did you mean product"):
        at.take("openapi", document(a={"get": {}}), options={"produkt": "x"})


BILLION = 'a: &a0 ["x"]\n' + "".join(
    f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("openapi: 3.1.0\npaths: " + "[" * 100_000, "more than 200 levels"),
        ("openapi: 3.1.0\npaths:\n  " + "- " * 100_000 + "x", "more than 200 levels"),
        (f"openapi: 3.1.0\n{BILLION}", "unfold to more"),
        ("openapi: 3.1.0\npaths: &all\n  /a: *all\n", "the alias all stands for nothing"),
    ],
    ids=["flow", "block", "aliases", "circle"],
)
def test_yaml_without_end_is_refused_and_ends_nothing_else(at: ImportDesk, content: str, said: str) -> None:
    """Its loader would end the program, or fill its memory."""
    with pytest.raises(ImportRefused, match=said):
        at.take("openapi", content, "deep.yaml")


def test_what_is_no_operation_is_kept_whatever_its_names_are(at: ImportDesk) -> None:
    """A date may be a name in YAML, which JSON does not know."""
    report = at.take("openapi", "openapi: 3.1.0\npaths:\n  /a: [{2026-01-01: b}]\n", "dates.yaml")
    assert outcome(report.total) == (1, 0, 0, 0, 1)


def test_half_a_character_in_a_route_becomes_a_mark(at: ImportDesk) -> None:
    """JSON can escape one; the other operations land as they are."""
    paths = {"/a\ud800": {"get": {}}, "/b": {"get": {"tags": ["x\ud800"]}}, "/c\ud800": []}
    said = json.dumps({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths})
    assert outcome(at.take("openapi", said, "half.json").total) == (3, 2, 0, 0, 1)
    assert at.rows("SELECT route, feature FROM endpoints ORDER BY route") == [("/a?", None), ("/b", "x?")]
