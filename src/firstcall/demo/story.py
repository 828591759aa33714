"""What is fixed in the sample program's story, whatever the seed: who, when, how many?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from firstcall.demo.clock import at

SELF_SERVICE: Final = "2026-02-02"
PRICE_LAUNCH: Final = "2026-04-01"
V2_RELEASE: Final = "2026-05-11"
V1_SUNSET: Final = "2026-07-01"
LAST_QUARTER: Final = ("2026-07-01", "2026-10-01")
OUTAGE: Final = ("2026-08-18 14:05", "2026-08-18 15:50")
KEY_ROTATION: Final = "2026-03-15"
KEY_MOVE: Final = "2026-01-20"
SECOND_KEY: Final = "2026-07-01"

REGISTRATIONS: Final = {"2025Q2": 6, "2025Q3": 26, "2025Q4": 28, "2026Q1": 36, "2026Q2": 46, "2026Q3": 58}
"""Countable registrations (pending, approved, suspended) by quarter: 200 in all."""
GO_LIVES: Final = {"2025Q3": 10, "2025Q4": 8, "2026Q1": 10, "2026Q2": 12, "2026Q3": 20}
"""Partners whose first successful production call falls in the quarter: 60 in all."""
STALLED: Final = 90
"""Partners with a successful sandbox call and never a production call."""
ONBOARDING_COST: Final = {
    "2025Q3": 50_000,
    "2025Q4": 38_800,
    "2026Q1": 27_000,
    "2026Q2": 15_000,
    "2026Q3": 16_000,
}
"""Effort plus costs of activity onboarding by quarter, EUR."""


@dataclass(frozen=True, slots=True)
class Founder:
    """A partner of the first hour: registered, live, and under contract (all local dates)."""

    role: str
    name: str
    registered: str
    live: str
    contract: str
    fee: int
    product: str


FOUNDERS: Final = (
    Founder("founder-1", "Halden Freight", "2025-06-03", "2025-07-03", "2025-07-01", 2400, "shipping"),
    Founder("founder-2", "Brightwater Insurance", "2025-06-05", "2025-07-08", "2025-07-01", 2000, "accounts"),
    Founder("verifier", "Torsvik Capital", "2025-06-10", "2025-07-10", "2025-07-01", 1600, "accounts"),
    Founder("founder-4", "Pinewood Outfitters", "2025-06-12", "2025-07-15", "2025-07-01", 800, "payments"),
    Founder("whale", "Meridian Retail Group", "2025-06-16", "2025-08-04", "2025-08-01", 4000, "payments"),
    Founder("castellan", "Castellan Logistics", "2025-06-23", "2025-08-06", "2025-08-01", 3600, "shipping"),
    Founder("laggard-1", "Ostrava Rail", "2025-07-07", "2025-08-12", "2025-08-01", 2000, "payments"),
    Founder("laggard-2", "Vellum Media", "2025-07-10", "2025-08-20", "2025-08-01", 1200, "payments"),
    Founder("laggard-3", "Quayside Markets", "2025-07-24", "2025-09-02", "2025-09-01", 1600, "payments"),
    Founder("founder-10", "Lindgren Stays", "2025-07-30", "2025-09-09", "2025-09-01", 800, "shipping"),
)

ROLES: Final = {
    11: "silent-1",
    12: "moved-from",
    13: "moved-to",
    14: "silent-2",
    15: "rotated",
    16: "laggard-4",
    17: "laggard-5",
    19: "silent-3",
    20: "leak",
    21: "laggard-6",
    22: "silent-4",
    30: "pack",
    31: "annual",
}
"""Who plays what among the live partners, by the order in which they went live (founders are 0 to 9)."""
NAMES: Final = {
    "silent-1": "Tollgate Media",
    "silent-2": "Winslow Foods",
    "silent-3": "Ashdown Clinics",
    "silent-4": "Ravensworth Energy",
    "moved-from": "Hollis Telecom",
    "moved-to": "Radley Telecom",
    "rotated": "Stonebridge Couriers",
    "leak": "Larkspur Insurance",
    "pack": "Pemberton Foods",
    "annual": "Northgate Cargo",
    "attempting": "Oakhurst Energy",
}
"""Names of those who play a part and are no founders, whatever the seed."""
LAST_CALLS: Final = {
    "silent-1": at("2025-12-10 16:40"),
    "silent-2": at("2026-02-20 10:15"),
    "silent-3": at("2026-05-05 09:30"),
    "castellan": at("2026-06-17 17:05"),
    "silent-4": at("2026-08-11 13:45"),
}
"""The last production call of partners who fell silent; churned 30 local days later."""
GATEWAYS: Final = {
    "founder-1": ("nginx", "kong"),
    "founder-2": ("kong",),
    "verifier": ("kong", "aws"),
    "founder-4": ("kong", "nginx"),
    "whale": ("kong",),
    "castellan": ("nginx", "kong", "aws"),
    "founder-10": ("nginx",),
    "moved-from": ("kong", "nginx"),
    "moved-to": ("kong",),
    "rotated": ("nginx",),
    "leak": ("aws",),
    "pack": ("nginx", "aws"),
    "annual": ("nginx",),
    **{f"laggard-{n}": ("kong",) for n in range(1, 7)},
}
"""Gateways that a role calls, the first one first; everyone else's are drawn."""
EXTRAS: Final = (
    ("Copperfield Software", "test", "2025-08-20 10:00"),
    ("Halden Freight GmbH", "duplicate", "2025-09-11 15:20"),
    ("Cheap Clicks Media", "rejected", "2025-11-03 09:10"),
    ("Free Traffic Labs", "rejected", "2026-03-17 22:45"),
    ("Bulk Lookup Systems", "rejected", "2026-07-14 03:30"),
    ("Solace Clinics", "deleted", "2026-01-13 11:00"),
)
"""Registrations that are not among the 200: name, status, registered."""

VERIFICATIONS: Final = {
    "verifier": (300, 350, 400, 500, 700, 900),
    "leak": (0, 260, 420, 900, 900, 900),
    "pack": (0, 0, 0, 250, 270, 280),
}
"""Successful production calls of `identity` in April to September 2026, exactly, at any scale."""
VERIFICATION_MONTHS: Final = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
LEAK_SECOND_KEY: Final = 300
"""Calls a month that the leaking partner makes with the key billing does not know, from July 2026."""
