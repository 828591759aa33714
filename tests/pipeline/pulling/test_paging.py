"""Is each system asked as its API wants to be: where, with which token, page by page, for what is new?"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from firstcall import registry
from firstcall.pipeline.pulling.pull import pull_source
from tests.pipeline.import_desk import desk
from tests.pipeline.pulling.api_server import Received, serving

SAMPLES = Path(__file__).parents[2] / "samples"
TOKEN = "ann@acme.example/token:abc"
BASIC = "Basic " + b64encode(TOKEN.encode()).decode()


def sample(path: str) -> Any:  # noqa: ANN401 - a JSON document of any kind
    """Return a sample's JSON."""
    return json.loads((SAMPLES / path).read_text(encoding="utf-8"))


def parts(path: str, name: str) -> tuple[list[Any], list[Any]]:
    """Return the first record of a sample and the others, as two pages."""
    found = sample(path)
    listed = found[name] if name else found
    return listed[:1], listed[1:]


def chargebee(request: Received) -> object:
    """Two pages by `offset`; other lists are empty."""
    invoices = [each for each in sample("chargebee/list.json")["list"] if "invoice" in each]
    if request.path != "/api/v2/invoices":
        return {"list": []}
    more = "offset" not in request.query
    return {"list": invoices[:1] if more else invoices[1:], **({"next_offset": "[1]"} if more else {})}


def lago(request: Received) -> object:
    """Two pages by `page`."""
    first, second = parts("lago/invoices.json", "invoices")
    if request.path != "/api/v1/invoices":
        return {request.path.rsplit("/", 1)[-1]: [], "meta": {"next_page": None}}
    page = int(request.query.get("page", "1"))
    return {"invoices": (first, second)[page - 1], "meta": {"next_page": 2 if page == 1 else None}}


def zendesk(request: Received) -> object:
    """Two pages by the address of the next one, until the stream ends."""
    first, second = parts("zendesk/tickets.json", "tickets")
    if "tickets" not in request.path:
        return {"organizations": [], "next_page": None, "end_of_stream": True}
    here = f"http://{request.headers['host']}{request.path}?cursor=2"
    done = "cursor" in request.query
    return {"tickets": second if done else first, "after_url": here, "end_of_stream": done}


def intercom(request: Received) -> object:
    """Two pages by `starting_after`."""
    first, second = parts("intercom/list.json", "conversations")
    if request.path == "/companies":
        return {"type": "list", "data": [second[1]]}
    more = "starting_after" not in request.query
    return {"conversations": first if more else second[:1],
            "pages": {"next": {"starting_after": "x="} if more else None}}  # fmt: skip


def jira(request: Received) -> object:
    """Two pages by token, as in the cloud."""
    first, second = parts("jira/issues.json", "issues")
    more = "nextPageToken" not in request.query
    return (
        {"issues": first, "nextPageToken": "t", "isLast": False}
        if more
        else {"issues": second, "isLast": True}
    )


def jira_server(request: Received) -> object:
    """Two pages by `startAt`, as on a server."""
    first, second = parts("jira/issues.json", "issues")
    start = int(request.query.get("startAt", "0"))
    return {"startAt": start, "maxResults": 1, "total": 2, "issues": first if start == 0 else second}


def hubspot(request: Received) -> object:
    """Two pages by `after`."""
    first, second = parts("hubspot/companies.json", "results")
    more = "after" not in request.query
    return {"results": first if more else second, **({"paging": {"next": {"after": "501"}}} if more else {})}


def salesforce(request: Received) -> object:
    """Two pages by a relative address."""
    first, second = parts("salesforce/accounts.json", "records")
    if request.path.endswith("/queryAll"):
        return {"done": False, "records": first, "nextRecordsUrl": "/services/data/v62.0/queryAll/01g-2"}
    return {"done": True, "records": second}


def pagerduty(request: Received) -> object:
    """Two pages by `offset`."""
    first, second = parts("pagerduty/incidents.json", "incidents")
    start = int(request.query.get("offset", "0"))
    return {"incidents": second if start else first, "offset": start, "more": start == 0}


