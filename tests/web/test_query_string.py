"""Are query strings read as they are meant, and refused when they are not?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall import registry
from firstcall.errors import UnknownName, UsageError
from firstcall.periods import Question
from firstcall.query.question import PARAMETERS, Parameters, parameters_of
from firstcall.web.query_string import address, read
from tests.query.test_question import TEXTS
from tests.web.client import Client

BERLIN = ZoneInfo("Europe/Berlin")
NEWEST = date(2026, 10, 1)


def asked(query: str) -> Question:
    """Return the question about a metric."""
    return read(query, BERLIN).parameters.question("latency", lambda: NEWEST)


def test_filters_group_by_name_and_keep_what_is_in_them() -> None:
    """A value may hold colons, spaces and equals signs."""
    found = asked("where=endpoint:GET%20/a:b%3Dc&where=partner%3DP1&where=partner:P2&by=product,version")
    assert found.where == (("endpoint", ("GET /a:b=c",)), ("partner", ("P1", "P2")))
    assert found.by == ("product", "version")


def test_a_plus_that_became_a_space_is_understood() -> None:
    """As many write it by hand."""
    assert asked("as_of=2026-07-01T12:00:00+05:00").as_of == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_empty_values_are_what_forms_send_for_nothing() -> None:
    """They change nothing."""
    assert read("from=&to=&where=&grain=%20", BERLIN).parameters == Parameters()


def test_a_page_has_parameters_of_its_own() -> None:
    """Each at most once, beside those of every question."""
    found = read("period=2026Q3&grain=day&limit=", BERLIN, others=("period", "limit"))
    assert (found.others, found.parameters.grain) == ({"period": "2026Q3"}, "day")
    with pytest.raises(UsageError, match="period is given 2 times"):
        read("period=2026Q3&period=2026Q4", BERLIN, others=("period",))


def test_an_address_asks_what_it_was_made_from() -> None:
    """Reading the address of a question gives the question again."""
    question = Question(
        "latency", date(2026, 7, 1), NEWEST, "week", ("product",), (("partner", ("a&b=c ", "null")),), "sandbox",
        "developer", datetime(2026, 9, 1, 12, tzinfo=UTC), None, (("timeouts", "censored"),), exact=True,
    )  # fmt: skip
    assert asked(address("/x", parameters_of(question)).partition("?")[2]) == question
    assert address("/x", Parameters()) == "/x"


@pytest.mark.parametrize(
    "query", ["from=2026-02-30", "from=2026-01-01&from=2026-02-01", "where=" + "x" * 9000]
)
def test_what_cannot_be_read_is_refused(query: str) -> None:
    """With a message that shows what was given."""
    with pytest.raises(UsageError):
        read(query, BERLIN)


def test_an_unknown_parameter_names_the_near_one() -> None:
    """A typing error changes no number silently."""
    with pytest.raises(UnknownName, match="environment"):
        read("enviroment=any", BERLIN)
    with pytest.raises(UnknownName):
        read("api_key=secret", BERLIN)


@pytest.mark.parametrize(
    "query",
    ["from=9999", "to=0001", "as_of=0001-01-01", "known_at=9999-12-31", "last=99999999d", "last=1200m"],
)
@pytest.mark.parametrize("path", ["/api/v1/metrics/call_volume", "/", "/explain/call_volume"])
def test_days_that_do_not_exist_are_the_readers_mistake(client: Client, path: str, query: str) -> None:
    """On pages as in the API, with the range that is accepted."""
    reply = client.get(f"{path}?{query}")
    assert reply.status in {400, 422}
    assert "1970-01-01" in reply.text or "2760m" in reply.text


@settings(max_examples=60)
@given(name=st.sampled_from(PARAMETERS), text=TEXTS)
def test_any_text_is_answered(client: Client, name: str, text: str) -> None:
    """With the answer, or with what is wrong with the text; never with a fault of ours."""
    reply = client.get(f"/api/v1/metrics/activation_rate?{name}={quote(text)}")
    assert reply.status in {200, 400, 422}


VARIANTS = [
    (name, variant.name) for name, metric in registry.metrics().items() for variant in metric.variants
]
WHOLE = st.integers(-1, 10**30).map(str) | st.sampled_from(
    ("²", "٣", "1e3", "9" * 5000, "first call", "9" * 40 + " calls")
)


@settings(max_examples=60)
@given(variant=st.sampled_from(VARIANTS), text=TEXTS | WHOLE)
def test_any_text_for_a_variant_is_answered(client: Client, variant: tuple[str, str], text: str) -> None:
    """Whole numbers of any length and script, milestones, and what is neither."""
    metric, name = variant
    reply = client.get(f"/api/v1/metrics/{metric}?set={quote(f'{name}:{text}')}")
    assert reply.status in {200, 400, 422}


@pytest.mark.parametrize("limit", ["0", "-1", "100001", "²", "9" * 5000, "many"])
def test_a_limit_is_a_number_of_rows(client: Client, limit: str) -> None:
    """In digits, and not too many."""
    assert client.get(f"/api/v1/metrics/call_volume/rows?limit={quote(limit)}").status == 400
