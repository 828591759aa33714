"""Do events of Google Analytics become the journey?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_page_views_are_steps_and_a_login_joins_visitor_and_developer(tmp_path: Path) -> None:
    """Microseconds are kept; what is neither is left out."""
    with desk(tmp_path) as at:
        report = take_sample(at, "google_analytics", "events.ndjson")
        assert kept(report.total) == (3, 2, 1, 0)
        assert at.rows(
            "SELECT time::VARCHAR, step, subject, anonymous_id, developer_id FROM journey ORDER BY 1"
        ) == [
            ("2026-07-01 10:00:00.123456", "quickstart_viewed", "/getting-started", "1.2", None),
            ("2026-07-01 10:01:00", "identified", None, "1.2", "d1"),
        ]
