"""What did the generator write, call by call?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from firstcall.demo.clock import Ints
from firstcall.demo.keys import AGENTS, PRODUCTION, Key


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind calls as the gateway sees it; `consumer` None is anonymous, `partner_id` None unmapped."""

    gateway: str
    environment: str
    consumer: str | None
    partner_id: str | None
    agent: str
    traffic_class: str
    address: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every call as columns of one length, in order of time: epoch ms, positions in `callers` and ENDPOINTS.

    `item` fills the path's parameter; `fixed` marks calls whose success the story relies on.
    """

    callers: tuple[Caller, ...]
    time: Ints
    caller: Ints
    endpoint: Ints
    status: Ints
    latency: Ints
    item: Ints
    fixed: Ints

    def __len__(self) -> int:
        """Number of calls."""
        return len(self.time)


COLUMNS: Final = tuple(field.name for field in fields(Ledger) if field.name != "callers")


def take(ledger: Ledger, rows: Ints) -> Ledger:
    """The calls at these positions, in this order."""
    return replace(ledger, **{name: getattr(ledger, name)[rows] for name in COLUMNS})


def select(ledger: Ledger, *, gateway: str) -> Ledger:
    """The calls of one gateway."""
    mine = np.array([caller.gateway == gateway for caller in ledger.callers])
    return take(ledger, np.flatnonzero(mine[ledger.caller]))


STRANGERS: Final = (
    ("kong", "legacy-batch", "python-requests/2.19.1", "external", 0.011),
    ("nginx", "nw_oldportal", "Java/1.8.0_292", "external", 0.006),
    ("aws", "k7q2v9x1m4", "Boto/2.49.0", "external", 0.003),
    ("nginx", None, "Mozilla/5.0 (tracking widget)", "external", 0.005),
    ("nginx", None, "Mozilla/5.0 (compatible; Googlebot/2.1)", "bot", 0.010),
    ("nginx", None, "Mozilla/5.0 (compatible; bingbot/2.0)", "bot", 0.005),
    ("kong", None, "NorthwindMonitor/1.4", "synthetic", 0.008),
    ("nginx", None, "NorthwindMonitor/1.4", "synthetic", 0.008),
    ("aws", None, "NorthwindMonitor/1.4", "synthetic", 0.004),
    ("kong", "northwind-backoffice", "NorthwindOps/2.3", "internal", 0.010),
)
"""Traffic that no credential explains: gateway, consumer, user agent, class, share of all calls."""


def make_callers(keys: tuple[Key, ...]) -> tuple[Caller, ...]:
    """One caller per key, in key order, then the strangers."""
    agent = list(AGENTS)[-1]
    mine = [
        Caller(
            gateway=key.gateway,
            environment=key.environment,
            consumer=key.consumer,
            partner_id=key.partner.partner_id,
            agent=key.agent,
            traffic_class="agent" if key.agent == agent else "external",
            address=f"203.0.113.{n % 250 + 1}" if n % 2 else f"198.51.100.{n % 250 + 1}",
        )
        for n, key in enumerate(keys)
    ]
    strangers = [
        Caller(gateway, PRODUCTION, consumer, None, user_agent, traffic_class, f"192.0.2.{n + 10}")
        for n, (gateway, consumer, user_agent, traffic_class, _) in enumerate(STRANGERS)
    ]
    return (*mine, *strangers)
