"""When does whom call which endpoint? The sample program's calls before anything goes wrong."""

from __future__ import annotations

from typing import Final

import numpy as np

from firstcall.demo import story
from firstcall.demo.catalogue import ENDPOINTS, HEALTH, HIDDEN, REGULAR, V1, V2, of_product, position
from firstcall.demo.clock import (
    DAY,
    DAYS,
    END,
    HOUR,
    LAST_DAY,
    MIDNIGHTS,
    MINUTE,
    MONTHS,
    START,
    Floats,
    Ints,
    at,
    weekly,
)
from firstcall.demo.keys import PRODUCTION, SANDBOX, Key
from firstcall.demo.ledger import STRANGERS

OTHERS: Final = dict(zip(MONTHS, (10, 16, 22, 28, 34, 38, 43, 50, 57, 63, 68, 70, 66, 60, 54), strict=True))
"""Production calls a month of everyone but the largest partner, in thousands."""
WHALE: Final = dict(zip(MONTHS, (0, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 28, 41, 57), strict=True))
"""Production calls a month of the largest partner, in thousands."""
SANDBOX_DAILY: Final = 9.0
_HOURS: Final = np.array(
    [3, 2, 2, 2, 2, 3, 5, 9, 15, 20, 22, 22, 20, 21, 22, 21, 19, 16, 12, 10, 8, 7, 5, 4], dtype=np.float64
)
_ANCHOR: Final = {
    "kong": position("GET /payments/v1/charges/{charge_id}"),
    "nginx": position("GET /shipping/v1/tracking/{number}"),
    "aws": position("GET /insights/v1/scores/{account_id}"),
}
"""The endpoint of a gateway whose call is certain to succeed when the story needs one."""

Block = tuple[Ints, Ints, Ints, Ints]
"""Columns of the same length: time, caller, endpoint, status (0: decided later, else fixed)."""


def block(time: Ints, caller: Ints, endpoint: Ints, status: Ints | int = 0) -> Block:
    """One block; a single status stands for all its calls."""
    return time, caller, endpoint, np.broadcast_to(np.asarray(status, dtype=np.int64), time.shape)


def make_traffic(
    rng: np.random.Generator, keys: tuple[Key, ...], plan: dict[str, dict[str, int]], scale: float
) -> list[Block]:
    """All calls of the keys, planned ones and day by day; unsorted."""
    fixed = [_milestones(keys), _attempts(rng, keys), _refused(keys), *_verifications(rng, keys, plan)]
    counts = _counts(rng, _expected(keys, fixed, scale))
    day, key = np.nonzero(counts)
    times = counts[day, key]
    day, key = np.repeat(day, times), np.repeat(key, times)
    moments = _moments(rng, day, key, keys)
    endpoints = versioned(_endpoints(rng, key, keys), moments, key, keys)
    return [*fixed, block(moments, key, endpoints)]


def _season() -> Floats:
    """How busy each day is against an ordinary working day."""
    week = np.array([1.0, 1.05, 1.04, 1.02, 0.95, 0.5, 0.4])
    season: Floats = week[np.array([day.weekday() for day in DAYS])]
    for n, day in enumerate(DAYS):
        if (day.month, day.day) in {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}:
            season[n] *= 0.45
        since = (MIDNIGHTS[n] - at(story.SELF_SERVICE)) / DAY
        season[n] *= 1.2 if 0 <= since < 10 else 1.0
    return season


def _expected(keys: tuple[Key, ...], planned: list[Block], scale: float) -> Floats:
    """Expected calls by day and key that fill each month's target up, beside the planned ones."""
    callers, days = _days(planned)
    first = np.array([key.first for key in keys])
    last = np.array([key.last for key in keys])
    weight = np.array([0.0 if key.paced else key.weight for key in keys])
    begins, ends = MIDNIGHTS[:-1, None], MIDNIGHTS[1:, None]
    present = (np.minimum(ends, last) - np.maximum(begins, first)).clip(0) / DAY
    raw = present * weight * _season()[:, None]
    whale = np.array([key.role == "whale" and key.environment == PRODUCTION for key in keys])
    sandbox = np.array([key.environment == SANDBOX for key in keys])
    expected = np.where(sandbox, raw * SANDBOX_DAILY * scale, 0.0)
    months = np.array([f"{day:%Y-%m}" for day in DAYS])
    for month in (*MONTHS, f"{LAST_DAY:%Y-%m}"):
        rows = (months == month)[:, None]
        part = 1.0 if month in OTHERS else 0.15 / 30
        for who, target in ((whale, WHALE), (~whale & ~sandbox, OTHERS)):
            mine = np.where(rows & who, raw, 0.0)
            calls = 1000 * scale * part * target.get(month, target[MONTHS[-1]])
            calls = max(0.2 * calls, calls - int((who[callers] & (months[days] == month)).sum()))
            expected += mine * (calls / mine.sum() if mine.sum() > 0 else 0.0)
    return expected


