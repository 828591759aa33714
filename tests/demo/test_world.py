"""Is the sample program the same every time, whole, and coherent?"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from firstcall.demo import make_world
from firstcall.errors import UsageError
from tests.demo.conftest import Files
from tests.demo.reading import moment


def digest(folder: Path) -> dict[str, str]:
    """Checksum of every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """And another seed gives others."""
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        make_world(tmp_path / name, seed=seed, scale=0.01)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


def test_the_manifest_names_every_file_once(tmp_path: Path) -> None:
    """Tables come before the logs, so that a first look has names; the settings stand beside them."""
    manifest = make_world(tmp_path, scale=0.01)
    named = [path for each in manifest.imports for path in each.paths]
    assert sorted([*named, manifest.settings]) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    assert [each.source for each in manifest.imports][-3:] == ["kong", "nginx", "aws-api-gateway"]
    assert [each.name for each in manifest.imports][-3:] == ["kong", "nginx", "aws"]
    assert [len(each.paths) for each in manifest.imports[-3:]] == [16, 16, 16]
    assert manifest.imports[0].source == "openapi"
    settings = tomllib.loads(manifest.settings.read_text(encoding="utf-8"))
    assert settings["program"]["name"] == "Northwind APIs"


def test_the_manifest_counts_the_calls(files: Files) -> None:
    """Every line is a call, but for five Kong lines that came twice."""
    ids = {call.request_id for call in files.calls if call.gateway == "kong"}
    lines = sum(call.gateway == "kong" for call in files.calls)
    assert lines - len(ids) == 5


@pytest.mark.parametrize("scale", [0.0, -1.0, 1000.0])
def test_an_impossible_scale_is_refused(tmp_path: Path, scale: float) -> None:
    """Nothing is written."""
    with pytest.raises(UsageError, match="scale"):
        make_world(tmp_path / "world", scale=scale)
    assert not (tmp_path / "world").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """The file stays as it is."""
    taken = tmp_path / "world"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file"):
        make_world(taken, scale=0.01)
    assert taken.read_text(encoding="utf-8") == "mine"


def test_people_are_coherent(files: Files) -> None:
    """Developers belong to partners and come after them; every key is its developer's partner's."""
    registered = {row["partner_id"]: moment(row["registered_at"]) for row in files.table("partners")}
    developers = {row["developer_id"]: row for row in files.table("developers")}
    assert len(registered) == 206
    assert 350 <= len(developers) <= 430
    for row in developers.values():
        assert moment(row["signed_up_at"]) >= registered[row["partner_id"]]
    for row in files.table("credentials"):
        assert developers[row["developer_id"]]["partner_id"] == row["partner_id"]
        assert moment(row["valid_from"]) >= registered[row["partner_id"]]


def test_every_call_of_a_known_consumer_has_an_owner(files: Files) -> None:
    """No call lies outside the time in which its credential is someone's."""
    known = {row["consumer"] for row in files.table("credentials")}
    assert [call for call in files.calls if call.consumer in known and call.partner is None] == []


def test_one_key_rotates_and_one_changes_hands(files: Files) -> None:
    """The moved consumer has two owners, one after the other; the rotated application two consumers."""
    rows = files.table("credentials")
    owners: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        owners.setdefault(row["consumer"], []).append(row)
    shared = [found for found in owners.values() if len(found) > 1]
    assert len(shared) == 1
    before, after = sorted(shared[0], key=lambda row: row["valid_from"])
    assert before["valid_to"] == after["valid_from"]
    assert before["partner_id"] != after["partner_id"]
    rotated = [row for row in rows if row["partner_id"] == files.partner("Stonebridge Couriers")]
    assert sum(row["environment"] == "production" for row in rotated) == 2


def test_rates_cover_every_invoice_in_dollars(files: Files) -> None:
    """A rate of at most seven days before."""
    days = sorted(moment(row["date"]) for row in files.table("exchange_rates") if row["currency"] == "USD")
    dollars = [moment(row["issued_at"]) for row in files.table("invoice_lines") if row["currency"] == "USD"]
    assert dollars
    assert all(any(0 <= issued - day < 7 * 86_400 for day in days) for issued in dollars)


def test_the_last_quarter_is_healthier_than_the_one_before(files: Files) -> None:
    """Invoiced EUR grow by a quarter or more, while running costs stay level."""
    spans = {"2026Q2": ("2026-04", "2026-05", "2026-06"), "2026Q3": ("2026-07", "2026-08", "2026-09")}
    totals = {
        quarter: sum(
            float(row["amount"])
            for row in files.table("invoice_lines")
            if row["kind"] == "subscription"
            and row["period_start"][:7] in months
            and row["currency"] == "EUR"
            if row["plan_id"] != "shipping-annual"
        )
        for quarter, months in spans.items()
    }
    assert totals["2026Q3"] > 1.25 * totals["2026Q2"]
