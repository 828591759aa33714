"""Do HubSpot's companies become partners?"""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_companies_are_partners_by_the_property_that_names_them(tmp_path: Path) -> None:
    """Where it is empty by their id; times in milliseconds are read too; an archived one is deleted."""
    with desk(tmp_path) as at:
        assert kept(
            take_sample(at, "hubspot", "companies.json", partner="properties.account_number").total
        ) == (2, 2, 0, 0)
        assert at.rows(
            "SELECT partner_id, name, registered_at::VARCHAR, status, segment, country, manager FROM partners "
            "ORDER BY 1"
        ) == [
            ("502", "bolt.example", "2026-01-01 00:00:00", "deleted", None, None, None),
            ("acme", "Acme", "2026-01-05 08:00:00", "approved", "BANKING", "Germany", "7"),
        ]


def test_only_companies_of_the_stages_asked_for_are_partners(tmp_path: Path) -> None:
    """From the API and from the CSV export, which is in the program's zone."""
    with desk(tmp_path, "Europe/Berlin") as at:
        assert kept(take_sample(at, "hubspot", "companies.json", stages="Customer").total) == (2, 1, 1, 0)
        assert take_sample(at, "hubspot", "companies.csv", stages="customer").total.landed == 1
        assert at.rows(
            "SELECT name, registered_at::VARCHAR, manager FROM partners WHERE known_to IS NULL"
        ) == [("Acme", "2026-01-05 08:00:00", "Ann Lee")]
