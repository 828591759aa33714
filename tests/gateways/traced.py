"""What is the service that OpenTelemetry watches: a Starlette application whose spans go to a file, as OTLP in JSON?

    python -m tests.gateways.traced FILE PORT

Serves on ::1 until SIGTERM; then what has not been written is. OTEL_SEMCONV_STABILITY_OPT_IN chooses the names.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from opentelemetry import trace
from opentelemetry.exporter.otlp.json.file.trace_exporter import FileSpanExporter
from opentelemetry.instrumentation.starlette import StarletteInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

RESOURCE = {"service.name": "pets", "service.version": "1.4", "deployment.environment.name": "staging"}


async def pet(request: Request) -> PlainTextResponse:
    """Answer as X-Do asks, after a look into a store and a call to somebody else, each a span of its own."""
    asked = dict(word.partition("=")[::2] for word in request.headers.get("X-Do", "").split())
    tracer = trace.get_tracer("pets")
    if caller := request.headers.get("X-Partner"):
        trace.get_current_span().set_attribute("client.id", caller)
    with tracer.start_as_current_span("find pet"):
        await asyncio.sleep(float(asked.get("sleep", "0")))
    with tracer.start_as_current_span("GET", kind=trace.SpanKind.CLIENT) as span:
        span.set_attribute("http.request.method", "GET")
        span.set_attribute("http.response.status_code", 200)
    if "fail" in asked:
        raise ValueError("the service is asked to fail")
    return PlainTextResponse("x" * 12, int(asked.get("status", "200")))


def application(file: Path) -> tuple[Starlette, TracerProvider]:
    """Return the service and what must be shut down after it."""
    provider = TracerProvider(resource=Resource.create(RESOURCE))
    provider.add_span_processor(BatchSpanProcessor(FileSpanExporter(file)))
    trace.set_tracer_provider(provider)
    methods = ["GET", "POST", "DELETE"]
    routes = [Route("/pets", pet, methods=methods), Route("/pets/{pet_id}", pet, methods=methods)]
    app = Starlette(routes=routes)
    StarletteInstrumentor.instrument_app(app)
    return app, provider


async def serve(app: Starlette, port: int) -> None:
    """Serve until SIGTERM."""
    server = Server(app, "::1", port, interface=Interfaces.ASGI, log_enabled=False)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    serving = asyncio.ensure_future(server.serve())
    await stop.wait()
    server.stop()  # type: ignore[no-untyped-call]  # granian annotates most, not this
    await serving


if __name__ == "__main__":
    watched, spans = application(Path(sys.argv[1]))
    try:
        asyncio.run(serve(watched, int(sys.argv[2])))
    finally:
        spans.shutdown()
