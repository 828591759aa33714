"""Can every command that a page shows be typed as it stands, and does `make` know every target it is told?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from cyclopts.exceptions import MissingArgumentError

from firstcall import registry
from firstcall.cli import STDIN, app
from firstcall.schema import TABLES
from tests.contracts.house import ROOT, texts

PAGES = [(where, text) for where, text in texts() if where.endswith(".md")]
BLOCK = re.compile(r"```(?:sh|text)?\n(.*?)```", re.DOTALL)
ASKED = {"ask": registry.metrics, "explain": registry.metrics, "report": registry.reports}
FILLED = {"import", "pull", "sources"}


def typed(program: str) -> Iterator[tuple[str, bool]]:
    """Yield (command, whether in a block) of every line and every word in backticks that begins with the program."""
    for _, text in PAGES:
        lines = [line.split("#")[0].strip() for block in BLOCK.findall(text) for line in block.splitlines()]
        yield from ((line, True) for line in lines if line.startswith(f"{program} "))
        inline = re.findall(r"`([^`\n]+)`", text)
        yield from ((words, False) for words in inline if words.startswith(f"{program} "))


COMMANDS = sorted(set(typed("firstcall")))


def words_of(command: str) -> list[str]:
    """Return what the shell hands over, redirected input and output left out."""
    words = shlex.split(re.sub(r" [<>|].*", "", command))[1:]
    return [STDIN if word == "-" else word for word in words]


@pytest.mark.parametrize(("command", "whole"), COMMANDS)
def test_a_command_on_a_page_can_be_typed(command: str, whole: bool) -> None:
    """A sentence may name a verb without what it takes; no page names an option that there is not."""
    try:
        app.parse_args(words_of(command), exit_on_error=False, print_error=False)
    except MissingArgumentError:
        assert not whole


def test_metrics_sources_and_reports_on_pages_are_there() -> None:
    """What stands behind the verb in small letters."""
    known = {verb: set(listed()) for verb, listed in ASKED.items()}
    known |= {verb: {*registry.sources(), *TABLES, "auto"} for verb in FILLED}
    lost = [
        command
        for command, _ in COMMANDS
        if (words := words_of(command))[0] in known
        if words[1:] and re.fullmatch(r"[a-z_-]+", words[1]) and not words[1].startswith("-")
        if words[1] not in known[words[0]]
    ]
    assert lost == []


def test_make_knows_its_targets() -> None:
    """Every `make TARGET` of a page stands in the Makefile."""
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    named = {command.split()[1] for command, _ in typed("make")}
    assert len(named) > 5
    assert sorted(named - targets) == []
