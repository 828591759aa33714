"""How is an error told over HTTP: which status, and as what document (RFC 9457)?"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from firstcall.errors import (
    FirstcallError,
    MissingPart,
    ScopeError,
    StoreError,
    UnknownName,
    UnknownValue,
    UsageError,
)
from firstcall.web.errors import TooSlow

if TYPE_CHECKING:
    from starlette.requests import Request

STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (ScopeError, 422),
    (UnknownValue, 422),
    (UsageError, 400),
    (TooSlow, 503),
    (StoreError, 503),
    (MissingPart, 501),
    (FirstcallError, 500),
)
"""The first class that fits decides: a scope that cannot be is 422, a name or value that cannot be read 400."""


def status_of(error: Exception) -> int:
    """Return the status an error is answered with."""
    if isinstance(error, HTTPException):
        return error.status_code
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def detail_of(error: Exception, path: str) -> str:
    """Return what a reader is told."""
    if isinstance(error, HTTPException) and error.detail == HTTPStatus(error.status_code).phrase:
        return {
            404: f"There is nothing at {path}. The overview is at /, the API at /api/v1/openapi.json.",
            405: f"{path} is only read: use GET or HEAD.",
        }.get(error.status_code, error.detail)
    return error.detail if isinstance(error, HTTPException) else str(error)


def document(request: Request, error: Exception) -> Response:
    """Return the problem document of an error."""
    status = status_of(error)
    said: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail_of(error, request.url.path),
        "instance": request.url.path,
    }
    if isinstance(error, UnknownName):
        said["near"] = error.near
    return Response(msgspec.json.encode(said), status, headers_of(error), "application/problem+json")


def headers_of(error: Exception) -> dict[str, str]:
    """Return the headers an error brings: what is allowed, when to come back."""
    found = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return found | ({"Retry-After": "10"} if status_of(error) == 503 else {})
