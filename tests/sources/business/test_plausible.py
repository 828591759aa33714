"""Do Plausible's pages become the journey, without any person?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_a_page_of_a_day_is_a_row_with_its_counts_beside_it(tmp_path: Path) -> None:
    """Nobody is named, so nothing can be joined; a page outside the documentation is left out."""
    with desk(tmp_path) as at:
        report = take_sample(at, "plausible", "imported_pages_20260701_20260702.csv", docs="/docs/*")
        assert kept(report.total) == (2, 1, 1, 0)
        assert at.rows(
            "SELECT time::VARCHAR, step, subject, anonymous_id, json_extract_string(attributes, '$.visitors') "
            "FROM journey"
        ) == [("2026-07-01 00:00:00", "quickstart_viewed", "/quickstart", None, "10")]
