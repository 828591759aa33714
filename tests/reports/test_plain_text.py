"""Does a report fit a terminal of 80 columns?"""

from __future__ import annotations

from firstcall.reports.plain_text import WIDTH, text
from firstcall.reports.render import build, find
from tests.reports.small import Rows, milestone, opened, world

HOSTILE = "Ünïcode \x1b]0;owned\x07 <script>alert(1)</script> | ' \" & \u202eevil\r\n" + "long " * 60


def said(rows: Rows, **program: object) -> str:
    """Return the page as text."""
    made, facts = opened(rows, **program)
    return text(build(find("cfo"), made.ask, facts))


def test_the_table_as_it_is_printed() -> None:
    """Labels to the left, both quarters to the right, the trend with its arrow and whether that is good."""
    lines = said(world()).splitlines()
    assert lines[:2] == [
        "Pets: API program review",
        "Q2 2025 (1 Apr – 30 Jun 2025), compared with Q1 2025 (1 Jan – 31 Mar 2025)",
    ]
    assert lines[3] == "                                 This quarter    Last quarter  Trend"
    assert lines[5:11] == [
        "API program revenue (1)             EUR 1,350         EUR 900  ▲ +50.0 % better",
        "Cost per partner onboarded (2)        EUR 100       EUR 1,000  ▼ −90.0 % better",
        "Activation rate (3)                    80.0 %          25.0 %  ▲ +55.0 pts better",
        "Program cost vs. value (4)            4.5 : 1           1 : 1  ▲ +3.5 better",
        "  own revenue alone                   1.5 : 1         0.6 : 1  ▲ +0.90 better",
        "Partner growth (5)                  100 % MoM               –    –",
    ]


def test_no_line_is_longer_than_the_terminal() -> None:
    """Whatever the program and its milestones are called; nothing a terminal would obey is left."""
    rows = world()
    rows["milestones"] = [milestone("2025-05-05", HOSTILE)]
    page = said(rows, name=HOSTILE)
    assert max(map(len, page.splitlines())) <= WIDTH + 2
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_the_last_line_says_until_when_there_is_data() -> None:
    """In the zone of the program: 23:00 UTC is 1 in the morning in Berlin."""
    page = " ".join(said(world(), timezone="Europe/Berlin").split())
    assert (
        "Data until 1 Jul 2025, 01:00 (Europe/Berlin); confidence of the page: estimated; the paragraph is"
        in page
    )
