"""Does each difference between two small OpenAPI documents become the change that it is?"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from firstcall.errors import ImportRefused
from firstcall.pipeline.importing import import_files
from firstcall.sources.openapi.contract_diff import Change, changes
from firstcall.sources.openapi.contract_rules import RULES
from firstcall.sources.openapi.endpoints import described
from firstcall.sources.openapi.operations import Contract, contract
from tests.pipeline.import_desk import ImportDesk, desk, outcome
from tests.sources.openapi.contract_examples import (
    BEFORE_AFTER,
    NO_PATHS,
    PLAIN,
    SCHEMAS,
    TEXT,
    Said,
    answering,
    document,
    getting,
    sending,
    thing,
)

RELEASED = date(2026, 6, 1)


def of(document: Said, **options: str) -> Contract:
    """Return what a document promises."""
    return contract(described(document, options))


def between(old: Said, new: Said, released: date = RELEASED) -> tuple[Change, ...]:
    """Return the changes between two documents."""
    return changes(of(old), of(new), released)


def test_every_rule_has_an_example_here() -> None:
    """A rule enters the table with the smallest documents that it judges."""
    examples = {rule for rule, *_ in BEFORE_AFTER} | {
        (side, fact) for fact, *_ in SCHEMAS for side in ("request", "response")
    }
    assert examples == set(RULES)


@pytest.mark.parametrize(
    ("rule", "words", "old", "new"), BEFORE_AFTER, ids=[str(one[0]) for one in BEFORE_AFTER]
)
def test_an_operation_differs_in_one_way(rule: tuple[str, str], words: str, old: Said, new: Said) -> None:
    """The one change is found, named, and nothing else is."""
    (change,) = between(old, new)
    assert (change.rule, f"{change.operation}: {change.words}") == (rule, words)
    assert change.detail == f"{words} ({' '.join(rule)})"


@pytest.mark.parametrize(("fact", "old", "new"), SCHEMAS, ids=[one[0] for one in SCHEMAS])
def test_a_schema_is_judged_by_who_has_to_follow_it(fact: str, old: Said, new: Said) -> None:
    """In a request the caller has to keep it, in a response he relies on it."""
    assert [change.rule for change in between(sending(old), sending(new))] == [("request", fact)]
    assert [change.rule for change in between(answering(old), answering(new))] == [("response", fact)]


def test_what_callers_have_to_keep_breaks_them_when_it_grows_and_what_they_rely_on_when_it_shrinks() -> None:
    """A value less breaks who sends it, a property less who reads it, and never the other way round."""
    kinds = {rule: kind for rule, (kind, _) in RULES.items()}
    assert (kinds["request", "value removed"], kinds["response", "value removed"]) == ("breaking", "fix")
    assert (kinds["response", "property removed"], kinds["request", "property removed"]) == (
        "breaking",
        "deprecation",
    )
    assert (kinds["request", "required property added"], kinds["response", "required property added"]) == (
        "breaking",
        "addition",
    )


def test_a_document_has_no_changes_against_itself_however_it_is_written() -> None:
    """Version 2 and version 3, with and without references, allOf put together or not."""
    old = {
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1.0"},
        "definitions": {"Pet": {"type": "object", "required": ["id"], "properties": {"id": TEXT}}},
        "paths": {
            "/pets": {
                "post": {
                    "parameters": [
                        {
                            "in": "body",
                            "name": "pet",
                            "required": True,
                            "schema": {"$ref": "#/definitions/Pet"},
                        },
                        {"in": "query", "name": "q", "type": "string"},
                    ],
                    "responses": {"201": {"schema": {"$ref": "#/definitions/Pet"}}},
                }
            }
        },
    }
    pet = {"allOf": [{"type": "object", "properties": {"id": TEXT}}, {"required": ["id"]}]}
    body = {"content": {"application/json": {"schema": pet}}}
    post = {
        "parameters": [{"in": "query", "name": "q", "schema": {"type": ["string"]}}],
        "requestBody": {"required": True, **body},
        "responses": {"201": body},
    }
    new = {**document({"/pets": {"post": post}}), "openapi": "3.1.0"}
    assert between(old, new) == between(new, old) == between(old, old) == ()


def test_a_circle_of_references_ends() -> None:
    """A node has nodes below it; the one property that changed is found where it is first reached."""

    def tree(**more: Said) -> dict[str, Any]:
        node = thing(children={"type": "array", "items": {"$ref": "#/components/schemas/Node"}}, **more)
        said = answering({"$ref": "#/components/schemas/Node"})
        return {**said, "components": {"schemas": {"Node": node}}}

    (change,) = between(tree(name=TEXT), tree())
    assert change.words == "property name of response 200 removed"


def test_a_reference_that_leads_nowhere_takes_anything() -> None:
    """What cannot be followed says nothing, and what is said instead is narrower."""
    (change,) = between(sending({"$ref": "#/nowhere"}), sending(TEXT))
    assert change.words == "body takes string instead of anything"


def versioned(*routes: str, version: str = "1.0", required: bool = False) -> dict[str, Any]:
    """Return a document with these routes; the last one takes a parameter, required or not."""
    plain: dict[str, Any] = {route: {"get": {}} for route in routes}
    plain[routes[-1]] = {
        "get": {"parameters": [{"in": "query", "name": "q", "required": required, "schema": TEXT}]}
    }
    return document(plain, version)


def test_a_break_behind_a_new_version_leaves_old_callers_in_peace() -> None:
    """/v2 asks for more while /v1 is still there; in version 2.0 of the document the path itself remains."""
    beside = {**versioned("/v1/pets"), "paths": {}}
    beside["paths"] = {
        **versioned("/v1/pets")["paths"],
        **versioned("/v2/pets", required=True)["paths"],
    }
    added, broken = between(versioned("/v1/pets"), beside)
    assert {added.kind, broken.kind} == {"addition", "breaking"}
    assert {added.operation, broken.operation} == {"GET /v2/pets"}
    assert [each.behind for each in (added, broken) if each.kind == "breaking"] == [True]
    (major,) = between(versioned("/pets"), versioned("/pets", version="2.0", required=True))
    (minor,) = between(versioned("/pets"), versioned("/pets", version="1.1", required=True))
    assert (major.behind, minor.behind) == (True, False)


def test_whether_the_old_version_remains_cannot_be_seen_in_a_document_of_the_new_one_alone() -> None:
    """/v1 is not in the newer document: it may be in one of its own."""
    (change,) = between(versioned("/v1/pets"), versioned("/v2/pets", version="2.0", required=True))
    assert (change.kind, change.behind) == ("breaking", None)


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ({}, 0),
        ({"deprecated": True}, None),
        ({"deprecated": True, "x-deprecated-at": "2026-03-03"}, 90),
        ({"deprecated": True, "x-deprecated-at": "2026-09-01"}, 0),
    ],
)
def test_notice_runs_from_the_deprecation_to_the_release(fields: Said, days: int | None) -> None:
    """3 March to 1 June are 90 days; without a date nobody knows; without a deprecation there was none."""
    (change,) = between(getting(**fields), NO_PATHS)
    assert (change.kind, change.notice) == ("breaking", days)


def test_notice_of_a_deprecation_runs_to_its_sunset() -> None:
    """1 June to 31 August."""
    (change,) = between(PLAIN, getting(deprecated=True, **{"x-sunset": "2026-08-31"}))
    assert (change.kind, change.notice) == ("deprecation", 91)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def taken(
    at: ImportDesk, *documents: Said, options: dict[str, str] | None = None
) -> list[tuple[int, int, int, int, int]]:
    """Import documents, whose names sort the other way round, and return what became of each file."""
    files = [at.put(f"{9 - n}.json", json.dumps(said)) for n, said in enumerate(documents)]
    report = import_files(at.store, at.settings, "openapi", files, options=options)
    return [outcome(file.counts) for file in report.files]


KEPT = "SELECT version, released_at::VARCHAR, kind, behind_new_version, notice_days, detail FROM contract_changes"


def test_two_documents_of_a_product_land_their_changes_once(at: ImportDesk) -> None:
    """The first is the older, whatever the files are called; the same again is no news."""
    options = {"released": "2026-06-01"}
    old, new = PLAIN, document({"/cats": {"get": {}}}, "1.1")
    assert taken(at, old, new, options=options) == [(1, 1, 0, 0, 0), (1, 1, 0, 0, 0), (2, 2, 0, 0, 0)]
    assert taken(at, old, new, options=options)[2] == (2, 0, 2, 0, 0)
    assert at.rows(f"{KEPT} ORDER BY detail") == [
        ("1.1", "2026-06-01 00:00:00", "addition", False, 0, "GET /cats: operation added (operation added)"),
        (
            "1.1",
            "2026-06-01 00:00:00",
            "breaking",
            False,
            0,
            "GET /pets: path removed with all of its operations (operation path removed)",
        ),
    ]


def test_documents_of_two_products_are_not_compared(at: ImportDesk) -> None:
    """Dogs are no newer pets."""
    dogs = {**PLAIN, "info": {"title": "Dogs", "version": "1.0"}}
    assert len(taken(at, PLAIN, dogs)) == 2
    assert at.rows(KEPT) == []


def test_a_release_is_dated_by_the_newer_document_when_it_says_so(at: ImportDesk) -> None:
    """`info.x-release-date` stands over the file's own date."""
    new = {**NO_PATHS, "info": {"title": "Pets", "version": "2", "x-release-date": "2026-04-05"}}
    new["paths"] = {"/cats": {"get": {}}}
    taken(at, PLAIN, new)
    assert {row[1] for row in at.rows(KEPT)} == {"2026-04-05 00:00:00"}


