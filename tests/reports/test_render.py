"""Which formats are there, and what becomes of a reader's own words?"""

from __future__ import annotations

import json

import pytest

from firstcall import registry
from firstcall.errors import UnknownName, UsageError
from firstcall.reports.render import FORMATS, MOST_TEXT, build, find, render
from tests.reports.small import opened, world


def test_the_cfo_page_is_in_the_catalogue() -> None:
    """Found by looking, under its own name; a wrong name suggests it."""
    assert find("cfo") is registry.reports()["cfo"]
    with pytest.raises(UnknownName, match="Did you mean cfo"):
        find("cf0")


@pytest.mark.parametrize("name", ["pdf", "xlsx", "csv"])
def test_a_format_that_comes_later_says_what_there_is(name: str) -> None:
    """Before anything is asked."""
    program, facts = opened({})
    with pytest.raises(UsageError, match=f"as {name} yet; available: text, md, json, html"):
        render(find("cfo"), program.ask, facts, format=name)


def test_an_unknown_format_suggests_near_ones() -> None:
    """As every unknown name does."""
    program, facts = opened(world())
    with pytest.raises(UnknownName, match="Did you mean html"):
        render(find("cfo"), program.ask, facts, format="htm")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_question_gives_the_same_bytes(name: str) -> None:
    """No clock and no chance is in a report."""
    program, facts = opened(world())
    assert render(find("cfo"), program.ask, facts, format=name) == render(
        find("cfo"), program.ask, facts, format=name
    )


def test_a_readers_own_paragraph_takes_the_place_of_the_draft() -> None:
    """Every line of it, cleaned; the page no longer says that it is a draft."""
    program, facts = opened(world())
    document = build(find("cfo"), program.ask, facts, text="We need\x00  two people.\n\nAnd tools.\n")
    assert document.paragraphs == ("We need\ufffd two people.\nAnd tools.",)
    assert not document.draft
    assert "draft" not in FORMATS["text"](document)
    assert build(find("cfo"), program.ask, facts, text=" \n").draft


def test_a_paragraph_longer_than_the_page_is_refused() -> None:
    """With both lengths."""
    program, facts = opened(world())
    with pytest.raises(UsageError, match="1,501 characters, and the page has room for 1,500"):
        build(find("cfo"), program.ask, facts, text="x" * (MOST_TEXT + 1))


def test_json_holds_what_is_shown_and_where_it_comes_from() -> None:
    """Five rows, each with the point of its answer; the second ratio is beside the first."""
    program, facts = opened(world())
    said = json.loads(render(find("cfo"), program.ask, facts, format="json"))
    assert (said["report"], said["confidence"], said["as_of"]) == ("cfo", "estimated", "2025-06-30T23:00:00Z")
    assert said["period"] == {
        "name": "2025Q2",
        "title": "Q2 2025",
        "from": "2025-04-01",
        "to": "2025-07-01",
        "complete": True,
    }
    assert [row["key"] for row in said["rows"]] == [
        "program_revenue",
        "cost_per_partner_onboarded",
        "production_activation_rate",
        "cost_value_ratio",
        "partner_growth_rate",
    ]
    revenue = said["rows"][0]
    assert revenue["this_quarter"]["shown"] == "EUR 1,350"
    assert revenue["this_quarter"]["point"]["value"] == {"amount": "1350.00", "currency": "EUR"}
    assert revenue["trend"] == {"shown": "+50.0 %", "change": 0.5, "arrow": "up", "verdict": "better"}
    ratio = said["rows"][3]
    assert [one["value"] for one in ratio["beside"]] == ["direct_only"]
    assert ratio["beside"][0]["this_quarter"]["shown"] == "1.5 : 1"
    growth = said["rows"][4]["last_quarter"]
    assert (growth["shown"], growth["point"]["absent"]) == ("–", "no prior-period actives")
    assert [note["number"] for note in said["footnotes"]] == [1, 2, 3, 4, 5, None, None]
