"""Which API products, endpoints and price plans does the sample program offer?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from firstcall.demo import story


@dataclass(frozen=True, slots=True)
class Product:
    """One API product and the gateway it stands behind; dates are local."""

    product: str
    name: str
    gateway: str
    api_class: str
    stages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of a product's version; `weight` is its share of calls, `median` its latency in ms.

    `route` is the template with ``{…}`` for the parameter; health checks belong to no product.
    """

    gateway: str
    product: str
    version: str
    method: str
    route: str
    weight: float
    median: float
    feature: str
    important: bool = False

    @property
    def name(self) -> str:
        """``METHOD route``, the value of the dimension `endpoint`."""
        return f"{self.method} {self.route}"


PRODUCTS: Final = (
    Product(
        "payments", "Payments", "kong", "processing", (("preview", "2025-05-01"), ("public", "2025-07-01"))
    ),
    Product(
        "accounts", "Accounts", "kong", "retrieval", (("public", "2025-07-01"), ("mature", "2026-01-15"))
    ),
    Product(
        "shipping", "Shipping", "nginx", "processing", (("public", "2025-07-01"), ("mature", "2026-03-01"))
    ),
    Product(
        "catalog", "Catalogue", "nginx", "retrieval", (("preview", "2025-06-01"), ("public", "2025-07-01"))
    ),
    Product(
        "identity",
        "Identity checks",
        "aws",
        "processing",
        (("preview", "2025-10-01"), ("public", "2026-04-01")),
    ),
    Product(
        "insights", "Insights", "aws", "retrieval", (("design", "2025-06-01"), ("preview", "2025-07-01"))
    ),
)


_PAYMENTS: Final = (
    ("POST", "/charges", 40.0, 310.0, "charges", True),
    ("GET", "/charges/{charge_id}", 25.0, 55.0, "charges", False),
    ("GET", "/charges", 8.0, 80.0, "charges", False),
    ("POST", "/refunds", 5.0, 280.0, "refunds", True),
    ("GET", "/refunds/{refund_id}", 2.0, 50.0, "refunds", False),
    ("POST", "/payouts", 3.0, 420.0, "payouts", False),
    ("GET", "/payouts/{payout_id}", 1.5, 60.0, "payouts", False),
)
_REST: Final = (
    ("kong", "accounts", "GET", "/accounts/{account_id}", 12.0, 35.0, "accounts", False),
    ("kong", "accounts", "GET", "/accounts/{account_id}/transactions", 9.0, 85.0, "transactions", True),
    ("kong", "accounts", "GET", "/accounts/{account_id}/balance", 10.0, 28.0, "balances", False),
    ("kong", "accounts", "POST", "/accounts", 1.0, 190.0, "accounts", False),
    ("nginx", "shipping", "GET", "/tracking/{number}", 40.0, 48.0, "tracking", True),
    ("nginx", "shipping", "GET", "/rates", 30.0, 120.0, "rates", False),
    ("nginx", "shipping", "POST", "/labels", 20.0, 460.0, "labels", True),
    ("nginx", "shipping", "POST", "/pickups", 3.0, 380.0, "pickups", False),
    ("nginx", "shipping", "DELETE", "/labels/{label_id}", 1.0, 150.0, "labels", False),
    ("nginx", "catalog", "GET", "/items/{sku}", 9.0, 22.0, "items", False),
    ("nginx", "catalog", "GET", "/search", 7.0, 95.0, "search", False),
    ("nginx", "catalog", "GET", "/categories", 2.0, 18.0, "items", False),
    ("aws", "insights", "GET", "/scores/{account_id}", 20.0, 70.0, "scores", False),
    ("aws", "insights", "GET", "/benchmarks", 8.0, 90.0, "benchmarks", False),
    ("aws", "insights", "POST", "/simulations", 2.0, 650.0, "simulations", False),
    ("aws", "identity", "POST", "/verifications", 6.0, 820.0, "verifications", True),
    ("aws", "identity", "GET", "/verifications/{verification_id}", 3.0, 60.0, "verifications", False),
    ("aws", "identity", "POST", "/documents", 1.0, 1400.0, "documents", False),
)


def _operations() -> tuple[Endpoint, ...]:
    found = [
        Endpoint(
            "kong", "payments", version, method, f"/payments/{version}{route}", weight, median, feature, mark
        )
        for version in ("v1", "v2")
        for method, route, weight, median, feature, mark in _PAYMENTS
    ]
    found += [
        Endpoint(gateway, product, "v1", method, f"/{product}/v1{route}", weight, median, feature, mark)
        for gateway, product, method, route, weight, median, feature, mark in _REST
    ]
    return (*found, *(Endpoint(g, "", "", "GET", "/health", 0.0, 4.0, "") for g in ("kong", "nginx", "aws")))


