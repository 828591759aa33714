"""Do Typeform's responses become survey answers, from the API and from CSV?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UsageError
from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_questions_are_found_by_id_or_reference(tmp_path: Path) -> None:
    """On a scale of 1 to 5: 4 is 7.75, and "2 - Slow" is 3.25; what was never submitted is left out."""
    with desk(tmp_path) as at:
        options = {"documentation": "docs", "support": "Q2", "comment": "why", "scale": "1-5"}
        report = take_sample(at, "typeform", "responses.json", **options)
        assert kept(report.total) == (2, 1, 1, 0)
        assert at.rows(
            "SELECT response_id, wave, partner_id, documentation, support, ease, comment FROM surveys"
        ) == [("r1", "2026Q3", "acme", 7.75, 3.25, None, "More, please")]


def test_questions_of_the_csv_are_found_by_their_text(tmp_path: Path) -> None:
    """Times are UTC whatever the program's zone."""
    with desk(tmp_path, "Europe/Berlin") as at:
        take_sample(at, "typeform", "responses.csv", documentation="How good are the docs, really?")
        assert at.rows("SELECT response_id, submitted_at::VARCHAR, documentation FROM surveys") == [
            ("r9", "2026-07-01 09:05:14", 3.0)
        ]


@pytest.mark.parametrize(
    ("options", "said"), [({}, "Name at least one"), ({"ease": "Q", "scale": "5"}, "scale=5 is no scale")]
)
def test_a_survey_needs_a_question_and_a_scale(tmp_path: Path, options: dict[str, str], said: str) -> None:
    """Otherwise no score could be told."""
    with desk(tmp_path) as at, pytest.raises(UsageError, match=said):
        take_sample(at, "typeform", "responses.json", **options)


def test_a_score_outside_the_scale_is_refused(tmp_path: Path) -> None:
    """It is shown with the scale."""
    with desk(tmp_path) as at:
        report = take_sample(at, "typeform", "responses.json", documentation="Q1", scale="1-3")
        assert report.total.refused == {"bad number in documentation": 1}
