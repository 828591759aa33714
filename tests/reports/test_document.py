"""What may text from outside hold once it stands in a report?"""

from __future__ import annotations

import pytest

from firstcall.reports.document import line, listed, sentence, tied, untied


def test_a_line_has_no_breaks_and_no_control_characters() -> None:
    """What would end a line becomes a space, what a terminal would obey a mark."""
    assert line("Pets\r\n and\tmore") == "Pets and more"
    assert line("\x1b[31mred\u202e") == "\ufffd[31mred\ufffd"


def test_a_line_is_cut_where_it_is_told() -> None:
    """With an ellipsis that counts."""
    assert line("abcdef", 4) == "abc…"
    assert line("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    "text", ["EUR 1,250", "EUR −3", "36.0 %", "1.8 pts", "4.2 : 1", "14.1 % MoM", "18 Aug"]
)
def test_a_number_and_its_unit_stay_together(text: str) -> None:
    """No plain space is left within them, and `untied` gives them back."""
    assert " " not in tied(text).replace("% MoM", "%")
    assert untied(tied(f"so {text} it is")) == f"so {text} it is"


def test_lists_and_sentences() -> None:
    """As one says them."""
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert sentence("data ends") == "Data ends."
