"""Do the entries of an archive become calls as the client saw them?"""

from __future__ import annotations

import hashlib
import json

from firstcall.sources.gateways.har import SOURCE, entries, recognise
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import sample

HASHED = "sha256:" + hashlib.sha256(b"abc").hexdigest()
CALL = {
    "time": at(2024, 4, 10, 21, 0, 0, 100_000),
    "consumer": HASHED,
    "method": "GET",
    "path": "https://api.example.com/pets/7?x=1",
    "status": 200,
    "latency_ms": 250.5,
    "client_ms": 250.5,
    "upstream_ms": 200.0,
    "request_bytes": 120,
    "user_agent": "pets-js/1.0",
    "host": "api.example.com",
}


def test_one_document_is_as_many_calls_as_it_has_entries() -> None:
    """A size that is unknown in part is unknown; status 0 with a timeout's name never got an answer."""
    _, rows = read(SOURCE, sample("har/pets.json"))
    lost = {
        "time": at(2024, 4, 10, 23, 0, 1),
        "method": "GET",
        "path": "https://cdn.example.com/logo.png",
        "status": 0,
        "timed_out": True,
        "error_code": "net::ERR_TIMED_OUT",
        "host": "cdn.example.com",
    }
    assert rows == [CALL, lost]


def test_entries_alone_are_the_same_calls() -> None:
    """As a large document is taken apart before."""
    lines = sample("har/pets.json")
    taken = [json.dumps(entry) for entry in entries(json.loads(lines[0]))]
    assert read(SOURCE, taken)[1] == read(SOURCE, lines)[1]
    assert entries([1]) == [[1]]


def test_other_hosts_are_left_out() -> None:
    """Archives hold pages and images beside the API's calls."""
    way, rows = read(SOURCE, sample("har/pets.json"), host="API.example.com, other.example.com")
    assert [row.get("refusal") for row in rows] == [None, "blank line"]
    assert way.notes == ()


def test_a_header_may_name_the_consumer_and_is_hashed() -> None:
    """Nobody knows whether it is a secret."""
    _, rows = read(SOURCE, sample("har/pets.json"), consumer="x-api-key")
    assert rows[0]["consumer"] == HASHED
    _, rows = read(SOURCE, ["nope", "", '{"log": {"entries": []}}'])
    assert [row["refusal"] for row in rows][:2] == ["not a JSON object", "blank line"]


def test_its_own_keys_give_it_away() -> None:
    """The document, or its entries."""
    assert recognise(sample("har/pets.json"))
    assert recognise(['{"startedDateTime": "x", "timings": {}}'])
    assert recognise(['{"log": "x"}']) is None


def test_sizes_past_all_numbers_are_unknown() -> None:
    """Their sum does not end the import."""
    document = json.loads("\n".join(sample("har/pets.json")))
    document["log"]["entries"][0]["request"]["headersSize"] = 2**63 - 1
    _, rows = read(SOURCE, [json.dumps(entry) for entry in entries(document)])
    assert "request_bytes" not in rows[0]
