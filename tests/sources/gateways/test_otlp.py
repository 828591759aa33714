"""Do server spans become calls, by their old and their stable names?"""

from __future__ import annotations

import hashlib
import json

from firstcall.sources.gateways.otlp import SOURCE, recognise, spans
from tests.sources.gateways.lines_read import at, read
from tests.sources.samples_read import sample

FIRST = "5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174"
SECOND = "5b8efff798038103d269b633813fc60d:eee19b7ec3c1b176"
CALL = {
    "event_id": FIRST,
    "time": at(2024, 4, 10, 23, 0, 0, 100_000),
    "consumer": "sha256:" + hashlib.sha256(b"abc").hexdigest(),
    "product": "pets",
    "method": "GET",
    "path": "/pets/7",
    "route": "/pets/{id}",
    "version": "1.4",
    "status": 200,
    "latency_ms": 250.0,
    "request_bytes": 12,
    "response_bytes": 300,
    "client_ip": "203.0.113.9",
    "user_agent": "pets-python/2.1",
    "trace_id": FIRST,
    "host": "api.example.com",
    "stage": "prod",
}
OLD = {
    "event_id": SECOND,
    "time": at(2024, 4, 10, 23, 0, 1),
    "consumer": "u-1",
    "product": "pets",
    "method": "POST",
    "path": "/pets?x=1",
    "status": 500,
    "latency_ms": 1.5,
    "timed_out": True,
    "error_code": "TimeoutException",
    "user_agent": "curl/8",
    "trace_id": SECOND,
    "weight": 2.0,
}


def test_server_spans_are_calls_by_either_name() -> None:
    """The client's span is left out; a threshold of 8 keeps half, so the span stands for two calls."""
    way, rows = read(SOURCE, sample("otlp/traces.json"))
    assert way.variant == "traces"
    assert rows[0] == CALL
    assert rows[1]["refusal"] == "blank line"
    assert rows[2] == OLD


def test_spans_taken_apart_are_the_same_calls() -> None:
    """Each keeps its resource."""
    lines = sample("otlp/traces.json")
    taken = [json.dumps(part) for line in lines for part in spans(json.loads(line))]
    assert len(taken) == 3
    assert read(SOURCE, taken)[1] == read(SOURCE, lines)[1]
    assert spans({"x": 1}) == [{"x": 1}]


def test_log_records_with_http_attributes_are_calls() -> None:
    """Others are left out; a log has no latency."""
    way, rows = read(SOURCE, sample("otlp/logs.json"))
    assert way.variant == "logs"
    assert rows[0] == {
        "event_id": FIRST,
        "time": at(2024, 4, 10, 23, 0, 0, 100_000),
        "product": "pets",
        "method": "GET",
        "path": "/pets",
        "status": 200,
        "trace_id": FIRST,
    }
    assert rows[1]["refusal"] == "blank line"


def test_an_attribute_names_the_consumer() -> None:
    """What is no document is refused, an empty one is not."""
    lines = [sample("otlp/traces.json")[0], "nope", "", '{"resourceSpans": []}']
    _, rows = read(SOURCE, lines, consumer="tenant", sample_rate="0.1")
    assert (rows[0]["consumer"], rows[0]["weight"]) == ("partner-7", 10.0)
    assert [row.get("refusal") for row in rows[2:]] == ["not a JSON object", "blank line", "blank line"]


def test_its_own_keys_give_it_away() -> None:
    """Traces and logs."""
    assert recognise(sample("otlp/traces.json"))
    assert recognise(sample("otlp/logs.json"))
    assert recognise(["{}"]) is None


def test_a_call_that_ended_in_an_exception_failed() -> None:
    """The span of a Starlette application has no status then; one that did not fail stays without."""
    document = json.loads(sample("otlp/traces.json")[0])
    span = next(each for each in spans(document) if "resourceSpans" in each)
    inner = span["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    inner["attributes"] = [each for each in inner["attributes"] if not each["key"].endswith("status_code")]
    for code, status in ((2, 500), ("STATUS_CODE_ERROR", 500), (0, None)):
        inner["status"] = {"code": code}
        _, rows = read(SOURCE, [json.dumps(span)])
        assert rows[0].get("status") == status
