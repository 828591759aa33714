"""What do developers say: in surveys, in short opinions, and in their own words?

Readings:
- Of a developer's answers in a wave the last one in sight counts, ties by response id; an answer of nobody in
  particular is one by itself. Test accounts are left out after that.
- The composite needs all four scores; each dimension takes whatever was answered. Under five answers nothing is shown.
- `weight=partner` averages the answers of each partner first; answers of nobody stay single.
- `survey_response_rate`: by the day of the invitation; an invited developer has answered when any answer of hers in
  the wave is in sight.
- `feedback_cadence`: opinions and survey answers, over developer-months as in `support_ticket_ratio`.
- `developer_sentiment`: a rating of 4 or 5 and an ease of 7 or more are positive, a rating of 1 or 2 and an ease of 4
  or less are negative.
- `qualitative_notes`: every comment, those of replaced answers too; an empty one is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from tests.reference.asks import PARTNER, Ask
from tests.reference.question import Number, Point, Question, Row, World
from tests.reference.satisfaction.support import (
    EXTRA,
    MONTHS,
    Said,
    active,
    head_months,
    share,
    signals,
    split_by,
)
from tests.reference.scope import Bucket, Measure, inside, points, sees

DIMENSIONS = ("documentation", "reliability", "support", "ease")
FEW = "fewer than 5 cases"


def of_wave(row: Row) -> dict[str, str | None]:
    """Return the dimensions an answer has of its own."""
    return {"wave": row["wave"], "kind": "survey", "topic": None}


def answers(world: World, question: Question) -> list[Said]:
    """Return the last answer of each developer and wave."""
    last: dict[tuple[str, str], Row] = {}
    for row in world.get("surveys", ()):
        if not sees(row["submitted_at"], question):
            continue
        who = (row["wave"], row.get("developer_id") or f"answer {row['response_id']}")
        if who not in last or order(last[who]) < order(row):
            last[who] = row
    return signals({**world, "surveys": list(last.values())}, question, "surveys", "submitted_at", of_wave)


def order(row: Row) -> tuple[object, ...]:
    """Return what orders answers."""
    return row["submitted_at"], row["response_id"]


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of what is there."""
    found = [Fraction(value) for value in values if value is not None]
    return float(sum(found) / len(found)) if found else None


def composite(row: Row) -> float | None:
    """Return the mean of the four scores, when all are there."""
    scores = [row.get(name) for name in DIMENSIONS]
    return None if None in scores else mean(scores)


def scores(row: Row) -> dict[str, float | None]:
    """Return composite and dimensions of one answer."""
    return {"average": composite(row), **{name: row.get(name) for name in DIMENSIONS}}


def averaged(here: Sequence[Said], by_partner: bool) -> list[dict[str, float | None]]:
    """Return the scores that are averaged: of answers, or of partners."""
    if not by_partner:
        return [scores(fact.row) for fact in here]
    groups: dict[str, list[dict[str, float | None]]] = {}
    for fact in here:
        who = fact.partner or fact.developer or fact.row["response_id"]
        groups.setdefault(who, []).append(scores(fact.row))
    return [
        {name: mean([each[name] for each in group]) for name in ("average", *DIMENSIONS)}
        for group in groups.values()
    ]


def developer_experience_score(world: World, question: Question) -> list[Point]:
    """Mean of the respondents' means, and of each dimension."""
    by_partner = question.set.get("weight") == "partner"

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        said = [scores(fact.row) for fact in here]
        enough = {
            name: sum(1 for each in said if each[name] is not None) >= 5 for name in ("average", *DIMENSIONS)
        }
        found = averaged(here, by_partner)
        values: dict[str, Number | None] = {
            name: mean([each[name] for each in found]) if enough[name] else None for name in enough
        }
        average = values["average"]
        values |= {"sum": None if average is None else 4 * average}
        values |= {"respondents": len(here)}
        complete = sum(1 for each in said if each["average"] is not None)
        values |= {"complete": complete}
        return Measure(average, complete, values, FEW if average is None else None)

    return points(world, question, answers(world, question), measure)


def ease_of_integration(world: World, question: Question) -> list[Point]:
    """Share of respondents who find integrating easy (9, 10) or hard (up to 5); documentation likewise."""

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        rows = [fact.row for fact in inside(bucket, group)]
        eases = [row["ease"] for row in rows if row.get("ease") is not None]
        docs = [row["documentation"] for row in rows if row.get("documentation") is not None]
        enough, clear = len(eases) >= 5, len(docs) >= 5
        easy = share(sum(1 for ease in eases if ease >= 9), len(eases)) if enough else None
        values: dict[str, Number | None] = {"easy": easy}
        values |= {"hard": share(sum(1 for ease in eases if ease <= 5), len(eases)) if enough else None}
        values |= {"clear": share(sum(1 for score in docs if score >= 9), len(docs)) if clear else None}
        values |= {"unclear": share(sum(1 for score in docs if score <= 5), len(docs)) if clear else None}
        return Measure(easy, len(eases), values, None if enough else FEW)

    return points(world, question, answers(world, question), measure)


