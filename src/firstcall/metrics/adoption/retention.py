"""Do those who begin come back, and how does the circle of users grow?"""

from __future__ import annotations

from firstcall.metrics.adoption import retention_relations as retained
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.idioms import OPEN_WINDOW, how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio, Variant

_CALLER = tuple(USAGE_DIMENSIONS)

retention = Metric(
    card=Card(
        question="Do those who begin to use the APIs come back?",
        words=(
            "Of those whose first active period is this one, the share active again so many periods later (classic), "
            "or then or ever after (--set kind=rolling): 1, or those of --set offset; and 1, 4 and 12. Shown once "
            "the period and as many more, and one, are over. With --set windows=hours, later periods are whole 24 "
            "hours from the first call of one's own (of a week 7, a month 30, a quarter 91, a year 365): day 1 is "
            "hours 24 to 48. Pooled are all cohorts of the scope for which that is so, summed."
        ),
        action="Ask those who tried once and left what they came for.",
        better="higher",
        why_no_bands="It depends on how often the work comes up that the APIs do; compare cohorts.",
        audience=Audience("Developer experience", "adoption", "mid"),
        requirement="U14",
    ),
    main=Part(
        of=retained.returns,
        values={
            "share": share("rows_of.back", "rows_of.closed", OPEN_WINDOW),
            **{
                f"after_{n}": share(f"rows_of.back_{n}", f"rows_of.closed_{n}", OPEN_WINDOW)
                for n in (1, 4, 12)
            },
            "pooled": Ratio("max(rows_of.pooled_back)", "max(rows_of.pooled)", OPEN_WINDOW),
            "size": "count(*)",
        },
        cases="count(*)",
        open=how_many("not rows_of.closed"),
        notes=((how_many("not rows_of.closed"), "of {n} it is too early to say whether they came back"),),
    ),
    headline="share",
    unit="share",
    unit_of={"size": "count"},
    dimensions=_CALLER,
    needs=("calls", "credentials"),
    entity="developer",
    grains=("day", "week", "month", "quarter", "year"),
    default_grain="week",
    interval="share",
    variants=(
        Variant("offset", "Periods after the first.", (), "1", unit="periods", most=520),
        Variant(
            "windows",
            "Later periods by the calendar, or in whole 24 hours from the first call.",
            ("calendar", "hours"),
            "calendar",
        ),
        Variant(
            "kind", "Active in that period, or in it or any later one.", ("classic", "rolling"), "classic"
        ),
    ),
)

adoption_curve = Metric(
    card=Card(
        question="How does the circle of users grow, and what happened around launches?",
        words=(
            "Distinct partners active in the period or ever before it, and those new in it. Where milestones fall "
            "into a period: the mean of new ones over the four periods before it, and over it and the three after it "
            "once they are over and in the scope. The rows name the milestone; that one follows the other does not "
            "make it the cause."
        ),
        action="Launch to one segment first, so that the other one shows what would have happened anyway.",
        better="higher",
        why_no_bands="A curve is read by its slope.",
        audience=Audience("API product", "adoption", "long"),
        requirement="U17",
    ),
    main=Part(
        of=retained.ADOPTED,
        values={
            "partners": "count(*)",
            "new": how_many("rows_of.arrived"),
            "milestones": "max(rows_of.milestones)",
            "before": "max(rows_of.earlier)",
            "after": "max(rows_of.later)",
        },
        cases="count(*)",
        notes=(("max(rows_of.milestones)", "milestones fall into these periods; the rows name them"),),
    ),
    headline="partners",
    unit="count",
    unit_of={"before": "number", "after": "number"},
    dimensions=_CALLER,
    needs=("calls", "credentials"),
    grains=("day", "week", "month", "quarter", "year"),
)
