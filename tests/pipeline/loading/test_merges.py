"""Is a merge that leads nowhere named when it is imported?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.import_desk import desk


def row(partner: str, into: str = "") -> str:
    """Return a row of partners."""
    return f"{partner},{partner},2025-01-01T00:00:00Z,{into}\n"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("A"), row("B", "A"), row("C", "B"), row("D", "C")], ()),
        ([row("A", "A")], ()),
        (
            [row("A", "B"), row("B", "A"), row("C", "A")],
            (
                "2 partners are merged in a circle and count as nobody",
                "1 partners are merged over more than 3",
            ),
        ),
        (
            [row("A"), row("B", "A"), row("C", "B"), row("D", "C"), row("E", "D")],
            ("1 partners are merged over more than 3 others; name the last one in merged_into: E",),
        ),
        ([row("A", "X"), row("B", "A")], ("2 partners are merged into one that is not there",)),
    ],
    ids=("chain", "itself", "circle", "deep", "lost"),
)
def test_merges_that_lead_nowhere_are_named(tmp_path: Path, rows: list[str], said: tuple[str, ...]) -> None:
    """With the partners they are about; three merges in a row are followed."""
    with desk(tmp_path) as at:
        notes = at.take("partners", "partner_id,name,registered_at,merged_into\n" + "".join(rows)).notes
    about = [note for note in notes if " merged " in note]
    assert len(about) == len(said)
    assert all(note.startswith(start) for note, start in zip(about, said, strict=True))
