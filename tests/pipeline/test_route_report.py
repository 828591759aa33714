"""Which segments look like ids that nothing recognised, and which are left alone?"""

from __future__ import annotations

import pytest

from firstcall.pipeline.route_report import candidates, rule_for


def proposed(*routes: str) -> list[tuple[str, int]]:
    """Return (template, values) proposed for routes of one product."""
    return [(each.route, each.values) for each in candidates([("pets", route, 1) for route in routes])]


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        ([f"/users/u-{n}x" for n in range(5)], [("/users/{user}", 5)]),
        ([f"/users/u-{n}x" for n in range(4)], []),
        ([f"/categories/{c}" for c in "abcdefghijklmnop"], []),
        ([f"/v{n}/pets" for n in range(9)], []),
        ([f"/tags/{'a' * (n + 1)}" for n in range(20)] + [f"/tags/{'b' * (n + 1)}" for n in range(20)]
         + [f"/tags/{'c' * (n + 1)}" for n in range(10)], [("/tags/{tag}", 50)]),
        ([f"/categories/c{n}/items/i{m}" for n in range(5) for m in range(5)],
         [("/categories/{category}/items/{item}", 5)]),
        ([f"/a{n}" for n in range(5)], [("/{id}", 5)]),
        (["(malformed)", *(f"/a b/x{n}" for n in range(9))], []),
    ],
)  # fmt: skip
def test_segments_that_look_like_ids(routes: list[str], found: list[tuple[str, int]]) -> None:
    """Five odd ones in one place are ids, so are fifty words; versions and a few words are not."""
    assert proposed(*routes) == found


def test_the_rule_is_toml() -> None:
    """Quotes are escaped."""
    assert rule_for('/a"/{id}') == '[[routes]]\nmatch.path = "/a\\"/{id}"\nroute = "/a\\"/{id}"\n'
