"""Which commands are there, and what do they take?"""

from __future__ import annotations

from firstcall.cli import app

from tests.contracts.pages import markdown


def page() -> str:
    """Return docs/commands.md, the command line's own help as one page."""
    _, _, said = app.generate_docs(output_format="markdown").partition("\n")
    return markdown.page([markdown.opening("Commands"), said.strip()])
