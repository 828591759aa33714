"""Is what its own system calls merged, a duplicate, spam or declined taken so, now and when it becomes so?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.pipeline.import_desk import ImportDesk, desk

Record = dict[str, Any]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportDesk]:
    """A desk in UTC for all tests of the file."""
    with desk(tmp_path_factory.mktemp("duplicates")) as made:
        yield made


@pytest.fixture
def at(opened: ImportDesk) -> ImportDesk:
    """The desk with nothing on it."""
    for table in ("tickets", "incidents", "requests", "partners", "imports", "refused"):
        opened.store.connection.execute(f"DELETE FROM {table}")
    return opened


def taken(at: ImportDesk, source: str, *records: Record, **options: str) -> tuple[str, ...]:
    """Import records of the API; return the notes."""
    return at.take(source, json.dumps([*records]), "a.json", options=options).notes


def ticket(number: int, **more: object) -> Record:
    """Return a ticket of Zendesk."""
    return {"id": number, "requester_id": 5, "organization_id": 7, "created_at": "2026-05-01T10:00:00Z",
            "updated_at": "2026-05-02T10:00:00Z", "status": "closed", "tags": ["auth"], **more}  # fmt: skip


def in_force(at: ImportDesk, table: str, key: str) -> list[object]:
    """Return the ids of what counts."""
    return [one for (one,) in at.rows(f"SELECT {key} FROM {table} WHERE known_to IS NULL ORDER BY 1")]


def test_a_merged_ticket_is_left_out_also_when_it_was_there_before(at: ImportDesk) -> None:
    """It was open yesterday."""
    taken(at, "zendesk", ticket(1), ticket(2))
    notes = taken(at, "zendesk", ticket(2, tags=["billing", "closed_by_merge"]))
    assert "1 left out, tickets merged into others" in notes
    assert "1 rows taken in before end with what is left out now" in notes
    assert in_force(at, "tickets", "ticket_id") == ["1"]


def test_spam_and_deleted_tickets_of_freshdesk_end(at: ImportDesk) -> None:
    """Whoever marks them, and whenever."""
    one = {"id": 3, "requester_id": 5, "company_id": 7, "created_at": "2026-05-01T10:00:00Z"}
    taken(at, "freshdesk", one)
    taken(at, "freshdesk", {**one, "spam": True})
    assert in_force(at, "tickets", "ticket_id") == []


def test_a_merged_incident_is_one_with_its_target(at: ImportDesk) -> None:
    """An hour and a minute: 1,830 seconds on average, not 1,240."""
    plain = {"urgency": "high", "created_at": "2026-05-01T00:00:00Z", "service": {"summary": "api"}}
    minute = {"resolved_at": "2026-05-01T00:01:00Z", "status": "resolved"}
    merged = {"type": "merge_resolve_reason", "incident": {"id": "P1"}}
    taken(
        at, "pagerduty", {**plain, "id": "P1", "resolved_at": "2026-05-01T01:00:00Z"},
        {**plain, **minute, "id": "P2", "resolve_reason": merged}, {**plain, **minute, "id": "P3"},
    )  # fmt: skip
    assert in_force(at, "incidents", "incident_id") == ["P1", "P3"]
    assert at.rows("SELECT avg(epoch(resolved_at - started_at)) FROM incidents") == [(1830,)]


def company(number: str, **properties: str) -> Record:
    """Return a company of HubSpot."""
    made = {"name": f"Acme {number}", "createdate": "2026-01-01T00:00:00Z", **properties}
    return {"id": number, "properties": made, "archived": False}


def test_a_company_merged_in_hubspot_is_merged_here(at: ImportDesk) -> None:
    """It is no longer listed; the one that is left names it."""
    taken(at, "hubspot", company("1"), company("2"), company("3"))
    taken(at, "hubspot", company("1", hs_merged_object_ids="2;3"))
    assert at.rows("SELECT partner_id, merged_into FROM partners WHERE known_to IS NULL ORDER BY 1") == [
        ("1", None), ("2", "1"), ("3", "1"),
    ]  # fmt: skip


def test_an_account_merged_in_salesforce_is_merged_here(at: ImportDesk) -> None:
    """It is deleted and names its master; one that is only deleted is left out."""
    plain = {
        "attributes": {"type": "Account"},
        "Name": "A",
        "CreatedDate": "2026-01-01T00:00:00Z",
        "IsDeleted": True,
    }
    taken(at, "salesforce", {**plain, "Id": "001B", "MasterRecordId": "001A"}, {**plain, "Id": "001C"})
    assert at.rows("SELECT partner_id, merged_into FROM partners") == [("001B", "001A")]


def issue(key: str, resolution: str | None) -> Record:
    """Return a resolved issue of Jira."""
    return {"key": key, "fields": {"created": "2026-03-12T09:00:00.000+0000", "issuetype": {"name": "Bug"},
                                   "resolutiondate": "2026-03-13T09:00:00.000+0000",
                                   "resolution": resolution and {"name": resolution}}}  # fmt: skip


def test_what_jira_resolved_without_building_it_was_not_deployed(at: ImportDesk) -> None:
    """As requests; as tickets, a duplicate is left out and what was declined is answered."""
    issues = (issue("A-1", "Fixed"), issue("A-2", "Duplicate"), issue("A-3", "Won't Do"), issue("A-4", None))
    taken(at, "jira", *issues, table="requests")
    shipped = "SELECT request_id FROM requests WHERE deployed_at IS NOT NULL ORDER BY 1"
    assert at.rows(shipped) == [("A-1",), ("A-4",)]
    assert at.rows("SELECT count(*) FROM requests") == [(4,)]
    assert "1 left out, issues resolved as duplicates" in taken(at, "jira", *issues)
    assert in_force(at, "tickets", "ticket_id") == ["A-1", "A-3", "A-4"]


def test_resolutions_of_jiras_export_are_read_alike(at: ImportDesk) -> None:
    """With its own dates."""
    rows = (
        "Summary,Issue key,Issue Type,Resolution,Created,Resolved\n"
        "a,A-1,Bug,Fixed,12/Mar/26 3:04 PM,13/Mar/26 3:04 PM\n"
        "b,A-2,Bug,Duplicate,12/Mar/26 3:04 PM,13/Mar/26 3:10 PM\n"
        "c,A-3,Bug,Won't Do,12/Mar/26 12:00 AM,13/Mar/26 12:30 PM\n"
    )
    at.take("jira", rows, "jira.csv", options={"table": "requests"})
    assert at.rows("SELECT request_id, deployed_at::VARCHAR FROM requests ORDER BY 1") == [
        ("A-1", "2026-03-13 15:04:00"), ("A-2", None), ("A-3", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("updates", "begun"),
    [
        ([], "2026-05-20 02:00:00"),
        (
            [
                {"status": "in_progress", "display_at": "2026-05-20T02:20:00Z"},
                {"status": "in_progress", "display_at": "2026-05-20T04:07:00+02:00"},
                {"status": "scheduled", "display_at": "2026-05-01T09:00:00Z"},
            ],
            "2026-05-20 02:07:00",
        ),
    ],
)
def test_maintenance_does_not_begin_with_its_announcement(
    at: ImportDesk, updates: list[Record], begun: str
) -> None:
    """It was announced on the first of May for the twentieth."""
    made = {"id": "m1", "name": "Upgrade", "impact": "maintenance", "started_at": "2026-05-01T09:00:00Z",
            "scheduled_for": "2026-05-20T02:00:00Z", "scheduled_until": "2026-05-20T04:00:00Z",
            "incident_updates": updates}  # fmt: skip
    taken(at, "statuspage", made)
    assert at.rows("SELECT started_at::VARCHAR, severity FROM incidents") == [(begun, "maintenance")]
