"""Is a report in Markdown safe to paste?"""

from __future__ import annotations

import pytest

from firstcall.reports.markdown import escape, markdown
from firstcall.reports.render import build, find
from tests.reports.small import opened, world


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a|b", r"a\|b"),
        ("<script>", r"\<script\>"),
        ("*bold* `code`", r"\*bold\* \`code\`"),
        ("[x](http://e.test)", r"\[x\](http:\/\/e.test)"),
        ("invoice_lines", "invoice_lines"),
        ("_em_", r"\_em\_"),
        ("# head", r"\# head"),
        ("www.e.test", r"www\.e.test"),
        ("3 : 1", "3 : 1"),
    ],
)
def test_markup_is_shown_as_text(text: str, safe: str) -> None:
    """Words with underscores are none."""
    assert escape(text) == safe


def test_the_table_has_five_rows_and_four_columns() -> None:
    """Both ratios stand in the fourth."""
    program, facts = opened(world(), name="Pets | <b>")
    said = markdown(build(find("cfo"), program.ask, facts)).splitlines()
    assert said[0] == r"# Pets \| \<b\>: API program review"
    rows = [row for row in said if row.startswith("| ")]
    assert len(rows) == 6
    assert rows[4] == (
        "| Program cost vs. value (4) · own revenue alone | 4.5 : 1 · 1.5 : 1 | 1 : 1 · 0.6 : 1 "
        "| ▲ +3.5 (better) · ▲ +0.90 (better) |"
    )
