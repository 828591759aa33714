"""Which invoice lines of whole months do the tests of revenue over time share?"""

from __future__ import annotations

from tests.reference.tiny import Draft, line

MONTHS = [f"2025-{month:02}-01" for month in range(1, 13)]


def month(number: int, amount: str, owner: str = "P1", kind: str = "subscription") -> Draft:
    """Return a line over one month of 2025 or early 2026; 1 is January 2025, 13 January 2026."""
    start, end = (f"{2025 + (n - 1) // 12}-{(n - 1) % 12 + 1:02}-01" for n in (number, number + 1))
    return line(f"{owner}-{number}-{kind}", start, end, amount, kind, partner_id=owner)


MOVING = {
    "invoice_lines": [
        month(1, "100"),
        month(2, "150"),
        month(3, "120"),
        month(5, "80"),
        month(2, "40", "P2"),
        month(2, "999", "P2", "one_off"),
    ]
}
"""P1 pays 100, 150, 120, nothing, 80; P2 pays 40 in February only, and 999 once."""
