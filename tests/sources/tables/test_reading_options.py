"""Is what is said about a sheet one of the things that can be said?"""

from __future__ import annotations

import pytest

from firstcall.errors import UsageError
from firstcall.sources.tables.reading_options import check


@pytest.mark.parametrize(
    "options",
    [{}, {"decimal": "comma", "dates": "month-first"}, {"encoding": "latin-1"}, {"sheet": "anything"}],
)
def test_what_can_be_said_is_taken(options: dict[str, str]) -> None:
    """Nothing has to be."""
    check(options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"decimal": "."}, "write point or comma"),
        ({"dates": "european"}, "write day-first or month-first"),
        ({"encoding": "base64"}, "no such encoding"),
        ({"encoding": "windows"}, "cp1252 .Windows."),
    ],
)
def test_what_cannot_be_said_names_what_can(options: dict[str, str], said: str) -> None:
    """A codec that makes no text is none."""
    with pytest.raises(UsageError, match=said):
        check(options)
