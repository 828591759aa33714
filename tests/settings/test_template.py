"""Does the file that `init` writes hold every key, explained, and read back as the defaults?"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from firstcall.settings import Settings, keys, load, template
from firstcall.settings.template import EXAMPLES


def test_the_template_reads_back_as_the_defaults(tmp_path: Path) -> None:
    """Writing it changes nothing."""
    file = tmp_path / "firstcall.toml"
    file.write_text(template(), encoding="utf-8")
    written = load(file, environ={})
    for name in Settings.model_fields:
        if name != "store":
            assert getattr(written, name) == getattr(Settings(), name)
    assert written.store.path == tmp_path.resolve() / ".firstcall"


@pytest.mark.parametrize("section", sorted(EXAMPLES))
def test_every_example_is_valid_without_its_comment_marks(tmp_path: Path, section: str) -> None:
    """What is offered for copying can be copied."""
    file = tmp_path / "firstcall.toml"
    file.write_text(EXAMPLES[section], encoding="utf-8")
    assert getattr(load(file, environ={}), section) != getattr(Settings(), section)


def test_every_key_is_in_the_template_with_its_meaning() -> None:
    """A key that exists is explained where people look first."""
    text = template()
    for key in keys():
        leaf = key.name.rpartition(".")[2]
        assert key.words, key.name
        assert re.search(rf"^#? *\[?{leaf}\b|[{{,] *{leaf} =|^#   {leaf} ", text, re.MULTILINE), key.name
        assert key.words.removesuffix(".") in text or key.name.startswith(("definitions.depth", "slo.PROD"))


def test_the_template_has_every_section_that_has_keys_of_its_own() -> None:
    """Sections of rules stand there as comments, the others with their values."""
    written = tomllib.loads(template())
    assert {"program", "store", "definitions", "slo", "known_since", "privacy", "limits"} == written.keys()


def test_no_line_of_the_template_is_too_long_to_read() -> None:
    """It fits a terminal that is not narrow."""
    assert [line for line in template().splitlines() if len(line) > 110] == []
