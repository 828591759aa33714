"""Which calls fail, and how long does each take? The plain errors and the planted ones."""

from __future__ import annotations

from typing import Final

import numpy as np

from firstcall.demo import story
from firstcall.demo.catalogue import CHARGES_V1, ENDPOINTS, HIDDEN, of_product, position
from firstcall.demo.clock import HOUR, Floats, Ints, at
from firstcall.demo.keys import SANDBOX, Key
from firstcall.demo.ledger import Caller
from firstcall.demo.traffic import Block, block

HIDDEN_RATE: Final = 0.15
OUTAGE_RATE: Final = 0.85
OUTAGE_RETRIES: Final = 80
LAGGARD_RATES: Final = ((story.V2_RELEASE, "2026-06-01", 0.05), ("2026-06-01", story.V1_SUNSET, 0.12))
_PLAIN: Final = {False: 0.0008, True: 0.012}
_PLAIN_STATUSES: Final = {
    False: (
        np.array([404, 429, 400, 500, 503, 504, 499]),
        np.array([0.38, 0.2, 0.12, 0.12, 0.08, 0.05, 0.05]),
    ),
    True: (np.array([400, 401, 404, 422, 500]), np.array([0.35, 0.2, 0.2, 0.2, 0.05])),
}
SLOW: Final = ("2026-05-27 09:00", "2026-05-27 10:10")
"""When accounts answered four times slower than usual."""


def retries(rng: np.random.Generator, keys: tuple[Key, ...]) -> Block:
    """Calls that shipping's customers repeat during the outage, so that it shows at any scale."""
    first, last = at(story.OUTAGE[0]), at(story.OUTAGE[1])
    able = [
        n
        for n, key in enumerate(keys)
        if key.gateway == "nginx"
        and key.environment != SANDBOX
        and not key.paced
        and key.first < first
        and key.last > last
    ]
    time = first + (rng.random(OUTAGE_RETRIES) * (last - first)).astype(np.int64)
    shipping = of_product("shipping")[:3]
    return block(
        time, rng.choice(np.array(able), OUTAGE_RETRIES), rng.choice(np.array(shipping), OUTAGE_RETRIES)
    )


def decide(rng: np.random.Generator, calls: Block, callers: tuple[Caller, ...]) -> Ints:
    """The status of every call; those given stay, except that success is spelt as its method does."""
    time, caller, endpoint, given = calls
    success = np.array([{"POST": 201, "DELETE": 204}.get(e.method, 200) for e in ENDPOINTS])[endpoint]
    sandbox = np.array([each.environment == SANDBOX for each in callers])[caller]
    status = success.copy()
    for is_sandbox, rate in _PLAIN.items():
        hit = np.flatnonzero((sandbox == is_sandbox) & (rng.random(len(time)) < rate))
        statuses, weights = _PLAIN_STATUSES[is_sandbox]
        status[hit] = rng.choice(statuses, len(hit), p=weights)
    health = np.array([not e.product for e in ENDPOINTS])[endpoint]
    status = np.where(health, 200, status)
    free = given == 0
    quarter = _between(time, *story.LAST_QUARTER)
    hidden = np.flatnonzero(free & quarter & (endpoint == position(HIDDEN)))
    status[hidden] = _planted(success[hidden], HIDDEN_RATE, (500, 502, 422))
    for first, end, rate in LAGGARD_RATES:
        laggard = free & ~sandbox & (endpoint == position(CHARGES_V1)) & _between(time, first, end)
        rows = np.flatnonzero(laggard)
        status[rows] = _planted(success[rows], rate, (400,))
    down = np.flatnonzero(
        free & ~sandbox & _between(time, *story.OUTAGE) & np.isin(endpoint, of_product("shipping"))
    )
    status[down] = _planted(success[down], OUTAGE_RATE, (503, 504, 502))
    return np.where(free, status, np.where(given == 200, success, given))


def _between(time: Ints, first: str, end: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return (time >= at(first)) & (time < at(end))


def _planted(success: Ints, rate: float, statuses: tuple[int, ...]) -> Ints:
    """Exactly that share of the calls (rounded down), spread evenly, with these statuses in turn."""
    steps = np.floor(np.arange(1, len(success) + 1) * rate + 1e-9).astype(np.int64)
    hit = np.diff(steps, prepend=0) > 0
    return np.where(hit, np.array(statuses)[steps % len(statuses)], success)


def timed(rng: np.random.Generator, calls: Block, callers: tuple[Caller, ...]) -> Ints:
    """Gateway latency of every call in ms: lognormal by endpoint, quick when refused, full when timed out."""
    time, caller, endpoint, status = calls
    median: Floats = np.array([each.median for each in ENDPOINTS])[endpoint]
    sandbox = np.array([each.environment == SANDBOX for each in callers])[caller]
    latency = median * np.exp(rng.standard_normal(len(time)) * 0.45) * np.where(sandbox, 1.25, 1.0)
    latency *= np.where((status >= 400) & (status < 499), 0.3, 1.0)
    slow = _between(time, *SLOW) & np.isin(endpoint, of_product("accounts"))
    latency *= np.where(slow, 4.0, 1.0)
    latency = np.where(status == 504, 30_000.0 + 20 * rng.random(len(time)), latency)
    latency = np.where(status == 499, 10_000.0 + 5_000 * rng.random(len(time)), latency)
    return latency.clip(1, HOUR).astype(np.int64)
