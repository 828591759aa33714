"""Are finished answers kept within bounds and given out whole?"""

from __future__ import annotations

from starlette.responses import Response

from firstcall.program import Program
from firstcall.web.app import make_app
from firstcall.web.response_cache import ResponseCache
from tests.web.client import Client


def test_what_was_put_is_taken_with_its_headers() -> None:
    """Under its own tag only."""
    cache = ResponseCache()
    cache.put("a", Response(b"12345", headers={"etag": "x"}, media_type="text/plain"))
    found = cache.take("a")
    assert found is not None
    assert (found.body, found.headers["etag"], found.headers["content-length"]) == (b"12345", "x", "5")
    assert cache.take("b") is None


def test_the_longest_unused_goes_first() -> None:
    """Room for ten bytes: reading `a` saves it, `b` goes."""
    cache = ResponseCache(most=10)
    cache.put("a", Response(b"12345"))
    cache.put("b", Response(b"12345"))
    cache.take("a")
    cache.put("c", Response(b"12345"))
    assert [cache.take(tag) is not None for tag in "abc"] == [True, False, True]


def test_the_same_tag_takes_its_place_once() -> None:
    """Putting twice does not fill the cache."""
    cache = ResponseCache(most=10)
    for _ in range(5):
        cache.put("a", Response(b"12345"))
    cache.put("b", Response(b"12345"))
    assert cache.take("a") is not None


def test_what_is_too_large_is_not_kept() -> None:
    """It would push everything else out."""
    cache = ResponseCache(most=4)
    cache.put("a", Response(b"12345"))
    assert cache.take("a") is None


def test_a_page_is_computed_once(program: Program) -> None:
    """The second reader of a page gets the same bytes, with the same protection."""
    app = make_app(program)
    client = Client(app)
    first, second = client.get("/metrics"), client.get("/metrics")
    app.state.service.close()
    assert first.body == second.body
    assert first.headers == second.headers
