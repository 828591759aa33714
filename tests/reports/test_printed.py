"""Is the page one page, on A4 and on Letter, whatever it has to say?"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from firstcall.reports.html import ROOM, html
from firstcall.reports.render import MOST_TEXT, build, find
from tests.reports.small import FIRST_QUARTER, SECOND_QUARTER, Rows, cost, milestone, opened, value, world

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open the system's Chromium."""
    with sync_playwright() as play:
        opened_ = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield opened_
        opened_.close()


def pages(browser: Browser, file: Path, paper: str, text: str) -> int:
    """Return on how many sheets of paper the page is printed."""
    file.write_text(text, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    found = re.findall(rb"/Count (\d+)", tab.pdf(format=paper))
    tab.close()
    return int(found[0])


def crowded() -> Rows:
    """Return a world with everything that takes room: long names, many estimates, large amounts, dashes."""
    rows = world()
    rows["milestones"] = [
        milestone(f"2025-05-{n:02}", f"{n} {'a long milestone ' * 5}") for n in range(1, 20)
    ]
    rows["value"] = [
        value(SECOND_QUARTER, "987654321") | {"note": f"{n} {'on long ground ' * 9}"} for n in range(9)
    ]
    rows["costs"] += [cost(f"x{n}", FIRST_QUARTER, "123456789", f"category {n}") for n in range(9)]
    return rows


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_page_is_one_page(browser: Browser, tmp_path: Path, paper: str) -> None:
    """With both charts."""
    made, facts = opened(world())
    text = html(build(find("cfo"), made.ask, facts))
    assert '<div class="figures">' in text
    assert pages(browser, tmp_path / "page.html", paper, text) == 1


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_crowded_page_is_one_page(browser: Browser, tmp_path: Path, paper: str) -> None:
    """The longest paragraph, name, notes and amounts: the charts stay on screen."""
    made, facts = opened(crowded(), name="A program with a name of many words " * 5)
    text = html(build(find("cfo"), made.ask, facts, text="word " * (MOST_TEXT // 5)))
    assert '<div class="figures screen-only">' in text
    assert pages(browser, tmp_path / "page.html", paper, text) == 1


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_page_without_numbers_is_one_page(browser: Browser, tmp_path: Path, paper: str) -> None:
    """Logs alone: five dashes, each with its reason."""
    made, facts = opened({"calls": world()["calls"]})
    text = html(build(find("cfo"), made.ask, facts))
    assert pages(browser, tmp_path / "page.html", paper, text) == 1


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_page_as_full_as_its_charts_allow_is_one_page(browser: Browser, tmp_path: Path, paper: str) -> None:
    """One word more, and the charts would stay on screen."""
    made, facts = opened(crowded())
    bare = build(find("cfo"), made.ask, facts, text="x").size
    document = build(find("cfo"), made.ask, facts, text="word " * ((ROOM - bare) // 5))
    assert ROOM - 10 <= document.size <= ROOM
    text = html(document)
    assert '<div class="figures">' in text
    assert pages(browser, tmp_path / "page.html", paper, text) == 1
