"""How many identity checks does each customer make a month? Planned, so that money is exact at any scale."""

from __future__ import annotations

import random
from typing import Final

from firstcall.demo import story
from firstcall.demo.clock import at
from firstcall.demo.people import Partner

_PAY_AS_YOU_GO: Final = 6


def plan_verifications(seed: int, partners: tuple[Partner, ...]) -> dict[str, dict[str, int]]:
    """Successful production calls of `identity` by partner id and month, zero months left out."""
    rng = random.Random(f"verifications {seed}")
    plan: dict[str, dict[str, int]] = {}
    for partner in partners:
        if partner.role in story.VERIFICATIONS:
            units = story.VERIFICATIONS[partner.role]
            plan[partner.partner_id] = {
                m: n for m, n in zip(story.VERIFICATION_MONTHS, units, strict=True) if n
            }
    for partner in pay_as_you_go(partners):
        months = [m for m in story.VERIFICATION_MONTHS if at(f"{m}-01") > (partner.live or 0)]
        start = rng.randint(60, 400)
        plan[partner.partner_id] = {m: round(start * 1.12**n) for n, m in enumerate(months)}
    return plan


def pay_as_you_go(partners: tuple[Partner, ...]) -> tuple[Partner, ...]:
    """The first live callers of the AWS gateway without a part in the story, at most six."""
    found = [
        partner
        for partner in partners
        if partner.live is not None
        and "aws" in partner.gateways
        and not partner.role
        and partner.live < at("2026-07-20")
    ]
    found.sort(key=lambda partner: (partner.live or 0, partner.partner_id))
    return tuple(found[:_PAY_AS_YOU_GO])
