"""Do Delighted's responses become survey answers?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UnknownName
from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_the_main_score_is_moved_from_0_to_10_onto_1_to_10(tmp_path: Path) -> None:
    """9 of 10 is 9.1 and 0 is 1; a further question has its own place."""
    with desk(tmp_path) as at:
        report = take_sample(at, "delighted", "responses.json", documentation="docs")
        assert kept(report.total) == (2, 2, 0, 0)
        assert at.rows(
            "SELECT response_id, wave, partner_id, developer_id, ease, documentation, comment FROM surveys ORDER BY 1"
        ) == [
            ("r1", "2026Q3", "acme", "p1", 9.1, 5.5, "Good"),
            ("r2", "2026Q3", None, "p2", 1.0, None, None),
        ]


def test_the_main_score_may_be_another_of_ours(tmp_path: Path) -> None:
    """And a word that is none of them names the near one."""
    with desk(tmp_path) as at:
        take_sample(at, "delighted", "responses.json", score="support", wave="summer")
        assert at.rows("SELECT DISTINCT wave, ease FROM surveys") == [("summer", None)]
        with pytest.raises(UnknownName, match="Did you mean support"):
            take_sample(at, "delighted", "responses.json", score="suport")
