"""What do people say and what goes wrong? Tickets, surveys, feedback, requests, probes."""

from __future__ import annotations

import random
from typing import Final

from firstcall.demo import story
from firstcall.demo.catalogue import CHARGES_V1, ENDPOINTS, HIDDEN
from firstcall.demo.clock import (
    DAY,
    END,
    HOUR,
    MINUTE,
    MONTHS,
    QUARTERS,
    START,
    at,
    iso,
    midnight,
    quarter_end,
)
from firstcall.demo.people import Developer, Partner
from firstcall.demo.tables import Cell, Table

_TOPICS: Final = ("authentication", "webhooks", "errors", "limits", "billing", "documentation", "sdk")
_TICKETS: Final = dict(zip(MONTHS, (16, 18, 18, 17, 19, 15, 18, 17, 16, 17, 26, 24, 22, 26, 20), strict=True))
_PROBED: Final = ("payments", "shipping", "identity")
PROBE_MINUTES: Final = 15


def make_tickets(seed: int, partners: tuple[Partner, ...], developers: tuple[Developer, ...]) -> Table:
    """Support tickets by month; the breaking change and the hidden endpoint have theirs."""
    rng = random.Random(f"tickets {seed}")
    known = {partner.partner_id: partner for partner in partners}
    rows: list[tuple[Cell, ...]] = []
    for month, count in _TICKETS.items():
        for _ in range(count):
            opened = at(f"{month}-01 08:00") + rng.randrange(27 * 24 * 60) * MINUTE
            able = [
                d
                for d in developers
                if d.signed_up < opened and known[d.partner_id].fate in {"live", "stalled"}
            ]
            if not able:
                opened += 5 * DAY
                able = [developer for developer in developers if developer.signed_up < opened]
            asker = rng.choice(able)
            topic, endpoint = _about(rng, month)
            resolved = opened + round(rng.lognormvariate(2.6, 0.9) * HOUR)
            product, method, route = "", "", ""
            if endpoint:
                operation = next(e for e in ENDPOINTS if e.name == endpoint)
                product, method, route = operation.product, operation.method, operation.route
            who = (asker.partner_id, asker.developer_id)
            done = iso(resolved) if resolved < END else ""
            rows.append(("", *who, iso(opened), done, topic, product, method, route))
    rows.sort(key=lambda row: str(row[3]))
    numbered = tuple((f"T{n:04d}", *row[1:]) for n, row in enumerate(rows, 1))
    header = ("ticket_id", "partner_id", "developer_id", "opened_at", "resolved_at", "topic", "product")
    return Table("tickets", (*header, "method", "route"), numbered)


def _about(rng: random.Random, month: str) -> tuple[str, str]:
    """Topic and, where known, the endpoint."""
    if month in {"2026-05", "2026-06"} and rng.random() < 0.45:
        return "migration", CHARGES_V1
    if month >= "2026-07" and rng.random() < 0.35:
        return "errors", HIDDEN
    named = rng.random() < 0.5
    return rng.choice(_TOPICS), rng.choice(ENDPOINTS[:-3]).name if named else ""


_LEVELS: Final = {
    "2025Q3": (6.0, 7.6, 6.4, 5.8),
    "2025Q4": (6.3, 7.7, 6.5, 6.0),
    "2026Q1": (7.0, 7.8, 6.8, 7.1),
    "2026Q2": (7.3, 7.2, 7.0, 7.6),
    "2026Q3": (7.9, 7.4, 7.3, 8.1),
}
"""Usual scores by wave: documentation, reliability, support, ease."""
_COMMENTS: Final = (
    "",
    "",
    "",
    "Error messages could say which field is wrong.",
    "The new portal is a relief.",
    "Refunds fail now and then.",
    "More examples, please.",
)


