"""Do Salesforce's accounts become partners?"""

from __future__ import annotations

from pathlib import Path

from firstcall.sources.business.salesforce import long_id
from tests.pipeline.import_desk import desk
from tests.sources.business.business_read import kept, take_sample


def test_an_id_of_15_signs_becomes_the_one_of_18() -> None:
    """Its last three signs tell which of each five are capitals: 00-, D------, IRFma."""
    assert long_id("001D000000IRFma") == "001D000000IRFmaIAH"
    assert long_id("001D000000IRFmaIAH") == "001D000000IRFmaIAH"


def test_accounts_of_the_api_and_of_csv_are_the_same_partner(tmp_path: Path) -> None:
    """A deleted account and a deal are left out."""
    with desk(tmp_path) as at:
        assert kept(take_sample(at, "salesforce", "accounts.json", types="partner").total) == (3, 1, 2, 0)
        assert take_sample(at, "salesforce", "accounts.csv").total.landed == 1
        assert at.rows(
            "SELECT partner_id, name, registered_at::VARCHAR, known_to IS NULL FROM partners ORDER BY 4"
        ) == [
            ("001D000000IRFmaIAH", "Acme", "2019-10-17 21:10:19", False),
            ("001D000000IRFmaIAH", "Acme", "2019-10-17 21:10:19", True),
        ]
