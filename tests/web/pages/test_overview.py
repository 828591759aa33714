"""Does the overview show the numbers that asking gives, and nothing that a name smuggles in?"""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from firstcall.answers import Answer
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.settings import Settings
from firstcall.units import show
from firstcall.web.answer_service import AnswerService
from firstcall.web.app import make_app
from tests.web.client import LOGS, Client, Reply, fill

SEPTEMBER = "/?from=2026-09-01&to=2026-10-01"


def number(page: Reply, label: str) -> str:
    """Return the number of the card with this label."""
    found = re.search(rf">{re.escape(label)}</a></h3>\s*<p class=\"number[^>]*>([^<]*)<", page.text)
    assert found is not None, label
    return found[1]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Active partners", "2"),
        ("Program revenue", "€900"),
        ("API calls", "555"),
        ("Server error rate", "5.4 %"),  # 30 of 555
    ],
)
def test_cards_show_what_the_hand_made_month_holds(client: Client, label: str, expected: str) -> None:
    """300 calls of one partner, 105 of another, 150 of nobody; 30 of them failed; one invoice of 900 euros."""
    assert number(client.get(SEPTEMBER), label) == expected


@pytest.mark.parametrize(
    ("label", "metric"),
    [
        ("Active partners", "active_partners"),
        ("Program revenue", "program_revenue"),
        ("API calls", "call_volume"),
        ("Server error rate", "server_error_rate"),
    ],
)
def test_a_card_shows_what_ask_answers(client: Client, program: Program, label: str, metric: str) -> None:
    """The page and the command line cannot differ."""
    answer = program.ask(Question(metric, date(2026, 9, 1), date(2026, 10, 1), "all"))
    said = show(answer.points[0].value, answer.unit, short=True, currency=answer.currency)
    assert number(client.get(SEPTEMBER), label) == said


def test_a_card_opens_a_page_that_is_headed_by_its_number(client: Client) -> None:
    """The link carries the whole scope: revenue of the period is not that of its last month."""
    page = client.get(SEPTEMBER).text
    cards = re.findall(r'<a href="(/explain/[^"]+)">[^<]+</a></h3>\s*<p class="number[^>]*>([^<]*)<', page)
    assert len(cards) > 4
    for href, shown in cards:
        head = re.search(r'<p class="number">([^<]*)<', client.get(unescape(href)).text)
        assert head is not None
        assert head[1].removeprefix("EUR ").removesuffix(".00") == shown.removeprefix("€"), href


def test_the_default_period_ends_with_the_newest_complete_day(client: Client) -> None:
    """The one call of 1 October opens a day that is not over."""
    assert "03 Jul 2026 to 30 Sep 2026" in client.get("/").words


def test_a_partner_filter_narrows_every_card(client: Client) -> None:
    """The other partner's and nobody's calls are gone."""
    page = client.get(f"{SEPTEMBER}&where=partner:P2")
    assert number(page, "API calls") == "105"
    assert number(page, "Active partners") == "1"
    assert '<option value="partner:P2" selected>' in page.text


def test_the_unattributed_share_is_always_visible(client: Client) -> None:
    """150 of 555 calls belong to nobody."""
    assert "73.0 % of calls belong to known partners, 27.0 % are unattributed" in client.get(SEPTEMBER).words


def test_a_bad_verdict_is_what_needs_attention(client: Client) -> None:
    """5.4 % server errors need work; the card says what good is, who owns it and what to do."""
    attention = client.get(SEPTEMBER).words
    assert (
        "needs work Server error rate 5.4 % over 555 cases; good under 0.1 %, else needs work." in attention
    )
    assert "Platform engineering: " in attention


def test_every_figure_has_a_question_a_table_and_links(client: Client) -> None:
    """What can be drawn has a table, an explanation and a file."""
    page = client.get(SEPTEMBER)
    cards = re.findall(r'<section class="card figure".*?</section>', page.text, re.DOTALL)
    assert len(cards) == 6
    for card in cards:
        assert re.search(r"<h2[^>]*>[^<]*\?</h2>", card)
        assert 'href="/explain/' in card
        assert "<table>" in card or "empty" in card
    assert sum("<table>" in card for card in cards) == 6


def test_hostile_names_are_text(client: Client) -> None:
    """A partner, a milestone and a path that are written as markup stay what they are: words."""
    for path in (
        "/",
        SEPTEMBER,
        "/explain/call_volume?by=partner&grain=all",
        "/explain/active_partners?grain=day",
    ):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "javascript:" not in page
        assert "<b>ship" not in page
    assert "{{7*7}}" in client.get("/").text


def test_no_page_needs_inline_style_or_script(client: Client) -> None:
    """The policy would refuse them."""
    for path in ("/", "/metrics", "/explain/latency", "/reports/cfo", "/nowhere"):
        page = client.get(path, accept="text/html").text
        assert not re.search(r"<[^>]*\s(?:style|on\w+)\s*=", page)
        assert "<style" not in page
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []


def test_logs_alone_answer_what_they_can_and_say_what_is_missing(logs_only: Client) -> None:
    """Volume, endpoints and errors are there; each other card names its table and the command."""
    page = logs_only.get(SEPTEMBER)
    assert number(page, "API calls") == "555"
    assert number(page, "Server error rate") == "5.4 %"
    assert number(page, "Active partners") == "–"
    assert "firstcall import credentials" in page.words
    assert "firstcall import invoice_lines" in page.words
    assert "More answers are one import away." in page.words
    assert "0 % of calls belong to known partners, 100 % are unattributed" in page.words


def test_an_empty_store_gets_three_commands(empty: Client) -> None:
    """Nobody is left with a blank page."""
    page = empty.get("/")
    assert page.status == 200
    for command in (
        "firstcall demo",
        "firstcall import nginx access.log",
        "firstcall import partners partners.csv",
    ):
        assert f"<code>{command}</code>" in page.text


def test_a_metric_that_breaks_leaves_the_others(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The card says that it is our fault, under a number that the log has too."""
    ask = Program.ask

    def failing(self: Program, question: Question) -> Answer:
        if question.metric == "call_volume":
            raise ZeroDivisionError("on purpose")
        return ask(self, question)

    monkeypatch.setattr(Program, "ask", failing)
    app = make_app(program)
    page = Client(app).get(SEPTEMBER)
    app.state.service.close()
    assert page.status == 200
    assert "a fault of firstcall" in page.words
    assert number(page, "Active partners") == "2"


def test_a_page_without_time_is_a_page_that_says_so(program: Program) -> None:
    """It is not an error of the reader, and it says when to come back."""
    app = make_app(program)
    service: AnswerService = app.state.service
    service.seconds = 0.0
    page = Client(app).get("/", accept="text/html")
    service.close()
    assert page.status == 503
    assert page.headers["retry-after"] == "10"
    assert "longer than a page may wait" in page.words


def test_an_import_changes_the_page(tmp_path: Path) -> None:
    """Answers of an earlier state of the store are not given again."""
    with Program.open(Settings(), memory=True) as program:
        app = make_app(program)
        client = Client(app)
        before = client.get("/")
        fill(program, tmp_path, LOGS)
        after = client.get(SEPTEMBER)
        app.state.service.close()
    assert "Nothing here yet" in before.words
    assert number(after, "API calls") == "555"
