"""What did developers ask for in Jira: as tickets of a service desk, or as bugs and features?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from firstcall.errors import UnknownName
from firstcall.sources.mapping.converters import CONVERTERS, Convert, dated, text
from firstcall.sources.mapping.mapping import NOTHING, Node, RecordMapping, Rows, Skip, take
from firstcall.sources.paging import NextToken, Offset
from firstcall.sources.pull import Endpoint, Pull, UrlBlank
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

TABLES = ("tickets", "requests")
KINDS = {"bug": "bug", "defect": "bug", "documentation": "docs", "docs": "docs"}
NOT_DONE = frozenset(
    (
        "duplicate", "won't do", "won't fix", "wont do", "wont fix", "declined", "rejected", "cannot reproduce",
        "incomplete", "invalid", "not a bug", "abandoned", "obsolete", "canceled", "cancelled",
    )
)  # fmt: skip
"""Resolutions under which nothing was built."""
DUPLICATE = "issues resolved as duplicates"
CSV_DATES = "%d/%b/%y %I:%M %p"


def _rows(options: Mapping[str, str], table: str, *, api: bool) -> Rows:
    """Return the rows of issues as the API or as the CSV export gives them."""
    read = CONVERTERS["text"] if api else dated(options.get("dates", CSV_DATES))
    opened, resolved = ("fields.created", "fields.resolutiondate") if api else ("Created", "Resolved")
    kind = "fields.issuetype.name" if api else "Issue Type"
    columns = {
        "partner_id": take(
            *(("fields.organizations.0.id",) if api else ("Organizations",)), option="partner"
        ),
    }
    resolution = "fields.resolution.name" if api else "Resolution"
    if table == "tickets":
        topic = (
            ("fields.components.0.name", "fields.labels.0")
            if api
            else ("Component/s", "Components", "Labels")
        )
        columns |= {
            "ticket_id": take(*(("key",) if api else ("Issue key",))),
            "developer_id": take(
                *(("fields.reporter.accountId",) if api else ("Reporter Id",)), option="developer"
            ),
            "opened_at": take(opened, read=read),
            "resolved_at": take(resolved, read=read),
            "topic": take(*topic, kind, option="topic"),
            "product": take(option="product"),
        }
    else:
        built = (options["deployed"], resolved) if "deployed" in options else (resolved,)
        columns |= {
            "request_id": take(*(("key",) if api else ("Issue key",))),
            "kind": take(kind, values=KINDS, otherwise="feature"),
            "opened_at": take(opened, read=read),
            "deployed_at": take("", read=partial(_deployed, paths=built, resolution=resolution, dated=read)),
        }
    when = {"key": True, "fields.created": True} if api else {"Issue key": True, "Created": True}
    duplicates = Skip({resolution: ("duplicate",)}, DUPLICATE, ends=True)
    skip = (duplicates,) if table == "tickets" else ()
    return Rows(table, columns, when, skip=skip, version="fields.updated" if api else "")


def _deployed(
    issue: object, currency: str, *, paths: tuple[str, ...], resolution: str, dated: Convert
) -> str | None:
    """Return when what was asked for was there; never, when it was resolved without being built."""
    node = Node(issue)
    if (text(node.find(resolution)) or "").lower().replace("\u2019", "'") in NOT_DONE:
        return None
    found = next((said for path in paths if (said := node.find(path)) not in NOTHING), None)
    return None if found is None else dated(found, currency)


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; raises UnknownName for another table than those it fills."""
    table = options.get("table", TABLES[0])
    if table not in TABLES:
        raise UnknownName("table for issues of Jira", table, TABLES)
    rows = (_rows(options, table, api=True), _rows(options, table, api=False))
    return RecordMapping(rows, "an issue of Jira", lists=("issues", "values"), inside=("issue",))


PULL = Pull(
    auth="basic",
    address="https://SITE.atlassian.net",
    rights="ADDRESS:TOKEN of an account that sees the issues, or a personal access token",
    blanks=(
        UrlBlank("jql", "which issues", "project is not EMPTY"),
        UrlBlank("search", "the search of this Jira; /rest/api/2/search for a server", "/rest/api/3/search/jql"),
    ),
    endpoints=(
        Endpoint("issues", "{search}", "issues", (("fields", "*all"), ("maxResults", "100")),
                 (NextToken("nextPageToken", "nextPageToken", last="isLast"),
                  Offset("startAt", total="total")),
                 ("jql", '({jql}) AND updated >= "{since}" ORDER BY updated ASC'), form="%Y-%m-%d %H:%M",
                 changed="fields.updated", lookback=timedelta(days=1), start="2000-01-01T00:00:00Z"),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("key", "fields.issuetype|fields.project|fields.created"),
    signature("Issue key", "Issue id|Issue Type|Project key"),
)

JIRA = Source(
    name="jira",
    title="Jira issues, of a service desk or of a project",
    fills="tickets",
    needs="issues of the REST API as JSON, or the CSV export",
    identity="the first organisation is the partner, the reporter the developer; options name other fields",
    certainty="headings of the CSV seen in samples, REST fields from memory; samples built from documentation",
    reads="json",
    variants=(
        Variant("REST", '`{"issues": [{"key", "fields"}]}`'),
        Variant("CSV", "headings `Issue key`, `Created`, …; some occur several times"),
    ),
    options=(
        Option("table", "tickets, or requests: then resolution is deployment", TABLES[0]),
        Option("dates", "how the CSV writes times, as strptime reads it; in the program's zone", CSV_DATES),
        Option("partner", "path or column that names the partner, such as fields.customfield_10002.0.id"),
        Option("developer", "path or column that names the developer"),
        Option("topic", "path or column that says what it was about", "fields.components.0.name"),
        Option("product", "path or column that names the API product"),
        Option("deployed", "path or column of the time of deployment", "fields.resolutiondate"),
    ),
    also=("requests",),
    maps=_maps,
    pull=PULL,
    signatures=SIGNATURES,
)
