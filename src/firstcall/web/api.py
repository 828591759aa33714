"""What can programs read: the catalogue, every metric with its rows, reports, and how the store stands?"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from firstcall import __version__
from firstcall.answers import Answer
from firstcall.errors import UnknownName, UsageError
from firstcall.reports import render
from firstcall.web.csv import answer_csv, rows_csv
from firstcall.web.openapi import openapi_document
from firstcall.web.pages.readiness import readiness, states
from firstcall.web.pages.report import handed_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from firstcall.metrics.metric import Metric
    from firstcall.web.answer_service import AnswerService, Need
    from firstcall.web.query_string import QueryString

JSON, CSV = "application/json", "text/csv"
MOST_ROWS = 1_000
"""Rows behind a number that JSON holds unless `limit` says otherwise; CSV always has all."""

REPORT_TYPES = {"json": JSON, "html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8"}


def metrics(service: AnswerService, _request: Request, _asked: QueryString) -> Response:
    """Return the catalogue."""
    needs, currency = readiness(service), service.program.settings.program.currency
    found = service.program.metrics
    return _json({"metrics": [entry(name, found[name], needs[name], currency) for name in found]})


def metric(service: AnswerService, request: Request, asked: QueryString) -> Response:
    """Return one answer, as JSON or CSV."""
    name, form = _named(service, request)
    outcome = service.ask(asked.parameters.question(name, service.program.newest_day))
    if not isinstance(outcome, Answer):
        raise outcome
    return _csv(answer_csv(outcome), name) if form == CSV else _json(outcome.to_json())


def rows(service: AnswerService, request: Request, asked: QueryString) -> Response:
    """Return the rows behind an answer: JSON up to `limit` with the total, CSV whole."""
    name, form = _named(service, request)
    limit = None if form == CSV else _limit(asked.others.get("limit"))
    question = asked.parameters.question(name, service.program.newest_day)
    found = service.program.explain(question, limit=limit)
    if form == CSV:
        return _csv(rows_csv(found.columns, found.rows), f"{name}-rows")
    return _json(
        {
            "metric": name,
            "what": found.relation,
            "scope": found.answer.scope,
            "total": found.total,
            "columns": found.columns,
            "rows": found.rows,
        }
    )


def report(service: AnswerService, request: Request, asked: QueryString) -> Response:
    """Return a report as JSON, HTML or Markdown, by suffix or Accept."""
    name, _, suffix = request.path_params["name"].partition(".")
    form = suffix or ("html" if "text/html" in request.headers.get("accept", "") else "json")
    if form not in REPORT_TYPES:
        raise HTTPException(406, f"A report is given out as {', '.join(REPORT_TYPES)}, not as {form}.")
    try:
        found = render.find(name)
    except UnknownName as error:
        raise HTTPException(404, str(error)) from error
    ask, facts = handed_over(service, asked.parameters)
    text = render.render(found, ask, facts, asked.others.get("period"), form)
    return Response(text, media_type=REPORT_TYPES[form])


def status(service: AnswerService, _request: Request, _asked: QueryString) -> Response:
    """Return what the store holds, how far each source has come, and what can be computed."""
    program = service.program
    _, refused = program.engine.run(
        "SELECT source, reason, count(*) FROM refused GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return _json(
        {
            "program": program.settings.program.name,
            "version": __version__,
            "generation": service.generation(),
            "tables": {table: count for table, count in program.store_state.counts.items() if count},
            "watermark": program.store_state.watermark,
            "refused": [
                {"source": source, "reason": reason, "rows": count} for source, reason, count in refused
            ],
            "metrics": [
                {
                    "name": name,
                    "ready": not each.missing,
                    "state": each.state,
                    "needs": _listed(each.missing),
                    "without": _listed(each.without),
                }
                for name, each in states(service).items()
            ],
        }
    )


def openapi(service: AnswerService, _request: Request, _asked: QueryString) -> Response:
    """Return the description of this API."""
    return _json(openapi_document(service.program))


def entry(name: str, metric: Metric, needs: tuple[Need, ...], currency: str) -> dict[str, object]:
    """Return a metric's entry in the catalogue; amounts are in the currency."""
    card, audience = metric.card, metric.card.audience
    return {
        "name": name,
        "version": metric.version,
        "question": card.question,
        "words": card.words,
        "unit": metric.unit,
        "better": card.better,
        "values": metric.names,
        "category": audience.category,
        "horizon": audience.horizon,
        "owner": audience.owner,
        "action": card.action,
        "entity": metric.entity,
        "environment": metric.environment,
        "traffic": metric.traffic,
        "dimensions": metric.dimensions,
        "grains": metric.grains,
        "grain": metric.default_grain,
        "bands": card.goals(metric.unit, currency) if card.bands else None,
        "why_no_bands": card.why_no_bands or None,
        "set": [
            {"name": v.name, "doc": v.doc, "values": v.values, "default": v.default} for v in metric.variants
        ],
        "ready": not needs,
        "needs": _needs(needs),
        "href": f"/api/v1/metrics/{name}",
    }


def _needs(needs: tuple[Need, ...]) -> list[Mapping[str, str]]:
    return _listed((need.table, need.command) for need in needs)


def _listed(tables: Iterable[tuple[str, str]]) -> list[Mapping[str, str]]:
    return [{"table": table, "command": command} for table, command in tables]


def _named(service: AnswerService, request: Request) -> tuple[str, str]:
    """Return the metric of the path, and the media type that suffix or Accept ask for."""
    name = request.path_params["name"]
    if name not in service.program.metrics:
        raise HTTPException(404, str(unknown(service, name)))
    suffix = request.path_params.get("suffix", "")
    accept = request.headers.get("accept", "*/*")
    if suffix:
        if suffix not in {"csv", "json"}:
            raise HTTPException(406, f"Answers are given out as csv and json, not as {suffix}.")
        return name, CSV if suffix == "csv" else JSON
    if any(kind in accept for kind in (JSON, "*/*", "application/*")):
        return name, CSV if accept.strip().startswith(CSV) else JSON
    if CSV in accept:
        return name, CSV
    raise HTTPException(406, f"Answers are given out as {JSON} and {CSV}, not as {accept}.")


def unknown(service: AnswerService, name: str) -> UnknownName:
    """Return what to say of a metric that is not there."""
    return UnknownName("metric", name, service.program.metrics, hint="/metrics lists them.")


def _limit(said: str | None) -> int:
    if said is None:
        return MOST_ROWS
    if not re.fullmatch("[1-9][0-9]{0,5}", said) or int(said) > 100_000:
        raise UsageError(f"limit={said} is no number of rows from 1 to 100,000; CSV has all rows.")
    return int(said)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value, enc_hook=_plain), media_type=JSON)


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _csv(text: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, headers=headers, media_type="text/csv; charset=utf-8")
