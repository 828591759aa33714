"""Does the read API answer what asking answers, and refuse with a problem document?"""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest

from firstcall.cli.report import rendered
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.query.question import PARAMETERS
from tests.web.client import FORMULA, HOSTILE, Client

MONTH = "from=2026-09-01&to=2026-10-01"
QUESTIONS = (
    (
        f"call_volume?{MONTH}&grain=week&by=product",
        Question("call_volume", date(2026, 9, 1), date(2026, 10, 1), "week", ("product",)),
    ),
    (f"program_revenue?{MONTH}", Question("program_revenue", date(2026, 9, 1), date(2026, 10, 1))),
    (
        f"server_error_rate?{MONTH}&grain=all&where=partner:P1",
        Question(
            "server_error_rate", date(2026, 9, 1), date(2026, 10, 1), "all", (), (("partner", ("P1",)),)
        ),
    ),
    ("active_partners", Question("active_partners")),
)


@pytest.mark.parametrize(("address", "question"), QUESTIONS)
def test_a_metric_is_the_answer_object(
    client: Client, program: Program, address: str, question: Question
) -> None:
    """The same JSON as the command line prints."""
    reply = client.get(f"/api/v1/metrics/{address}")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.json == json.loads(json.dumps(program.ask(question).to_json()))


def test_money_is_exact_text_with_its_currency(client: Client) -> None:
    """One invoice of 900 euros."""
    point = client.get(f"/api/v1/metrics/program_revenue?{MONTH}").json["points"][0]
    assert point["value"] == {"amount": "900.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("suffix", "accept"), [(".csv", "*/*"), ("", "text/csv"), ("", "text/csv, */*;q=0.1")]
)
def test_csv_by_suffix_or_accept(client: Client, suffix: str, accept: str) -> None:
    """One row per point, with its cases."""
    reply = client.get(f"/api/v1/metrics/call_volume{suffix}?{MONTH}&grain=all", accept=accept)
    assert reply.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(reply.text)))
    assert [(row["calls"], row["cases"], row["confidence"]) for row in rows] == [("555", "555", "measured")]


def test_rows_behind_a_number_are_all_of_them_in_csv(client: Client) -> None:
    """JSON is cut at the limit and says the total; CSV is not."""
    address = f"/api/v1/metrics/new_signups/rows?{MONTH}"
    some = client.get(f"{address}&limit=1").json
    assert (some["total"], len(some["rows"])) == (2, 1)
    whole = client.get(address.replace("rows", "rows.csv")).text
    assert len(list(csv.reader(StringIO(whole)))) == 1 + 2


def test_a_formula_in_data_is_defused(client: Client) -> None:
    """A partner's segment cannot reach the reader's spreadsheet as a formula."""
    text = client.get(f"/api/v1/metrics/new_signups.csv?{MONTH}&grain=all&by=segment").text
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert f"'{FORMULA}" in cells
    assert FORMULA not in cells


def test_the_catalogue_says_what_can_be_computed(client: Client, program: Program) -> None:
    """Each metric with its card."""
    found = {each["name"]: each for each in client.get("/api/v1/metrics").json["metrics"]}
    assert set(found) == set(program.metrics)
    assert found["call_volume"]["ready"] is True
    # What asked for a metric is for those who build it.
    assert not {"row", "requirement"} & found["call_volume"].keys()
    assert found["program_cost"]["needs"][0]["command"].startswith("firstcall import")


def test_status_says_how_the_store_stands(client: Client) -> None:
    """Rows, watermark, readiness."""
    found = client.get("/api/v1/status").json
    assert found["tables"]["calls"] == 556
    assert found["watermark"]["gate"] == "2026-10-01T08:00:00Z"
    assert {each["name"] for each in found["metrics"] if each["ready"]} >= {"call_volume", "active_partners"}


def test_a_report_is_given_out_in_each_format(client: Client) -> None:
    """By suffix; without one as JSON."""
    assert client.get("/api/v1/reports/cfo?period=2026Q3").json
    assert client.get("/api/v1/reports/cfo.html?period=2026Q3").text.startswith("<!DOCTYPE html>")
    assert (
        client.get("/api/v1/reports/cfo.md?period=2026Q3").headers["content-type"].startswith("text/markdown")
    )


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/api/v1/metrics/call_volum", 404, "Did you mean call_volume"),
        ("/api/v1/nothing", 404, "/api/v1/openapi.json"),
        ("/api/v1/reports/cfa", 404, "cfo"),
        ("/api/v1/reports/cfo.exe", 406, "html"),
        ("/api/v1/metrics/latency.exe", 406, "csv"),
        ("/api/v1/metrics/latency?grian=week", 400, "grain"),
        ("/api/v1/metrics/latency?from=yesterday", 400, "no day"),
        ("/api/v1/metrics/latency?from=2026-09-02&to=2026-09-01", 422, "holds no day"),
        ("/api/v1/metrics/latency?by=planet", 400, "planet"),
        ("/api/v1/metrics/partner_growth_rate?grain=all", 422, "grain"),
        ("/api/v1/metrics/program_cost?by=endpoint", 422, "endpoint"),
        ("/api/v1/metrics/latency?set=timeouts:never", 400, "timeouts"),
        ("/api/v1/metrics/latency/rows?limit=-1", 400, "limit"),
        ("/api/v1/metrics?api_key=secret", 400, "api_key"),
    ],
)
def test_errors_are_problem_documents(client: Client, address: str, status: int, words: str) -> None:
    """RFC 9457: type, title, status, detail, instance."""
    reply = client.get(address)
    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json
    assert problem["status"] == status
    assert problem["instance"] == address.partition("?")[0]
    assert words in problem["detail"]
    assert "Traceback" not in reply.text


