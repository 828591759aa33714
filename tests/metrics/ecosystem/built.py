"""Which integrations do the tests of the ecosystem share, and which month?"""

from __future__ import annotations

from typing import Any

from tests.reference.tiny import at, on

MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01"), "grain": "month"}


def built(
    name: str, kind: str = "adapter", live: str | None = "2025-03-10", **more: object
) -> dict[str, object]:
    """Return an integration of P1 begun on 1 March."""
    plain = {"integration_id": name, "partner_id": "P1", "type": kind, "started_at": at("2025-03-01")}
    return {**plain, "live_at": None if live is None else at(live), **more}
