"""Which commands are there, and what do they take?"""

from __future__ import annotations

import re
from textwrap import dedent

from firstcall.cli import app
from tests.contracts.pages import markdown

CONTENTS = re.compile(r"## Table of Contents\n.*?(?=\*\*Commands\*\*)", re.DOTALL)
EXAMPLES = re.compile(r"^For example:\n((?: +firstcall .*\n?)+)", re.MULTILINE)


def fenced(found: re.Match[str]) -> str:
    """Return lines that can be typed as a block of code."""
    lines = dedent(found[1]).strip()
    return f"```sh\n{lines}\n```\n"


def page() -> str:
    """Return docs/commands.md, the command line's own help as one page."""
    _, _, said = app.generate_docs(output_format="markdown").partition("\n")
    said = EXAMPLES.sub(fenced, CONTENTS.sub("", said))
    return markdown.page([markdown.opening("Commands"), said.strip()])