def test_a_release_on_no_date_is_refused(at: ImportDesk) -> None:
    """And nothing of the comparison is kept."""
    with pytest.raises(ImportRefused, match="released=soon: expected a date"):
        taken(at, PLAIN, PLAIN, options={"released": "soon"})
    assert at.rows(KEPT) == []


def test_schemas_that_all_refer_to_each_other_are_compared_in_time() -> None:
    """There are more ways through twelve of them than anybody can go; what changed is found all the same."""
    each = {f"p{n}": {"$ref": f"#/components/schemas/s{n}"} for n in range(12)}
    old = {f"s{n}": {"type": "object", "properties": each} for n in range(12)}
    new = old | {"s11": {"type": "object", "properties": {**each, "more": TEXT}}}
    parts = {f"a{n}": {"allOf": [{"$ref": f"#/components/schemas/a{n + 1}"}] * 2} for n in range(22)}
    asked = {"type": "object", "properties": {"s": {"$ref": "#/components/schemas/s0"}, "a": parts["a0"]}}
    before, after = (
        answering(asked) | {"components": {"schemas": {**said, **parts, "a22": TEXT}}} for said in (old, new)
    )
    began = time.process_time()
    assert {change.rule for change in between(before, after)} == {("response", "property added")}
    assert time.process_time() - began < 10


def test_a_limit_past_all_numbers_is_a_limit() -> None:
    """It is larger than any other."""
    old, new = ({"type": "integer", "maximum": most} for most in (10**400, 5))
    assert [change.rule for change in between(sending(old), sending(new))] == [("request", "limit tightened")]
