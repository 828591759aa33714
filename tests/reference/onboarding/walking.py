"""Whose journey is it, and when did each one do what?

Readings:
- A row belongs to the developer it names, else to the developer (or, of a partner's question, the partner) whom the
  first `identified` row of its anonymous id names; of several at one moment the smallest id. Its partner is the one it
  names, else its developer's, else that of the identified one, each followed through merges.
- A ticket belongs to its partner, else to its developer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.reference.identity import followed
from tests.reference.question import Question, Row, World
from tests.reference.scope import sees


def home(developer: str | None, world: World) -> str | None:
    """Return the partner of a developer, merges followed."""
    rows = [row for row in world.get("developers", ()) if row["developer_id"] == developer]
    return followed(rows[0].get("partner_id"), world) if rows else None


def steps(world: World, question: Question) -> list[Row]:
    """Return the journey in sight, each row with `who` (developer) and `of` (partner)."""
    rows = [row for row in world.get("journey", ()) if sees(row["time"], question)]
    identified = sorted(
        (row for row in rows if row["step"] == "identified" and row.get("anonymous_id")),
        key=lambda row: (row["time"], row.get("developer_id") or "", row.get("partner_id") or ""),
    )
    found: list[Row] = []
    for row in rows:
        same = [one for one in identified if one["anonymous_id"] == row.get("anonymous_id")]
        named = next((one["developer_id"] for one in same if one.get("developer_id")), None)
        firm = next((one["partner_id"] for one in same if one.get("partner_id")), None)
        own = row.get("developer_id")
        partner = (
            followed(row.get("partner_id"), world)
            or home(own, world)
            or followed(firm, world)
            or home(named, world)
        )
        found.append({**row, "who": own or named, "of": partner})
    return found


def times(walked: Sequence[Row], name: str, entity: str, *wanted: str) -> list[datetime]:
    """Return the moments at which somebody did one of the steps, oldest first."""
    side = "who" if entity == "developer" else "of"
    return sorted(row["time"] for row in walked if row[side] == name and row["step"] in wanted)


def tickets_of(world: World, question: Question, name: str, entity: str) -> list[datetime]:
    """Return when somebody's tickets were opened."""
    found = []
    for row in world.get("tickets", ()):
        partner = followed(row.get("partner_id"), world) or home(row.get("developer_id"), world)
        mine = row.get("developer_id") if entity == "developer" else partner
        if mine == name and sees(row["opened_at"], question):
            found.append(row["opened_at"])
    return sorted(found)
