"""What answers at which address? The pages, the API, and how every request is framed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
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
from firstcall.query.question import PARAMETERS
from firstcall.web import api, query_string
from firstcall.web.answer_service import AnswerService
from firstcall.web.deadlines import within
from firstcall.web.errors import Unanswered
from firstcall.web.pages.catalogue import catalogue
from firstcall.web.pages.explain import explain
from firstcall.web.pages.overview import overview
from firstcall.web.pages.page import Page, render
from firstcall.web.pages.report import report, report_css
from firstcall.web.problems import detail_of, document, headers_of, status_of
from firstcall.web.security import LOOPBACK, SecurityMiddleware

if TYPE_CHECKING:
    from starlette.requests import Request

    from firstcall.program import Program
    from firstcall.web.query_string import QueryString

TOLD = (HTTPException, FirstcallError, Unanswered)
"""What readers are told in its own words; anything else is a fault of ours."""

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
            *(Route(each.path, _kept(service, each)) for each in ADDRESSES),
            Route("/healthz", _alive),
            Route("/readyz", _ready(service)),
            Route("/static/{name}", _static),
        ],
        middleware=[
            Middleware(SecurityMiddleware, names=names),
            Middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5),
        ],
        exception_handlers=dict.fromkeys(TOLD, _failed),
    )
    app.state.service = service
    return app


@dataclass(frozen=True, slots=True)
class Address:
    """What answers at a path: which parameters of a question it takes, and which of its own."""

    path: str
    answer: Callable[[AnswerService, Request, QueryString], Response | Page]
    takes: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


def _overview(service: AnswerService, _: Request, asked: QueryString) -> Page:
    return overview(service, asked.parameters)


def _catalogue(service: AnswerService, _: Request, asked: QueryString) -> Page:
    return catalogue(service, asked.others.get("q", ""))


def _explain(service: AnswerService, request: Request, asked: QueryString) -> Page:
    name = request.path_params["name"]
    if name not in service.program.metrics:
        raise HTTPException(404, str(api.unknown(service, name)))
    return explain(service, name, asked.parameters, asked.others.get("value"))


def _report(service: AnswerService, request: Request, asked: QueryString) -> Page:
    return report(service, request.path_params["name"], asked)


CUT_BY_ITSELF = tuple(name for name in PARAMETERS if name not in {"grain", "by"})
"""What narrows a page that chooses grain and split of its numbers itself."""
LOOKING_BACK = ("as_of", "known_at")
ADDRESSES = (
    Address("/", _overview, CUT_BY_ITSELF),
    Address("/metrics", _catalogue, own=("q",)),
    Address("/explain/{name}", _explain, PARAMETERS, ("value",)),
    Address("/reports/{name}", _report, LOOKING_BACK, ("period",)),
    Address("/api/v1/metrics", api.metrics),
    Address("/api/v1/metrics/{name}/rows.{suffix}", api.rows, PARAMETERS, ("limit",)),
    Address("/api/v1/metrics/{name}/rows", api.rows, PARAMETERS, ("limit",)),
    Address("/api/v1/metrics/{name}.{suffix}", api.metric, PARAMETERS),
    Address("/api/v1/metrics/{name}", api.metric, PARAMETERS),
    Address("/api/v1/reports/{name}", api.report, LOOKING_BACK, ("period",)),
    Address("/api/v1/status", api.status),
    Address("/api/v1/openapi.json", api.openapi),
)


def _kept(service: AnswerService, address: Address) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers in a thread, within the time of a page, and not again to who has the answer already."""
    cache = service.cache

    def work(request: Request) -> Response:
        with within(service.seconds):
            tag = _tag(service.generation(), request)
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=_caching(tag))
            if (kept := cache.take(tag)) is not None:
                return kept
            before = service.unanswered
            response = _answered(address, service, request)
        # a page with a card that was too slow or broken may be whole the next time
        if response.status_code == 200 and service.unanswered == before:
            response.headers.update(_caching(tag))
            cache.put(tag, response)
        return response

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(work, request)

    return endpoint


def _answered(address: Address, service: AnswerService, request: Request) -> Response:
    """Return the answer; a fault of ours becomes an error that has been written to the log."""
    try:
        zone = service.program.calendar.zone
        asked = query_string.read(request.url.query, zone, address.takes, address.own)
        found = address.answer(service, request, asked)
        return HTMLResponse(render(found, service), found.status) if isinstance(found, Page) else found
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
