"""Is everything that users can name in the docs, and do the generated pages say what the code says?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from cyclopts import App

from firstcall import registry
from firstcall.answers import Answer, Point
from firstcall.cli import app
from firstcall.errors import FirstcallError
from firstcall.query.question import PARAMETERS
from firstcall.schema import TABLES
from firstcall.settings import keys
from firstcall.web.app import ADDRESSES
from tests.contracts.house import ROOT
from tests.contracts.pages import PAGES
from tests.contracts.pages.errors import family


@cache
def words() -> frozenset[str]:
    """Return every word that stands in backticks or heads a section, in README or docs/."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    marked = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)]
    return frozenset(word for part in marked for word in re.findall(r"[\w.\[\]-]+", part))


def commands(group: App, before: str = "") -> Iterator[tuple[str, App]]:
    """Yield (full name, command) of every command below an app."""
    for name in group:
        if not name.startswith("-"):
            full = f"{before} {name}".strip()
            yield full, group[name]
            yield from commands(group[name], full)


def options(command: App) -> Iterator[str]:
    """Yield the options a command shows."""
    if command.default_command is not None:
        for argument in command.assemble_argument_collection(parse_docstring=True):
            if argument.show:
                yield from (name for name in argument.names if name.startswith("--"))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_says_what_the_code_says(name: str) -> None:
    """The committed page is the rendering; `make docs` writes it."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_metric_is_documented() -> None:
    """By its key."""
    assert sorted(set(registry.metrics()) - words()) == []


def test_every_source_is_documented() -> None:
    """By its name."""
    assert sorted(set(registry.sources()) - words()) == []


def test_every_table_and_column_is_documented() -> None:
    """By their names."""
    named = {name for table in TABLES.values() for name in (table.name, *table.names)}
    assert sorted(named - words()) == []


def test_every_setting_is_documented() -> None:
    """By its last part and by the section that opens it."""
    named = {part for key in keys() for part in re.split(r"\[?\]?\.", key.name)}
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in named if name not in text) == []


def test_every_error_is_documented() -> None:
    """By its class."""
    assert sorted({error.__name__ for error, _ in family(FirstcallError)} - words()) == []


def test_every_command_and_option_is_documented() -> None:
    """By its verb, and by each of its spellings."""
    named = {option for _, command in commands(app) for option in options(command)}
    verbs = {verb for name, _ in commands(app) for verb in name.split()}
    assert sorted((named | verbs) - words()) == []


def test_every_option_says_what_it_does() -> None:
    """In its own help."""
    silent = [
        f"{name} {argument.names[0]}"
        for name, command in commands(app)
        if command.default_command is not None
        for argument in command.assemble_argument_collection(parse_docstring=True)
        if argument.show and not argument.parameter.help
    ]
    assert silent == []


def test_every_verb_shows_an_example() -> None:
    """`firstcall VERB --help` has a line that can be typed."""
    wrong = [name for name, verb in commands(app) if verb.default_command and "firstcall " not in verb.help]
    assert wrong == []


def test_links_between_pages_lead_somewhere() -> None:
    """A relative link names a file that is there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_page_on_the_dashboard_lists_every_address_and_no_other() -> None:
    """What is filled in stands in capitals; a suffix is a way to ask for CSV."""
    page = (ROOT / "docs" / "dashboard.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(/[\w/.]*)`(?:, `(/\w+)`)? \|", page, flags=re.MULTILINE))
    paths = {each.path for each in ADDRESSES} | {"/healthz", "/readyz"}
    served = {path.replace("{name}", "NAME") for path in paths if "{suffix}" not in path}
    assert {re.sub(r"[A-Z]+", "NAME", path) for pair in told for path in pair if path} == served


def test_the_page_on_the_dashboard_lists_every_parameter() -> None:
    """Of questions, and those that single addresses take."""
    page = (ROOT / "docs" / "dashboard.md").read_text(encoding="utf-8")
    named = {*PARAMETERS, *(own for each in ADDRESSES for own in each.own)}
    assert sorted(name for name in named if not re.search(rf"`{name}[`=]", page)) == []


def test_every_decision_is_listed_where_readers_begin() -> None:
    """A page of docs/adr/ that nobody links is found by nobody."""
    start = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    written = {path.name for path in (ROOT / "docs" / "adr").glob("*.md")} - {"0000-template.md"}
    assert sorted(name for name in written if f"(adr/{name})" not in start) == []


def test_the_page_on_answers_lists_the_fields_of_an_answer() -> None:
    """Those of the object first, then those of a point; a field between commas shares its line."""
    point = Point(date(2026, 7, 1), {}, 1, 1, values={"calls": 1, "units": 2})
    answer = Answer("m", 1, "count", "higher", {}, None, {}, "measured", "exact", (point,), "calls")
    page = (ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?`) \|", page, flags=re.MULTILINE)
    found = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    told = answer.to_json()
    assert sorted(found) == sorted([*told, *told["points"][0]])
