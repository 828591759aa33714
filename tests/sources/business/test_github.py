"""Do issues, pull requests and releases of GitHub become contributions, requests and milestones?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import SAMPLES, kept, take_sample


def test_each_thing_has_its_rows_and_machines_have_none(tmp_path: Path) -> None:
    """Two issues and a pull request; one issue was asked for and done; one release."""
    with desk(tmp_path) as at:
        report = take_sample(at, "github", "issues.json")
        assert kept(report.total) == (7, 5, 2, 0)
        assert at.rows(
            "SELECT json_extract_string(attributes, '$.thing'), kind, external, accepted_at::VARCHAR, "
            "resolved_at::VARCHAR FROM contributions ORDER BY 1"
        ) == [
            ("acme/sdk#1", "issue", True, None, "2026-07-03 10:00:00"),
            ("acme/sdk#2", "pull_request", False, "2026-07-02 10:00:00", "2026-07-02 10:00:00"),
            ("acme/sdk#4", "issue", True, None, "2026-07-02 10:00:00"),
        ]
        assert at.rows("SELECT request_id, kind, deployed_at::VARCHAR FROM requests") == [
            ("acme/sdk#1", "bug", "2026-07-03 10:00:00")
        ]
        assert at.rows("SELECT date::VARCHAR, label, kind FROM milestones") == [
            ("2026-07-02", "sdk 2.0", "launch")
        ]
        again = take_sample(at, "github", "issues.json")
        assert (again.total.landed, again.total.duplicate) == (0, 5)


def test_an_issue_that_is_reopened_is_one_contribution(tmp_path: Path) -> None:
    """The state before is kept, ended."""
    with desk(tmp_path) as at:
        take_sample(at, "github", "issues.json")
        text = (SAMPLES / "github" / "issues.json").read_text(encoding="utf-8")
        at.take(
            "github", text.replace('"closed_at": "2026-07-03T10:00:00Z"', '"closed_at": null'), "later.json"
        )
        assert at.rows(
            "SELECT count(*), count(*) FILTER (known_to IS NULL) FROM contributions "
            "WHERE json_extract_string(attributes, '$.thing') = 'acme/sdk#1'"
        ) == [(2, 1)]
