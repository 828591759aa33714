"""Do the options of a question say what the same parameters say in an address?"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from cyclopts import App
from hypothesis import given
from hypothesis import strategies as st

from firstcall.cli import app
from firstcall.cli.options import QuestionOptions, option
from firstcall.errors import FirstcallError, ScopeError, UsageError
from firstcall.query.question import MANY, PARAMETERS, Parameters
from firstcall.web import query_string
from tests.cli.command import Run
from tests.query.test_question import TEXTS

BERLIN = ZoneInfo("Europe/Berlin")
FIELDS = {"from": "start", "to": "end", "set": "chosen"}
"""Parameters whose name an option cannot have in Python."""


def options(name: str, text: str) -> QuestionOptions:
    """Return the options with one parameter given."""
    if name == "exact":
        return QuestionOptions(exact=True)
    given: dict[str, Any] = {FIELDS.get(name, name): (text,) if name in MANY else text}
    return QuestionOptions(**given)


@pytest.mark.parametrize("verb", ["ask", "explain"])
def test_every_parameter_is_an_option_of_the_same_name(verb: str) -> None:
    """`as_of` in an address is `--as-of` here, and there is no other."""
    command: App = app[verb]
    found = {name for argument in command.assemble_argument_collection() for name in argument.names}
    assert sorted({option(name) for name in PARAMETERS} - found) == []
    assert len(fields(QuestionOptions)) == len(PARAMETERS)


def test_errors_call_an_option_as_it_was_typed() -> None:
    """With its dashes."""
    with pytest.raises(UsageError, match="--known-at 'noon' is no moment"):
        QuestionOptions(known_at="noon").parameters(BERLIN)
    with pytest.raises(ScopeError, match="--to is the first day after"):
        QuestionOptions(start="2026-07", end="2026-07").parameters(BERLIN)


def test_the_last_stretch_ends_with_the_newest_complete_day(filled: Run) -> None:
    """The last call is of 4 August, which may not be over: 30 days end with 3 August."""
    scope = filled("ask", "call_volume", "--last", "30d", "--grain", "day", "--json").data["scope"]
    assert (scope["from"], scope["to"]) == (str(date(2026, 7, 5)), str(date(2026, 8, 4)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "9999"), "--from '9999' cannot be asked for: days go from 1970-01-01 to 2200-01-01."),
        (("--as-of", "0001-01-01"), "--as-of '0001-01-01' cannot be asked for: days go from"),
        (("--last", "99999999d"), "--last '99999999d' is no stretch of time; write 30d, 12w or 6m, at most"),
        (("--last", "1200m"), "begin on 1926-08-04; days go from 1970-01-01"),
        (("--by", "produkt"), "Did you mean product"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_can(
    filled: Run, arguments: tuple[str, str], said: str
) -> None:
    """The command ends with 2, as for any wrong usage."""
    ran = filled("ask", "call_volume", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@given(st.sampled_from(PARAMETERS), TEXTS.filter(str.strip))
def test_options_and_addresses_agree(name: str, text: str) -> None:
    """What one accepts the other accepts and reads the same; what one refuses the other refuses."""
    text = "true" if name == "exact" else text

    def typed() -> Parameters | None:
        try:
            return options(name, text).parameters(BERLIN)
        except FirstcallError:
            return None

    def addressed() -> Parameters | None:
        try:
            return query_string.read(urlencode({name: text}), BERLIN).parameters
        except FirstcallError:
            return None

    assert typed() == addressed()
