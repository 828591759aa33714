"""Is the page in HTML well-formed, escaped, readable without eyes, and in need of nothing else?"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

from firstcall.reports.html import article, html
from firstcall.reports.render import build, find
from tests.reports.small import milestone, opened, world
from tests.reports.test_plain_text import HOSTILE

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Reader(HTMLParser):
    """Reads a page and keeps what was opened, in order, refusing what is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that closes itself, as those of SVG do."""
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.seen if name == tag]


@cache
def hostile() -> str:
    """Return the page of a program whose names would break out if they could."""
    rows = world()
    rows["milestones"] = [milestone("2025-05-05", HOSTILE)]
    rows["value"][1]["note"] = HOSTILE
    made, facts = opened(rows, name=HOSTILE)
    return html(build(find("cfo"), made.ask, facts, text=HOSTILE[:900]))


@cache
def page() -> str:
    """Return the page of the world as it is."""
    made, facts = opened(world())
    return html(build(find("cfo"), made.ask, facts))


def read(text: str) -> Reader:
    """Return what a parser finds, everything closed."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_every_element_is_closed() -> None:
    """Whatever the names are."""
    assert read(page()).words
    assert read(hostile()).words


def test_names_stay_text() -> None:
    """No element and no attribute comes from outside."""
    reader = read(hostile())
    assert reader.named("script") == []
    assert [tag for tag, attributes in reader.seen if any(name.startswith("on") for name in attributes)] == []
    assert any("<script>alert(1)</script>" in words for words in reader.words)
    assert not re.search("[\x1b\u202e]", hostile())


def test_nothing_is_fetched() -> None:
    """No address but the name of SVG, no style or script from elsewhere, and a policy that forbids it."""
    addresses = set(re.findall(r"""(?:https?:)?//[^\s"'<)]+""", page()))
    assert addresses == {"http://www.w3.org/2000/svg"}
    for tag in ("link", "img", "iframe", "object", "script", "form"):
        assert read(page()).named(tag) == []
    assert "default-src 'none'; style-src 'unsafe-inline'" in page()


def test_it_is_small() -> None:
    """Under 300 kB, pictures included."""
    assert len(page().encode()) < 300_000


def test_the_table_has_five_rows_with_heads_of_their_own() -> None:
    """A caption, heads for columns and rows, and both ratios in the row of the fourth."""
    table = page().split('<table class="numbers">')[1].split("</table>")[0]
    body = table.split("<tbody>")[1]
    assert body.count("<tr>") == body.count('<th scope="row">') == 5
    assert "<caption" in table
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)', table) == ["This quarter", "Last quarter", "Trend"]
    words = " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", body, flags=re.DOTALL).split())
    assert "4.5 : 1 own revenue alone: 1.5 : 1 1 : 1 own revenue alone: 0.6 : 1 ▲ +3.5 better" in words


def test_a_footnote_is_a_link_to_its_text() -> None:
    """Every mark leads somewhere, and no id is there twice."""
    reader = read(page())
    ids = [str(attributes["id"]) for _, attributes in reader.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {str(link["href"])[1:] for link in reader.named("a") if str(link.get("href")).startswith("#")}
    assert targets == {f"note-{number}" for number in range(1, 6)}
    assert targets <= set(ids)


def test_the_numbers_behind_the_charts_are_there() -> None:
    """One table for each, beside the one of the page."""
    assert page().count('<table class="data">') == 2
    assert page().count('<th scope="row">2025-06-01</th><td>8</td>') == 1


def test_an_article_goes_into_another_page() -> None:
    """Without head and style."""
    made, facts = opened(world())
    part = article(build(find("cfo"), made.ask, facts))
    assert part.startswith("<article")
    assert "<style" not in part
    assert read(part).open == []