def survey_response_rate(world: World, question: Question) -> list[Point]:
    """Invited developers who answered ÷ invited developers."""
    answered = {
        (row["wave"], row.get("developer_id"))
        for row in world.get("surveys", ())
        if sees(row["submitted_at"], question)
    }
    invited = signals(world, question, "survey_invites", "sent_at", lambda row: {"wave": row["wave"]})

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        done = sum(1 for fact in here if (fact.row["wave"], fact.developer) in answered)
        rate = share(done, len(here))
        values = {"rate": rate, "answered": done, "invited": len(here)}
        return Measure(rate, len(here), values, None if here else "nobody was invited")

    return points(world, question, invited, measure)


def feedback(world: World, question: Question) -> list[Said]:
    """Return the short opinions."""

    def about(row: Row) -> dict[str, str | None]:
        return {"kind": row["kind"], "topic": row.get("subject"), "wave": None}

    return signals(world, question, "feedback", "time", about)


def feedback_rating(world: World, question: Question) -> list[Point]:
    """Mean rating, and the shares of good and bad ones."""

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        ratings = [fact.row["rating"] for fact in here if fact.row.get("rating") is not None]
        enough = len(ratings) >= 5
        rating = mean(ratings) if enough else None
        good, bad = sum(1 for each in ratings if each >= 4), sum(1 for each in ratings if each <= 2)
        values: dict[str, Number | None] = {"rating": rating, "opinions": len(here), "rated": len(ratings)}
        values |= {"positive": share(good, len(ratings)) if enough else None}
        values |= {"negative": share(bad, len(ratings)) if enough else None}
        return Measure(rating, len(ratings), values, None if enough else FEW)

    return points(world, question, feedback(world, question), measure)


def feedback_cadence(world: World, question: Question) -> list[Point]:
    """Opinions and survey answers, and per 100 developers active in the month."""
    said = [*feedback(world, question), *answers(world, question)]
    facts = [*said, *active(world, question, question.entity or "developer")]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        here = inside(bucket, group)
        heads = head_months([fact for fact in here if not fact.row])
        opinions = sum(1 for fact in here if "time" in fact.row)
        surveyed = sum(1 for fact in here if "response_id" in fact.row)
        every = opinions + surveyed
        values: dict[str, Number | None] = {"answers": every, "opinions": opinions}
        values |= {"survey_answers": surveyed}
        values |= {"active_developers": heads, "per_100": share(every, heads, 100)}
        return Measure(every, every, values)

    return points(world, question, facts, measure)


def mood(row: Row) -> int | None:
    """Return 1, 0 or −1, or None when nothing was said."""
    if "response_id" in row:
        ease = row.get("ease")
        return None if ease is None else 1 if ease >= 7 else -1 if ease <= 4 else 0
    rating = row.get("rating")
    return None if rating is None else 1 if rating >= 4 else -1 if rating <= 2 else 0


def developer_sentiment(world: World, question: Question) -> list[Point]:
    """Share of positive less share of negative."""
    facts = [
        fact for fact in (*feedback(world, question), *answers(world, question)) if mood(fact.row) is not None
    ]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        moods = [mood(fact.row) for fact in inside(bucket, group)]
        good, bad = moods.count(1), moods.count(-1)
        enough = len(moods) >= 5
        net = share(good - bad, len(moods)) if enough else None
        values: dict[str, Number | None] = {"net": net}
        values |= {"positive": share(good, len(moods)) if enough else None}
        values |= {"negative": share(bad, len(moods)) if enough else None}
        return Measure(net, len(moods), values, None if enough else FEW)

    return points(world, question, facts, measure)


def qualitative_notes(world: World, question: Question) -> list[Point]:
    """Comments of surveys and opinions."""
    if not question.by:
        question = split_by(question, "kind")
    surveys = signals(world, question, "surveys", "submitted_at", of_wave)
    facts = [fact for fact in (*surveys, *feedback(world, question)) if fact.row.get("comment")]

    def measure(bucket: Bucket, group: Sequence[Said]) -> Measure:
        count = len(inside(bucket, group))
        return Measure(count, count)

    return points(world, question, facts, measure)


WAVE = {"wave": ("2025Q1", "2025Q2")}
ABOUT = {"kind": ("docs", "sdk", "survey"), "topic": ("quickstart", "python")}
METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    each.__name__: each
    for each in (
        developer_experience_score,
        ease_of_integration,
        survey_response_rate,
        feedback_rating,
        feedback_cadence,
        developer_sentiment,
        qualitative_notes,
    )
}
SURVEYED = (*PARTNER, "wave")
OPINION = (*PARTNER, "kind", "topic")
ASKS: Mapping[str, Ask] = {
    "developer_experience_score": Ask(
        SURVEYED, SURVEYED, variants=(("weight", "partner"),), extra=EXTRA, values=WAVE
    ),
    "ease_of_integration": Ask(SURVEYED, SURVEYED, extra=EXTRA, values=WAVE),
    "survey_response_rate": Ask(SURVEYED, SURVEYED, extra=EXTRA, values=WAVE),
    "feedback_rating": Ask(OPINION, OPINION, extra=EXTRA, values=ABOUT),
    "feedback_cadence": Ask(
        PARTNER, PARTNER, MONTHS, ("developer", "partner"), environments=True, extra=EXTRA
    ),
    "developer_sentiment": Ask(OPINION, OPINION, extra=EXTRA, values=ABOUT),
    "qualitative_notes": Ask((*OPINION, "wave"), (*OPINION, "wave"), extra=EXTRA, values={**WAVE, **ABOUT}),
}
