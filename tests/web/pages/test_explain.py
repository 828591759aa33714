"""Does the page of a number show where it comes from?"""

from __future__ import annotations

import re

import pytest

from firstcall.program import Program
from tests.web.client import Client

MONTH = "from=2026-09-01&to=2026-10-01"


def test_a_number_is_shown_with_definition_sql_and_rows(client: Client, program: Program) -> None:
    """Everything a reader needs to check it."""
    metric = program.metrics["server_error_rate"]
    page = client.get(f"/explain/server_error_rate?{MONTH}&grain=all")
    assert metric.card.question in page.words
    assert metric.card.words in page.words
    assert metric.card.action in page.words
    assert "5.4 %" in page.words
    assert "555 cases" in page.words
    assert re.search(r"<pre[^>]*><code>(WITH|SELECT)", page.text)
    assert re.search(r"calls \d+ rows", page.words)
    assert "needs work" in page.words
    assert (
        "/api/v1/metrics/server_error_rate/rows.csv?from=2026-09-01&amp;to=2026-10-01&amp;grain=all"
        in page.text
    )


def test_every_metric_has_a_page(client: Client, program: Program) -> None:
    """With what this store holds, and whatever is missing is said."""
    for name in program.metrics:
        page = client.get(f"/explain/{name}?{MONTH}")
        assert page.status == 200, name
        assert "a fault of firstcall" not in page.words, name


def test_every_metric_has_a_page_in_an_empty_store(empty: Client, program: Program) -> None:
    """It says what it needs and how to fill it."""
    for name in program.metrics:
        page = empty.get(f"/explain/{name}")
        assert page.status == 200, name
        assert "Needs rows in" in page.words, name
        assert "firstcall import" in page.words, name


def test_a_split_names_partners_and_the_unattributed(client: Client) -> None:
    """Not their ids."""
    said = client.get(f"/explain/call_volume?{MONTH}&grain=all&by=partner").words
    assert "Acme" in said
    assert "unattributed" in said
    chart = client.get(f"/explain/call_volume?{MONTH}&grain=all&by=partner,environment").text
    assert "Acme · production" in chart


def test_a_split_by_version_names_the_unversioned(client: Client) -> None:
    """In the table and in the chart, for calls that name no version."""
    page = client.get(f"/explain/version_mix?{MONTH}&grain=all")
    assert "unversioned" in page.words
    assert "unattributed" not in page.words
    assert ">unversioned<" in page.text


@pytest.mark.parametrize(
    ("path", "status"), [("/explain/call_volum", 404), ("/explain/latency?grain=eon", 400), ("/x", 404)]
)
def test_people_get_a_page_that_says_what_is_wrong(client: Client, path: str, status: int) -> None:
    """With the way back."""
    page = client.get(path, accept="text/html")
    assert page.status == status
    assert page.headers["content-type"].startswith("text/html")
    assert 'href="/"' in page.text
    assert "Traceback" not in page.text


def test_the_report_is_a_page_too(client: Client) -> None:
    """With the quarters that have data."""
    page = client.get("/reports/cfo")
    assert page.status == 200
    assert "2026Q3" in page.words
    assert client.get("/reports/none", accept="text/html").status == 404


def test_the_catalogue_can_be_searched(client: Client) -> None:
    """By any word of a card; what matches nothing says so."""
    assert "Net revenue retention" in client.get("/metrics?q=retention").words
    assert "Latency" not in client.get("/metrics?q=retention").words
    assert "No metric mentions" in client.get("/metrics?q=<script>").words
    assert "<script>”" not in client.get("/metrics?q=<script>").text


def test_more_periods_than_a_picture_holds_are_listed_and_not_drawn(client: Client) -> None:
    """1,826 days are too many, 1,096 are not; the page says where all of them are."""
    wide, narrow = (client.get(f"/explain/call_volume?from={y}&to=2027&grain=day") for y in (2022, 2024))
    assert "1,826 periods make no picture, 1,500 do" in wide.words
    assert ['class="fc-pair"' in page.text for page in (wide, narrow)] == [False, True]
