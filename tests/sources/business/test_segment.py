"""Do Segment's events become the journey, once each?"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from firstcall.errors import UsageError
from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_events_are_steps_of_the_journey(tmp_path: Path) -> None:
    """One came twice, a group has no rows, and a page outside the documentation is left out."""
    with desk(tmp_path) as at:
        options = {"docs": "/reference/*", "steps": "API Key Created=credentials_issued"}
        report = take_sample(at, "segment", "events.ndjson", **options)
        assert kept(report.total) == (9, 6, 2, 0)
        assert report.total.duplicate == 1
        assert at.rows(
            "SELECT time::VARCHAR, step, subject, anonymous_id, developer_id, partner_id FROM journey ORDER BY 1"
        ) == [
            ("2026-07-01 10:00:00", "quickstart_viewed", "/quickstart", "a1", None, None),
            ("2026-07-01 10:01:00", "docs_viewed", "/reference/orders", "a1", None, None),
            ("2026-07-01 10:02:00", "identified", None, "a1", "d1", None),
            ("2026-07-01 10:03:00", "credentials_issued", "payments", "a1", "d1", "acme"),
            ("2026-07-01 10:04:00", "identified", None, "a0", "d1", None),
        ]
        again = take_sample(at, "segment", "events.ndjson", **options)
        assert (again.total.landed, again.total.duplicate) == (0, 7)


def test_a_person_who_signed_up_is_a_developer_without_an_address(tmp_path: Path) -> None:
    """The address is the hash of its small letters."""
    with desk(tmp_path) as at:
        take_sample(at, "segment", "events.ndjson")
        assert at.rows("SELECT developer_id, name, signed_up_at::VARCHAR, email_hash FROM developers") == [
            ("d1", "Ann", "2026-07-01 10:02:00", "sha256:" + sha256(b"ann@acme.example").hexdigest())
        ]


def test_an_event_has_the_step_of_its_name_unless_told(tmp_path: Path) -> None:
    """And steps that cannot be read are an error."""
    with desk(tmp_path) as at:
        take_sample(at, "segment", "events.ndjson")
        assert at.rows("SELECT count(*) FROM journey WHERE step = 'api_key_created'") == [(1,)]
        with pytest.raises(UsageError, match="write EVENT=STEP"):
            take_sample(at, "segment", "events.ndjson", steps="Signed Up")
