"""How is another system asked for what is new, so that a broken pull goes on, losing and doubling nothing?

Pages are gathered and taken in like a file of the same answers, in one transaction with the cursor. Rows that come
twice are duplicates there, so asking for a little more than is new does no harm.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import duckdb

from firstcall import registry
from firstcall.errors import PullFailed, PullRejected, UnknownName, UsageError
from firstcall.pipeline.importing import FileReport, ImportReport, Progress, Store, kept_definitions
from firstcall.pipeline.loading.business_records import admit_records
from firstcall.pipeline.loading.load_job import Counts, LoadJob
from firstcall.pipeline.loading.transaction import transaction
from firstcall.pipeline.pulling.http_client import Answer, Client, origin, token_header
from firstcall.pipeline.pulling.paging import address, changed, following, page_of, written
from firstcall.pipeline.reading.files import OpenedFile
from firstcall.settings import Settings
from firstcall.sources.mapping.converters import moment
from firstcall.sources.mapping.mapping import Node, as_text
from firstcall.sources.paging import Page
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.source import Source

BATCH_RECORDS = 5000
BATCH_SECONDS = 60.0
STALE = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
"""What a system says to an address of a page that it has forgotten."""
REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far an endpoint was read: everything up to `since`.

    In a pull under way, `page` is the address of the next page and `high` the latest moment seen.
    """

    since: str = ""
    page: str = ""
    high: str = ""


@dataclass(slots=True)
class _Run:
    """What stays the same over the endpoints of one pull."""

    store: Store
    settings: Settings
    source: Source
    pull: Pull
    client: Client
    name: str
    options: Mapping[str, str]
    blanks: Mapping[str, str]
    again: bool
    dry_run: bool
    tell: Callable[[str, int], None] = field(default=lambda _name, _records: None)


@dataclass(slots=True)
class _Batch:
    """Answers that wait to be taken in, a line each."""

    lines: list[str] = field(default_factory=list)
    records: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def full(self) -> bool:
        """Whether it is time to take them in."""
        return self.records >= BATCH_RECORDS or time.monotonic() - self.began > BATCH_SECONDS


