"""Are the numbers about what developers say those worked out by hand?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.periods import Question
from tests.metrics.small import ask, only, program, said, split
from tests.reference.tiny import at, call, developer, key, on, partner

MARCH: dict[str, Any] = {"start": on("2025-03-01"), "end": on("2025-04-01"), "grain": "month"}


def answered(name: str, *scores: float | None, when: str = "2025-03-10", **more: object) -> dict[str, object]:
    """Return the survey answer of the developer called `name`: documentation, reliability, support, ease."""
    dimensions = dict(zip(("documentation", "reliability", "support", "ease"), scores, strict=True))
    plain = {
        "response_id": f"{name} {when}",
        "wave": "2025Q1",
        "developer_id": name,
        "submitted_at": at(when),
    }
    return {**plain, **dimensions, **more}


def five(*, ease: float = 8) -> list[dict[str, object]]:
    """Return five answers whose means are 7, 7.5, 8, 8.5 and 9 when ease is 8."""
    return [answered(f"D{n}", 6 + n, 8, 6 + n, ease) for n in range(5)]


def test_the_score_is_the_mean_of_means_with_its_interval() -> None:
    """Means 7, 7.5, 8, 8.5, 9 average 8.0; s² = 2.5/4, so 8 ± 2.7764·√(0.625/5) = 8 ± 0.9816; the sum is 32."""
    answer = ask({"surveys": five()}, "developer_experience_score", **MARCH)
    point = only(answer)
    assert (point.value, point.cases, answer.verdict) == (8.0, 5, "good")
    assert (point.low, point.high) == pytest.approx((7.0184, 8.9816), abs=1e-4)
    assert {
        name: point.values[name] for name in ("sum", "documentation", "reliability", "support", "ease")
    } == {
        "sum": 32.0,
        "documentation": 8.0,
        "reliability": 8.0,
        "support": 8.0,
        "ease": 8.0,
    }


@pytest.mark.parametrize(
    ("score", "verdict"), [(6.0, "needs work"), (6.25, "good"), (8.75, "good"), (9.0, "excellent")]
)
def test_under_25_needs_attention_and_36_is_strong(score: float, verdict: str) -> None:
    """An average of 6.25 is a sum of 25, one of 9.0 a sum of 36."""
    world = {"surveys": [answered(f"D{n}", score, score, score, score) for n in range(5)]}
    assert ask(world, "developer_experience_score", **MARCH).verdict == verdict


def test_a_partial_answer_counts_for_the_dimensions_it_has() -> None:
    """A sixth answer without support: documentation is (6+7+8+9+10+2)/6 = 7, the composite stays 8.0 of five."""
    world = {"surveys": [*five(), answered("D9", 2, 8, None, 8)]}
    point = only(ask(world, "developer_experience_score", **MARCH))
    assert (point.value, point.values["documentation"], point.values["support"]) == (8.0, 7.0, 8.0)
    assert (point.cases, point.values["respondents"]) == (5, 6)


def test_the_last_answer_of_a_developer_and_wave_counts() -> None:
    """D0 answered with 1 first; the wave after is another one, so her 1 there counts in April."""
    first = answered("D0", 1, 1, 1, 1, when="2025-03-01")
    other = answered("D0", 1, 1, 1, 1, when="2025-04-01", wave="2025Q2")
    answer = ask({"surveys": [first, *five(), other]}, "developer_experience_score", **MARCH)
    assert (only(answer).value, only(answer).cases) == (8.0, 5)


def test_four_answers_are_too_few_unless_the_settings_say_otherwise() -> None:
    """Neither value nor interval; with survey_cases 4 there are both."""
    world = {"surveys": five()[:4]}
    point = only(ask(world, "developer_experience_score", **MARCH))
    assert (point.value, point.low, point.high, point.absent) == (None, None, None, "fewer than 5 cases")
    assert point.values["ease"] is None
    own = program(world, definitions={"survey_cases": 4}).ask(Question("developer_experience_score", **MARCH))
    assert only(own).value == 7.75
    assert only(own).low is not None


def test_a_partner_of_many_can_be_one_voice() -> None:
    """P1's four give 10 each, P2's one gives 6: 9.2 over developers, 8.0 over partners; the wave is a split."""
    scores = {"D1": 10, "D2": 10, "D3": 10, "D4": 10, "D5": 6}
    owners = {name: "P2" if name == "D5" else "P1" for name in scores}
    world = {
        "partners": [partner("P1"), partner("P2")],
        "developers": [developer(name, "2025-01-01", owner) for name, owner in owners.items()],
        "surveys": [answered(name, score, score, score, score) for name, score in scores.items()],
    }
    plain = ask(world, "developer_experience_score", by=("wave",), **MARCH)
    assert split(plain, "wave") == {"2025Q1": 9.2}
    weighed = ask(world, "developer_experience_score", variants=(("weight", "partner"),), **MARCH)
    assert (only(weighed).value, only(weighed).cases) == (8.0, 5)


def test_nine_and_ten_are_easy_and_up_to_five_is_hard() -> None:
    """Eases 10, 9, 8, 5, 4: two of five easy, two hard."""
    world = {"surveys": [answered(f"D{n}", 9, 8, 8, ease) for n, ease in enumerate((10, 9, 8, 5, 4))]}
    point = only(ask(world, "ease_of_integration", **MARCH))
    assert point.values == {"easy": 0.4, "hard": 0.4, "clear": 1.0, "unclear": 0.0}


def test_who_was_invited_and_answered() -> None:
    """D0 and D1 of four invited answered; D4 answered uninvited and is no part of the rate."""
    invites = [{"wave": "2025Q1", "developer_id": f"D{n}", "sent_at": at("2025-03-01")} for n in (0, 1, 8, 9)]
    answers = [answered("D0", 8, 8, 8, 8), answered("D1", 8, None, 8, 8), answered("D4", 8, 8, 8, 8)]
    point = only(ask({"survey_invites": invites, "surveys": answers}, "survey_response_rate", **MARCH))
    assert point.values == {"rate": 0.5, "answered": 2, "invited": 4}


def opinion(rating: int | None, kind: str = "docs", **more: object) -> dict[str, object]:
    """Return an opinion of 10 March."""
    return {"time": at("2025-03-10"), "kind": kind, "subject": "quickstart", "rating": rating, **more}


def test_ratings_of_a_page() -> None:
    """5, 4, 3, 2 and 1 average 3; two of five are good, two bad; the sixth gave no rating."""
    world = {"feedback": [*map(opinion, (5, 4, 3, 2, 1)), opinion(None)]}
    answer = ask(world, "feedback_rating", by=("topic",), **MARCH)
    assert answer.points[0].by == {"topic": "quickstart"}
    assert only(answer).values == {"rating": 3.0, "positive": 0.4, "negative": 0.4, "opinions": 6, "rated": 5}


def test_opinions_and_answers_per_hundred_active_developers() -> None:
    """Two opinions and one (last) survey answer over two developers active in March: 150 per hundred."""
    world = {
        "partners": [partner()],
        "credentials": [key("k1", "P1", "D1"), key("k2", "P1", "D2")],
        "calls": [call("2025-03-05"), call("2025-03-06", "k2"), call("2025-03-07", "k2")],
        "feedback": [opinion(5), opinion(None)],
        "surveys": [answered("D1", 8, 8, 8, 8), answered("D1", 8, 8, 8, 8, when="2025-03-11")],
    }
    assert only(ask(world, "feedback_cadence", **MARCH)).values == {
        "answers": 3,
        "opinions": 2,
        "survey_answers": 1,
        "active_developers": 2,
        "per_100": 150.0,
    }


def test_good_less_bad_is_the_mood() -> None:
    """Ratings 5, 4, 2 and eases 7, 5: three positive, one negative of five, 0.4."""
    surveys = [answered("D0", None, None, None, 7), answered("D1", None, None, None, 5)]
    world = {"feedback": [*map(opinion, (5, 4, 2, None))], "surveys": surveys}
    point = only(ask(world, "developer_sentiment", **MARCH))
    assert point.values == {"net": pytest.approx(0.4), "positive": 0.6, "negative": 0.2}
    assert point.cases == 5


def test_notes_are_counted_and_shown() -> None:
    """One comment on the docs and one in a survey; the empty one is none. The rows hold the texts."""
    world = {
        "feedback": [opinion(5, comment="clear"), opinion(4, comment="")],
        "surveys": [answered("D0", 8, 8, 8, 8, comment="slow support")],
    }
    question = Question("qualitative_notes", **MARCH)
    found = program(world).explain(question)
    assert split(found.answer, "kind") == {"docs": 1, "survey": 1}
    place = found.columns.index("comment")
    assert sorted(str(row[place]) for row in found.rows) == ["clear", "slow support"]


def test_a_test_account_has_no_say() -> None:
    """Its developer's answer, opinion and comment are left out."""
    world = {
        "partners": [partner("P9", status="test")],
        "developers": [developer("D0", "2025-01-01", "P9")],
        "surveys": five(),
        "feedback": [opinion(5, comment="ours", partner_id="P9")],
    }
    assert only(ask(world, "developer_experience_score", **MARCH)).cases == 4
    assert said(ask(world, "feedback_rating", **MARCH)) == [("2025-03-01", None)]
    assert ask(world, "qualitative_notes", **MARCH).points == ()
