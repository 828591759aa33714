"""Does history follow what is learnt later about who called: mappings, corrections, merges, visitors with a name?

Every test goes through the command line: files in, a question, a correction in, the same question.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Run

SCOPE = ("--from", "2026-07-01", "--to", "2026-08-01", "--grain", "all")
PARTNERS = """\
partner_id,name,registered_at,merged_into
P1,Acme,2026-06-01T00:00:00Z,
P2,Acme Labs,2026-06-02T00:00:00Z,
"""


def call(number: int, day: int, consumer: str) -> str:
    """Return a row: a successful production call at noon of a day in July."""
    return f"{number},2026-07-{day:02}T12:00:00Z,kong,production,{consumer},pets,GET,/pets,200\n"


CALLS = "event_id,time,source,environment,consumer,product,method,route,status\n" + "".join(
    call(number, day, consumer)
    for number, (day, consumer) in enumerate(
        [(1, "key-a"), (2, "key-a"), (3, "key-a"), (4, "key-b"), (5, "key-c"), (6, "key-c")], 1
    )
)


@pytest.fixture
def known(run: Run) -> Run:
    """Six calls: three of key-a on July 1st to 3rd, one of key-b, two of key-c; two partners, no key of theirs."""
    Path("firstcall.toml").write_text('[program]\ntimezone = "UTC"\n', encoding="utf-8")
    take(run, "partners", PARTNERS)
    take(run, "calls", CALLS)
    return run


def take(run: Run, table: str, text: str, *more: str) -> str:
    """Import rows of a table and return what was said."""
    Path(f"{table}.csv").write_text(text, encoding="utf-8")
    ran = run("import", table, f"{table}.csv", *more)
    assert ran.code == 0, ran.err
    return ran.out


def volume(run: Run, *more: str) -> dict[str | None, float]:
    """Return the calls of July by partner."""
    points = run("ask", "call_volume", "--by", "partner", "--json", *SCOPE, *more).data["points"]
    return {point["by"]["partner"]: point["value"] for point in points if point["value"]}


def active(run: Run) -> object:
    """Return the active partners of July."""
    points: list[dict[str, Any]] = run("ask", "active_partners", "--json", *SCOPE).data["points"]
    return points[0]["value"]


def test_a_mapping_that_arrives_late_attributes_history(known: Run) -> None:
    """Nobody's six calls become P1's four and P2's two; several keys are one partner."""
    assert volume(known) == {None: 6}
    take(known, "credentials", "consumer,partner_id\nkey-a,P1\nkey-b,P1\nkey-c,P2\n")
    assert volume(known) == {"P1": 4, "P2": 2}
    assert active(known) == 2
    assert volume(known, "--where", "consumer=key-b") == {"P1": 1}


def test_a_mapping_to_the_wrong_partner_is_corrected(known: Run) -> None:
    """The same key again replaces the row; as then known it is still the other way."""
    take(known, "credentials", "consumer,partner_id\nkey-a,P2\nkey-b,P2\nkey-c,P2\n")
    assert volume(known) == {"P2": 6}
    assert active(known) == 1
    take(known, "credentials", "consumer,partner_id\nkey-a,P1\n")
    assert volume(known) == {"P1": 3, "P2": 3}
    assert active(known) == 2


def test_a_key_that_changed_hands_is_split_at_that_moment(known: Run) -> None:
    """Key-a was P1's until July 3rd: two calls of P1, one of P2; the boundary belongs to the new owner."""
    take(known, "credentials", "consumer,partner_id\nkey-a,P1\n")
    assert volume(known) == {"P1": 3, None: 3}
    corrected = "consumer,partner_id,valid_from,valid_to\nkey-a,P1,,2026-07-03T12:00:00Z\n"
    take(known, "credentials", corrected + "key-a,P2,2026-07-03T12:00:00Z,\n")
    assert volume(known) == {"P1": 2, "P2": 1, None: 3}


def test_a_wrong_beginning_is_corrected(known: Run) -> None:
    """Said from July 1st, true from July 2nd: the wrong row is closed where it begins, and one call is nobody's."""
    header = "consumer,partner_id,valid_from,valid_to\n"
    take(known, "credentials", f"{header}key-a,P1,2026-07-01T00:00:00Z,\n")
    assert volume(known) == {"P1": 3, None: 3}
    corrected = "key-a,P1,2026-07-01T00:00:00Z,2026-07-01T00:00:00Z\nkey-a,P1,2026-07-02T00:00:00Z,\n"
    take(known, "credentials", header + corrected)
    assert volume(known) == {"P1": 2, None: 4}


def test_a_key_given_back_belongs_to_nobody_afterwards(known: Run) -> None:
    """Key-a was P1's until July 2nd at noon: one call before it, two after it."""
    take(known, "credentials", "consumer,partner_id,valid_from,valid_to\nkey-a,P1,,2026-07-02T12:00:00Z\n")
    assert volume(known) == {"P1": 1, None: 5}


def test_a_merge_joins_history_and_can_be_undone(known: Run) -> None:
    """Three calls of P1 and three of P2 are six of P1 while P2 is merged into it, and three each again."""
    take(known, "credentials", "consumer,partner_id\nkey-a,P1\nkey-b,P2\nkey-c,P2\n")
    apart = {"P1": 3, "P2": 3}
    assert volume(known) == apart
    assert active(known) == 2
    take(known, "partners", PARTNERS.replace("02T00:00:00Z,", "02T00:00:00Z,P1"))
    assert volume(known) == {"P1": 6}
    assert active(known) == 1
    row = PARTNERS.splitlines()
    take(known, "partners", f"{row[0]}\n{row[2]}\n")
    assert volume(known) == apart
    assert active(known) == 2


def test_the_first_file_again_undoes_a_merge_when_it_may_replace(known: Run) -> None:
    """The same bytes twice change nothing, and say so; with --replace the file wins."""
    take(known, "credentials", "consumer,partner_id\nkey-a,P1\nkey-b,P2\nkey-c,P2\n")
    take(known, "partners", PARTNERS.replace("02T00:00:00Z,", "02T00:00:00Z,P1"))
    said = take(known, "partners", PARTNERS)
    assert "1 rows have been corrected since this file was first imported" in said
    assert "--replace" in said
    assert volume(known) == {"P1": 6}
    take(known, "partners", PARTNERS, "--replace")
    assert volume(known) == {"P1": 3, "P2": 3}


def test_an_anonymous_visitor_gets_a_name_afterwards(known: Run) -> None:
    """Two visitors of the quickstart: v0 is D1, who called within a day of it, v1 stays unknown.

    Before anyone is identified nobody is known to have seen it. Then one has, and converted: 1 of 1.
    """
    take(known, "credentials", "consumer,partner_id,developer_id\nkey-a,P1,D1\n")
    take(known, "developers", "developer_id,partner_id,signed_up_at\nD1,P1,2026-07-01T09:00:00Z\n")
    views = "".join(f"2026-07-01T1{n}:00:00Z,v{n},,quickstart_viewed\n" for n in (0, 1))
    take(known, "journey", f"time,anonymous_id,developer_id,step\n{views}")
    scope = ("--from", "2026-06-01", "--to", "2026-08-01", "--grain", "all", "--json")
    (before,) = known("ask", "docs_completion_rate", *scope).data["points"]
    assert (before["value"], before["cases"]) == (None, 0)
    joined = "2026-07-01T15:00:00Z,v0,D1,identified\n"
    take(known, "journey", f"time,anonymous_id,developer_id,step\n{joined}")
    (after,) = known("ask", "docs_completion_rate", *scope).data["points"]
    assert (after["value"], after["cases"]) == (1, 1)
