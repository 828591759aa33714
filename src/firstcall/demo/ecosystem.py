"""What do others build on the sample program? Webhooks they receive, contributions, integrations, an experiment."""

from __future__ import annotations

import random
from typing import Final

from firstcall.demo import story
from firstcall.demo.clock import DAY, END, HOUR, MINUTE, SECOND, START, at, iso, local
from firstcall.demo.people import Developer, Partner
from firstcall.demo.tables import Cell, Table

_RETRIES: Final = (at("2026-09-09 15:40"), at("2026-09-09 16:27"))
"""While the retries of webhooks were delayed (incident I006)."""
_TYPES: Final = ("marketplace", "marketplace", "adapter", "sample", "custom", "custom", "custom")
_TARGETS: Final = ("aws", "aws", "azure", "google-cloud", "on-premises", "kubernetes")
_DAYS_TO_LIVE: Final = {"marketplace": 12, "adapter": 20, "sample": 5, "custom": 45}


def make_deliveries(seed: int, partners: tuple[Partner, ...]) -> Table:
    """Webhooks of payments to live partners, ten a day; those of the incident were late or never came."""
    rng = random.Random(f"deliveries {seed}")
    live = [partner for partner in partners if partner.live is not None]
    rows: list[tuple[Cell, ...]] = []
    moment = at("2026-06-01")
    while moment < END:
        moment += rng.randrange(30, 260) * MINUTE
        able = [each for each in live if (each.live or 0) < moment < (each.last or END)]
        if moment >= END or not able:
            continue
        troubled = _RETRIES[0] <= moment < _RETRIES[1]
        attempts = rng.choice((3, 4, 5)) if troubled else rng.choice((1, 1, 1, 1, 1, 1, 1, 1, 2))
        wait = round(rng.lognormvariate(0.7, 0.6) * SECOND) + (attempts - 1) * 40 * SECOND
        lost = rng.random() < (0.3 if troubled else 0.004)
        done = "" if lost else iso(moment + wait)
        what = ("", "payments", rng.choice(able).partner_id, iso(moment), done, attempts)
        rows.append((*what, "failed" if lost else "delivered"))
    header = ("event_id", "product", "partner_id", "triggered_at", "delivered_at", "attempts", "status")
    return Table(
        "webhook_deliveries", header, tuple((f"W{n:05d}", *row[1:]) for n, row in enumerate(rows, 1))
    )


def make_contributions(seed: int) -> Table:
    """Issues, pull requests, adapters and samples; more of them, and faster answered, since the portal."""
    rng = random.Random(f"contributions {seed}")
    rows: list[tuple[Cell, ...]] = []
    moment = START
    while True:
        late = moment >= at(story.SELF_SERVICE)
        moment += round(rng.expovariate(1 / (3.0 if late else 7.0)) * DAY)
        if moment >= END:
            break
        kind = rng.choice(
            ("issue", "issue", "issue", "pull_request", "pull_request", "forum", "adapter", "sample_app")
        )
        closed = moment + round(rng.lognormvariate(1.2 if late else 1.9, 0.8) * DAY)
        done = iso(closed) if closed < END else ""
        accepted = done if kind != "forum" and rng.random() < 0.6 else ""
        outside = "true" if rng.random() < 0.75 else "false"
        rows.append((iso(moment), kind, outside, accepted, done, f"{rng.getrandbits(64):016x}"))
    header = ("time", "kind", "external", "accepted_at", "resolved_at", "author_hash")
    return Table("contributions", header, tuple(rows))


def make_integrations(seed: int, partners: tuple[Partner, ...]) -> Table:
    """What four in ten live partners built, how long it took, and where it runs."""
    rng = random.Random(f"integrations {seed}")
    rows: list[tuple[Cell, ...]] = []
    for partner in partners:
        if partner.live is None or rng.random() > 0.4:
            continue
        kind = rng.choice(_TYPES)
        began = partner.registered + rng.randrange(2, 12) * DAY
        live = began + round(rng.lognormvariate(0, 0.4) * _DAYS_TO_LIVE[kind] * DAY)
        installs = rng.randrange(3, 400) if kind != "custom" and live < END else 0
        counts = (installs, round(installs * rng.uniform(0.3, 0.8)))
        done = iso(live) if live < END else ""
        rows.append((partner.partner_id, kind, rng.choice(_TARGETS), iso(began), done, *counts))
    header = ("integration_id", "partner_id", "type", "target", "started_at", "live_at", "installs")
    numbered = tuple((f"N{n:03d}", *row) for n, row in enumerate(rows, 1))
    return Table("integrations", (*header, "active_installs"), numbered)


def make_assignments(seed: int, developers: tuple[Developer, ...]) -> Table:
    """Who saw which error messages from March to May 2026: developers who signed up then, by a coin."""
    rng = random.Random(f"assignments {seed}")
    first, last = at("2026-03-01"), at("2026-06-01")
    rows = tuple(
        (
            "error-messages",
            each.developer_id,
            rng.choice(("plain", "with-example")),
            iso(each.signed_up + HOUR),
        )
        for each in developers
        if first <= each.signed_up < last
    )
    return Table("assignments", ("experiment", "unit_id", "variant", "assigned_at"), rows)


def told_at(started: int) -> str:
    """Where the story of an incident of this moment is told."""
    return f"https://northwind.example/incidents/{local(started):%Y-%m-%d}"
