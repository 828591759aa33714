"""Which endpoints, products and timings make targets part?

Classes stand on an endpoint, on one of its versions, on its product alone, or nowhere; latencies sit
around the targets.
"""

from __future__ import annotations

from random import Random

from tests.reference.question import Row, World
from tests.reference.worlds.small_worlds import ENDPOINTS, PRODUCTS

CLASSES = ("retrieval", "processing", "webhook", None)
AROUND = (None, 20.0, 60.0, 98.0, 103.0, 390.0, 412.0, 480.0, 520.0, 980.0, 1030.0, 3900.0, 5200.0)


def rows(random: Random, world: World, zone: str) -> dict[str, list[Row]]:
    """Return endpoints and products with classes, and the calls with other latencies."""
    del zone
    endpoints: list[Row] = [
        {
            "product": product,
            "method": method,
            "route": route,
            "version": version,
            "api_class": random.choice(CLASSES),
            "important": random.choice((True, False, None)),
        }
        for product in PRODUCTS
        for method, route in ENDPOINTS
        for version in ("v1", "v2")
        if product is not None and random.random() < 0.6
    ]
    products: list[Row] = [
        {"product": product, "api_class": random.choice(CLASSES)}
        for product in PRODUCTS
        if product is not None and random.random() < 0.6
    ]
    calm = random.random() < 0.5
    calls: list[Row] = []
    for call in world["calls"]:
        latency = random.choice(AROUND[:4] if calm else AROUND)
        seen = (
            None if latency is None or random.random() < 0.4 else latency + random.choice((0.0, 5.5, 200.0))
        )
        behind = (
            None if latency is None or random.random() < 0.4 else latency * random.choice((0.5, 0.9, 1.0))
        )
        calls.append({**call, "latency_ms": latency, "client_ms": seen, "upstream_ms": behind})
    return {"endpoints": endpoints, "products": products, "calls": calls}
