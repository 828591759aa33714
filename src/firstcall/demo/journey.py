"""What did people do in the portal and the documentation before, and after, their first call?"""

from __future__ import annotations

import random
from typing import Final

from firstcall.demo import story
from firstcall.demo.clock import DAY, END, HOUR, MINUTE, at, iso
from firstcall.demo.keys import SANDBOX, Key
from firstcall.demo.money import Subscription
from firstcall.demo.people import Developer, Partner
from firstcall.demo.tables import Cell, Table

_PAGES: Final = (
    "/docs/authentication",
    "/docs/errors",
    "/docs/webhooks",
    "/docs/charges",
    "/docs/tracking",
    "/docs/sdks",
)
_PRODUCTS: Final = {"kong": "payments", "nginx": "shipping", "aws": "insights"}
Step = tuple[int, str, str, str, str, str]
"""Time (epoch ms), partner, developer, anonymous id, step, subject."""


def make_journey(
    seed: int,
    partners: tuple[Partner, ...],
    developers: tuple[Developer, ...],
    keys: tuple[Key, ...],
    subscriptions: tuple[Subscription, ...],
) -> Table:
    """Every step, in order of time; credentials are issued before the first call, go-live when it happens."""
    rng = random.Random(f"journey {seed}")
    by_id = {partner.partner_id: partner for partner in partners}
    issued = {key.developer_id: key for key in keys if key.environment == SANDBOX}
    steps: list[Step] = []
    seen: set[str] = set()
    for developer in developers:
        partner = by_id[developer.partner_id]
        steps += _reading(rng, developer)
        if developer.developer_id in issued:
            steps += _credentials(developer, partner, issued[developer.developer_id])
        if partner.partner_id not in seen:
            seen.add(partner.partner_id)
            steps += _partner(rng, partner, developer)
    for each in subscriptions:
        if each.kind == "trial":
            who = (each.partner.partner_id, "", "")
            steps.append((each.started, *who, "trial_started", each.plan.plan_id))
            steps.append((each.trial_ends or each.started, *who, "trial_ended", each.plan.plan_id))
    steps = [step for step in steps if step[0] < END]
    steps.sort()
    rows: list[tuple[Cell, ...]] = [(iso(step[0]), *step[1:]) for step in steps]
    return Table(
        "journey", ("time", "partner_id", "developer_id", "anonymous_id", "step", "subject"), tuple(rows)
    )


def _reading(rng: random.Random, developer: Developer) -> list[Step]:
    """Pages seen as a visitor, the sign-up that names the visitor, the quickstart, and more pages."""
    who = (developer.partner_id, developer.developer_id)
    visitor = f"v-{rng.getrandbits(40):010x}"
    before = developer.signed_up - rng.randrange(20, 3000) * MINUTE
    steps: list[Step] = [
        (before, "", "", visitor, "discovered", "/"),
        (before + 2 * MINUTE, "", "", visitor, "docs_viewed", rng.choice(_PAGES)),
        (developer.signed_up, *who, "", "registered", ""),
        (developer.signed_up, *who, visitor, "identified", ""),
    ]
    if rng.random() < 0.75:
        room = (developer.first_call or developer.signed_up + 3 * HOUR) - developer.signed_up
        viewed = developer.signed_up + int(max(room, MINUTE) * rng.uniform(0.05, 0.6))
        steps.append((viewed, *who, "", "quickstart_viewed", "/docs/quickstart"))
        pages = 1 if developer.first_call else rng.randint(2, 5)
        steps += [
            (viewed + (n + 1) * 90_000, *who, "", "docs_viewed", rng.choice(_PAGES)) for n in range(pages)
        ]
    return steps


def _credentials(developer: Developer, partner: Partner, key: Key) -> list[Step]:
    """Terms, product, and the wait for a key."""
    who = (partner.partner_id, developer.developer_id, "")
    asked = max(
        partner.registered + MINUTE, key.valid_from - (5 * HOUR if _by_hand(key.valid_from) else MINUTE)
    )
    asked = min(asked, key.valid_from)
    product = _PRODUCTS[key.gateway]
    return [
        (asked - 40_000, *who, "terms_accepted", ""),
        (asked - 20_000, *who, "product_selected", product),
        (asked, *who, "credentials_requested", product),
        (key.valid_from, *who, "credentials_issued", product),
    ]


def _by_hand(moment: int) -> bool:
    return moment < at(story.SELF_SERVICE)


def _partner(rng: random.Random, partner: Partner, developer: Developer) -> list[Step]:
    """The organisation's own steps: approval, proof of concept, trial, production."""
    who = (partner.partner_id, developer.developer_id, "")
    steps: list[Step] = [(partner.registered + HOUR, *who, "approval_requested", "")]
    if partner.status == "approved":
        wait = rng.randint(4, 30) * HOUR if _by_hand(partner.registered) else 3 * MINUTE
        steps.append((partner.registered + HOUR + wait, *who, "approved", ""))
    if partner.live is not None:
        steps += [
            (partner.live - 8 * HOUR, *who, "production_requested", ""),
            (partner.live, *who, "went_live", ""),
        ]
        if rng.random() < 0.4:
            steps.append((partner.live - 7 * HOUR, *who, "webhook_configured", ""))
    first = developer.first_call
    if first is not None and rng.random() < 0.35:
        steps.append((first + HOUR, *who, "poc_started", ""))
        done = partner.live - 10 * HOUR if partner.live else first + 12 * DAY
        if (partner.live or rng.random() < 0.4) and done > first + 2 * HOUR:
            steps.append((done, *who, "poc_completed", ""))
    return steps
