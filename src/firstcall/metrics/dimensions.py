"""By what can an answer be split and filtered, and which expression of a fact says so?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTY = {name: f"p.{name}" for name in ("segment", "country", "channel", "manager")}
OWNER = {"partner": "o.partner", "developer": "o.developer", "app": "o.app"}
ENDPOINT = {"api_class": "coalesce(e.api_class, f.api_class)", "feature": "e.feature"}
"""`e` is the endpoint a call reached, `f` its product, whose class holds for endpoints that have none."""
USAGE_DIMENSIONS: Mapping[str, str] = {
    "product": "r.product",
    "endpoint": "r.method || ' ' || r.route",
    "method": "r.method",
    "route": "r.route",
    "version": "r.version",
    "environment": "r.environment",
    "status": "cast(r.status as varchar)",
    "outcome": "r.outcome",
    "traffic_class": "case when o.status in ('test', 'duplicate') then 'internal' else r.traffic_class end",
    "source": "r.source",
    "consumer": "r.consumer",
    "sdk": "r.sdk",
    **OWNER,
    **{name: f"o.{name}" for name in PARTY},
    **ENDPOINT,
}
PEOPLE_DIMENSIONS: Mapping[str, str] = {
    "partner": "p.partner_id",
    "developer": "d.developer_id",
    "app": "d.app",
    **PARTY,
}
MONEY_DIMENSIONS: Mapping[str, str] = {
    "partner": "m.partner",
    "product": "m.product",
    "plan": "m.plan",
    "kind": "m.kind",
    "category": "m.category",
    "currency": "m.currency",
    **PARTY,
}
