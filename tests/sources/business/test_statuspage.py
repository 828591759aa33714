"""Does a status page's feed become incidents?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_incidents_have_severity_components_and_a_timeline(tmp_path: Path) -> None:
    """Maintenance begins when it was scheduled; old feeds know no beginning but when it was posted."""
    with desk(tmp_path) as at:
        assert kept(take_sample(at, "statuspage", "incidents.json").total) == (3, 3, 0, 0)
        assert at.rows(
            "SELECT incident_id, severity, products, started_at::VARCHAR, resolved_at::VARCHAR, postmortem_at::VARCHAR "
            "FROM incidents ORDER BY 1"
        ) == [
            (
                "i1",
                "degraded",
                "REST API, Webhooks",
                "2026-07-01 17:00:00",
                "2026-07-01 18:00:00",
                "2026-07-02 07:00:00",
            ),
            ("i2", "maintenance", None, "2026-07-05 02:00:00", "2026-07-05 02:30:00", None),
            ("i3", None, None, "2020-01-01 00:00:00", None, None),
        ]
        [(told,)] = at.rows("SELECT timeline FROM incidents WHERE incident_id = 'i1'")
        assert str(told).splitlines()[0] == "2026-07-01T10:10:00.000-07:00 investigating: Looking"
