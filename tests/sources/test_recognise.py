"""Does a file say by its first lines which format it is in?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firstcall import registry
from firstcall.errors import UsageError
from firstcall.pipeline.unwrapping import first_lines, unwrapped
from firstcall.sources.recognise import recognised
from tests.sources.samples_read import SAMPLES
from tests.sources.test_kong import ENTRY

LINE = '1.2.3.4 - bob [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl/8"'


def told(*lines: str) -> str:
    """Return the name of the format that is recognised."""
    return recognised("access.log", lines, registry.sources())[0].name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"{LINE} 0.123 0.120", "nginx"),
        (LINE.replace("200 12", "499 0"), "nginx"),
        ('{"time_local": "x", "request": "GET / HTTP/1.1", "status": "200", "remote_addr": "::1"}', "nginx"),
        (LINE.replace("200 12", "304 -"), "apache"),
        (f"{LINE} 123456", "apache"),
        (json.dumps(ENTRY), "kong"),
        (json.dumps([ENTRY, ENTRY]), "kong"),
        ('{"requestId": "r", "routeKey": "GET /a", "status": "200", "errorMessage":-}', "aws-api-gateway"),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 12 r-1', "aws-api-gateway"),
    ],
)
def test_a_format_is_told_by_what_only_it_writes(line: str, name: str) -> None:
    """Whatever other formats the lines would fit."""
    assert told(line) == name


def test_lines_that_two_formats_write_alike_are_the_users_to_decide() -> None:
    """The error lists both with the command that chooses."""
    with pytest.raises(UsageError) as error:
        told(LINE)
    assert "firstcall import nginx access.log" in str(error.value)
    assert "firstcall import apache access.log" in str(error.value)


@pytest.mark.parametrize("line", ["", "partner_id,name", '{"a": 1}', "nope"])
def test_lines_of_no_format_are_refused(line: str) -> None:
    """With what the file begins with."""
    with pytest.raises(UsageError, match="no format knows this file"):
        told(line)


ASKED = {
    "apisix/access.log": "text of which only the operator knows the fields",
    "apisix/custom.json": "the operator's own keys, which are those of nginx",
    "cloudfront/real-time.log": "real-time records name themselves nowhere",
    "gravitee/v2.csv": "no line of names",
    "gravitee/v4.csv": "no line of names",
    "moesif/events.json": "its request and user look like Caddy's too",
    "nginx/vhost_forwarded.log": "Apache writes it alike",
    "traefik/generic.log": "combined, as nginx and Apache write it",
}
"""Samples that do not say what they are → why."""
FILES = [
    path
    for name, source in sorted(registry.sources().items())
    if source.conform is not None
    for path in sorted((SAMPLES / name).glob("*"))
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_told_or_asked_about(path: Path, tmp_path: Path) -> None:
    """None is taken for another format, but where the operator chose that format's words."""
    lines = first_lines(unwrapped(path, path.name, None, tmp_path, 1 << 20).path)
    try:
        found = told(*lines)
    except UsageError:
        found = "asked"
    name = path.parent.name
    assert found == name or f"{name}/{path.name}" in ASKED