def test_only_reading_is_allowed(client: Client) -> None:
    """405 names what is."""
    reply = client.get("/api/v1/metrics", method="POST")
    assert reply.status == 405
    assert "GET" in reply.headers["allow"]
    assert reply.json["status"] == 405


def test_sql_in_any_value_is_a_word(client: Client) -> None:
    """It is nobody's and refused; the store stays."""
    for bad in ("'; DROP TABLE partners; --", "x') OR 1=1 --", "\\', (select 1)"):
        reply = client.get(f"/api/v1/metrics/call_volume?grain=all&where=partner:{bad.replace(' ', '%20')}")
        assert reply.status == 422
    assert client.get("/api/v1/status").json["tables"]["partners"] == 3


@pytest.mark.parametrize("path", ["/api/v1/metrics/call_volume", "/explain/call_volume", "/"])
def test_a_value_that_no_row_has_is_refused_on_every_address(client: Client, path: str) -> None:
    """Not 0 about nobody; near ones are named. A name finds its id."""
    reply = client.get(f"{path}?where=partner:Nobody")
    assert reply.status == 422
    assert "There is no partner named" in reply.text
    assert client.get(f"{path}?where=partner:ACME").status == 200


def test_an_unchanged_answer_is_not_sent_again(client: Client) -> None:
    """The tag changes with the question and with the store."""
    address = f"/api/v1/metrics/latency?{MONTH}"
    first = client.get(address)
    again = client.get(address, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert client.get(f"{address}&grain=week").headers["etag"] != first.headers["etag"]


def test_the_description_names_every_address(client: Client) -> None:
    """And every metric, and every parameter of a question."""
    found = client.get("/api/v1/openapi.json").json
    assert found["openapi"] == "3.1.0"
    for address in (
        "/api/v1/metrics",
        "/api/v1/metrics/{name}",
        "/api/v1/metrics/{name}/rows",
        "/api/v1/status",
    ):
        assert address in found["paths"]
    name, *asked = found["paths"]["/api/v1/metrics/{name}"]["get"]["parameters"]
    assert "call_volume" in name["schema"]["enum"]
    assert {each["name"] for each in asked} == {*PARAMETERS}


def test_health_and_readiness_are_words(client: Client) -> None:
    """For whatever watches the process."""
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_labels_are_data_and_stay_data(client: Client) -> None:
    """A hostile name in a page's list of partners is one option with that text."""
    assert HOSTILE not in client.get("/").text


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/?grain=week", ()),
        ("/?by=product", ()),
        ("/metrics?from=2026-09", ()),
        ("/reports/cfo?where=product:payments", ()),
        ("/reports/cfo?perod=2026Q3", ("period",)),
        ("/api/v1/reports/cfo?to=2026-09", ()),
        ("/api/v1/metrics?grain=day", ()),
        ("/api/v1/status?as_of=2026-09-01", ()),
        ("/api/v1/openapi.json?q=x", ()),
        ("/api/v1/metrics/latency/rows?limt=3", ("limit",)),
    ],
)
def test_an_address_refuses_what_it_would_pass_over(
    client: Client, address: str, near: tuple[str, ...]
) -> None:
    """No number, page or report looks narrowed that is not."""
    reply = client.get(address)
    assert reply.status == 400
    assert reply.json["detail"].startswith("There is no parameter of this address named")
    assert {*near} <= {*reply.json["near"]}


@pytest.mark.parametrize(("name", "year"), [("as_of", 2026), ("known_at", 1990)])
def test_a_report_looks_back_as_the_command_does(
    client: Client, program: Program, name: str, year: int
) -> None:
    """As of the middle of September, or as known before anything was: another document than today's."""
    moments: dict[str, Any] = {name: datetime(year, 9, 15, tzinfo=UTC)}
    told = client.get(f"/api/v1/reports/cfo.json?{name}={year}-09-15").text
    assert told == rendered(program, "cfo", form="json", **moments)
    assert told != client.get("/api/v1/reports/cfo.json").text
    page = client.get(f"/reports/cfo?{name}={year}-09-15", accept="text/html").text
    assert f'type="hidden" name="{name}" value="{year}-09-15T00:00:00+00:00"' in page
