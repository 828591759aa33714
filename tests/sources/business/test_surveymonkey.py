"""Do SurveyMonkey's responses become survey answers, from the API and from CSV?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_a_choice_counts_by_its_weight(tmp_path: Path) -> None:
    """3 on a scale of 1 to 5 is 5.5; what was not completed is left out."""
    with desk(tmp_path) as at:
        report = take_sample(at, "surveymonkey", "responses.json", support="31", comment="32")
        assert kept(report.total) == (2, 1, 1, 0)
        assert at.rows("SELECT response_id, partner_id, developer_id, support, comment FROM surveys") == [
            ("9", "acme", "77", 5.5, "Fine")
        ]


def test_two_lines_of_headings_name_each_column_of_a_question(tmp_path: Path) -> None:
    """The month comes first, and the times are in the program's zone; the last day of June is its second quarter."""
    with desk(tmp_path, "Europe/Berlin") as at:
        options = {"documentation": "How were: Docs", "support": "How were: Support", "comment": "Why?"}
        assert kept(take_sample(at, "surveymonkey", "responses.csv", **options).total) == (1, 1, 0, 0)
        assert at.rows(
            "SELECT response_id, wave, partner_id, submitted_at::VARCHAR, documentation, support, comment FROM surveys"
        ) == [("11", "2026Q2", "acme", "2026-06-30 21:05:00", 10.0, 1.0, "Because, so")]
