"""Do PagerDuty's incidents become incidents?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_incidents_of_the_api_are_as_bad_as_their_priority_else_their_urgency(tmp_path: Path) -> None:
    """Resolved with the last change of state, where nothing else says when."""
    with desk(tmp_path) as at:
        assert kept(take_sample(at, "pagerduty", "incidents.json").total) == (2, 2, 0, 0)
        assert at.rows(
            "SELECT incident_id, title, severity, products, detected_at::VARCHAR, resolved_at::VARCHAR FROM incidents "
            "ORDER BY 1"
        ) == [
            ("P1", "Down", "major", "payments", "2026-07-01 10:00:00", "2026-07-01 11:00:00"),
            ("P2", "Odd", "degraded", "search", "2026-07-02 10:00:00", None),
        ]


def test_times_of_the_analytics_are_utc(tmp_path: Path) -> None:
    """Whatever the program's zone."""
    with desk(tmp_path, "Europe/Berlin") as at:
        take_sample(at, "pagerduty", "analytics.json")
        assert at.rows(
            "SELECT title, severity, started_at::VARCHAR, resolved_at::VARCHAR FROM incidents"
        ) == [("Late", "critical", "2023-05-31 10:05:00", "2023-05-31 10:35:00")]