ENDPOINTS: Final = _operations()


def of_product(*products: str, version: str = "") -> tuple[int, ...]:
    """Positions in ENDPOINTS of these products' endpoints, of one version if given."""
    return tuple(
        n
        for n, endpoint in enumerate(ENDPOINTS)
        if endpoint.product in products and version in {"", endpoint.version}
    )


def position(name: str) -> int:
    """Position in ENDPOINTS of the endpoint with this ``METHOD route``."""
    return next(n for n, endpoint in enumerate(ENDPOINTS) if endpoint.name == name)


HEALTH: Final = {endpoint.gateway: n for n, endpoint in enumerate(ENDPOINTS) if not endpoint.product}
V1: Final = of_product("payments", version="v1")
V2: Final = of_product("payments", version="v2")
REGULAR: Final = {
    "kong": V1 + of_product("accounts"),
    "nginx": of_product("shipping", "catalog"),
    "aws": of_product("insights"),
}
"""Endpoints that a key of the gateway calls day by day; identity checks come in planned numbers instead."""
HIDDEN: Final = "POST /payments/v2/refunds"
CHARGES_V1: Final = "POST /payments/v1/charges"


@dataclass(frozen=True, slots=True)
class Tier:
    """A price per unit up to a number of units beyond the included ones (None: without end)."""

    up_to: int | None
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """One price plan; tiers are graduated, dates local."""

    plan_id: str
    product: str
    name: str
    fee: Decimal
    currency: str = "EUR"
    interval: str = "month"
    included: int | None = None
    tiers: tuple[Tier, ...] = ()
    status: str = "live"
    valid_from: str = story.PRICE_LAUNCH

    def usage(self, units: int) -> Decimal:
        """What ``units`` cost beyond the fee, to the cent."""
        rest, below, total = max(0, units - (self.included or 0)), 0, Decimal(0)
        for tier in self.tiers:
            within = rest - below if tier.up_to is None else min(rest, tier.up_to) - below
            total += max(0, within) * tier.unit_price
            below = rest if tier.up_to is None else tier.up_to
            if rest <= below:
                break
        return total.quantize(Decimal("0.01"))


def _tiers(*steps: tuple[int | None, str]) -> tuple[Tier, ...]:
    return tuple(Tier(up_to, Decimal(price)) for up_to, price in steps)


_PROPOSED: Final = Plan(
    "insights-proposed",
    "insights",
    "Insights (proposed)",
    Decimal(99),
    included=1000,
    tiers=_tiers((10000, "0.02"), (None, "0.01")),
    status="proposed",
    valid_from="2026-07-01",
)


def _plans() -> tuple[Plan, ...]:
    founders = [
        Plan(f"contract-{f.role}", f.product, f"Contract {f.name}", Decimal(f.fee), valid_from=f.contract)
        for f in story.FOUNDERS
    ]
    flat = [
        Plan(f"{product}-{size}{suffix}", product, f"{product.title()} {size}", Decimal(fee), currency)
        for product, fees in {
            "payments": {"starter": 149, "growth": 690, "scale": 1990},
            "accounts": {"starter": 99, "growth": 490, "scale": 1490},
            "shipping": {"starter": 129, "growth": 590, "scale": 1990},
        }.items()
        for size, euro in fees.items()
        for currency, suffix, fee in (("EUR", "", euro), ("USD", "-usd", euro + 60))
    ]
    verify = _tiers((1000, "0.80"), (None, "0.60"))
    return (
        *founders,
        *flat,
        *(
            Plan(f"{p}-beta", p, f"{p.title()} beta access", Decimal(0), valid_from="2025-07-01")
            for p in _FREE
        ),
        *(Plan(f"{p}-community", p, f"{p.title()} community", Decimal(0)) for p in _FREE),
        Plan("enterprise-whale", "payments", "Enterprise Meridian", Decimal(8400)),
        Plan("shipping-annual", "shipping", "Shipping scale, yearly", Decimal(14600), interval="year"),
        Plan("identity-200", "identity", "Identity 200", Decimal(190), included=200, tiers=verify),
        Plan("identity-payg", "identity", "Identity pay as you go", Decimal(0), tiers=_PAYG),
        Plan("identity-payg-usd", "identity", "Identity pay as you go", Decimal(0), "USD", tiers=_PAYG),
        _PROPOSED,
    )


_FREE: Final = ("payments", "accounts", "shipping", "catalog", "insights")
_PAYG: Final = _tiers((500, "1.00"), (None, "0.85"))
PLANS: Final = {plan.plan_id: plan for plan in _plans()}
