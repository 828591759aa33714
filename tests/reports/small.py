"""Which program is small enough to work out its page by hand? Half a year of ten partners, in euros and UTC."""

from __future__ import annotations

from typing import Any

from firstcall.program import Program
from firstcall.reports.facts import ProgramFacts, gather
from firstcall.settings import Settings
from tests.metrics.filling import fill
from tests.reference.tiny import EVER, at, call, effort, key, line, on, partner, sandbox, span

Rows = dict[str, list[dict[str, Any]]]

FIRST_QUARTER = ("2025-01-01", "2025-04-01")
SECOND_QUARTER = ("2025-04-01", "2025-07-01")


def cost(name: str, quarter: tuple[str, str], amount: str, category: str = "engineering") -> dict[str, Any]:
    """Return a cost of running the program."""
    return {"cost_id": name, "category": category, "activity": "run", **span(*quarter, amount)}


def value(quarter: tuple[str, str], amount: str) -> dict[str, Any]:
    """Return estimated revenue that partners bring elsewhere."""
    sure = {"confidence": "estimated", "note": "Orders, by sales", "already_in_revenue": False}
    return {"kind": "attributed_revenue", **span(*quarter, amount), **sure}


def milestone(day: str, label: str, kind: str = "launch") -> dict[str, Any]:
    """Return a milestone."""
    return {"date": on(day), "label": label, "kind": kind}


def world() -> Rows:
    """Return the program.

    Four partners register in January and P1 goes live; six in April, and P2 to P8 go live in the second quarter.
    In March P1 is active alone, in June eight are. The quarters earn 900 and 1,350; onboarding takes 10 and 7 hours
    at 100; running costs 500 and 200; partners bring 600 and 2,700 elsewhere.
    """
    early = [partner(f"P{n}", "2025-01-02") for n in range(1, 5)]
    late = [partner(f"P{n}", "2025-04-02") for n in range(5, 11)]
    june = [call("2025-06-10", f"k{n}") for n in range(2, 9)]
    return {
        "partners": [*early, *late],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(1, 11)],
        "calls": [
            call("2025-03-10", "k1"),
            *june,
            sandbox("2025-05-01", "k9"),
            call("2025-06-30 23:00", "k1"),
        ],
        "invoice_lines": [line("a", *FIRST_QUARTER, "900"), line("b", *SECOND_QUARTER, "1350")],
        "effort": [effort("2025-02-03", 10, "100"), effort("2025-05-05", 7, "100")],
        "costs": [
            cost("c1", FIRST_QUARTER, "500"),
            cost("c2", SECOND_QUARTER, "150"),
            cost("c3", SECOND_QUARTER, "50", "tooling"),
        ],
        "value": [value(FIRST_QUARTER, "600"), value(SECOND_QUARTER, "2700")],
        "headcount": [{"month": on("2025-06-01"), "team": "all", "fte": 4.5}],
        "milestones": [
            milestone("2025-05-05", "Self-service portal"),
            milestone("2025-06-06", "Gateway outage", "incident"),
        ],
    }


def opened(rows: Rows, **program: object) -> tuple[Program, ProgramFacts]:
    """Return a program over exactly these rows, and its facts; `program` are settings of the section.

    Calls are known since before the first one.
    """
    plain = {"name": "Pets", "timezone": "UTC", "currency": "EUR"}
    settings = Settings.model_validate(
        {"program": {**plain, **program}, "known_since": {"calls": EVER["calls"]}}
    )
    made = Program(settings, fill(rows, settings.program.timezone))
    return made, gather(settings, made.engine, made.store_state)


__all__ = ["FIRST_QUARTER", "SECOND_QUARTER", "at", "cost", "milestone", "opened", "value", "world"]
