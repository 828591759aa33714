"""Which faults must the tests notice? Small changes to the product, each of which makes some number wrong.

A fault replaces one text of one file by another. It is found by the tests that hold for every metric, asked about the
metrics named here, or by the tests named. What they ask is drawn from seeds, so a fault that is missed says that the
questions of a usual run never meet it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WORLDS = "tests/metrics/test_against_reference.py"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, the file below src/firstcall, its text (there once), what stands there instead, and who notices.

    `metrics` are asked about random worlds; `tests` are further files for pytest.
    """

    name: str
    file: str
    text: str
    instead: str
    metrics: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """What pytest is told."""
        if not self.metrics:
            return self.tests
        chosen = (*(f"[{metric}-" for metric in self.metrics), *(Path(test).name for test in self.tests))
        return (WORLDS, *self.tests, "-k", " or ".join(chosen))


QUERY = (
    Fault(
        "a key is its owner's an instant late",
        "query/plan.py",
        "r.first_time >= o.since ",
        "r.first_time > o.since ",
        ("concentration", "active_partners"),
    ),
    Fault(
        "a scope lasts a day too long",
        "query/plan.py",
        "r.day >= $start and r.day < $end",
        "r.day >= $start and r.day <= $end",
        ("call_volume", "error_rate"),
    ),
    Fault(
        "agents are no users",
        "query/plan.py",
        "in ('external', 'agent')",
        "in ('external')",
        ("active_partners",),
    ),
    Fault(
        "test partners call",
        "query/plan.py",
        "coalesce(o.status, 'approved') not in ('test', 'duplicate')",
        "coalesce(o.status, 'approved') not in ('duplicate')",
        ("active_partners",),
    ),
    Fault(
        "as-of inside a day is read from rollups",
        "query/plan.py",
        " and not (scope.cut and _inside_a_day(scope))",
        "",
        ("call_volume", "error_rate"),
    ),
    Fault(
        "the day of as-of is seen whole",
        "query/plan.py",
        "r.day < $as_of_day",
        "r.day <= $as_of_day",
        ("call_volume", "error_rate"),
    ),
    Fault(
        "of single calls 403 is not refused",
        "query/plan.py",
        "r.status in (401, 403)",
        "r.status in (401)",
        ("active_partners", "growth_accounting"),
    ),
    Fault(
        "a key that begins inside a day is not noticed",
        "query/plan.py",
        "(r.first_time < o.since and o.since <= r.last_time)",
        "(r.first_time < o.since and o.since < r.first_time)",
        ("concentration", "active_partners"),
        ("tests/query/test_facts.py",),
    ),
    Fault(
        "the instant of as-of is seen",
        "query/filters.py",
        'f" and {alias}.{happened} < $as_of"',
        'f" and {alias}.{happened} <= $as_of"',
        ("call_volume", "error_rate", "latency"),
    ),
    Fault(
        "what was corrected later was never known",
        "query/filters.py",
        "{alias}.known_to > $known_at)",
        "{alias}.known_to < $known_at)",
        ("new_signups", "program_revenue"),
    ),
    Fault(
        "weeks are shifted twice",
        "query/filters.py",
        '_added("days", day, self.weeks)), -self.weeks)',
        '_added("days", day, self.weeks)), self.weeks)',
        ("new_signups", "call_volume", "error_rate", "program_cost", "active_partners"),
    ),
    Fault(
        "fiscal quarters are the calendar's",
        "query/filters.py",
        'self.grain in {"quarter", "year"} and self.months',
        'self.grain == "year" and self.months',
        ("new_signups",),
    ),
    Fault(
        "merges are followed once",
        "query/facts.py",
        "coalesce(d.partner_id, c.partner_id, b.partner_id, a.partner_id) as root",
        "coalesce(b.partner_id, a.partner_id) as root",
        ("active_partners", "program_revenue"),
        ("tests/query/test_facts.py",),
    ),
    Fault(
        "the earlier of two owners keeps the key",
        "query/facts.py",
        '"least(coalesce(c.valid_to',
        '"greatest(coalesce(c.valid_to',
        ("active_partners", "call_volume"),
    ),
    Fault(
        "duplicates sign up",
        "query/facts.py",
        "not in ('rejected', 'test', 'duplicate')",
        "not in ('rejected', 'test')",
        ("new_signups", "registered_partners"),
    ),
    Fault(
        "a bucket does not end with the scope",
        "query/facts.py",
        "end = min(bucket.end, scope.end)",
        "end = bucket.end",
        ("program_cost", "program_revenue"),
    ),
    Fault(
        "refunds are revenue",
        "query/ledger.py",
        "case when l.kind in ('credit', 'refund') then",
        "case when l.kind in ('credit') then",
        ("program_revenue", "net_revenue_retention"),
    ),
    Fault("tax is revenue", "query/ledger.py", " and l.kind <> 'tax' and", " and", ("program_revenue",)),
    Fault(
        "an exchange rate is carried on for a day too long",
        "query/ledger.py",
        "CARRIED_DAYS = 7",
        "CARRIED_DAYS = 8",
        ("program_revenue", "revenue_per_partner", "program_cost"),
    ),
    Fault(
        "the exchange rate is the oldest of the week's",
        "query/ledger.py",
        "max(x.date) as found",
        "min(x.date) as found",
        ("program_revenue",),
    ),
    Fault(
        "a usage line counts on the day after its last",
        "query/ledger.py",
        "greatest(add_days(m.end_day, -1), m.first_day)",
        "greatest(m.end_day, m.first_day)",
        ("program_revenue",),
    ),
    Fault(
        "a period that ends at midnight touches the next day",
        "query/ledger.py",
        "add_seconds({moment}, -0.000001)",
        "add_seconds({moment}, 0)",
        ("program_revenue", "program_cost"),
    ),
    Fault(
        "products are given the whole sum, not the running one",
        "query/ledger.py",
        "over (partition by s.period, s.entity order by s.product) as upto",
        "over (partition by s.period, s.entity) as upto",
        ("revenue_per_product",),
        ("tests/metrics/business/test_revenue.py",),
    ),
    Fault(
        "a quarter's rate by month is a fourth root",
        "query/points.py",
        "value ** (1 / 3)",
        "value ** (1 / 4)",
        ("developer_churn_rate", "partner_growth_rate", "net_revenue_retention"),
    ),
    Fault(
        "as many cases as the floor are too few",
        "query/points.py",
        "< least and name in",
        "<= least and name in",
        ("time_to_first_call", "latency"),
    ),
    Fault(
        "the first bucket is left out",
        "query/points.py",
        "first is None or bucket >= first",
        "first is None or bucket > first",
        ("call_volume", "new_signups"),
    ),
)
"""What all metrics share: which rows, whose, when, and in which money."""
