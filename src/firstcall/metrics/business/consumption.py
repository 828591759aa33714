"""How much of what was contracted or bought ahead is used, when will it be gone, and whom does it limit?"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.relations.consumption import CONSUMED, OFFERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firstcall.answers import Value

NEEDED = (
    "partner", "account", "role", "pack_id", "first_day", "end_day", "units", "excess", "recent", "current",
)  # fmt: skip
"""The columns of allowances that say what is used of them."""
NEARLY_ALL = Fraction(95, 100)
"""The used share of a quota above which it limits whoever it is for."""
RECENT_DAYS = 28
"""The days before the last one whose average is taken for the days to come."""
_VALUES = ("consumed", "used", "allowed", "over_contract", "lost", "days_left")


def _whole(value: object) -> int:
    return value if isinstance(value, int) else int(float(str(value)))


def drawn(
    packs: Sequence[Mapping[str, object]], uses: Sequence[Mapping[str, object]]
) -> tuple[list[int], list[int]]:
    """Return what is left of each pack, and what of each stretch of use no pack covers.

    Both come in order: packs by expiry, stretches by their first day. A pack that expires earlier is drawn first by
    whatever use falls on its days, so pack after pack takes the earliest use that is still uncovered.
    """
    open_units = [_whole(use["excess"]) for use in uses]
    left = []
    for pack in packs:
        rest = _whole(pack["units"])
        for number, use in enumerate(uses):
            if str(pack["first_day"]) <= str(use["first_day"]) < str(pack["end_day"]):
                taken = min(rest, open_units[number])
                rest -= taken
                open_units[number] -= taken
        left.append(rest)
    return left, open_units


def _account(rows: Sequence[Mapping[str, object]]) -> Mapping[str, int]:
    """Return used, allowed, over contract, lost and recent units of one account."""
    uses = sorted((row for row in rows if row["role"] == "use"), key=lambda row: str(row["first_day"]))
    packs = sorted(
        (row for row in rows if row["role"] == "pack"),
        key=lambda row: (str(row["end_day"]), str(row["first_day"]), str(row["pack_id"])),
    )
    contracted = sum(_whole(row["units"]) for row in rows if row["role"] == "contract")
    left, uncovered = drawn(packs, uses)
    over = sum(units for units, use in zip(uncovered, uses, strict=True) if use["current"])
    covered = min(contracted, sum(_whole(use["units"]) for use in uses if use["current"]))
    live = [(_whole(pack["units"]), rest) for pack, rest in zip(packs, left, strict=True) if pack["current"]]
    return {
        "allowed": contracted + sum(units for units, _ in live),
        "used": covered + sum(units - rest for units, rest in live) + over,
        "over_contract": over,
        "lost": sum(rest for pack, rest in zip(packs, left, strict=True) if not pack["current"]),
        "recent": sum(_whole(use["recent"]) for use in uses),
    }


def _accounts(rows: Sequence[Mapping[str, object]]) -> list[Mapping[str, int]]:
    """Return used, allowed, over contract, lost and recent units of each account."""
    accounts: dict[tuple[str, str], list[Mapping[str, object]]] = defaultdict(list)
    for row in rows:
        accounts[str(row["partner"]), str(row["account"])].append(row)
    return [_account(mine) for mine in accounts.values()]


def quotas(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
    """Return the largest used share of the quotas, and 1 where somebody was told to slow down or nearly used one up."""
    found = _accounts([row for row in rows if row["role"] != "hit"])
    told = any(row["role"] == "hit" for row in rows)
    near = any(each["used"] > NEARLY_ALL * each["allowed"] for each in found)
    shares = [each["used"] / each["allowed"] for each in found if each["allowed"]]
    return {"limited": int(told or near), "quota_used": max(shares, default=None)}


def entitlement(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
    """Return the used share of all that is contracted or bought ahead."""
    return {"entitlement_used": consumption(rows)["consumed"]}


def consumption(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
    """Return the values of all accounts together; `days_left` is absent where nothing is used."""
    found = _accounts(rows)
    total = {
        name: sum(each[name] for each in found)
        for name in ("allowed", "used", "over_contract", "lost", "recent")
    }
    allowed, used, recent = total["allowed"], total["used"], total.pop("recent")
    days_left: float | None = None
    if allowed and used >= allowed:
        days_left = 0.0
    elif allowed and recent:
        days_left = (allowed - used) * RECENT_DAYS / recent
    return {"consumed": used / allowed if allowed else None, **total, "days_left": days_left}


contract_consumption = Metric(
    card=Card(
        question="How much of what they contracted or bought ahead have partners used, and when will it be gone?",
        words=(
            "At the end of the period, or as-of: units used over units allowed. Use is first covered by the "
            "contracted units of the contract's month or year, then by the credit packs live on its day, that which "
            "expires first before the others; what is beyond is over contract and counts as used. Allowed are the "
            "contracted units and the packs that are live; what was left of expired ones is lost. days_left: how "
            "long the rest lasts at the average of the last 28 days."
        ),
        action="At 80 % offer the next pack; at 100 % bill the overage or talk.",
        better="neither",
        why_no_bands="Full use is good for the partner and a reason to talk for both.",
        audience=Audience("Sales", "business", "short"),
        requirement="U11",
    ),
    main=Part(
        of=CONSUMED,
        values={},
        cases="count(distinct rows_of.partner || ' ' || rows_of.account)",
        then=consumption,
        then_needs=NEEDED,
        then_values=_VALUES,
    ),
    headline="consumed",
    unit="share",
    unit_of={
        "used": "count",
        "allowed": "count",
        "over_contract": "count",
        "lost": "count",
        "days_left": "days",
    },
    dimensions=tuple(OFFERS),
    needs=("subscriptions|credit_packs", "calls", "credentials"),
    environment="any",
    grains=("month", "quarter", "year", "all"),
    default_by=("partner", "product"),
    ranked=True,
)
