"""Which two small OpenAPI documents differ by one rule alone?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Said = Mapping[str, Any]
TEXT: Said = {"type": "string"}


def document(paths: Said, version: str = "1.0", **more: object) -> dict[str, Any]:
    """Return a document of version 3.0 with these paths."""
    return {"openapi": "3.0.3", "info": {"title": "Pets", "version": version}, "paths": paths, **more}


def getting(**more: object) -> dict[str, Any]:
    """Return a document with one operation that has these fields."""
    return document({"/pets": {"get": {"responses": {"200": {"description": "fine"}}, **more}}})


def asking(schema: Said, *, required: bool = False) -> dict[str, Any]:
    """Return a document whose operation takes one query parameter."""
    return getting(parameters=[{"in": "query", "name": "q", "required": required, "schema": schema}])


def sending(schema: Said, **body: object) -> dict[str, Any]:
    """Return a document whose operation takes a body."""
    return getting(requestBody={"content": {"application/json": {"schema": schema}}, **body})


def answering(schema: Said) -> dict[str, Any]:
    """Return a document whose operation answers with a body."""
    return getting(responses={"200": {"content": {"application/json": {"schema": schema}}}})


def thing(*required: str, **properties: Said) -> dict[str, Any]:
    """Return the schema of an object."""
    return {"type": "object", "properties": properties, "required": list(required)}


NO_PATHS = document({})
PLAIN = getting()
HEADER = {"in": "header", "name": "X-A", "schema": TEXT}
NEEDED = {**HEADER, "required": True}
KEY: dict[str, Any] = {"security": [{"key": []}]}
JSON_BODY = {"content": {"application/json": {"schema": TEXT}}}
XML_TOO = {"content": {**JSON_BODY["content"], "application/xml": {"schema": TEXT}}}
BOTH_ANSWERS: Said = {"200": {}, "404": {}}
OLD_SUNSET = getting(deprecated=True, **{"x-sunset": "2026-12-31"})
BEFORE_AFTER: tuple[tuple[tuple[str, str], str, Said, Said], ...] = (
    (
        ("operation", "removed"),
        "GET /pets: operation removed",
        document({"/pets": {"get": {}, "put": {}}}),
        document({"/pets": {"put": {}}}),
    ),
    (("operation", "path removed"), "GET /pets: path removed with all of its operations", PLAIN, NO_PATHS),
    (
        ("operation", "removed after its sunset"),
        "GET /pets: operation removed after its sunset of 2026-06-01",
        getting(deprecated=True, **{"x-sunset": "2026-06-01"}),
        NO_PATHS,
    ),
    (("operation", "added"), "GET /pets: operation added", NO_PATHS, PLAIN),
    (("operation", "deprecated"), "GET /pets: operation deprecated", PLAIN, getting(deprecated=True)),
    (
        ("operation", "no longer deprecated"),
        "GET /pets: operation no longer deprecated",
        getting(deprecated=True),
        PLAIN,
    ),
    (
        ("operation", "sunset moved closer"),
        "GET /pets: sunset moved from 2026-12-31 to 2026-08-01",
        OLD_SUNSET,
        getting(deprecated=True, **{"x-sunset": "2026-08-01"}),
    ),
    (
        ("operation", "sunset moved"),
        "GET /pets: sunset moved from 2026-12-31 to 2027-12-31",
        OLD_SUNSET,
        getting(deprecated=True, **{"x-sunset": "2027-12-31"}),
    ),
    (
        ("operation", "authentication added"),
        "GET /pets: authentication added where anybody could call",
        PLAIN,
        getting(**KEY),
    ),
    (
        ("operation", "authentication changed"),
        "GET /pets: credentials that sufficed (key) no longer do",
        getting(**KEY),
        getting(security=[{"oauth": ["read"]}]),
    ),
    (
        ("operation", "authentication loosened"),
        "GET /pets: more credentials suffice",
        getting(**KEY),
        getting(security=[{"key": []}, {"oauth": []}]),
    ),
    (
        ("parameter", "required added"),
        "GET /pets: required header parameter X-A added",
        PLAIN,
        getting(parameters=[NEEDED]),
    ),
    (
        ("parameter", "added"),
        "GET /pets: optional header parameter X-A added",
        PLAIN,
        getting(parameters=[HEADER]),
    ),
    (
        ("parameter", "removed"),
        "GET /pets: header parameter X-A removed",
        getting(parameters=[HEADER]),
        PLAIN,
    ),
    (
        ("parameter", "became required"),
        "GET /pets: header parameter X-A became required",
        getting(parameters=[HEADER]),
        getting(parameters=[NEEDED]),
    ),
    (
        ("parameter", "became optional"),
        "GET /pets: header parameter X-A became optional",
        getting(parameters=[NEEDED]),
        getting(parameters=[HEADER]),
    ),
    (
        ("parameter", "deprecated"),
        "GET /pets: header parameter X-A deprecated",
        getting(parameters=[HEADER]),
        getting(parameters=[{**HEADER, "deprecated": True}]),
    ),
    (
        ("parameter", "renamed"),
        "GET /pets/{pet}: path parameter id renamed to pet",
        document({"/pets/{id}": {"get": {"parameters": [{"in": "path", "name": "id", "schema": TEXT}]}}}),
        document({"/pets/{pet}": {"get": {"parameters": [{"in": "path", "name": "pet", "schema": TEXT}]}}}),
    ),
    (
        ("body", "required added"),
        "GET /pets: required request body added",
        PLAIN,
        sending(TEXT, required=True),
    ),
    (("body", "added"), "GET /pets: optional request body added", PLAIN, sending(TEXT)),
    (("body", "removed"), "GET /pets: request body removed", sending(TEXT), PLAIN),
    (
        ("body", "became required"),
        "GET /pets: request body became required",
        sending(TEXT),
        sending(TEXT, required=True),
    ),
    (
        ("body", "became optional"),
        "GET /pets: request body became optional",
        sending(TEXT, required=True),
        sending(TEXT),
    ),
    (
        ("body", "media type removed"),
        "GET /pets: request no longer taken as application/xml",
        getting(requestBody=XML_TOO),
        getting(requestBody=JSON_BODY),
    ),
    (
        ("body", "media type added"),
        "GET /pets: request also taken as application/xml",
        getting(requestBody=JSON_BODY),
        getting(requestBody=XML_TOO),
    ),
    (
        ("answer", "success removed"),
        "GET /pets: response 200 removed",
        getting(responses=BOTH_ANSWERS),
        getting(responses={"404": {}}),
    ),
    (
        ("answer", "removed"),
        "GET /pets: response 404 removed",
        getting(responses=BOTH_ANSWERS),
        getting(responses={"200": {}}),
    ),
    (
        ("answer", "added"),
        "GET /pets: response 404 added",
        getting(responses={"200": {}}),
        getting(responses=BOTH_ANSWERS),
    ),
    (
        ("answer", "media type removed"),
        "GET /pets: response 200 no longer given as application/xml",
        getting(responses={"200": XML_TOO}),
        getting(responses={"200": JSON_BODY}),
    ),
    (
        ("answer", "media type added"),
        "GET /pets: response 200 also given as application/xml",
        getting(responses={"200": JSON_BODY}),
        getting(responses={"200": XML_TOO}),
    ),
)
"""Rule, how it is said, the document before and after; every pair differs in this alone."""
NUMBER: Said = {"type": "number"}
WHOLE: Said = {"type": "integer"}
NULLABLE: Said = {"type": "string", "nullable": True}
DAY: Said = {"type": "string", "format": "date"}
MOMENT: Said = {"type": "string", "format": "date-time"}
ONE, TWO = ({"type": "string", "enum": values} for values in (["a"], ["a", "b"]))
SHORT, LONG = ({"type": "string", "maxLength": most} for most in (5, 9))
DIGITS, LETTERS = ({"type": "string", "pattern": pattern} for pattern in ("[0-9]", "[a-z]"))
TEN, FIFTY = ({"type": "integer", "default": default} for default in (10, 50))
EITHER: Said = {"oneOf": [TEXT, WHOLE]}
ONLY_TEXT: Said = {"oneOf": [TEXT]}
EMPTY, OPTIONAL, REQUIRED = thing(), thing(a=TEXT), thing("a", a=TEXT)
SCHEMAS: tuple[tuple[str, Said, Said], ...] = (
    ("type narrowed", NUMBER, WHOLE),
    ("type widened", WHOLE, NUMBER),
    ("null removed", NULLABLE, TEXT),
    ("null added", TEXT, NULLABLE),
    ("format added", TEXT, DAY),
    ("format removed", DAY, TEXT),
    ("format changed", DAY, MOMENT),
    ("values closed", TEXT, ONE),
    ("values opened", ONE, TEXT),
    ("value removed", TWO, ONE),
    ("value added", ONE, TWO),
    ("limit tightened", LONG, SHORT),
    ("limit loosened", SHORT, LONG),
    ("pattern changed", DIGITS, LETTERS),
    ("default changed", TEN, FIFTY),
    ("alternative removed", EITHER, ONLY_TEXT),
    ("alternative added", ONLY_TEXT, EITHER),
    ("required property added", EMPTY, REQUIRED),
    ("property added", EMPTY, OPTIONAL),
    ("property removed", OPTIONAL, EMPTY),
    ("property became required", OPTIONAL, REQUIRED),
    ("property became optional", REQUIRED, OPTIONAL),
    ("property deprecated", OPTIONAL, thing(a={**TEXT, "deprecated": True})),
)
"""What happens to a schema, before and after."""
