"""Who registers with the sample program, and how far does each one come?"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from firstcall.demo import names, story
from firstcall.demo.clock import DAY, HOUR, MINUTE, at, local, midnight, quarter_end, quarter_start

_ONBOARDING_DAYS: Final = {False: (20, 45), True: (2, 12)}
_LIVE_SHARES: Final = {"kong": 50, "nginx": 30, "aws": 20}


@dataclass(frozen=True, slots=True)
class Partner:
    """One organisation; times in epoch milliseconds, `size` is its weight in the traffic.

    `fate` is how far it came: live, stalled (sandbox only), attempting (only refused calls), idle, or a status
    that takes it out of the count.
    """

    partner_id: str
    name: str
    registered: int
    status: str
    fate: str
    role: str
    segment: str
    country: str
    channel: str
    manager: str
    gateways: tuple[str, ...]
    size: float
    live: int | None = None
    last: int | None = None

    @property
    def slug(self) -> str:
        """The name as its consumers' ids carry it."""
        return names.slug(self.name)


def make_partners(seed: int) -> tuple[Partner, ...]:
    """Every organisation, in order of registration; the same for the same seed."""
    rng = random.Random(f"partners {seed}")
    live = _live(rng)
    partners = [*live, *_others(rng, live), *_extras(rng)]
    partners.sort(key=lambda partner: (partner.registered, partner.name))
    return tuple(replace(partner, partner_id=f"P{n:03d}") for n, partner in enumerate(partners, 1))


def _make(rng: random.Random, name: str, registered: int, fate: str, role: str = "") -> Partner:
    """One partner with drawn circumstances; its id is given once all are known."""
    main = rng.choices(list(_LIVE_SHARES), list(_LIVE_SHARES.values()))[0]
    others = [gateway for gateway in _LIVE_SHARES if gateway != main]
    gateways = (main, rng.choice(others)) if rng.random() < 0.25 else (main,)
    return Partner(
        partner_id="",
        name=name,
        registered=registered,
        status="approved",
        fate=fate,
        role=role,
        segment=rng.choice(names.SEGMENTS),
        country=rng.choice(names.COUNTRIES),
        channel=rng.choice(names.CHANNELS),
        manager=rng.choice(names.MANAGERS),
        gateways=story.GATEWAYS.get(role, gateways),
        size=rng.lognormvariate(0.0, 1.1),
    )


def _office(rng: random.Random, day: int) -> int:
    """A moment in working hours of the local day that begins at ``day``, to the second."""
    return day + 9 * HOUR + rng.randrange(8 * 3600) * 1000


def _live(rng: random.Random) -> list[Partner]:
    """The 60 partners that reach production, in the order in which they do."""
    found = [_founder(rng, founder) for founder in story.FOUNDERS]
    taken = {founder.name for founder in story.FOUNDERS}
    labels = iter(names.organisations(rng, 50, taken))
    for quarter, count in story.GO_LIVES.items():
        if quarter == "2025Q3":
            continue
        first, days = quarter_start(quarter), (quarter_end(quarter) - quarter_start(quarter)).days - 6
        for n in range(count):
            day = midnight(first + timedelta(days=3 + int((n + 0.2 + 0.6 * rng.random()) * days / count)))
            live = _office(rng, day)
            shortest, longest = _ONBOARDING_DAYS[live >= at(story.SELF_SERVICE) + 7 * DAY]
            registered = _office(rng, day - rng.randint(shortest, longest) * DAY)
            role = story.ROLES.get(len(found), "")
            name = story.NAMES.get(role) or next(labels)
            made = _make(rng, name, registered, "live", role)
            found.append(replace(made, live=live, last=story.LAST_CALLS.get(role)))
    return [_early_july(partner, n) for n, partner in enumerate(found)]


def _founder(rng: random.Random, founder: story.Founder) -> Partner:
    made = _make(rng, founder.name, at(f"{founder.registered} 10:30"), "live", founder.role)
    size = {"castellan": 9.0, "whale": 1.0}.get(founder.role, 2.5 + made.size)
    live, last = at(f"{founder.live} 11:00"), story.LAST_CALLS.get(founder.role)
    return replace(
        made, live=live, last=last, size=size, segment="enterprise", country="DE", channel="outbound"
    )


def _early_july(partner: Partner, order: int) -> Partner:
    """Two quick starters: the cohort of the last quarter that is already mature has its successes."""
    if order not in {40, 41}:
        return partner
    day = f"2026-07-0{order - 39}"
    return replace(partner, registered=at(f"{day} 10:00"), live=at(f"{day} 10:00") + 3 * DAY + 2 * HOUR)


