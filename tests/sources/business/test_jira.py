"""Do Jira's issues become tickets or requests, from the API and from CSV?"""

from __future__ import annotations

from pathlib import Path

import pytest

from firstcall.errors import UnknownName
from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_issues_of_the_api_are_tickets_with_component_and_reporter(tmp_path: Path) -> None:
    """Offsets without a colon are read; an option names the field of the organisations."""
    with desk(tmp_path) as at:
        report = take_sample(at, "jira", "issues.json", partner="fields.customfield_10002.0.id")
        assert kept(report.total) == (2, 2, 0, 0)
        assert at.rows(
            "SELECT ticket_id, partner_id, developer_id, opened_at::VARCHAR, resolved_at::VARCHAR, topic FROM tickets "
            "ORDER BY 1"
        ) == [
            ("API-1", "12", "u1", "2026-05-02 10:34:56", "2026-05-03 10:34:56", "Login"),
            ("API-2", None, None, "2026-05-02 12:34:56", None, "Story"),
        ]


def test_the_same_issues_are_requests_when_asked_for(tmp_path: Path) -> None:
    """What is no bug is a feature; another table is an error that names the near one."""
    with desk(tmp_path) as at:
        take_sample(at, "jira", "issues.json", table="requests")
        assert at.rows("SELECT request_id, kind, deployed_at::VARCHAR FROM requests ORDER BY 1") == [
            ("API-1", "bug", "2026-05-03 10:34:56"),
            ("API-2", "feature", None),
        ]
        with pytest.raises(UnknownName, match="Did you mean requests"):
            take_sample(at, "jira", "issues.json", table="request")


def test_times_of_the_csv_are_read_as_declared_in_the_programs_zone(tmp_path: Path) -> None:
    """Columns of one name are joined; a time of another shape refuses its row and is shown."""
    with desk(tmp_path, "Europe/Berlin") as at:
        report = take_sample(at, "jira", "export.csv")
        assert (kept(report.total), dict(report.total.refused)) == (
            (3, 2, 0, 1),
            {"bad time in opened_at": 1},
        )
        assert at.rows("SELECT ticket_id, opened_at::VARCHAR, topic FROM tickets ORDER BY 1") == [
            ("API-1", "2026-05-02 10:34:00", "auth, login"),
            ("API-2", "2026-05-02 10:34:00", "Story"),
        ]
