"""What answers at which address? The pages, the API, and how every request is framed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from firstcall.charts import stylesheet
from firstcall.errors import FirstcallError
from firstcall.web import api, query_string
from firstcall.web.answer_service import AnswerService
from firstcall.web.deadlines import within
from firstcall.web.errors import Accident
from firstcall.web.guard import LOOPBACK, Guard
from firstcall.web.pages.catalogue import catalogue
from firstcall.web.pages.explained import explained
from firstcall.web.pages.overview import overview
from firstcall.web.pages.page import Page, render
from firstcall.web.pages.reported import report_css, reported
from firstcall.web.problems import detail_of, document, headers_of, status_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from firstcall.program import Program

TOLD = (HTTPException, FirstcallError, Accident)
"""What readers are told in its own words; anything else is a fault of ours."""

Answering = Callable[[AnswerService, "Request"], Response]

STATIC = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "theme.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def make_app(program: Program, *, names: Collection[str] = LOOPBACK) -> Starlette:
    """Return the application over an open program; it answers to these host names only."""
    service = AnswerService(program)
    app = Starlette(
        routes=[
            *(Route(path, _page(build)) for path, build in PAGES),
            *(Route(path, _kept(service, answering)) for path, answering in API),
            Route("/healthz", _alive),
            Route("/readyz", _ready(service)),
            Route("/static/{name}", _static),
        ],
        middleware=[
            Middleware(Guard, names=names),
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5),
        ],
        exception_handlers=dict.fromkeys(TOLD, _failed),
    )
    app.state.service = service
    return app


def _overview(service: AnswerService, request: Request) -> Page:
    return overview(service, query_string.read(request.url.query, service.program.calendar.zone).parameters)


def _catalogue(service: AnswerService, request: Request) -> Page:
    asked = query_string.read(request.url.query, service.program.calendar.zone, ("q",))
    return catalogue(service, asked.others.get("q", ""))


def _explained(service: AnswerService, request: Request) -> Page:
    name = request.path_params["name"]
    if name not in service.program.metrics:
        raise HTTPException(404, str(api.unknown(service, name)))
    asked = query_string.read(request.url.query, service.program.calendar.zone).parameters
    return explained(service, name, asked)


def _reported(service: AnswerService, request: Request) -> Page:
    asked = query_string.read(request.url.query, service.program.calendar.zone, ("period",))
    return reported(service, request.path_params["name"], asked.others.get("period"))


PAGES: tuple[tuple[str, Callable[[AnswerService, Request], Page]], ...] = (
    ("/", _overview),
    ("/metrics", _catalogue),
    ("/explain/{name}", _explained),
    ("/reports/{name}", _reported),
)
API: tuple[tuple[str, Answering], ...] = (
    ("/api/v1/metrics", api.metrics),
    ("/api/v1/metrics/{name}/rows.{suffix}", api.rows),
    ("/api/v1/metrics/{name}/rows", api.rows),
    ("/api/v1/metrics/{name}.{suffix}", api.metric),
    ("/api/v1/metrics/{name}", api.metric),
    ("/api/v1/reports/{name}", api.report),
    ("/api/v1/status", api.status),
    ("/api/v1/openapi.json", api.openapi),
)


def _page(build: Callable[[AnswerService, Request], Page]) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers with a page."""

    def answering(service: AnswerService, request: Request) -> Response:
        page = build(service, request)
        return HTMLResponse(render(page, service), page.status)

    async def endpoint(request: Request) -> Response:
        return await _kept(request.app.state.service, answering)(request)

    return endpoint


def _kept(service: AnswerService, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers in a thread, within the time of a page, and not again to who has the answer already."""
    cache = service.cache

    def work(request: Request) -> Response:
        with within(service.seconds):
            tag = _tag(service.generation(), request)
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=_caching(tag))
            if (kept := cache.take(tag)) is not None:
                return kept
            before = service.accidents
            response = _answered(answering, service, request)
        # a page with a card that was too slow or broken may be whole the next time
        if response.status_code == 200 and service.accidents == before:
            response.headers.update(_caching(tag))
            cache.put(tag, response)
        return response

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(work, request)

    return endpoint


def _answered(answering: Answering, service: AnswerService, request: Request) -> Response:
    """Return the answer; a fault of ours becomes an error that has been written to the log."""
    try:
        return answering(service, request)
    except TOLD:
        raise
    except Exception as error:
        raise service.broken(error, request.url.path) from error


def _tag(generation: str, request: Request) -> str:
    said = (generation, request.url.path, request.url.query, request.headers.get("accept", ""))
    return f'W/"{sha256(repr(said).encode()).hexdigest()[:24]}"'


def _caching(tag: str) -> dict[str, str]:
    return {"etag": tag, "cache-control": "private, no-cache", "vary": "accept, accept-encoding"}


async def _failed(request: Request, error: Exception) -> Response:
    """Tell an error: to programs as a problem document, to people as a page."""
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", "text/html"):
        return document(request, error)
    return await run_in_threadpool(_problem_page, request, error)


def _problem_page(request: Request, error: Exception) -> Response:
    status = status_of(error)
    titles = {404: "There is nothing here", 405: "This can only be read", 500: "Something went wrong"}
    title = titles.get(status, "That cannot be answered")
    page = Page("problem.html", title, "", {"detail": detail_of(error, request.url.path)}, status)
    return HTMLResponse(render(page, request.app.state.service), status, headers_of(error))


async def _alive(_: Request) -> Response:
    return PlainTextResponse("ok\n")


def _ready(service: AnswerService) -> Callable[[Request], Awaitable[Response]]:
    def work() -> Response:
        with within(2.0):
            service.program.engine.run("SELECT 1")
        return PlainTextResponse("ready\n")

    async def endpoint(_: Request) -> Response:
        return await run_in_threadpool(work)

    return endpoint


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    caching = {"cache-control": "public, max-age=3600"}
    if name in {"theme.css", "report.css"}:
        text = stylesheet() if name == "theme.css" else report_css()
        return Response(text, headers=caching, media_type="text/css; charset=utf-8")
    if name not in STATIC:
        raise HTTPException(404)
    return Response(
        files("firstcall.web").joinpath("static", name).read_bytes(), headers=caching, media_type=STATIC[name]
    )