def _others(rng: random.Random, live: list[Partner]) -> list[Partner]:
    """The 140 countable partners that never make a successful production call."""
    moments: list[int] = []
    for quarter, count in story.REGISTRATIONS.items():
        first, end = midnight(quarter_start(quarter)), midnight(quarter_end(quarter))
        missing = count - sum(first <= partner.registered < end for partner in live)
        moments += sorted(_registrations(rng, first, end, missing))
    labels = names.organisations(rng, len(moments), {partner.name for partner in live})
    late = [moment >= at("2026-09-10") for moment in moments]
    fates = ["attempting"] + ["stalled"] * story.STALLED
    fates += ["idle"] * (len(moments) - len(fates) - sum(late))
    rng.shuffle(fates)
    drawn = iter(fates)
    made = [
        _make(rng, label, moment, "idle" if is_late else next(drawn))
        for label, moment, is_late in zip(labels, moments, late, strict=True)
    ]
    return _pending(rng, made)


def _registrations(rng: random.Random, first: int, end: int, count: int) -> list[int]:
    """Moments within a quarter; of the last quarter only two in its first three days."""
    days = round((end - first) / DAY)
    if first != at("2026-07-01"):
        return [
            _office(rng, midnight(local(first).date() + timedelta(rng.randrange(days)))) for _ in range(count)
        ]
    early = [at("2026-07-02 11:15"), at("2026-07-02 16:50")]
    return early + [_office(rng, first + rng.randrange(3, days) * DAY) for _ in range(count - 2)]


def _pending(rng: random.Random, partners: list[Partner]) -> list[Partner]:
    """A few idle partners still wait for approval, one is suspended; the refused one calls nginx."""
    idle = [n for n, partner in enumerate(partners) if partner.fate == "idle"]
    statuses = dict(zip(rng.sample(idle, 6), ["pending"] * 5 + ["suspended"], strict=True))
    settled = [replace(partner, status=statuses.get(n, partner.status)) for n, partner in enumerate(partners)]
    return [
        replace(partner, gateways=("nginx",), role="attempting", name=story.NAMES["attempting"])
        if partner.fate == "attempting"
        else partner
        for partner in settled
    ]


def _extras(rng: random.Random) -> list[Partner]:
    made = []
    for name, status, registered in story.EXTRAS:
        partner = _make(rng, name, at(registered), status, status)
        made.append(replace(partner, status=status, gateways=("kong",)))
    return made


@dataclass(frozen=True, slots=True)
class Developer:
    """One person; `first_call` is when the first successful call comes, None for those who never call."""

    developer_id: str
    partner_id: str
    name: str
    signed_up: int
    first_call: int | None


def make_developers(seed: int, partners: tuple[Partner, ...]) -> tuple[Developer, ...]:
    """Every person who signed up, partner by partner; the first of a calling partner calls first."""
    rng = random.Random(f"developers {seed}")
    found: list[Developer] = []
    early = {partner.partner_id for partner in partners if partner.role in {"rotated", "annual"}}
    for partner in partners:
        callers, silent = _team(rng, partner)
        for n in range(callers + silent):
            signed_up = max(partner.registered, at("2025-07-01 08:30")) + 5 * MINUTE
            signed_up += n * rng.randrange(2 * 3600, 30 * 3600) * 1000
            first = signed_up + _wait(rng, partner, signed_up) if n < callers else None
            if first is not None and partner.partner_id in early and n == callers - 1:
                signed_up = first + rng.randrange(3600, 30 * 3600) * 1000
            identifier = f"D{len(found) + 1:03d}"
            found.append(Developer(identifier, partner.partner_id, names.person(rng), signed_up, first))
    return tuple(found)


def _team(rng: random.Random, partner: Partner) -> tuple[int, int]:
    """How many people of a partner call, and how many only signed up."""
    if partner.fate == "live":
        return 2, rng.choice((0, 1, 1, 2))
    if partner.fate == "stalled":
        return 1, rng.choice((0, 1, 1))
    return (1, 0) if partner.fate == "test" else (0, 1)


def _wait(rng: random.Random, partner: Partner, signed_up: int) -> int:
    """Milliseconds from sign-up to the first successful call: hours before the portal, minutes after."""
    if signed_up < at(story.SELF_SERVICE):
        wait = min(max(rng.lognormvariate(2.25, 0.8), 1.5), 120.0) * 3600
    else:
        wait = min(max(rng.lognormvariate(2.6, 0.7), 3.0), 300.0) * 60
    if partner.live is not None:
        wait = min(wait, 0.6 * (partner.live - signed_up) / 1000)
    return round(wait) * 1000
