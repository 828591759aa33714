"""Which consumer ids do the gateways see, whose are they, and from when until when?"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Final

from firstcall.demo import story
from firstcall.demo.clock import DAY, END, HOUR, MINUTE, at
from firstcall.demo.people import Developer, Partner

PRODUCTION: Final = "production"
SANDBOX: Final = "sandbox"
AGENTS: Final = {
    "northwind-python/1.8.2": 22,
    "northwind-node/2.3.0": 20,
    "northwind-java/1.4.1": 12,
    "northwind-php/0.9.5": 6,
    "python-requests/2.32.3": 10,
    "axios/1.7.4": 9,
    "Go-http-client/2.0": 8,
    "okhttp/4.12.0": 6,
    "GuzzleHttp/7.9": 4,
    "claude-agent-sdk/0.4.1 (mcp)": 3,
}
"""User agents of outside callers with their weights; the last one is an agent."""


@dataclass(frozen=True, slots=True)
class Key:
    """One consumer id in one hand: `first` and `last` bound its calls (epoch ms), `weight` its traffic.

    `paced` keys call in planned numbers only.
    """

    consumer: str
    gateway: str
    environment: str
    partner: Partner
    developer_id: str
    app: str
    first: int
    last: int
    weight: float
    agent: str
    role: str = ""
    valid_from: int = 0
    valid_to: int | None = None
    paced: bool = False


def make_keys(seed: int, partners: tuple[Partner, ...], developers: tuple[Developer, ...]) -> tuple[Key, ...]:
    """Every consumer id of every partner that calls, in partner order."""
    rng = random.Random(f"keys {seed}")
    teams: dict[str, list[Developer]] = {}
    for developer in developers:
        teams.setdefault(developer.partner_id, []).append(developer)
    keys: list[Key] = []
    for partner in partners:
        team = teams[partner.partner_id]
        agent = rng.choices(list(AGENTS), list(AGENTS.values()))[0]
        keys += _sandbox(rng, partner, team, agent)
        if partner.live is not None:
            keys += _production(rng, partner, team, agent)
        elif partner.role in {"attempting", "test"}:
            keys.append(_odd(partner, team[0], agent))
    return tuple(_moved(keys))


def _consumer(rng: random.Random, gateway: str, partner: Partner, tag: str) -> str:
    """The id as the gateway reports it: a user name, a login, or an API key id."""
    if gateway == "kong":
        return f"{partner.slug}-{tag}"
    if gateway == "nginx":
        return f"nw_{partner.slug.replace('-', '_')}_{tag.replace('-', '')}"
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=10))


def _sandbox(rng: random.Random, partner: Partner, team: list[Developer], agent: str) -> list[Key]:
    """One sandbox key for each developer who calls, on the partner's first gateway."""
    made = []
    for n, developer in enumerate(team, 1):
        if (first := developer.first_call) is None:
            continue
        days = rng.randint(4, 30) if partner.live is None else 21
        last = min(END - 3 * HOUR, max(first, partner.live or 0) + days * DAY, partner.last or END)
        tag = "sandbox" if n == 1 else f"sandbox-{n}"
        made.append(
            Key(
                consumer=_consumer(rng, partner.gateways[0], partner, tag),
                gateway=partner.gateways[0],
                environment=SANDBOX,
                partner=partner,
                developer_id=developer.developer_id,
                app=f"{partner.name} sandbox",
                first=first,
                last=last,
                weight=0.5 + min(partner.size, 4.0),
                agent=agent,
                valid_from=_issued(developer.signed_up, first),
            )
        )
    return made


def _issued(signed_up: int, first: int) -> int:
    """When the key was handed out: by hand shortly before it was used, by the portal at once."""
    by_hand = signed_up < at(story.SELF_SERVICE)
    wanted = first - (first - signed_up) // 4 if by_hand else signed_up + MINUTE
    return min(wanted, first - MINUTE)


def _production(rng: random.Random, partner: Partner, team: list[Developer], agent: str) -> list[Key]:
    """One production key for each gateway that the partner calls; later gateways start later."""
    made: list[Key] = []
    last = partner.last or END - 90 * MINUTE
    for n, gateway in enumerate(partner.gateways):
        live = partner.live or 0
        later = rng.randint(3, 30) * DAY
        first = live if n == 0 or gateway == "aws" else min(live + n * later, last - 40 * DAY)
        made.append(
            Key(
                consumer=_consumer(rng, gateway, partner, "prod"),
                gateway=gateway,
                environment=PRODUCTION,
                partner=partner,
                developer_id=team[n % 2].developer_id,
                app=f"{partner.name} live",
                first=max(first, live),
                last=last,
                weight=partner.size * (1.0 if n == 0 else 0.4),
                agent=agent,
                role=partner.role,
                valid_from=max(first, live) - 6 * HOUR,
            )
        )
    if partner.role == "leak":
        made.append(_second(rng, made[0]))
    return _rotated(made[0]) + made[1:] if partner.role == "rotated" else made


def _second(rng: random.Random, key: Key) -> Key:
    """The key the leaking partner took for a second application; billing never heard of it."""
    first = at(story.SECOND_KEY) + 10 * HOUR
    consumer = _consumer(rng, "aws", key.partner, "")
    return replace(key, consumer=consumer, first=first, valid_from=first - HOUR, role="leak-second")


def _rotated(key: Key) -> list[Key]:
    """The same application under a new id from a date on."""
    change = at(story.KEY_ROTATION)
    old = replace(key, last=change - 40 * MINUTE, valid_to=change)
    new = replace(key, consumer=f"{key.consumer}_2", first=change + 25 * MINUTE, valid_from=change)
    return [old, new]


def _moved(keys: list[Key]) -> list[Key]:
    """One consumer id changes hands on a date: before it is one partner's, after it another's."""
    change = at(story.KEY_MOVE)
    giver = next(key for key in keys if key.role == "moved-from" and key.gateway == "kong")
    taker = next(key for key in keys if key.role == "moved-to")
    given = replace(giver, last=change - 50 * MINUTE, valid_to=change)
    taken = replace(
        giver,
        partner=taker.partner,
        developer_id=taker.developer_id,
        first=change + 35 * MINUTE,
        last=END - 2 * HOUR,
        role="moved",
        valid_from=change,
    )
    return [given if key is giver else key for key in keys] + [taken]


def _odd(partner: Partner, developer: Developer, agent: str) -> Key:
    """A production key without a live partner: one that is always refused, and the test account's."""
    first = partner.registered + 5 * DAY
    gateway = partner.gateways[0]
    return Key(
        consumer=_consumer(random.Random(0), gateway, partner, "prod"),
        gateway=gateway,
        environment=PRODUCTION,
        partner=partner,
        developer_id=developer.developer_id,
        app=f"{partner.name} live",
        first=first,
        last=END - 5 * HOUR,
        weight=0.4,
        agent=agent,
        role=partner.role,
        valid_from=first - HOUR,
        paced=partner.role == "attempting",
    )
