"""How do people, keys and faults come together into one ledger of calls?"""

from __future__ import annotations

from typing import Final

import numpy as np

from firstcall.demo import faults
from firstcall.demo.clock import month_of
from firstcall.demo.keys import PRODUCTION, Key
from firstcall.demo.ledger import Ledger, make_callers, take
from firstcall.demo.traffic import Block, make_strangers, make_traffic

TWINS: Final = 7
"""Pairs of nginx calls that are equal in everything a log line shows, and both real."""


def make_ledger(
    seed: int, scale: float, keys: tuple[Key, ...], verifications: dict[str, dict[str, int]]
) -> Ledger:
    """Every call of the sample program, in order of time; the same for the same seed and scale."""
    rng = np.random.default_rng([seed, round(scale * 1000)])
    known = make_traffic(rng, keys, verifications, scale)
    known.append(faults.retries(rng, keys))
    calls = _joined([*known, *make_strangers(rng, known, keys)])
    callers = make_callers(keys)
    time, caller, endpoint, given = calls
    status = faults.decide(rng, calls, callers)
    latency = faults.timed(rng, (time, caller, endpoint, status), callers)
    item = rng.integers(10**5, 10**9, len(time))
    ledger = Ledger(callers, time, caller, endpoint, status, latency, item, (given == 200).astype(np.int64))
    return _with_twins(rng, ledger)


def _joined(blocks: list[Block]) -> Block:
    """All blocks as one, in order of time; equal times keep the order of the blocks."""
    time, caller, endpoint, status = (np.concatenate([b[n] for b in blocks]) for n in range(4))
    order = np.argsort(time, kind="stable")
    return time[order], caller[order], endpoint[order], status[order]


def _with_twins(rng: np.random.Generator, ledger: Ledger) -> Ledger:
    """The ledger with a few plain production nginx calls made twice."""
    plain = np.array([c.gateway == "nginx" and c.environment == PRODUCTION for c in ledger.callers])
    able = np.flatnonzero(plain[ledger.caller] & (ledger.fixed == 0) & (ledger.status == 200))
    twins = rng.choice(able, TWINS, replace=False)
    return take(ledger, np.sort(np.concatenate([np.arange(len(ledger)), twins]), kind="stable"))


def metered(ledger: Ledger, product_endpoints: tuple[int, ...]) -> dict[tuple[str, str], int]:
    """Successful production calls of these endpoints by partner id and local month, as billing counts them."""
    callers = np.array([c.environment == PRODUCTION and c.partner_id is not None for c in ledger.callers])
    rows = callers[ledger.caller] & np.isin(ledger.endpoint, product_endpoints) & (ledger.status // 100 == 2)
    counted: dict[tuple[str, str], int] = {}
    for n in np.flatnonzero(rows):
        key = (ledger.callers[ledger.caller[n]].partner_id or "", month_of(int(ledger.time[n])))
        counted[key] = counted.get(key, 0) + 1
    return counted
