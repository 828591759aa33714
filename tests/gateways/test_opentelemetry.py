"""Does a service that OpenTelemetry watches write spans that import to exactly the calls it was sent?"""

from __future__ import annotations

import signal
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.gateways import running as at
from tests.gateways.running import Run, imported
from tests.gateways.traffic import Call, said
from tests.gateways.upstream import free_port

pytestmark = pytest.mark.xdist_group("gateway opentelemetry")

ROOT = Path(__file__).parents[2]
NAMES = ("old", "stable", "both")
OPT_IN = {"old": "", "stable": "http", "both": "http/dup"}
CALLS = tuple(
    replace(call, address="::1")
    for call in (
        Call("listed", "/pets?limit=10", 200, path="/pets"),
        Call("created", "/pets", 201, "POST", do="status=201", body=b"p" * 3000),
        Call("removed", "/pets/9", 204, "DELETE", do="status=204"),
        Call("limited", "/pets/13", 429, do="status=429", headers=("X-Partner: shop",)),
        Call("failed", "/pets/14", 500, do="fail"),
        Call("missing", "/nothing/here", 404),
        Call("slow", "/pets/1", 200, sleeps=0.1, headers=("X-Partner: till",)),
        Call("slower", "/pets/2", 200, sleeps=0.4),
        Call("encoded", "/pets/caf%C3%A9", 200),
    )
)


@pytest.fixture(scope="module", params=NAMES)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The service, its spans named in the old way, the stable way, or both, and its calls."""
    folder, port = tmp_path_factory.mktemp("traced"), free_port()
    file = folder / "spans.jsonl"
    command = [sys.executable, "-m", "tests.gateways.traced", str(file), str(port)]
    own = {"PYTHONPATH": str(ROOT), "OTEL_SEMCONV_STABILITY_OPT_IN": OPT_IN[request.param]}
    with at.running(command, port, folder, stop=signal.SIGTERM, addresses=("::1",), more=own):
        heard = {call.name: said(call, port) for call in CALLS}
    return Run(CALLS, heard, {request.param: file})


def test_the_store_holds_what_was_sent(run: Run) -> None:
    """Each call once, by its method, path, route, status and outcome: spans of inner work and of clients are none.

    The path is decoded before the instrumentation sees it.
    """
    at.check_answers(run)
    (file,) = run.logs.values()
    with imported("otlp", [file]) as (program, (report,)):
        assert report.total.adds_up
        assert (report.total.landed, report.total.refused) == (len(CALLS), {})
        assert Counter(
            (row["method"], row["path"], row["route"], row["status"]) for row in at.rows(program)
        ) == Counter(
            {
                ("GET", "/pets", "/pets", 200): 1,
                ("POST", "/pets", "/pets", 201): 1,
                ("DELETE", "/pets/9", "/pets/{pet_id}", 204): 1,
                ("GET", "/pets/13", "/pets/{pet_id}", 429): 1,
                ("GET", "/pets/14", "/pets/{pet_id}", 500): 1,
                ("GET", "/nothing/here", "/nothing/here", 404): 1,
                ("GET", "/pets/1", "/pets/{pet_id}", 200): 1,
                ("GET", "/pets/2", "/pets/{pet_id}", 200): 1,
                ("GET", "/pets/café", "/pets/{pet_id}", 200): 1,
            }
        )


def test_times_and_durations_are_those_of_the_calls(run: Run) -> None:
    """Spans have a start and an end in nanoseconds."""
    (file,) = run.logs.values()
    with imported("otlp", [file]) as (program, _):
        at.check_times(program, run, resolution=0.001)
        found = at.by_name(program)
        for call in CALLS:
            most = (run.heard[call.name].seconds + at.PAUSE) * 1000
            assert call.sleeps * 1000 - 5 <= found[call.name]["latency_ms"] <= most, call.name


def test_service_and_caller_are_those_of_the_span(run: Run) -> None:
    """Product and version by the resource, the caller by the attribute client.id, addresses cut."""
    (file,) = run.logs.values()
    with imported("auto", [file, file]) as (program, (report, again)):
        assert {each.source for each in report.files} == {"otlp"}
        assert (again.total.landed, again.total.duplicate) == (0, len(CALLS))
        found = at.by_name(program)
        assert {(row["product"], row["version"], row["client_ip"]) for row in found.values()} == {
            ("pets", "1.4", "::")
        }
        assert {name: row["consumer"] for name, row in found.items() if row["consumer"]} == {
            "limited": "shop",
            "slow": "till",
        }
