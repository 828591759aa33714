"""Is a text understood as it is meant: what it reads, what a question fills, and nothing of what anybody says?"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlglot import exp

from firstcall import registry
from firstcall.engines.functions import SPELLINGS
from firstcall.engines.lowering import CLICKHOUSE, DUCKDB
from firstcall.query.nodes import closed, node
from firstcall.query.template import MACROS, Hole, filled, parsed, render, template

TEXT = """with seen as (
      select period_of(local_day(u.time)) as period, $split as split, u.calls
      from usage as u left join party_of(u.partner_id) as p where u.outcome = 'success' and $active)
    select s.period, s.split, sum(s.calls) as calls from seen as s join seen as t on t.period = s.period
    where s.period >= $start group by s.period, s.split"""


def test_what_a_text_reads_is_counted_and_what_it_defines_itself_is_not() -> None:
    """`seen` is its own; `party_of` stands for two joins of partners."""
    read = template(TEXT)
    assert read.tables == Counter({"parties": 2, "usage": 1})
    assert read.columns["usage"] == {"time", "calls", "outcome", "partner_id"}
    assert read.shown == ("period", "split", "calls")
    assert read.texts == {"success"}


def test_what_fills_a_hole_is_read_of_what_stands_around_it() -> None:
    """A condition on `u` reads the table that is called so there, not one of another select."""
    conditions = {"active": parsed("sum(u.calls - u.denied) > s.limit")}
    read = template(TEXT).columns_with(conditions.get)
    assert read["usage"] == {"time", "calls", "outcome", "partner_id", "denied"}
    assert "limit" not in read["parties"]


def test_a_text_is_parsed_once_and_given_out_as_a_tree_of_ones_own() -> None:
    """Who changes a tree changes nobody else's."""
    assert template(TEXT) is template(TEXT)
    parsed(TEXT).set("expressions", [])
    assert template(TEXT).shown == ("period", "split", "calls")


def test_pieces_are_cut_at_the_holes_with_arguments_in_the_engines_sql() -> None:
    """An inner hole is part of the outer one's argument."""
    pieces = template("select period_of(local_day(a.t)) as day, -$n as n from a").pieces(DUCKDB)
    day, n = (piece for piece in pieces if isinstance(piece, Hole))
    assert day == Hole("period_of", ((Hole("local_day", (("a.t",),)),),))
    assert n == Hole("n")
    told = render(pieces, lambda name, arguments: f"<{name}{''.join(arguments)}>")
    assert " ".join(told.split()) == "SELECT <period_of<local_daya.t>> AS day, -<n> AS n FROM a"


def test_a_condition_that_is_filled_in_later_is_true_or_false_on_every_engine() -> None:
    """ClickHouse would show a number otherwise; what is no condition stays as it is."""
    (select,) = [
        render(template("select $active as a, $n as n from x").pieces(CLICKHOUSE), lambda name, _: name)
    ]
    assert " ".join(select.split()) == "SELECT toBool(active) AS a, n AS n FROM x"


def test_a_tree_is_filled_from_the_inside_out() -> None:
    """The same holes as in an engine's SQL."""

    def make(name: str, arguments: object) -> exp.Expr:
        assert isinstance(arguments, list)
        return exp.func(f"made_{name}", *arguments) if arguments else node({"start": date(2025, 1, 1)}[name])

    tree = filled(parsed("select period_of(local_day(a.t)) as p from a where a.d >= $start"), make)
    assert tree.sql(dialect="duckdb") == (
        "SELECT MADE_PERIOD_OF(MADE_LOCAL_DAY(a.t)) AS p FROM a WHERE a.d >= CAST('2025-01-01' AS DATE)"
    )


def test_what_has_several_operands_is_closed_where_it_is_put() -> None:
    """`a or b` beside an `and`, and a negative number behind a minus."""
    assert closed(parsed("a.x = 1 or a.y = 2")).sql() == "(a.x = 1 OR a.y = 2)"
    assert node(-3).sql() == "(-3)"
    assert node(0.000001).sql() == "1e-06"
    assert node("it's").sql() == "'it''s'"


@pytest.mark.parametrize("name", registry.relations())
def test_one_notation_stands_for_what_a_question_knows(name: str) -> None:
    """No braces, and a function is one of the subset or one that a question fills."""
    tree = template(registry.relations()[name].sql).tree
    assert not set("{}@") & set(registry.relations()[name].sql)
    functions = {str(each.this).lower() for each in tree.find_all(exp.Anonymous)}
    assert functions - MACROS <= SPELLINGS.keys()
