"""What do the OpenAPI documents of payments say, before and after its breaking change?"""

from __future__ import annotations

from typing import Any, Final

from firstcall.demo.catalogue import ENDPOINTS

_FAILURES: Final = {"400": {"description": "The request cannot be understood."}}
Document = dict[str, Any]
"""A JSON object as it is written."""


def document(version: str) -> Document:
    """The OpenAPI 3.1 document of ``v1`` or ``v2`` of payments."""
    paths: Document = {}
    for endpoint in ENDPOINTS:
        if endpoint.product == "payments" and endpoint.version == version:
            operation = _operation(endpoint.method, endpoint.route, endpoint.feature, version)
            paths.setdefault(endpoint.route, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "payments", "version": version, "x-product": "payments"},
        "servers": [{"url": "https://api.northwind.example"}, {"url": "https://sandbox.northwind.example"}],
        "paths": paths,
        "components": {"schemas": {"Charge": _charge(version)}},
    }


def _operation(method: str, route: str, feature: str, version: str) -> Document:
    """One operation: parameters from the route, a body when it writes, its end when it is v1."""
    words = [part for part in route.split("/")[3:] if not part.startswith("{")]
    code = "201" if method == "POST" else "200"
    operation: Document = {
        "operationId": "-".join([method.lower(), *words, *(["one"] if "{" in route else []), version]),
        "tags": [feature],
    }
    if version == "v1":
        operation |= {"deprecated": True, "x-sunset": "2026-06-30"}
    if "{" in route:
        name = route.split("{")[1].rstrip("}")
        parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        operation["parameters"] = [parameter]
    if method == "POST":
        schema = {"$ref": "#/components/schemas/Charge"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation | {"responses": {code: {"description": "Done."}, **_FAILURES}}


def _charge(version: str) -> Document:
    """What a charge is: v2 takes the amount as an object and asks for an idempotency key."""
    if version == "v1":
        properties: Document = {
            "amount": {"type": "string"},
            "currency": {"type": "string"},
            "source": {"type": "string"},
        }
        return {"type": "object", "required": ["amount", "currency"], "properties": properties}
    money = {
        "type": "object",
        "required": ["value", "currency"],
        "properties": {"value": {"type": "integer"}, "currency": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["amount", "idempotency_key"],
        "properties": {"amount": money, "idempotency_key": {"type": "string"}},
    }
