"""What do developers say of us: in surveys, in short opinions, and in their own words?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many, share
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import signals
from firstcall.statistics.intervals import student

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from firstcall.answers import Value
    from firstcall.metrics.metric import Relation
    from firstcall.periods import Scope

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "satisfaction", "mid")
_DEVELOPER_RELATIONS_MID = Audience("Developer relations", "satisfaction", "mid")
_DEVELOPER_RELATIONS_LONG = Audience("Developer relations", "satisfaction", "long")
_SURVEYED = (*PARTNER_DIMENSIONS, "wave")
_SAID = how_many("rows_of.what <> 'active'")
_DIMENSIONS = ("documentation", "reliability", "support", "ease")


def _interval_of(column: str, most: float) -> Callable[[Sequence[Mapping[str, object]]], Mapping[str, Value]]:
    """Return a function from rows to the interval of a column's mean, within a scale from 1 to `most`."""

    def measure(rows: Sequence[Mapping[str, object]]) -> Mapping[str, Value]:
        found = student([float(str(row[column])) for row in rows if row[column] is not None])
        return {} if found is None else {"low": max(1.0, found[0]), "high": min(most, found[1])}

    return measure


def _mean(column: str, times: str = "") -> Ratio:
    return Ratio(f"{times}sum(rows_of.{column})", f"count(rows_of.{column})", "nobody said")


def _surveyed(scope: Scope) -> Relation:
    by_partner = scope.variant("weight") == "partner"
    return signals.SURVEYED_PARTNERS if by_partner else signals.SURVEYED


developer_experience_score = Metric(
    card=Card(
        question="How do developers rate documentation, reliability, support and ease of integration?",
        words=(
            "Of each developer's last answer in a wave the mean of the four scores (1 to 10), then the mean over "
            "those who gave all four; each dimension over those who scored it; sum is the same on a scale of 4 to "
            "40. A sum under 25 (average 6.25) needs attention; from 36 (average 9.0) we call it strong, as no sum "
            "can exceed 40. Under five answers nothing is shown."
        ),
        action="Work on the dimension that fell; a falling documentation score asks for a documentation sprint.",
        better="higher",
        bands=above(excellent=9.0, good=6.25),
        audience=_DEVELOPER_EXPERIENCE,
        requirement="X1",
    ),
    main=Part(
        of=_surveyed,
        values={
            "average": _mean("mean"),
            "sum": _mean("mean", "4 * "),
            **{name: _mean(name) for name in _DIMENSIONS},
            "respondents": "sum(rows_of.answers)",
            "complete": "sum(rows_of.with_mean)",
        },
        cases="sum(rows_of.with_mean)",
        floors={
            "average": ("sum(rows_of.with_mean)", 5),
            "sum": ("sum(rows_of.with_mean)", 5),
            **{name: (f"sum(rows_of.with_{name})", 5) for name in _DIMENSIONS},
        },
        then=_interval_of("mean", 10),
        then_needs=("mean",),
        survey=True,
    ),
    headline="average",
    unit="score",
    unit_of={"respondents": "count", "complete": "count"},
    dimensions=_SURVEYED,
    needs=("surveys",),
    entity="developer",
    environment="any",
    default_grain="quarter",
    variants=(
        Variant(
            "weight",
            "Whose voice counts once: developers or partners.",
            ("developer", "partner"),
            "developer",
        ),
    ),
)

ease_of_integration = Metric(
    card=Card(
        question="How many developers find integrating easy, and how many hard?",
        words=(
            "Share of last answers with 9 or 10 for ease (easy) and with up to 5 (hard); clear and unclear likewise "
            "of documentation. Cognitive load and context switching are no items of the survey: rate them as short "
            "opinions with that subject, and `feedback_rating` by topic answers."
        ),
        action="Sit beside somebody who finds it hard, and write down where they stop.",
        better="higher",
        why_no_bands="Compare with your own past.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="X13",
    ),
    main=Part(
        of=signals.SURVEYED,
        values={
            "easy": share("rows_of.ease >= 9", "rows_of.ease is not null", "nobody said"),
            "hard": share("rows_of.ease <= 5", "rows_of.ease is not null", "nobody said"),
            "clear": share("rows_of.documentation >= 9", "rows_of.documentation is not null", "nobody said"),
            "unclear": share(
                "rows_of.documentation <= 5", "rows_of.documentation is not null", "nobody said"
            ),
        },
        cases="count(rows_of.ease)",
        floors={
            **dict.fromkeys(("easy", "hard"), ("count(rows_of.ease)", 5)),
            **dict.fromkeys(("clear", "unclear"), ("count(rows_of.documentation)", 5)),
        },
        survey=True,
    ),
    headline="easy",
    unit="share",
    dimensions=_SURVEYED,
    needs=("surveys",),
    entity="developer",
    environment="any",
    default_grain="quarter",
    interval="easy",
)

survey_response_rate = Metric(
    card=Card(
        question="How many of those asked answered the survey?",
        words="Invited developers with an answer in the wave over all invited, by the day of the invitation.",
        action="Ask fewer questions, ask at a good moment, and tell what the last answers changed.",
        better="higher",
        why_no_bands="Compare waves with each other: a score of few is a score of the patient.",
        audience=_DEVELOPER_RELATIONS_MID,
        requirement="X3",
    ),
    main=Part(
        of=signals.INVITED,
        values={
            "rate": share("rows_of.answered", when_zero="nobody was invited"),
            "answered": how_many("rows_of.answered"),
            "invited": "count(*)",
        },
        cases="count(*)",
    ),
    headline="rate",
    unit="share",
    unit_of={"answered": "count", "invited": "count"},
    dimensions=_SURVEYED,
    needs=("survey_invites",),
    entity="developer",
    environment="any",
    default_grain="quarter",
    interval="rate",
)

