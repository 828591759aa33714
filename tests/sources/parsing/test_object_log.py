"""Does a value of a JSON log come out whatever it begins with?"""

from __future__ import annotations

import json

import duckdb
import pytest

from firstcall.sources.gateways.traefik import SOURCE
from firstcall.sources.parsing.object_log import one
from tests.sources.gateways.lines_read import read


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('["curl/8.1","second"]', "curl/8.1"),
        ("curl/8.1", "curl/8.1"),
        ("[bot] curl/8.1", "[bot] curl/8.1"),
        ("[2001:db8::7]:443", "[2001:db8::7]:443"),
        ("[", "["),
        ("[]", None),
        (None, None),
    ],
)
def test_the_first_of_several_is_taken_from_a_list_alone(value: str | None, found: str | None) -> None:
    """What begins with a bracket and is no JSON stays as it is."""
    with duckdb.connect() as connection:
        asked = f"SELECT {one('value')} FROM (SELECT ?::VARCHAR AS value)"
        assert connection.execute(asked, [value]).fetchone() == (found,)


def test_an_address_in_brackets_does_not_end_an_import() -> None:
    """Both objects are calls."""
    entry: dict[str, object] = {"StartUTC": "2025-01-02T10:00:00Z", "RequestMethod": "GET"}
    entry |= {
        "RequestPath": "/pets",
        "DownstreamStatus": 200,
        "Duration": 1_000_000,
        "ClientAddr": "[2001:db8::7]:5000",
    }
    _, rows = read(SOURCE, [json.dumps(entry | {"request_User-Agent": agent}) for agent in ("[bot", "curl")])
    assert [(row["client_ip"], row["user_agent"]) for row in rows] == [
        ("2001:db8::7", "[bot"),
        ("2001:db8::7", "curl"),
    ]
