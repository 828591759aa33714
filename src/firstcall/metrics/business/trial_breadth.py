"""How much is tried in a trial, and do those who try more pay?"""

from __future__ import annotations

from firstcall.metrics.business.trial_breadth_relations import TRIED_OUT
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many, still_open
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.relations.conversion import OFFERS

_OF = {
    "": "rows_of.mature",
    "_converted": "rows_of.mature and rows_of.converted",
    "_others": "rows_of.mature and not rows_of.converted",
}
_COUNTED = tuple((what, of) for what in ("endpoints", "features", "products") for of in _OF)


def _median(what: str, of: str) -> str:
    return f"quantile_cont(case when {_OF[of]} then cast(rows_of.{what} as double) end, 0.5)"


trial_breadth = Metric(
    card=Card(
        question="How much do partners try in a trial, and do those who try more pay?",
        words=(
            "Median number of endpoints called with success in a trial (of its product, of any when its plan names "
            "none), over the trials whose end lies seven days back, by the day they started; the same for features "
            "and products; and each for the trials that were paid and for the others."
        ),
        action="Lead those on trial to a second endpoint where those who pay had tried one.",
        better="higher",
        why_no_bands="It compares those who pay with the others.",
        audience=Audience("API product", "adoption", "mid"),
        requirement="U19",
    ),
    main=Part(
        of=TRIED_OUT,
        values={f"{what}{of}": _median(what, of) for what, of in _COUNTED},
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        floors={f"{what}{of}": (how_many(_OF[of]), 5) for what, of in _COUNTED},
        notes=(still_open(),),
    ),
    headline="endpoints",
    unit="endpoints",
    unit_of={f"{what}{of}": "number" if what == "features" else what for what, of in _COUNTED},
    dimensions=tuple(OFFERS),
    needs=("subscriptions", "calls", "credentials"),
    environment="any",
    default_grain="quarter",
)