def make_surveys(seed: int, developers: tuple[Developer, ...]) -> tuple[Table, Table]:
    """Invitations to everyone who had called before the wave, and the answers of about four in ten."""
    rng = random.Random(f"surveys {seed}")
    answers: list[tuple[Cell, ...]] = []
    invites: list[tuple[Cell, ...]] = []
    for wave in QUARTERS:
        sent = midnight(quarter_end(wave)) - 14 * DAY + 9 * HOUR
        for developer in developers:
            if developer.first_call is None or developer.first_call >= sent:
                continue
            invites.append((wave, developer.developer_id, iso(sent)))
            if rng.random() < 0.4:
                submitted = iso(sent + rng.randrange(1, 9 * 24 * 60) * MINUTE)
                scores = [min(10, max(1, round(rng.gauss(level, 1.3)))) for level in _LEVELS[wave]]
                who = (developer.partner_id, developer.developer_id)
                answer = (f"R{len(answers) + 1:04d}", wave, *who, submitted, *scores, rng.choice(_COMMENTS))
                answers.append(answer)
    header = ("response_id", "wave", "partner_id", "developer_id", "submitted_at")
    scores_of = ("documentation", "reliability", "support", "ease", "comment")
    return (
        Table("surveys", (*header, *scores_of), tuple(answers)),
        Table("survey_invites", ("wave", "developer_id", "sent_at"), tuple(invites)),
    )


def make_feedback(seed: int, developers: tuple[Developer, ...]) -> Table:
    """Thumbs on pages, samples and SDKs."""
    rng = random.Random(f"feedback {seed}")
    subjects = {
        "docs": ("/docs/quickstart", "/docs/errors", "/docs/webhooks"),
        "sample_code": ("charge-in-ten-lines", "track-a-parcel"),
        "sdk": ("northwind-python", "northwind-node"),
        "onboarding": ("portal",),
    }
    rows: list[tuple[Cell, ...]] = []
    for _ in range(180):
        developer = rng.choice(developers)
        moment = developer.signed_up + rng.randrange(1, 40 * 24 * 60) * MINUTE
        kind = rng.choice(list(subjects))
        rating = min(5, max(1, round(rng.gauss(3.4 if moment < at(story.SELF_SERVICE) else 4.0, 0.9))))
        if moment < END:
            who = (developer.partner_id, developer.developer_id)
            rows.append((iso(moment), kind, rng.choice(subjects[kind]), *who, rating, ""))
    rows.sort(key=lambda row: (str(row[0]), str(row[4])))
    header = ("time", "kind", "subject", "partner_id", "developer_id", "rating", "comment")
    return Table("feedback", header, tuple(rows))


def make_requests(seed: int, partners: tuple[Partner, ...]) -> Table:
    """What developers asked for, and when it was deployed; the youngest are open."""
    rng = random.Random(f"requests {seed}")
    live = [partner for partner in partners if partner.live is not None]
    rows: list[tuple[Cell, ...]] = []
    for n in range(72):
        opened = START + 20 * DAY + n * 6 * DAY + rng.randrange(DAY)
        partner = rng.choice([each for each in live if each.registered < opened])
        deployed = opened + round(rng.lognormvariate(2.9, 0.8) * DAY)
        kind = rng.choice(("bug", "bug", "feature", "docs"))
        done = iso(deployed) if deployed < END else ""
        rows.append((f"Q{n + 1:03d}", partner.partner_id, kind, iso(opened), done))
    return Table("requests", ("request_id", "partner_id", "kind", "opened_at", "deployed_at"), tuple(rows))


def make_probes(seed: int) -> Table:
    """Uptime checks of the last quarter, one in fifteen minutes; down only during the outage."""
    rng = random.Random(f"probes {seed}")
    rows: list[tuple[Cell, ...]] = []
    moment, end = at(story.LAST_QUARTER[0]), at(story.LAST_QUARTER[1])
    down, over = at(story.OUTAGE[0]), at(story.OUTAGE[1])
    while moment < end:
        for target in _PROBED:
            failed = target == "shipping" and down <= moment < over
            latency = "" if failed else round(rng.lognormvariate(4.4, 0.3))
            rows.append((target, iso(moment), "eu-central", "down" if failed else "up", latency))
        moment += PROBE_MINUTES * MINUTE
    return Table("probes", ("target", "time", "region", "result", "latency_ms"), tuple(rows))
