"""How is an HTTP archive (HAR) read: what a browser or a client saw of an API's calls?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from firstcall.literals import quoted, quoted_all
from firstcall.sources.parsing.call_columns import event_stream, first, host_of, milliseconds, select, status
from firstcall.sources.parsing.grpc import by_header, judged
from firstcall.sources.parsing.json_log import objects, relation
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import refusal, traced
from firstcall.sources.parsing.outcomes import timed_out_by_status
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import Conformed, Option, Source, Variant

PATHS = {
    "began": "$.startedDateTime", "total": "$.time", "verb": "$.request.method", "url": "$.request.url",
    "code": "$.response.status", "wait": "$.timings.wait", "head_out": "$.request.headersSize",
    "body_out": "$.request.bodySize", "head_in": "$.response.headersSize", "body_in": "$.response.bodySize",
    "problem": "$.response._error",
}  # fmt: skip


def entries(value: Any) -> Iterable[Any]:  # noqa: ANN401 - a parsed JSON document
    """Return the entries of an archive, each of which becomes a line of its own."""
    held = value["log"]["entries"] if isinstance(value, dict) and "log" in value else [value]
    return list(held)


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are an archive's, None when nothing says so."""
    for item in objects(lines):
        log = item.get("log")
        if isinstance(log, dict) and "entries" in log:
            return "the document has log.entries"
        if "startedDateTime" in item and "timings" in item:
            return "the objects have startedDateTime and timings"
    return None


def _expanded() -> str:
    """Return one row per entry: documents are taken apart, an entry alone is itself."""
    inside = "CAST(json_extract(doc, '$.log.entries[*]') AS VARCHAR[])"
    parts = f"CASE WHEN json_exists(doc, '$.log.entries') THEN {inside} ELSE [doc] END"
    paths = quoted_all(PATHS.values())
    columns = ", ".join(f"v[{n}] AS {name}" for n, name in enumerate(PATHS, 1))
    return (
        f"SELECT line, matched, entry, {columns} FROM (SELECT coalesce(entry, line) AS line, entry, "
        "coalesce(json_type(entry) = 'OBJECT', false) AS matched, "
        f"CASE WHEN json_type(entry) = 'OBJECT' THEN json_extract_string(entry, [{paths}]) END AS v "
        f"FROM (SELECT line, unnest(CASE WHEN len({parts}) = 0 THEN [NULL] ELSE {parts} END) AS entry "
        f"FROM ({relation()})))"
    )


def _header(name: str, of: str = "request") -> str:
    """Return the value of a header, however it is spelled; headers are a list of name and value."""
    names = f"CAST(json_extract_string(entry, '$.{of}.headers[*].name') AS VARCHAR[])"
    values = f"CAST(json_extract_string(entry, '$.{of}.headers[*].value') AS VARCHAR[])"
    place = f"list_position(list_transform({names}, lambda item: lower(item)), {quoted(name.lower())})"
    return f"{values}[{place}]"


def _size(head: str, body: str) -> str:
    both = f"TRY_CAST({head} AS BIGINT) >= 0 AND TRY_CAST({body} AS BIGINT) >= 0"
    return f"CASE WHEN {both} THEN TRY_CAST(TRY_CAST({head} AS HUGEINT) + TRY_CAST({body} AS BIGINT) AS BIGINT) END"


def _judged(values: Mapping[str, str]) -> dict[str, str]:
    code = _header("grpc-status", of="response")
    bare = {**values, "path": "regexp_replace(url, '^[a-z]+://[^/]*', '')"}
    return judged(bare, code, by_header("NULL", code)) | {"path": "url"}


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the archive: times are milliseconds as the client saw them, status 0 means no answer."""
    held = ", ".join(
        quoted(host.strip().lower()) for host in options.get("host", "").split(",") if host.strip()
    )
    chosen = options.get("consumer")
    own = _header(chosen or "X-Client-Id")
    key = secret(_header("X-Api-Key"))
    host = "coalesce(lower(" + host_of("url") + "), '')"
    total = milliseconds("total", "ms")
    values = {
        "time": moment("began", "iso"),
        "status": status("code"),
        "timed_out": f"CASE WHEN problem LIKE '%TIMED_OUT%' THEN true ELSE {timed_out_by_status(status('code'))} END",
        "error_code": "nullif(problem, '')",
        "method": "verb",
        "path": "url",
        "host": host_of("url"),
        "latency_ms": total,
        "client_ms": total,
        "upstream_ms": milliseconds("wait", "ms"),
        "request_bytes": _size("head_out", "body_out"),
        "response_bytes": _size("head_in", "body_in"),
        "consumer": credential(chosen, own) if chosen else first((own, key)),
        "user_agent": _header("User-Agent"),
        "request_id": _header("X-Request-Id"),
        "trace_id": traced(_header("traceparent")),
        "streamed": f"starts_with(url, 'ws') OR {event_stream(_header('Content-Type', of='response'))}",
        "content": "line",
        "refusal": refusal(f"{host} NOT IN ({held})" if held else None),
    }
    values = _judged(values)
    notes = (
        ()
        if held
        else ("every entry counts as a call; say --option host=api.example.com to leave others out",)
    )
    why = recognise(lines) or "the document is read as an archive"
    return Conformed(select(_expanded(), values), "har", why, notes, ids=True, expands=True)


SOURCE = Source(
    name="har",
    title="HTTP archive (HAR 1.2)",
    fills="calls",
    needs="An archive as browsers and proxies save it; name the API's hosts, as archives hold pages and images too.",
    identity="X-Client-Id, else X-Api-Key, stored hashed; another header is named by the option consumer.",
    call_id="X-Request-Id with its entry; else the entry.",
    certainty="Read in the archive's specification, and the samples are built from it. Latency is what the client "
    "saw, network included. _error, which browsers add, is a default to check.",
    reads="lines",
    variants=(Variant("har", "One document with log.entries, or one entry a line."),),
    options=(
        Option("host", "Hosts of the API, separated by commas; entries of others are left out."),
        Option("consumer", "Request header that names the consumer."),
    ),
    conform=conform,
    recognise=recognise,
    unpack=entries,
)
