"""What does the API promise, as an OpenAPI document?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall import __version__, registry
from firstcall.periods import DIMENSIONS, ENTITIES, ENVIRONMENTS, GRAINS

if TYPE_CHECKING:
    from firstcall.program import Program

Schema = dict[str, object]

_TEXT: Schema = {"type": "string"}
_PARAMETERS: tuple[tuple[str, str, Schema], ...] = (
    ("from", "First day: 2026-07-01, 2026-07, 2026Q3 or 2026.", _TEXT),
    ("to", "First day after the last one, in the same forms.", _TEXT),
    ("last", "Instead of from: 30d, 12w or 6m up to the newest complete day.", _TEXT),
    ("grain", "Length of a period.", {"type": "string", "enum": list(GRAINS)}),
    ("by", f"Dimensions to split by, with commas: {', '.join(DIMENSIONS)}.", _TEXT),
    (
        "where",
        "dimension:value, repeated; null keeps what belongs to nobody.",
        {"type": "array", "items": _TEXT},
    ),
    ("environment", "Which calls.", {"type": "string", "enum": list(ENVIRONMENTS)}),
    ("entity", "Who is counted.", {"type": "string", "enum": list(ENTITIES)}),
    ("as_of", "Look as if it were this moment.", _TEXT),
    ("known_at", "Use only what had been imported by this moment.", _TEXT),
    ("set", "name:value chooses a variant, repeated.", {"type": "array", "items": _TEXT}),
    ("exact", "Read single calls instead of the roll-up.", {"type": "boolean"}),
)
_PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "near": {"type": "array", "items": _TEXT},
    },
}
_VALUE: Schema = {
    "oneOf": [
        {"type": "number"},
        {"type": "null"},
        {
            "type": "object",
            "properties": {"amount": _TEXT, "currency": _TEXT},
            "required": ["amount", "currency"],
        },
    ]
}
_POINT: Schema = {
    "type": "object",
    "required": ["period", "by", "value", "cases", "low", "high", "partial", "absent"],
    "properties": {
        "period": {"type": "string", "format": "date"},
        "by": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        "value": _VALUE,
        "values": {"type": "object", "additionalProperties": _VALUE},
        "cases": {"type": "integer"},
        "low": _VALUE,
        "high": _VALUE,
        "partial": {"type": "boolean"},
        "absent": {"type": ["string", "null"]},
    },
}
_ANSWER: Schema = {
    "type": "object",
    "required": [
        "metric",
        "version",
        "unit",
        "better",
        "scope",
        "as_of",
        "watermark",
        "confidence",
        "points",
    ],
    "properties": {
        "metric": _TEXT,
        "version": {"type": "integer"},
        "unit": _TEXT,
        "better": {"enum": ["higher", "lower", "neither"]},
        "scope": {"type": "object"},
        "as_of": {"type": ["string", "null"]},
        "watermark": {"type": "object", "additionalProperties": _TEXT},
        "confidence": {"enum": ["measured", "estimated", "assumed"]},
        "method": _TEXT,
        "points": {"type": "array", "items": {"$ref": "#/components/schemas/Point"}},
        "labels": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _TEXT},
        },
        "verdict": {"type": ["string", "null"]},
        "notes": {"type": "array", "items": _TEXT},
    },
}


def openapi_document(program: Program) -> Schema:
    """Return the OpenAPI 3.1 document of this program's API."""
    name = _in_path("name", "Metric.", sorted(program.metrics))
    asked = [_in_query(*each) for each in _PARAMETERS]
    limit = _in_query(
        "limit", "Rows in JSON; CSV has all.", {"type": "integer", "minimum": 1, "maximum": 100_000}
    )
    report = _in_path("name", "Report.", sorted(registry.reports()))
    back = [_in_query(*each) for each in _PARAMETERS if each[0] in {"as_of", "known_at"}]
    period = _in_query("period", "Quarter, as 2026Q3; without it the last complete one.", _TEXT)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{program.settings.program.name}: answers", "version": __version__},
        "paths": {
            "/api/v1/metrics": _get("The catalogue of metrics.", [], "application/json"),
            "/api/v1/metrics/{name}": _get("One metric.", [name, *asked], "application/json", "text/csv"),
            "/api/v1/metrics/{name}/rows": _get(
                "The rows behind it.", [name, *asked, limit], "application/json", "text/csv"
            ),
            "/api/v1/reports/{name}": _get(
                "One report.", [report, period, *back], "application/json", "text/html"
            ),
            "/api/v1/status": _get("What the store holds and what can be computed.", [], "application/json"),
            "/healthz": _get("Whether the process answers.", [], "text/plain"),
            "/readyz": _get("Whether the store answers.", [], "text/plain"),
        },
        "components": {"schemas": {"Problem": _PROBLEM, "Point": _POINT, "Answer": _ANSWER}},
    }


def _get(summary: str, parameters: list[Schema], *types: str) -> Schema:
    answer: Schema = {"$ref": "#/components/schemas/Answer"} if summary == "One metric." else {}
    content = {kind: {"schema": answer if kind == "application/json" else _TEXT} for kind in types}
    problem = {
        "description": "A problem document.",
        "content": {"application/problem+json": {"schema": _REF}},
    }
    responses = {"200": {"description": summary, "content": content}, "default": problem}
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


_REF: Schema = {"$ref": "#/components/schemas/Problem"}


def _in_query(name: str, words: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _in_path(name: str, words: str, known: list[str]) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": words,
        "schema": {"type": "string", "enum": known},
    }
