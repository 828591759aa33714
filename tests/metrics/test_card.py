"""Does every metric's card say what a reader must know, and how good is good?"""

from __future__ import annotations

import re
from dataclasses import replace

from firstcall import registry
from firstcall.bands import above
from firstcall.metrics.card import Audience, Card

CARDS: dict[str, Card] = {name: metric.card for name, metric in registry.metrics().items()}
SAMPLE = Card(
    question="How full are the batteries?",
    words="Charge over capacity.",
    action="Charge them.",
    better="higher",
    audience=Audience("Platform engineering", "reliability", "short"),
    requirement="R1",
    why_no_bands="It depends on the road ahead.",
)


def test_a_card_asks_a_question_and_says_the_formula_and_what_to_do_in_sentences() -> None:
    """As they stand on a page below one another."""
    assert [name for name, card in CARDS.items() if not card.question.endswith("?")] == []
    assert [name for name, card in CARDS.items() if not re.search(r"[.?]$", card.action)] == []
    assert [name for name, card in CARDS.items() if not re.search(r"[.)]$", card.words)] == []


def test_a_card_has_bands_or_says_why_not() -> None:
    """One of the two, and never bands where no direction is better."""
    assert [name for name, card in CARDS.items() if bool(card.bands) == bool(card.why_no_bands)] == []
    assert [name for name, card in CARDS.items() if card.bands and card.better == "neither"] == []


def test_a_card_names_the_requirement_that_asks_for_it() -> None:
    """A letter and a number, as `U1`."""
    assert [name for name, card in CARDS.items() if not re.fullmatch(r"[A-Z]\d+", card.requirement)] == []


def test_a_command_that_fills_a_table_is_for_a_table_the_metric_needs() -> None:
    """Of tables that it does not read, a card says nothing."""
    needed = {
        name: {table for group in metric.needs for table in group.split("|")}
        for name, metric in registry.metrics().items()
    }
    assert [name for name, card in CARDS.items() if not card.filled_by.keys() <= needed[name]] == []


def test_goals_are_bands_in_the_unit_or_the_reason_for_none() -> None:
    """What the pages show below Goal."""
    assert SAMPLE.goals("share") == "It depends on the road ahead."
    judged = replace(SAMPLE, bands=above(good=0.8), why_no_bands="")
    assert judged.goals("share") == "good from 80.0 %, else needs work"


def test_lists_have_metrics_by_category_and_then_as_they_are_asked_for() -> None:
    """A1, A2 … A28 of onboarding come first, whatever file they are in."""
    places = [card.place for card in CARDS.values()]
    assert places == sorted(places)
    first = [card.requirement for card in CARDS.values() if card.audience.category == "onboarding"]
    assert (first[:2], first[-1]) == (["A1", "A2"], "A28")
    assert SAMPLE.place == (2, "R", 1)
    assert replace(SAMPLE, requirement="our own").place == (2, "our own", 0)
