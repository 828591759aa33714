"""How much recurs in which month?

Readings:
- A line with a period (subscription, credit pack, credit, refund) counts its amount over its months in every month
  at whose last moment the period runs; use and overage their amount in the month in which their period ends. A
  subscription's line of no length counts once, other lines of no length and one-off lines never.
- Months: whole calendar months exactly, by local days or by days of UTC, the last day of a month standing for days
  that the month lacks; other lengths by days ÷ (365.25 ÷ 12). A period that ends with the last second of a day ends
  with the day.
- A month that is not over is looked at on the last day known: that before as-of, or the last of the scope.
- Of a quarter or a year the last month counts; sums over time add all months.
- `basis=recognised`, `invoiced` and `paid` put revenue on days as the ledger does, and count whole buckets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta
from fractions import Fraction

from tests.reference.business.ledger import Share, ours, revenue, worth
from tests.reference.calendar import DAY, INSTANT, add_months, local_day
from tests.reference.question import Question, Row, World
from tests.reference.scope import as_of, wanted

USED = ("usage", "overage")
MONTH_DAYS = Fraction(36525, 1200)
SECOND = timedelta(seconds=1)


def by_value(question: Question) -> bool:
    """Whether the question is about recurring value, and not about revenue laid on days."""
    return question.set.get("basis", "value") == "value"


def counted_days(world: World, question: Question) -> list[date]:
    """Return the days of the revenue asked about, which say what the scope is."""
    return [s.day for s in revenue(world, question) if s.kind != "one_off" and wanted(s.dims, question)]


def recurring(world: World, question: Question) -> list[Share]:
    """Return what recurs, each part on the day on which its month is looked at."""
    if not by_value(question):
        return [share for share in revenue(world, question) if share.kind != "one_off"]
    found = []
    for row in world.get("invoice_lines", ()):
        if row["kind"] in {"tax", "one_off"} or not ours(row, world):
            continue
        for day, over in months_of(row, question, world):
            whole = worth(row, day, world, question)
            found += [] if whole is None else [replace(whole, amount=whole.amount / over)]
    return found


def months_of(row: Row, question: Question, world: World) -> list[tuple[date, Fraction]]:
    """Return the days on which a line counts, and over how many months its amount goes each time."""
    first, until = (local_day(row[name] + more, question.zone) for name, more in EDGES)
    last = last_known(question, world)
    if row["kind"] in USED or until <= first:
        end = max(first, local_day(row["period_end"] - INSTANT, question.zone))
        at_once = row["kind"] in (*USED, "subscription")
        return [(end, Fraction(1))] if at_once and (last is None or end <= last) else []
    utc = [(row[name] + more).astimezone(UTC).date() for name, more in EDGES]
    whole = max(whole_months(first, until), whole_months(*utc))
    over = Fraction(whole) if whole else Fraction((until - first).days) / MONTH_DAYS
    found, month = [], add_months(first, 0)
    while month < until:
        after = add_months(month, 1)
        looked = after - DAY if last is None else min(after - DAY, last)
        if month <= looked and first <= looked < until:
            found.append((looked, over))
        month = after
    return found


EDGES = (("period_start", timedelta(0)), ("period_end", SECOND))


def whole_months(first: date, until: date) -> int:
    """Return how many calendar months lie between two days; 0 when their days do not meet."""
    count = (until.year - first.year) * 12 + until.month - first.month
    last = {day for day in (first, until) if (day + DAY).day == 1}
    meets = first.day == until.day or (until in last and first.day > until.day)
    return count if meets or (first in last and until.day > first.day) else 0


def last_known(question: Question, world: World) -> date | None:
    """Return the last day on which a month can be looked at."""
    now = as_of(world, question)
    ends = [row["period_end"] for row in world.get("invoice_lines", ())]
    days = [
        local_day(each - INSTANT, question.zone) for each in ([now] if now else [max(ends)] if ends else [])
    ]
    return min([*days, *([question.end - DAY] if question.end else [])], default=None)


def closing(first: date, end: date, question: Question, world: World) -> date:
    """Return the day from which the bucket of these days (half-open) counts: its last month, as far as known."""
    if not by_value(question):
        return first
    last = last_known(question, world)
    looked = end - DAY if last is None else min(end - DAY, last)
    return max(first, add_months(looked, 0))