def _days(blocks: list[Block]) -> tuple[Ints, Ints]:
    """Caller and position of the local day of every call."""
    times, callers = (np.concatenate([each[n] for each in blocks]) for n in (0, 1))
    return callers, np.searchsorted(MIDNIGHTS, times, side="right") - 1


def _counts(rng: np.random.Generator, expected: Floats) -> Ints:
    """Whole numbers with these expectations, each at most one away."""
    counts: Ints = np.floor(expected + rng.random(expected.shape)).astype(np.int64)
    return counts


def _moments(rng: np.random.Generator, day: Ints, key: Ints, keys: tuple[Key, ...]) -> Ints:
    """A moment in each day, busier by daylight, within the key's first and last call."""
    edges = np.concatenate([[0.0], np.cumsum(_HOURS) / _HOURS.sum()])
    hours = np.interp(rng.random(len(day)), edges, np.arange(25.0))
    moments = MIDNIGHTS[day] + (hours * HOUR).astype(np.int64)
    low = np.maximum(MIDNIGHTS[day], np.array([k.first for k in keys])[key] + 1)
    high = np.minimum(MIDNIGHTS[day + 1] - 1, np.array([k.last for k in keys])[key])
    spread = low + (rng.random(len(day)) * (high - low)).astype(np.int64)
    kept: Ints = np.where((moments < low) | (moments > high), spread, moments)
    return kept


def _endpoints(rng: np.random.Generator, key: Ints, keys: tuple[Key, ...]) -> Ints:
    """An endpoint for each call: every key prefers a few of its gateway's, in its own proportions."""
    table = np.zeros((len(keys), len(ENDPOINTS)))
    weights = np.array([endpoint.weight for endpoint in ENDPOINTS])
    for n, each in enumerate(keys):
        offered = np.array([e for e in REGULAR[each.gateway] if e not in V2])
        if each.gateway == "aws" and each.environment == SANDBOX:
            offered = np.append(offered, of_product("identity"))
        liked = rng.random(len(offered)) < (1.0 if each.role == "castellan" else 0.6)
        liked[0] = True
        table[n, offered] = weights[offered] * rng.lognormal(0.0, 0.5, len(offered)) * liked
    _share_of_refunds(table, keys)
    cumulative = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)
    drawn = rng.random(len(key))
    found = np.empty(len(key), dtype=np.int64)
    for start in range(0, len(key), 100_000):
        part = slice(start, start + 100_000)
        found[part] = (cumulative[key[part]] < drawn[part, None]).sum(axis=1)
    return np.minimum(found, len(ENDPOINTS) - 1)


def _share_of_refunds(table: Floats, keys: tuple[Key, ...]) -> None:
    """Give every payments caller the same small share of refunds, so that its volume is moderate."""
    refunds = position(HIDDEN.replace("v2", "v1"))
    payments = np.array([key.gateway == "kong" for key in keys])
    table[payments, refunds] = 0.0
    table[payments, refunds] = 0.027 * table[payments].sum(axis=1)


def versioned(endpoints: Ints, moments: Ints, key: Ints, keys: tuple[Key, ...]) -> Ints:
    """Payments of the version the key had come to by then."""
    moved = np.array([_moved(n, each) for n, each in enumerate(keys)])
    newer = (endpoints < len(V1)) & (moments >= moved[key])
    return np.where(newer, endpoints + len(V1), endpoints)


def _moved(number: int, key: Key) -> int:
    """When a key turned to v2 of payments: newcomers at once, most within two weeks, laggards at the end."""
    release = at(story.V2_RELEASE)
    if key.first >= release:
        return 0
    if key.role.startswith("laggard"):
        return at("2026-06-19") + int(key.role[-1]) * DAY + 9 * HOUR
    return release + (number % 14) * DAY + 10 * HOUR


def _milestones(keys: tuple[Key, ...]) -> Block:
    """First and last calls, one call a week in production, a few in the first sandbox days: all succeed."""
    moments: list[int] = []
    owners: list[int] = []
    for n, key in enumerate(keys):
        if key.paced:
            continue
        if key.environment == PRODUCTION:
            mine = [key.first, key.last, *weekly(key.first, key.last)]
        else:
            later = (25 * MINUTE, 26 * HOUR, 50 * HOUR)
            mine = [key.first, *(key.first + each for each in later if key.first + each <= key.last)]
        moments += mine
        owners += [n] * len(mine)
    time, key_of = np.array(moments), np.array(owners)
    anchors = np.array([_ANCHOR[keys[n].gateway] for n in owners])
    return block(time, key_of, versioned(anchors, time, key_of, keys), 200)