def statuspage(request: Received) -> object:
    """One feed of incidents, one of maintenance."""
    first, second = parts("statuspage/incidents.json", "incidents")
    return (
        {"scheduled_maintenances": second[:1]}
        if "scheduled" in request.path
        else {"incidents": [*first, second[1]]}
    )


def freshdesk(request: Received) -> object:
    """One page without a Link header."""
    return [] if request.path.endswith("companies") else sample("freshdesk/tickets.json")


@dataclass(frozen=True, slots=True)
class Case:
    """How a system is spoken, what it must be shown, and what is asked of its main list the first and second time."""

    source: str
    speak: Callable[[Received], object]
    shown: str | None
    landed: int
    path: str
    pages: int
    later: dict[str, str]
    options: tuple[tuple[str, str], ...] = ()


CASES = (
    Case("chargebee", chargebee, "Basic " + b64encode(f"{TOKEN}:".encode()).decode(), 3, "/api/v2/invoices", 2, {}),
    Case("lago", lago, f"Bearer {TOKEN}", 2, "/api/v1/invoices", 2, {"issuing_date_from": "2026-03-23"}),
    Case("zendesk", zendesk, BASIC, 2, "/api/v2/incremental/tickets/cursor.json", 2, {"start_time": "1783069200"}),
    Case("freshdesk", freshdesk, "Basic " + b64encode(f"{TOKEN}:X".encode()).decode(), 1, "/api/v2/tickets", 1,
         {"updated_since": "2026-07-01T11:00:00Z"}),
    Case("intercom", intercom, f"Bearer {TOKEN}", 3, "/conversations", 2, {}),
    Case("jira", jira, BASIC, 2, "/rest/api/3/search/jql", 2,
         {"jql": '(project = API) AND updated >= "2026-05-02 10:34" ORDER BY updated ASC'},
         (("jql", "project = API"),)),
    Case("jira", jira_server, BASIC, 2, "/rest/api/2/search", 2, {}, (("search", "/rest/api/2/search"),)),
    Case("hubspot", hubspot, f"Bearer {TOKEN}", 2, "/crm/v3/objects/companies", 2, {}),
    Case("salesforce", salesforce, f"Bearer {TOKEN}", 1, "/services/data/v62.0/queryAll", 1, {}),
    Case("pagerduty", pagerduty, f"Token token={TOKEN}", 2, "/incidents", 2, {"since": "2026-06-02T10:00:00Z"}),
    Case("statuspage", statuspage, None, 3, "/api/v2/incidents.json", 1, {}),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.source}{case.path.count('2/search')}")
def test_a_system_is_asked_page_by_page_and_later_for_what_is_new(tmp_path: Path, case: Case) -> None:
    """Every row lands once; the second pull adds nothing and names the moment from which it asks."""
    with desk(tmp_path) as at, serving(case.speak) as api:

        def pulled() -> int:
            report = pull_source(
                at.store, at.settings, case.source, url=api.url, options=dict(case.options),
                environ={f"FIRSTCALL_{case.source.upper()}_TOKEN": TOKEN}, wait=lambda _: None,
            )  # fmt: skip
            assert report.total.adds_up
            return report.total.landed

        assert pulled() == case.landed
        assert {each.headers.get("authorization") for each in api.asked} == {case.shown}
        assert api.paths.count(case.path) == case.pages
        api.asked = []
        assert pulled() == 0
        first = next(each for each in api.asked if each.path == case.path)
        assert {name: first.query.get(name) for name in case.later} == case.later


def test_every_system_that_is_pulled_says_where_and_what_its_token_may() -> None:
    """An address or an example of one; rights, unless it needs no token and no choice."""
    for source in registry.sources().values():
        if source.pull is not None:
            assert bool(source.pull.base) is not bool(source.pull.address), source.name
            assert (source.pull.base or source.pull.address).startswith("https://")
            assert source.maps is not None
