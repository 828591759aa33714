"""Does a line of a report say why it has no number in words for somebody who never saw the data?"""

from __future__ import annotations

import pytest

from firstcall.reports.rows import plainly


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("no production calls are known before 3 Aug 2026", "nothing is known before 3 Aug 2026"),
        ("no calls are known", "nothing is known"),
        ("not over yet: data until 1 Oct 2026", "not over yet: data until 1 Oct 2026"),
        ("no partner went live", "no partner went live"),
    ],
)
def test_what_is_not_known_is_not_named(why: str, said: str) -> None:
    """Whose production calls they are, a page for finance does not say."""
    assert plainly(why) == said