feedback_rating = Metric(
    card=Card(
        question="Do people like onboarding, documentation, sample code and SDKs?",
        words=(
            "Mean of ratings (1 to 5) given in short opinions, with the share of good ones (4, 5) and of bad ones "
            "(1, 2), by kind and by page or sample. Under five ratings nothing is shown."
        ),
        action="Rewrite the page or sample with the lowest rating, then watch it.",
        better="higher",
        why_no_bands="Compare pages with each other and with their own past.",
        audience=Audience("Developer experience", "satisfaction", "short"),
        requirement="X9",
    ),
    main=Part(
        of=signals.OPINIONS_GIVEN,
        values={
            "rating": _mean("rating"),
            "positive": share("rows_of.rating >= 4", "rows_of.rating is not null", "nobody said"),
            "negative": share("rows_of.rating <= 2", "rows_of.rating is not null", "nobody said"),
            "opinions": "count(*)",
            "rated": "count(rows_of.rating)",
        },
        cases="count(rows_of.rating)",
        floors=dict.fromkeys(("rating", "positive", "negative"), ("count(rows_of.rating)", 5)),
        then=_interval_of("rating", 5),
        then_needs=("rating",),
        survey=True,
    ),
    headline="rating",
    unit="score",
    unit_of={"positive": "share", "negative": "share", "opinions": "count", "rated": "count"},
    dimensions=(*PARTNER_DIMENSIONS, "kind", "topic"),
    needs=("feedback",),
    entity="developer",
    environment="any",
)

feedback_cadence = Metric(
    card=Card(
        question="How often do developers tell us something?",
        words=(
            "Short opinions and survey answers of the period, and per 100 developers active in production; over more "
            "than a month, developers count once for every month in which they are active."
        ),
        action="Silence is no approval: ask on the pages where people stop.",
        better="higher",
        why_no_bands="Compare with your own past.",
        audience=_DEVELOPER_RELATIONS_MID,
        requirement="X10",
    ),
    main=Part(
        of=signals.CADENCE,
        values={
            "answers": _SAID,
            "opinions": how_many("rows_of.what = 'opinion'"),
            "survey_answers": how_many("rows_of.what = 'survey'"),
            "active_developers": "count(rows_of.entity)",
            "per_100": Ratio(
                f"100 * {_SAID}",
                "count(rows_of.entity)",
                "no active developers",
            ),
        },
        cases=_SAID,
    ),
    headline="answers",
    unit="count",
    unit_of={"per_100": "per_100"},
    dimensions=PARTNER_DIMENSIONS,
    needs=("feedback|surveys", "calls", "credentials"),
    entity="developer",
    grains=("month", "quarter", "year", "all"),
    variants=(
        Variant(
            "active",
            "Which calls make someone active: any but 401 and 403 alone, or successful ones.",
            ("any", "success"),
            "any",
        ),
    ),
)

developer_sentiment = Metric(
    card=Card(
        question="Is the mood of developers rising or falling?",
        words=(
            "Share of positive less share of negative, over ratings (4 and 5 against 1 and 2) and survey scores of "
            "ease (from 7 against up to 4, the same parts of its scale); −1 to 1. Under five nothing is shown. The "
            "tone of texts is not guessed."
        ),
        action="A trend over quarters is the signal, one month is weather; read the notes behind it.",
        better="higher",
        why_no_bands="Watch its direction.",
        audience=_DEVELOPER_RELATIONS_LONG,
        requirement="X11",
    ),
    main=Part(
        of=signals.MOODS,
        values={
            "net": Ratio("sum(rows_of.mood)", "count(*)", "nobody said"),
            "positive": share("rows_of.mood = 1", when_zero="nobody said"),
            "negative": share("rows_of.mood = -1", when_zero="nobody said"),
        },
        cases="count(*)",
        floors=dict.fromkeys(("net", "positive", "negative"), ("count(*)", 5)),
        survey=True,
    ),
    headline="net",
    unit="share",
    dimensions=(*PARTNER_DIMENSIONS, "kind", "topic"),
    needs=("feedback|surveys",),
    entity="developer",
    environment="any",
    default_grain="quarter",
)

qualitative_notes = Metric(
    card=Card(
        question="What do developers say in their own words?",
        words=(
            "Comments in surveys and short opinions, by kind; `firstcall explain qualitative_notes` shows the texts."
        ),
        action="Read them beside the numbers: they say why.",
        better="neither",
        why_no_bands="Words are read, not judged by their number.",
        audience=_DEVELOPER_RELATIONS_LONG,
        requirement="X14",
    ),
    main=Part(of=signals.NOTES, values={"notes": "count(*)"}, cases="count(*)"),
    headline="notes",
    unit="count",
    dimensions=(*PARTNER_DIMENSIONS, "kind", "topic", "wave"),
    needs=("feedback|surveys",),
    entity="developer",
    environment="any",
    default_by=("kind",),
    ranked=True,
)
