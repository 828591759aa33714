"""Who made a call, and does it count as use?

Readings:
- Several credential rows of one consumer may hold at a moment: the one that began last wins (an absent
  `valid_from` began first). Environment and product of a credential restrict nothing.
- Merges are followed first, then the status of the partner reached decides: calls of a duplicate that was
  merged into an approved partner are external and that partner's; calls of an unmerged duplicate are
  internal.
- A credential's partner that is not in `partners` is still a partner, of unknown segment.
- A call without environment is `unknown`, without traffic class `external`.
- Members are partners by registration or developers by sign-up. A merged partner is no member of its own;
  a developer belongs to `developers.partner_id`, followed through merges, and shares its fate: left out
  when that partner is rejected, test or duplicate. A developer without partner is a member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.reference.calendar import local_day
from tests.reference.known import calls_since
from tests.reference.question import Question, Row, World
from tests.reference.scope import sees

NOT_OURS = ("test", "duplicate")
NEVER_MEMBERS = ("rejected", "test", "duplicate")
REGISTERED = ("pending", "approved", "suspended")
USE = ("external", "agent")
PARTNER_DIMS = ("segment", "country", "channel", "manager")
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Call:
    """One call with its owner; `use` tells whether adoption and money count it."""

    time: datetime
    day: date
    status: int
    outcome: str
    timeout: bool
    latency: float | None
    environment: str
    use: bool
    partner: str | None
    developer: str | None
    app: str | None
    endpoint: str
    dims: Mapping[str, str | None]
    client: float | None = None
    upstream: float | None = None

    def of(self, entity: str) -> str | None:
        """Return the id of the partner, developer or app behind it."""
        return {"partner": self.partner, "developer": self.developer, "app": self.app}[entity]

    def within(self, environment: str) -> bool:
        """Whether it was made in `environment`, or that is `any`."""
        return environment in ("any", self.environment)

    @property
    def succeeded(self) -> bool:
        """Whether it succeeded; a 2xx that timed out did not."""
        return self.outcome == "success"

    @property
    def refused(self) -> bool:
        """Whether it was an attempt without valid credentials (401 or 403)."""
        return self.status in (401, 403)


@dataclass(frozen=True, slots=True)
class Member:
    """A partner or developer of a cohort, dated by the local day it entered."""

    name: str
    entered: datetime
    day: date
    registered: bool
    dims: Mapping[str, str | None]


def outcome(status: int, *, timed_out: bool) -> str:
    """Return the exclusive outcome of a call."""
    if timed_out or status in (-1, 0, 408, 460, 499, 504):
        return "timeout"
    if 200 <= status <= 299:
        return "success"
    if 100 <= status <= 399:
        return "redirect"
    return "client_error" if status <= 499 else "server_error"


def followed(partner: str | None, world: World) -> str | None:
    """Return the partner that `partner` has become."""
    rows = {row["partner_id"]: row for row in world.get("partners", ())}
    seen = {partner}
    while partner in rows and rows[partner].get("merged_into"):
        target = rows[partner]["merged_into"]
        if target in seen:
            return partner
        partner = target
        seen.add(partner)
    return partner


def partner_row(partner: str | None, world: World) -> Row:
    """Return the row of a partner (merges already followed); empty when there is none."""
    return next((row for row in world.get("partners", ()) if row["partner_id"] == partner), {})


def partner_dims(partner: str | None, world: World) -> dict[str, str | None]:
    """Return the dimensions that belong to a partner."""
    row = partner_row(partner, world)
    return {"partner": partner, **{name: row.get(name) for name in PARTNER_DIMS}}


def credential(call: Row, world: World) -> Row:
    """Return the credential row in force for a call; empty when nobody holds it."""
    held = [
        row
        for row in world.get("credentials", ())
        if call.get("consumer") is not None
        and row["consumer"] == call["consumer"]
        and (row.get("valid_from") is None or row["valid_from"] <= call["time"])
        and (row.get("valid_to") is None or call["time"] < row["valid_to"])
    ]
    return max(held, key=lambda row: row.get("valid_from") or EARLIEST, default={})


def resolved(row: Row, world: World, question: Question) -> Call:
    """Return one call with its owner, its outcome and its dimensions."""
    held = credential(row, world)
    partner = followed(held.get("partner_id"), world)
    internal = partner_row(partner, world).get("status") in NOT_OURS
    traffic = "internal" if internal else row.get("traffic_class") or "external"
    result = outcome(row["status"], timed_out=bool(row.get("timed_out")))
    endpoint = f"{row['method']} {row.get('route')}"
    plain = ("consumer", "product", "method", "route", "version", "source", "sdk")
    environment = row.get("environment") or "unknown"
    dims: dict[str, str | None] = {name: row.get(name) for name in plain}
    dims |= partner_dims(partner, world)
    dims |= {"developer": held.get("developer_id"), "app": held.get("app"), "endpoint": endpoint}
    dims |= {"environment": environment, "status": str(row["status"])}
    dims |= {"outcome": result, "traffic_class": traffic}
    stream = row["status"] == 101 or row["method"] == "CONNECT"
    return Call(
        time=row["time"],
        day=local_day(row["time"], question.zone),
        status=row["status"],
        outcome=result,
        timeout=result == "timeout",
        latency=None if stream else row.get("latency_ms"),
        environment=environment,
        use=traffic in USE,
        partner=partner,
        developer=dims["developer"],
        app=dims["app"],
        endpoint=endpoint,
        dims=dims,
        client=None if stream else row.get("client_ms"),
        upstream=None if stream else row.get("upstream_ms"),
    )


def calls(world: World, question: Question) -> list[Call]:
    """Return every call in sight, oldest first."""
    rows = [row for row in world.get("calls", ()) if sees(row["time"], question)]
    return sorted((resolved(row, world, question) for row in rows), key=lambda call: call.time)


def uses(world: World, question: Question, environment: str) -> list[Call]:
    """Return the calls in sight that adoption counts, in one environment (or `any`), oldest first."""
    return [call for call in calls(world, question) if call.use and call.within(environment)]


def _partners(world: World, question: Question) -> list[Member]:
    return [
        Member(
            row["partner_id"],
            row["registered_at"],
            local_day(row["registered_at"], question.zone),
            (row.get("status") or "approved") in REGISTERED,
            partner_dims(row["partner_id"], world),
        )
        for row in world.get("partners", ())
        if not row.get("merged_into")
        and row.get("status") not in NEVER_MEMBERS
        and sees(row["registered_at"], question)
    ]


def _developers(world: World, question: Question) -> list[Member]:
    found = []
    for row in world.get("developers", ()):
        partner = followed(row.get("partner_id"), world)
        status = partner_row(partner, world).get("status") or "approved"
        if status in NEVER_MEMBERS or not sees(row["signed_up_at"], question):
            continue
        dims = {"developer": row["developer_id"], **partner_dims(partner, world)}
        day = local_day(row["signed_up_at"], question.zone)
        found.append(Member(row["developer_id"], row["signed_up_at"], day, status in REGISTERED, dims))
    return found


def members(world: World, question: Question, entity: str) -> list[Member]:
    """Return the members of all cohorts of `entity` (partner or developer) in sight."""
    return {"partner": _partners, "developer": _developers}[entity](world, question)


def entrants(world: World, question: Question, entity: str) -> list[Member]:
    """Return the members who came once calls were known, so that their clocks started in our sight."""
    since = calls_since(world, question)
    return [member for member in members(world, question, entity) if member.day >= since]


def in_sight(partner: str | None, world: World, question: Question) -> bool:
    """Whether a partner did not register before calls were known."""
    registered = partner_row(partner, world).get("registered_at")
    return registered is None or local_day(registered, question.zone) >= calls_since(world, question)