def pull_source(  # noqa: PLR0913 - the verb's own options, each by its name
    engine: Store,
    settings: Settings,
    source: str,
    *,
    url: str | None = None,
    name: str | None = None,
    options: Mapping[str, str] | None = None,
    again: bool = False,
    dry_run: bool = False,
    environ: Mapping[str, str] | None = None,
    wait: Callable[[float], None] = time.sleep,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Ask a system for what is new and take it in; return what became of every row, endpoint by endpoint.

    `url` is the system's address, else FIRSTCALL_<SOURCE>_URL, else the vendor's; the token comes from
    FIRSTCALL_<SOURCE>_TOKEN, neither kept nor shown. `again` asks for everything. Raises UnknownName and UsageError
    for what is missing or wrong, PullFailed when the system gave no whole answer: what came before is kept then.
    """
    found, pull = _source(source)
    mapped, blanks = _options(found, pull, options or {})
    base, token = _access(found, pull, url, os.environ if environ is None else environ)
    client = Client(base, pull.headers | token_header(pull.auth, token), pull.per_second, wait)
    run = _Run(engine, settings, found, pull, client, name or source, mapped, blanks, again, dry_run)
    reports: list[FileReport] = []
    try:
        before = () if dry_run else _kept_definitions(run)
        for number, endpoint in enumerate(pull.endpoints, 1):
            if progress is not None:
                run.tell = _teller(progress, number, len(pull.endpoints))
            reports.append(_endpoint(run, endpoint))
    except PullRejected as error:
        raise _explained(error, found, token) from error
    finally:
        client.close()
    return ImportReport(source, found.fills, tuple(reports), dry_run, before)


def _kept_definitions(run: _Run) -> tuple[str, ...]:
    with run.store.writer() as connection:
        return kept_definitions(connection, run.settings)


def _source(name: str) -> tuple[Source, Pull]:
    found = registry.sources().get(name)
    if not isinstance(found, Source) or found.pull is None:
        known = [each.name for each in registry.sources().values() if each.pull is not None]
        hint = f"{name} is read from files: firstcall import {name} FILE…" if found is not None else ""
        raise UnknownName("system that can be pulled", name, known, hint=hint)
    return found, found.pull


def _access(
    source: Source, pull: Pull, url: str | None, environ: Mapping[str, str]
) -> tuple[str, str | None]:
    """Return the system's address and the token."""
    variable = f"FIRSTCALL_{source.name.upper()}"
    base = url or environ.get(f"{variable}_URL") or pull.base
    if base is None:
        raise UsageError(
            f"Where is your {source.name}? Give its address: --url {pull.address}, or in the variable {variable}_URL."
        )
    origin(base)
    token = environ.get(f"{variable}_TOKEN", "").strip() or None
    if token is None and pull.auth != "none":
        needed = f" It needs: {pull.rights}." if pull.rights else ""
        raise UsageError(f"{source.name} wants a token. Put it into the variable {variable}_TOKEN.{needed}")
    if token is not None and not (token.isascii() and token.isprintable()):
        raise UsageError(f"What stands in {variable}_TOKEN is no token: it has signs that none has.")
    return base.rstrip("/"), token


def _options(source: Source, pull: Pull, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return (options of the mapping, blanks of the addresses)."""
    blanks = {blank.name: blank for blank in pull.blanks}
    known = {option.name for option in source.options}
    for name in given:
        if name not in known and name not in blanks:
            raise UnknownName(f"option of {source.name}", name, (*known, *blanks))
    filled = {name: given.get(name, blank.default) for name, blank in blanks.items()}
    for name, value in filled.items():
        if value is None:
            raise UsageError(f"Which {name}? Say --option {name}=…: {blanks[name].doc}.")
    mapped = {name: value for name, value in given.items() if name in known}
    return mapped, {name: value for name, value in filled.items() if value is not None}


def _teller(progress: Callable[[Progress], None], number: int, count: int) -> Callable[[str, int], None]:
    return lambda name, records: progress(Progress(name, number, count, records, 0, "reading"))


def _explained(error: PullRejected, source: Source, token: str | None) -> PullFailed:
    if error.status not in REFUSED:
        return error
    variable = f"FIRSTCALL_{source.name.upper()}_TOKEN"
    said = f"The token in {variable} was refused" if token else f"A token is wanted in {variable}"
    rights = f" It needs: {source.pull.rights}." if source.pull and source.pull.rights else ""
    return PullFailed(f"{said}. {error}.{rights}")


def _endpoint(run: _Run, endpoint: Endpoint) -> FileReport:
    """Pull one endpoint to its end; return what became of its rows."""
    began = time.monotonic()
    held = Cursor() if run.again else _read_cursor(run, endpoint)
    try:
        report = _pages(run, endpoint, held)
    except PullRejected as error:
        if not held.page or error.status not in STALE:
            raise
        # the page is forgotten; what was read up to it is there already
        report = _pages(run, endpoint, replace(held, page="", high=""))
    return replace(report, seconds=time.monotonic() - began)


def _pages(run: _Run, endpoint: Endpoint, held: Cursor) -> FileReport:
    cursor, report = held, FileReport(_shown(run, endpoint), run.source.name, "API", Counts(), 0.0)
    batch, records = _Batch(), 0
    try:
        for answer, page, url in _walk(run, endpoint, held.page or _first(run, endpoint, held)):
            batch.lines.append(_whole(run, endpoint, answer, page))
            batch.records += len(page.records)
            records += len(page.records)
            run.tell(endpoint.name, records)
            cursor = replace(cursor, page=url, high=_latest(endpoint, page, cursor.high))
            if batch.full and url:
                report = _added(report, _take_in(run, endpoint, batch, cursor))
                batch = _Batch()
    except PullFailed:
        if batch.lines and cursor.page:
            _take_in(run, endpoint, batch, cursor)
        raise
    return _added(report, _take_in(run, endpoint, batch, Cursor(since=max(cursor.high, held.since))))


def _walk(run: _Run, endpoint: Endpoint, url: str) -> Iterator[tuple[Answer, Page, str]]:
    """Yield (answer, its page of the list, the next address or nothing) page by page."""
    asked: set[str] = set()
    while url:
        asked.add(url)
        answer = run.client.get(url)
        page = page_of(endpoint, answer, url)
        if page is None:
            raise PullFailed(
                f"{_shown(run, endpoint)}: the answer holds no list {endpoint.records or 'of records'}. "
                "Is this the address of the system's API?"
            )
        link = following(endpoint, page)
        url = urljoin(url, link) if link else ""
        if url in asked:
            raise PullFailed(
                f"{_shown(run, endpoint)}: the next page is one that was read already. Report this, please."
            )
        yield answer, page, url


def _whole(run: _Run, endpoint: Endpoint, answer: Answer, page: Page) -> str:
    """Return an answer on one line, the lists of its records completed where it holds only their beginning."""
    rest = endpoint.rest
    if rest is None:
        return answer.line
    short = [node for each in page.records if (node := Node(each)).find(rest.more) is True]
    for node in short:
        path = rest.path.format(id=node.find("id"))
        inner = Endpoint(path, path, rest.records, endpoint.query, endpoint.paging)
        pages = _walk(run, inner, _first(run, inner, Cursor()))
        *way, last = rest.items.split(".")
        holder = node.find(".".join(way))
        holder[last] = [item for _, each, _ in pages for item in each.records]
        holder[rest.more.rsplit(".", 1)[-1]] = False
    return as_text(answer.value) if short else answer.line


def _first(run: _Run, endpoint: Endpoint, held: Cursor) -> str:
    """Return the address of the first page."""
    query = [(key, value.format_map(run.blanks).strip(",")) for key, value in endpoint.query]
    since = moment(held.since) if held.since else None
    since = since - endpoint.lookback if since else moment(endpoint.start)
    if endpoint.since is not None and since is not None:
        name, form = endpoint.since
        query.append((name, form.format_map({**run.blanks, "since": written(since, endpoint.form)})))
    elif not held.since:
        query += endpoint.first
    return address(run.client.base + endpoint.path.format_map(run.blanks), query)


def _latest(endpoint: Endpoint, page: Page, high: str) -> str:
    times = (time for each in page.records if (time := changed(endpoint, each)))
    return max((high, *(time.isoformat() for time in times)))


def _shown(run: _Run, endpoint: Endpoint) -> str:
    return run.client.base + endpoint.path.format_map(run.blanks)


def _take_in(run: _Run, endpoint: Endpoint, batch: _Batch, cursor: Cursor) -> Counts:
    """Take the gathered answers into the store and move the cursor, both or neither."""
    with tempfile.TemporaryDirectory(prefix="firstcall-") as folder, run.store.writer() as connection:
        path = Path(folder) / "answers.ndjson"
        text = "\n".join(batch.lines).encode() + b"\n"
        path.write_bytes(text)
        opened = OpenedFile(path, _shown(run, endpoint), "text", hashlib.sha256(text).hexdigest(), len(text))
        now = datetime.now(UTC).replace(tzinfo=None)
        with transaction(connection, opened.shown, keep=not run.dry_run):
            # an answer that came before word for word is news all the same when the thing is again as it was
            job = LoadJob(
                0,
                run.source.name,
                run.name,
                run.source.fills,
                opened.shown,
                now,
                run.settings,
                run.options,
                replace=True,
            )
            _, counts = admit_records(connection, run.source, opened, job, Path(folder))
            _write_cursor(connection, _cursor_name(run, endpoint), cursor)
    return counts


def _added(report: FileReport, counts: Counts) -> FileReport:
    notes = tuple(note for note in counts.notes if note != "the file is empty")
    return replace(report, counts=report.counts + replace(counts, notes=notes))


def _cursor_name(run: _Run, endpoint: Endpoint) -> str:
    """Return the name of the cursor: another host, repository or search has its own."""
    blanks = " ".join(f"{name}={value}" for name, value in sorted(run.blanks.items()))
    return f"pull {run.source.name} {urlsplit(run.client.base).netloc} {endpoint.name} {blanks}".strip()


def _read_cursor(run: _Run, endpoint: Endpoint) -> Cursor:
    with run.store.writer() as connection:
        row = connection.execute(
            "SELECT value FROM store WHERE name = ?", [_cursor_name(run, endpoint)]
        ).fetchone()
    return Cursor(**json.loads(row[0])) if row else Cursor()


def _write_cursor(connection: duckdb.DuckDBPyConnection, name: str, cursor: Cursor) -> None:
    connection.execute("DELETE FROM store WHERE name = ?", [name])
    value = {"since": cursor.since, "page": cursor.page, "high": cursor.high}
    connection.execute("INSERT INTO store (name, value) VALUES (?, ?)", [name, json.dumps(value)])
