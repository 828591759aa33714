"""How is a world small enough for the head written down?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.reference.catalogue import answer
from tests.reference.known import DATED, PERIODS
from tests.reference.question import Number, Point, Question, World

Draft = dict[str, Any]
EVER = dict.fromkeys((*DATED, *PERIODS), date(1970, 1, 1))
"""Everything is known since before it began."""


def at(text: str) -> datetime:
    """Return a UTC moment: `2025-03-01` or `2025-03-01 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)


def call(time: str, consumer: str | None = "k1", status: int = 200, **more: object) -> Draft:
    """Return a production call of `GET /pets`."""
    plain = {"source": "kong", "environment": "production", "method": "GET", "route": "/pets"}
    return {**plain, "time": at(time), "consumer": consumer, "status": status, **more}


def sandbox(time: str, consumer: str = "k1", status: int = 200) -> Draft:
    """Return a sandbox call."""
    return call(time, consumer, status, environment="sandbox")


def partner(name: str = "P1", since: str = "2025-01-01", status: str = "approved", **more: object) -> Draft:
    """Return a partner."""
    return {"partner_id": name, "name": name, "registered_at": at(since), "status": status, **more}


def developer(name: str, since: str, owner: str | None = "P1") -> Draft:
    """Return a developer."""
    return {"developer_id": name, "partner_id": owner, "signed_up_at": at(since)}


def key(consumer: str = "k1", owner: str = "P1", person: str | None = None, **more: object) -> Draft:
    """Return a credential that is held always."""
    return {"consumer": consumer, "partner_id": owner, "developer_id": person, **more}


def span(start: str, end: str, amount: str, **more: object) -> Draft:
    """Return what costs, value and invoice lines share."""
    money = {"amount": Decimal(amount), "currency": "EUR"}
    return {"period_start": at(start), "period_end": at(end), **money, **more}


def line(name: str, start: str, end: str, amount: str, kind: str = "subscription", **more: object) -> Draft:
    """Return an invoice line of P1, issued when its period begins."""
    plain = {"line_id": name, "partner_id": "P1", "kind": kind, "issued_at": at(start)}
    return {**span(start, end, amount), **plain, **more}


def effort(day: str, hours: float, hourly: str, owner: str | None = None) -> Draft:
    """Return hours worked in euros."""
    return {
        "date": on(day),
        "hours": hours,
        "hourly_cost": Decimal(hourly),
        "currency": "EUR",
        "partner_id": owner,
    }


def ask(world: World, metric: str, **question: Any) -> list[Point]:  # noqa: ANN401 - the fields of Question
    """Return what the reference says, in UTC and with everything known since ever unless something else is named."""
    return answer(world, Question(metric, **{"zone": "UTC", "known_since": EVER, **question}))


def said(points: list[Point]) -> list[tuple[str, Number | None]]:
    """Return (period, value) of each point."""
    return [(point.period.isoformat(), point.value) for point in points]


def only(points: list[Point]) -> Point:
    """Return the one point there is."""
    (point,) = points
    return point
