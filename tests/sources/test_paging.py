"""Does each kind of paging know the next page, and that there is none?"""

from __future__ import annotations

import pytest

from firstcall.sources.paging import LastId, LinkHeader, NextLink, NextToken, Offset, Page, PageNumber, Paging

HERE = "https://a.example/x?q=1"
LINK = {"link": '<https://a.example/x?p=0>; rel="prev", <https://a.example/x?p=2>; rel="next"'}


def page(value: object, *records: object, url: str = HERE, headers: dict[str, str] | None = None) -> Page:
    """Return a page with these records."""
    return Page(value, headers or {}, records, url)


@pytest.mark.parametrize(
    ("kind", "shown", "link"),
    [
        (LastId("after", "more"), page({"more": True}, {"id": "a"}, {"id": "b"}), f"{HERE}&after=b"),
        (LastId("after", "more"), page({"more": False}, {"id": "a"}), None),
        (LastId("after", "more"), page({"more": True}), None),
        (LastId("after", "more"), page({"more": True}, {"name": "no id"}), None),
        (NextToken("page", "meta.next"), page({"meta": {"next": 2}}, 1), f"{HERE}&page=2"),
        (NextToken("page", "meta.next"), page({"meta": {"next": None}}, 1), None),
        (NextToken("t", "next", last="done"), page({"next": "x", "done": False}), f"{HERE}&t=x"),
        (NextToken("t", "next", last="done"), page({"next": "x", "done": True}), None),
        (NextLink("next"), page({"next": "/y?c=2"}, 1), "/y?c=2"),
        (NextLink("next"), page({"next": HERE}, 1), None),
        (NextLink("next"), page({"next": None}, 1), None),
        (NextLink("next", last="done"), page({"next": "/y", "done": True}, 1), None),
        (LinkHeader(), page([], headers=LINK), "https://a.example/x?p=2"),
        (LinkHeader(), page([], headers=LINK, url="https://a.example/x?p=2"), None),
        (LinkHeader(), page([]), None),
        (
            Offset("from", more="more"),
            page({"more": True}, 1, 2, url="https://a.example/x?from=4"),
            "https://a.example/x?from=6",
        ),
        (Offset("from", more="more"), page({"more": False}, 1, 2), None),
        (Offset("from", more="more"), page({"more": True}), None),
        (Offset("from", total="n"), page({"n": 3}, 1, 2), f"{HERE}&from=2"),
        (Offset("from", total="n"), page({"n": 3}, 3, url="https://a.example/x?from=2"), None),
        (Offset("from", total="n"), page({"n": "many"}, 1, 2), None),
        (PageNumber("page", size=2), page([], 1, 2), f"{HERE}&page=2"),
        (
            PageNumber("page", size=2),
            page([], 3, 4, url="https://a.example/x?page=2"),
            "https://a.example/x?page=3",
        ),
        (PageNumber("page", size=2), page([], 5, url="https://a.example/x?page=3"), None),
    ],
)
def test_a_page_leads_to_the_next_or_to_none(kind: Paging, shown: Page, link: str | None) -> None:
    """By its kind: the last id, a token, a link, or what was counted."""
    assert kind.following(shown) == link


def test_a_parameter_is_replaced_and_the_others_stay() -> None:
    """Also when it is there twice."""
    assert (
        page([], url="https://a.example/x?b=1&a=0&b=2&c=").at("b", "3 4")
        == "https://a.example/x?a=0&c=&b=3+4"
    )
