"""What became of what onboarding cost?"""

from __future__ import annotations

from firstcall.metrics.business.onboarding_spend_relations import FATES
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, amount
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.onboarding.funnel import WINDOW

_MISSED = "rows_of.fate in ('lost', 'late')"
_OPEN = "count(rows_of.micros) filter (where rows_of.fate = 'open')"
_NOBODYS = "count(rows_of.micros) filter (where rows_of.fate = 'nobody')"
_JUDGED = "rows_of.fate in ('lost', 'late', 'live')"

unproductive_onboarding_cost = Metric(
    card=Card(
        question="How much of what onboarding costs produced nothing?",
        words=(
            "Onboarding hours times hourly cost, and costs of onboarding, of the period, for partners that had made "
            "no successful production call by the end of their window ({window} from registration); and its share of "
            "what was spent on all partners whose window is closed or that are live. Late is the part of it for "
            "those that went live afterwards. Spending on partners whose window is open, and what names no partner "
            "of ours, stands apart."
        ),
        action="Look where those partners stopped, and spend on that step; qualify earlier whom to help.",
        better="lower",
        why_no_bands="Compare quarters.",
        audience=Audience("API product", "business", "mid"),
        requirement="A26",
    ),
    main=Part(
        of=FATES,
        values={
            "unproductive": amount(_MISSED),
            "share": Ratio(
                amount(_MISSED), amount(_JUDGED), "nothing spent on partners whose window is closed"
            ),
            "late": amount("rows_of.fate = 'late'"),
            "productive": amount("rows_of.fate = 'live'"),
            "still_open": amount("rows_of.fate = 'open'"),
            "unassigned": amount("rows_of.fate = 'nobody'"),
        },
        cases=f"count(rows_of.micros) filter (where {_JUDGED})",
        open=_OPEN,
        notes=(
            (
                _OPEN,
                "{n} costs are for partners whose window is open; not judged yet",
            ),
            (
                _NOBODYS,
                "{n} costs name no partner of ours; not judged",
            ),
        ),
    ),
    headline="unproductive",
    unit="money",
    unit_of={"share": "share"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("effort|costs", "calls", "credentials", "partners"),
    default_grain="quarter",
    variants=(WINDOW,),
)
