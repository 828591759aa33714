"""Is a filter's value known before anything is counted, and whose id does a name mean?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.answers import Answer
from firstcall.errors import ScopeError, UnknownValue
from firstcall.periods import Question
from firstcall.program import Program
from tests.metrics.small import only, program
from tests.reference.tiny import call, developer, key, line, partner

PRODUCT = {"product": "pay", "name": "Payments"}


@pytest.fixture(scope="module")
def named() -> Program:
    """Two partners and one that became the first; a developer, a product, calls of both, an invoice."""
    return program(
        {
            "partners": [
                {**partner(), "name": "Acme Ltd"},
                {**partner("P2", "2025-01-02"), "name": "Globex"},
                {**partner("P3", status="duplicate", merged_into="P1"), "name": "Acme (old)"},
                {**partner("P4"), "name": "Twin"},
                {**partner("P5"), "name": "twin "},
            ],
            "developers": [{**developer("D1", "2025-01-01"), "name": "Ada"}],
            "credentials": [key(person="D1", app="shop"), key("k2", "P2")],
            "products": [PRODUCT],
            "calls": [
                {**call("2025-01-05"), "product": "pay"},
                {**call("2025-01-06", "k2", status=500), "product": "pay"},
            ],
            "invoice_lines": [line("a", "2025-01-01", "2025-02-01", "31")],
            "incidents": [
                {
                    "incident_id": "i",
                    "title": "x",
                    "products": "pay, ship",
                    "severity": "major",
                    "started_at": call("2025-01-05")["time"],
                }
            ],
        }
    )


def asked(named: Program, metric: str, **where: str) -> Answer:
    """Return the answer of the year, kept to one value of each dimension."""
    kept = tuple((name, (value,)) for name, value in where.items())
    return named.ask(Question(metric, grain="all", where=kept))


@pytest.mark.parametrize("value", ["P1", "p1", "Acme Ltd", " acme  LTD ", "Acme (old)", "P3"])
def test_a_partner_is_named_by_id_or_name_before_and_after_a_merge(named: Program, value: str) -> None:
    """However it is written, it is P1, whose call is the only one; the answer says what P1 is called."""
    found = asked(named, "call_volume", partner=value)
    assert (only(found).value, found.scope["where"]) == (1, {"partner": ["P1"]})
    assert found.labels == {"partner": {"P1": "Acme Ltd"}}
    assert found.to_json()["labels"] == found.labels


@pytest.mark.parametrize(("dimension", "value"), [("developer", "ada"), ("product", "payments")])
def test_developers_and_products_have_names_too(named: Program, dimension: str, value: str) -> None:
    """Ada made one call, of the product; two were made of Payments."""
    assert only(asked(named, "call_volume", **{dimension: value})).value == {"ada": 1, "payments": 2}[value]


@pytest.mark.parametrize(
    ("metric", "where", "words"),
    [
        ("call_volume", {"partner": "Acme"}, "There is no partner named 'Acme'. Did you mean Acme Ltd"),
        ("program_revenue", {"partner": "Glbex"}, "Did you mean Globex?"),
        ("call_volume", {"endpoint": "GET /pet"}, "Did you mean GET /pets?"),
        ("call_volume", {"method": "get"}, "Did you mean GET?"),
        ("call_volume", {"status": "4xx"}, "There is no status named '4xx'."),
        ("call_volume", {"outcome": "failed"}, "client_error"),
        ("call_volume", {"sdk": "python"}, "No row has a sdk yet."),
        ("call_volume", {"segment": "smb"}, "No row has a segment yet: firstcall import partners"),
        ("program_revenue", {"kind": "licence"}, "There is no kind named 'licence'."),
        ("program_revenue", {"plan": "pro"}, "No row has a plan yet: firstcall import plans"),
        ("incidents", {"product": "shop"}, "Did you mean ship?"),
        ("incidents", {"severity": "minor"}, "Did you mean major?"),
    ],
)
def test_a_value_that_no_row_has_is_refused_with_near_ones(
    named: Program, metric: str, where: dict[str, str], words: str
) -> None:
    """Not 0, which would be a number about nobody."""
    with pytest.raises(UnknownValue) as refused:
        asked(named, metric, **where)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "where",
    [
        {"outcome": "timeout"},
        {"status": "404"},
        {"environment": "sandbox"},
        {"traffic_class": "bot"},
        {"partner": "P4"},
    ],
)
def test_a_value_that_exists_and_did_not_happen_is_nought(named: Program, where: dict[str, str]) -> None:
    """No call timed out, P4 never called: that is known, and is 0."""
    assert only(asked(named, "call_volume", **where)).value == 0


def test_a_name_that_two_have_asks_for_an_id(named: Program) -> None:
    """Neither is chosen in silence."""
    with pytest.raises(ScopeError, match="may be 2 partners: P4, P5"):
        asked(named, "call_volume", partner="Twin")


def test_what_could_not_be_answered_says_so_first(named: Program) -> None:
    """Without a survey nobody can tell whether its wave exists."""
    assert "needs rows in surveys" in str(only(asked(named, "developer_experience_score", wave="Q9")).absent)


def test_nobody_and_several_values_at_once(named: Program) -> None:
    """null is no name; two names of one partner are one partner."""
    where: Any = (("partner", ("Acme Ltd", "P1", "null", "Globex")),)
    found = named.ask(Question("call_volume", grain="all", where=where, by=("partner",)))
    assert found.scope["where"] == {"partner": ["P1", "null", "P2"]}
    assert found.labels["partner"] == {"P1": "Acme Ltd", "P2": "Globex"}
