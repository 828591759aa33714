"""Do OpenMeter's events become calls?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_an_event_is_a_call_and_what_openmeter_refused_is_left_out(tmp_path: Path) -> None:
    """Without a status it is a success; units are the tokens when the option says so."""
    with desk(tmp_path) as at:
        report = take_sample(at, "openmeter", "events.json", units="data.tokens")
        assert kept(report.total) == (2, 1, 1, 0)
        assert at.rows(
            "SELECT event_id, source, consumer, product, method, route, status, latency_ms, units FROM calls"
        ) == [("e1", "openmeter", "key-a", "gateway", "GET", "/x", 200, 12, 30)]
        again = take_sample(at, "openmeter", "events.json", units="data.tokens")
        assert (again.total.landed, again.total.duplicate) == (0, 1)