def _attempts(rng: np.random.Generator, keys: tuple[Key, ...]) -> Block:
    """What goes wrong before a key's first success: wrong bodies, missing rights."""
    moments: list[int] = []
    owners: list[int] = []
    statuses: list[int] = []
    for n, key in enumerate(keys):
        room = min(key.first - key.valid_from, 3 * HOUR)
        if key.paced or room <= MINUTE or key.role in {"moved", "rotated"} or rng.random() > 0.55:
            continue
        refused = 401 if key.gateway == "nginx" else 403
        for _ in range(int(rng.integers(1, 4))):
            moments.append(key.first - int(rng.random() * 0.8 * room) - 1000)
            owners.append(n)
            statuses.append(int(rng.choice([refused, refused, 400, 422])))
    time, key_of = np.array(moments), np.array(owners)
    anchors = np.array([_ANCHOR[keys[n].gateway] for n in owners])
    return block(time, key_of, versioned(anchors, time, key_of, keys), np.array(statuses))


def _refused(keys: tuple[Key, ...]) -> Block:
    """The calls of the partner that never gets past the door: 24, all 401 or 403."""
    owner = next(n for n, key in enumerate(keys) if key.role == "attempting")
    time = np.linspace(keys[owner].first, keys[owner].last, 24).astype(np.int64) // 1000 * 1000
    status = np.where(np.arange(24) % 6 == 5, 403, 401)
    return block(time, np.full(24, owner), np.full(24, _ANCHOR["nginx"]), status)


def _verifications(
    rng: np.random.Generator, keys: tuple[Key, ...], plan: dict[str, dict[str, int]]
) -> list[Block]:
    """The planned identity checks, each month's between its 2nd and 27th day, and a few that fail."""
    offered = np.array(of_product("identity"))
    weights = np.array([ENDPOINTS[n].weight for n in offered])
    blocks = []
    for owner, key in enumerate(keys):
        mine = plan.get(key.partner.partner_id, {})
        if key.gateway != "aws" or key.environment != PRODUCTION:
            continue
        for month, units in mine.items():
            count = _of_key(key, month, units)
            wanted = count + -(-count // 100)
            start = at(f"{month}-02")
            time = start + (rng.random(wanted) * 25 * DAY).astype(np.int64)
            endpoint = rng.choice(offered, wanted, p=weights / weights.sum())
            status = np.where(np.arange(wanted) < count, 200, 422)
            blocks.append(block(time, np.full(wanted, owner), endpoint, status))
    return blocks


def _of_key(key: Key, month: str, units: int) -> int:
    """How many of a partner's checks a month run over this key: the leaking partner has a second one."""
    if key.role == "leak-second":
        return story.LEAK_SECOND_KEY if month >= "2026-07" else 0
    return units - story.LEAK_SECOND_KEY if key.role == "leak" and month >= "2026-07" else units


def make_strangers(rng: np.random.Generator, known: list[Block], keys: tuple[Key, ...]) -> list[Block]:
    """Calls that no credential explains, at the times of the others, in their shares of all calls."""
    times = np.concatenate([time for time, *_ in known])
    attributed = 1.0 - sum(share for *_, share in STRANGERS)
    blocks = []
    for n, (gateway, _, agent, _, share) in enumerate(STRANGERS):
        count = round(len(times) * share / attributed)
        moments = times[rng.integers(0, len(times), count)] + rng.integers(-10 * MINUTE, 10 * MINUTE, count)
        moments = moments.clip(START, END - MINUTE)
        offered = _strange(gateway, agent)
        endpoint = rng.choice(offered, count)
        newer = np.isin(endpoint, V1) & (moments >= at(story.V2_RELEASE))
        endpoint = np.where(newer, endpoint + len(V1), endpoint)
        if "Monitor" in agent and count:
            moments[0] = END - 30 * 1000
        blocks.append(block(moments, np.full(count, len(keys) + n), endpoint))
    return blocks


def _strange(gateway: str, agent: str) -> Ints:
    """Endpoints that a stranger calls: health checks, or reading without a parameter of refunds."""
    if "Monitor" in agent:
        return np.array([HEALTH[gateway]])
    reading = [n for n in REGULAR[gateway] if ENDPOINTS[n].method == "GET" and n not in V2]
    return np.array(reading)
