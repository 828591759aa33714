"""Are the escapes of text logs taken back, so that one path is one path in the log of every gateway?"""

from __future__ import annotations

import pytest

from firstcall.sources.gateways import apache, nginx
from firstcall.sources.parsing.escapes import percent_encoded
from firstcall.sources.source import Source
from tests.sources.gateways.lines_read import evaluated, read

LINE = '192.0.2.7 - - [10/Oct/2025:13:55:36 +0000] "GET {} HTTP/1.1" 200 12 "-" "-"'


@pytest.mark.parametrize(
    ("written", "path"),
    [
        (r"/caf\xC3\xA9", "/caf%C3%A9"),
        (r"/caf\xc3\xa9", "/caf%c3%a9"),
        (r"/a\"b\x22c", "/a%22b%22c"),
        (r"/a\\x41", "/a%5Cx41"),
        (r"/a\x5Cx41", "/a%5Cx41"),
        (r"/a\\\"b\tc", "/a%5C%22b%09c"),
        ("/a%20b", "/a%20b"),
        ("/a\\", "/a\\"),
    ],
)
def test_quotes_backslashes_and_bytes_become_those_of_a_url(written: str, path: str) -> None:
    """An escaped backslash escapes nothing after it; what is no escape stays."""

    def made(value: str) -> str:
        return f"(SELECT path FROM ({percent_encoded(f'SELECT {value} AS path, NULL AS user_agent')}))"

    assert evaluated(made, written) == path


@pytest.mark.parametrize("source", [nginx.SOURCE, apache.SOURCE])
def test_text_logs_are_read_with_their_escapes_taken_back(source: Source) -> None:
    """JSON is not: its parser has done so, and a backslash in it is one that was sent."""
    _, rows = read(source, [LINE.format("/pets"), LINE.format(r"/say/\x22hi\x22")])
    assert rows[1]["path"] == "/say/%22hi%22"
    line = r'{"time_iso8601": "2025-10-10T22:55:36Z", "request_uri": "/c\\x41", "status": 200}'
    _, rows = read(source, [line])
    assert rows[0]["path"] == r"/c\x41"
