"""Are the rows behind a number readable without knowing how they are computed?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from firstcall.periods import Question
from tests.metrics.small import program
from tests.reference.tiny import call, developer, key, line, partner

WORLD = {
    "partners": [partner(segment="small"), partner("P2")],
    "invoice_lines": [
        line("L1", "2025-01-01", "2025-02-01", "31", confidence="estimated"),
        line("L2", "2025-01-01", "2025-02-01", "0.5", partner_id="P2"),
    ],
}
JANUARY = {"start": date(2025, 1, 1), "end": date(2025, 2, 1)}


def test_money_is_shown_as_amounts_and_confidence_in_words() -> None:
    """31 and 0.50, not millionths; estimated and measured, not 1 and 0."""
    found = program(WORLD).explain(Question("program_revenue", **JANUARY))  # type: ignore[arg-type]
    rows = {
        row[found.columns.index("entry")]: dict(zip(found.columns, row, strict=True)) for row in found.rows
    }
    assert {entry: row["amount"] for entry, row in rows.items()} == {"L1": Decimal(31), "L2": Decimal("0.5")}
    assert {entry: row["confidence"] for entry, row in rows.items()} == {"L1": "estimated", "L2": "measured"}
    assert not {"split", "micros"} & set(found.columns)


def test_a_split_is_shown_by_the_names_of_its_dimensions() -> None:
    """By segment and partner there is a column for each; who has no segment has none."""
    asked = Question("program_revenue", by=("segment", "partner"), **JANUARY)  # type: ignore[arg-type]
    found = program(WORLD).explain(asked)
    places = [found.columns.index(name) for name in ("segment", "partner")]
    assert {tuple(row[place] for place in places) for row in found.rows} == {("small", "P1"), (None, "P2")}


def test_people_and_calls_share_the_columns_of_a_split() -> None:
    """Time to first call by product and segment: the segment is the newcomer's, the product the call's."""
    world = {
        **WORLD,
        "developers": [developer("D1", "2025-01-02")],
        "credentials": [key(person="D1")],
        "calls": [call("2025-01-03", product="payments")],
    }
    found = program(world).explain(Question("time_to_first_call", by=("product", "segment")))
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert (row["product"], row["segment"], row["waited"]) == ("payments", "small", 86400.0)
