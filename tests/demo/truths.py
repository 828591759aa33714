"""What is known to be true of the sample program, and which metric in which scope has to show it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from firstcall.demo import story
from firstcall.demo.calls import TWINS
from firstcall.demo.catalogue import CHARGES_V1, HIDDEN
from firstcall.demo.gateways import KONG_REDELIVERED

Number = Decimal
Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TruthScope:
    """The scope in which a truth shows: `start` and `end` are local and half-open.

    `period` is the first day of the bucket meant (empty: the only one), `value` a named value (empty: the
    headline), `partner` an organisation's name that stands for its id in a filter; empty means the default.
    """

    start: str = "2025-07-01"
    end: str = "2026-10-01"
    grain: str = "all"
    period: str = ""
    environment: str = ""
    entity: str = ""
    value: str = ""
    partner: str = ""
    where: Where = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """One planted fact: ``low <= answer <= high`` for `metric` as `asked`, from a scale of `from_scale` on.

    Shares are 0 to 1, durations seconds, money EUR; a scale of 0 means at every scale.
    """

    name: str
    what: str
    metric: str
    low: Number
    high: Number
    asked: TruthScope = TruthScope()
    from_scale: float = 0.0


def _exact(number: str | int | Decimal) -> tuple[Number, Number]:
    return Decimal(number), Decimal(number)


def _share(part: int, whole: int) -> tuple[Number, Number]:
    """A quotient, open by what a binary double cannot hold."""
    exact = Decimal(part) / Decimal(whole)
    return exact - Decimal("1e-9"), exact + Decimal("1e-9")


def _range(low: str, high: str) -> tuple[Number, Number]:
    return Decimal(low), Decimal(high)


QUARTER: Final = TruthScope(start=story.LAST_QUARTER[0], end=story.LAST_QUARTER[1])
SEPTEMBER: Final = TruthScope(start="2026-09-01", end="2026-10-01", grain="month")

HIDDEN_ENDPOINT: Final = (
    Truth(
        "hidden_endpoint",
        "One important endpoint of moderate volume fails 15 % of the time in the last quarter.",
        "error_rate",
        *_range("0.145", "0.152"),
        replace(QUARTER, environment="any", where=(("endpoint", HIDDEN),)),
        from_scale=0.2,
    ),
    Truth(
        "global_error_rate",
        "Over all calls of that quarter it looks like about half a percent.",
        "error_rate",
        *_range("0.0045", "0.0060"),
        replace(QUARTER, environment="any"),
        from_scale=1.0,
    ),
)

_MASKING: Final = TruthScope(start="2026-04-01", end="2026-10-01", grain="quarter", period="2026-07-01")
MASKING: Final = tuple(
    Truth(
        f"masking_{value}",
        what,
        "concentration",
        *_range(low, high),
        replace(_MASKING, environment="production", value=value),
        from_scale=0.2,
    )
    for value, what, low, high in (
        (
            "growth_total",
            "Attributed production calls grow by about 26 % in the last quarter.",
            "0.20",
            "0.35",
        ),
        ("growth_without_top", "Without Meridian Retail Group they fall by about 10 %.", "-0.15", "-0.05"),
        ("masking", "One large partner hides everyone else's decline.", "1", "1"),
    )
)

SANDBOX_PARTNERS: Final = 150
STALL: Final = (
    Truth(
        "registered",
        "200 partners are registered: pending, approved and suspended.",
        "registered_partners",
        *_exact(sum(story.REGISTRATIONS.values())),
        SEPTEMBER,
    ),
    Truth(
        "sandbox_active",
        "150 of them made a successful sandbox call (201 counts the deleted one too).",
        "sandbox_activation",
        *_range(str(Decimal(150) / 201), "0.750000001"),
        SEPTEMBER,
    ),
    Truth(
        "stall",
        "90 of those 150 never made a production call: 60 % stall between sandbox and production.",
        "onboarding_funnel",
        *_share(story.STALLED, SANDBOX_PARTNERS),
    ),
    Truth(
        "activation_to_date",
        "60 of 200 registered partners are live (201 counts the deleted one too).",
        "production_activation_rate",
        *_range(str(Decimal(60) / 201), "0.300000001"),
        replace(SEPTEMBER, value="to_date"),
    ),
)

COST_PER_PARTNER: Final = {
    quarter: Decimal(story.ONBOARDING_COST[quarter]) / story.GO_LIVES[quarter] for quarter in story.GO_LIVES
}
"""EUR by quarter: 5000, 4850, 2700, 1250, 800."""
ONBOARDING: Final = tuple(
    Truth(
        f"cost_per_onboarded_{quarter}",
        f"Onboarding a partner cost {cost} EUR in {quarter}; self-service came on {story.SELF_SERVICE}.",
        "cost_per_partner_onboarded",
        *_exact(cost),
        TruthScope(grain="quarter", period=f"{quarter[:4]}-{int(quarter[5]) * 3 - 2:02}-01"),
    )
    for quarter, cost in COST_PER_PARTNER.items()
)

LEAK: Final = tuple(
    Truth(
        f"leak_{month}",
        "900 checks metered, 600 billed: 700 × 0.80 = 560 due beyond the fee, 400 × 0.80 = 320 billed.",
        "leakage",
        *_exact("240.00"),
        TruthScope(
            grain="month",
            period=f"{month}-01",
            value="leaked",
            partner=partner,
            where=(("product", "identity"),) if partner else (),
        ),
    )
    for month in ("2026-07", "2026-08", "2026-09")
    for partner in (story.NAMES["leak"], "")
)

OUTAGE: Final = (
    Truth(
        "outage",
        "In the window 85 % of the production calls of shipping fail or time out.",
        "error_rate",
        *_range("0.70", "0.86"),
        TruthScope(
            start=story.OUTAGE[0],
            end=story.OUTAGE[1],
            environment="production",
            where=(("product", "shipping"),),
        ),
    ),
    Truth(
        "outage_uptime",
        "Seven of 8832 checks of the quarter found shipping down.",
        "uptime",
        *_share(8832 - 7, 8832),
        replace(QUARTER, value="probes", where=(("target", "shipping"),)),
    ),
    Truth(
        "outage_detected",
        "Incident I005 was noticed after 12 minutes.",
        "time_to_detect",
        *_exact(720),
        TruthScope(start="2026-08-01", end="2026-09-01"),
    ),
    Truth(
        "outage_resolved",
        "It was over 93 minutes later.",
        "time_to_resolve",
        *_exact(93 * 60),
        TruthScope(start="2026-08-01", end="2026-09-01"),
    ),
)

BREAKING_CHANGE: Final = (
    Truth(
        "v1_before",
        "Before v2, charges of v1 hardly fail.",
        "client_error_rate",
        *_range("0", "0.005"),
        TruthScope(
            start="2026-04-01", end="2026-05-01", environment="production", where=(("endpoint", CHARGES_V1),)
        ),
        from_scale=0.2,
    ),
    Truth(
        "v1_may",
        "From 11 May those who stay on v1 get 400s.",
        "client_error_rate",
        *_range("0.045", "0.051"),
        TruthScope(
            start=story.V2_RELEASE,
            end="2026-06-01",
            environment="production",
            where=(("endpoint", CHARGES_V1),),
        ),
        from_scale=0.2,
    ),
    Truth(
        "v1_june",
        "In June 12 % of the laggards' charges fail.",
        "client_error_rate",
        *_range("0.11", "0.121"),
        TruthScope(
            start="2026-06-01", end="2026-07-01", environment="production", where=(("endpoint", CHARGES_V1),)
        ),
        from_scale=0.2,
    ),
    Truth(
        "v1_gone",
        "Nobody calls v1 after its end.",
        "call_volume",
        *_exact(0),
        replace(QUARTER, environment="any", where=(("product", "payments"), ("version", "v1"))),
    ),
)

RETAINED: Final = (("2026-07", 6_800, 8_310), ("2026-08", 17_600, 21_550), ("2026-09", 20_000, 24_390))
"""Month, EUR of its payers a year before, EUR of the same payers now."""
PRICES: Final = (
    *(
        Truth(
            f"revenue_{month}",
            "Before the price launch only the ten founding contracts pay: 20 000 EUR a month.",
            "program_revenue",
            *_exact("20000.00"),
            TruthScope(grain="month", period=f"{month}-01"),
        )
        for month in ("2025-10", "2025-12", "2026-03")
    ),
    *(
        Truth(
            f"net_revenue_retention_{month}",
            f"{before} EUR a year before became {after}.",
            "net_revenue_retention",
            *_share(after, before),
            replace(QUARTER, grain="month", period=f"{month}-01"),
        )
        for month, before, after in RETAINED
    ),
    Truth(
        "grr",
        "Without growth 15 490 EUR of them were kept.",
        "gross_revenue_retention",
        *_share(15490, 20000),
        SEPTEMBER,
    ),
    Truth(
        "trials",
        "12 of 20 trials became paid plans.",
        "trial_conversion",
        *_share(12, 20),
        TruthScope(value="rate"),
    ),
    Truth(
        "pack",
        "Pemberton Foods has used 800 of the 1000 checks of its pack.",
        "contract_consumption",
        *_share(800, 1000),
        replace(QUARTER, partner=story.NAMES["pack"]),
    ),
)

HOUR: Final = 3600
FIRST_CALL: Final = (
    Truth(
        "first_call_before",
        "Until the portal a newcomer waits hours, at the median.",
        "time_to_first_call",
        Decimal(6 * HOUR),
        Decimal(16 * HOUR),
        TruthScope(end=story.SELF_SERVICE, value="median"),
    ),
    Truth(
        "first_call_after",
        "With the portal it is minutes.",
        "time_to_first_call",
        Decimal(8 * 60),
        Decimal(20 * 60),
        TruthScope(start=story.SELF_SERVICE, value="median"),
    ),
)
EARLY_CALLERS: Final = 2
"""Developers whose first call comes before their sign-up: left out of time to first call, and said so."""

ACTIVE_PARTNERS: Final = {"2025-09": 10, "2025-12": 18, "2026-03": 26, "2026-06": 37, "2026-09": 55}
"""Partners with a production call in the month, attempting ones and the test account left out."""
CHURN_DATES: Final = {
    "Tollgate Media": "2026-01-09",
    "Winslow Foods": "2026-03-22",
    "Ashdown Clinics": "2026-06-04",
    "Castellan Logistics": "2026-07-17",
    "Ravensworth Energy": "2026-09-10",
}
"""Last production call's local date plus 30 days."""
PEOPLE: Final = (
    *(
        Truth(
            f"active_{month}",
            f"{count} partners call production in {month}.",
            "active_partners",
            *_exact(count),
            TruthScope(grain="month", period=f"{month}-01", environment="production"),
        )
        for month, count in ACTIVE_PARTNERS.items()
    ),
    Truth(
        "growth",
        "From 37 to 55 active partners in a quarter: 14.1 % a month.",
        "partner_growth_rate",
        *_range("0.14126", "0.14129"),
        TruthScope(start="2026-07-01", grain="quarter", period="2026-07-01"),
    ),
    Truth(
        "growth_before",
        "From 26 to 37 in the quarter before: 12.5 % a month.",
        "partner_growth_rate",
        *_range("0.12478", "0.12481"),
        TruthScope(start="2026-04-01", grain="quarter", period="2026-04-01"),
    ),
    Truth(
        "churned_deep",
        "Castellan Logistics, on all three gateways, is the one that July loses of 38: the 37 active in June and "
        "Oakhurst Energy, whose refused calls are calls too.",
        "developer_churn_rate",
        *_share(1, 38),
        TruthScope(
            start="2026-07-01", end="2026-08-01", grain="month", entity="partner", environment="production"
        ),
    ),
)

UNATTRIBUTED_SHARE: Final = _range("0.0695", "0.0705")
"""Calls of all classes and environments whose consumer is no partner's, of all calls."""
TRAFFIC_SHARES: Final = {
    "synthetic": _range("0.0195", "0.0205"),
    "bot": _range("0.0145", "0.0155"),
    "internal": _range("0.0095", "0.0300"),
}
"""Share of all calls by class; internal includes the test account's, whose number is not planned."""
REFUSED_CALLS: Final = 24
"""Calls of Oakhurst Energy, every one 401 or 403: it attempts, and is never active."""
TEST_PARTNER: Final = "Copperfield Software"
TWIN_CALLS: Final = TWINS
"""nginx lines that occur twice and are two real calls each."""
REDELIVERED_CALLS: Final = KONG_REDELIVERED
"""Kong lines that occur twice with one request id: duplicates."""

TRUTHS: Final = (
    *HIDDEN_ENDPOINT,
    *MASKING,
    *STALL,
    *ONBOARDING,
    *LEAK,
    *OUTAGE,
    *BREAKING_CHANGE,
    *PRICES,
    *FIRST_CALL,
    *PEOPLE,
)
