"""What did developers ask for help with in Zendesk, and when was it solved?"""

from __future__ import annotations

from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, always, take
from firstcall.sources.paging import NextLink
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

GONE = Skip({"status": ("deleted",)}, "deleted tickets", ends=True)
MERGED = Skip(lambda node: "closed_by_merge" in node.find("tags"), "tickets merged into others", ends=True)
MAPPING = RecordMapping(
    (
        Rows("tickets", {
            "ticket_id": take("id"),
            "partner_id": take("organization_id", option="partner"),
            "developer_id": take("requester_id", option="developer"),
            "opened_at": take("created_at"),
            "resolved_at": take("metric_set.solved_at", "solved_at", option="resolved"),
            "topic": take("tags.0", "type", option="topic"),
            "product": take(option="product"),
        }, {"created_at": True, "requester_id": True}, skip=(GONE, MERGED), version="updated_at"),
        Rows("partners", {
            "partner_id": take("external_id", "id", option="organisation"),
            "name": take("name", "id"),
            "registered_at": take("created_at"),
        }, {"domain_names": True, "shared_tickets": True}, version="updated_at"),
    ),
    "a ticket or an organisation of Zendesk",
    lists=("tickets", "organizations", "results"),
    inside=("ticket",),
)  # fmt: skip

PAGES = (
    NextLink("after_url", last="end_of_stream"),
    NextLink("next_page", last="end_of_stream"),
)
START = "2000-01-01T00:00:00Z"
PULL = Pull(
    auth="basic",
    address="https://SUBDOMAIN.zendesk.com",
    rights="an API token, given as ADDRESS/token:TOKEN, or an OAuth token that may read",
    per_second=0.15,
    endpoints=(
        Endpoint("tickets", "/api/v2/incremental/tickets/cursor.json", "tickets",
                 (("include", "metric_sets"), ("per_page", "1000")), PAGES, ("start_time", "{since}"), form="epoch",
                 changed="updated_at", start=START),
        Endpoint("organizations", "/api/v2/incremental/organizations.json", "organizations", (("per_page", "1000"),),
                 PAGES, ("start_time", "{since}"), form="epoch", changed="updated_at", start=START),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("requester_id", "organization_id"),
    signature("tickets", "end_of_stream|next_page"),
    signature("domain_names", "shared_tickets"),
)

ZENDESK = Source(
    name="zendesk",
    title="Zendesk tickets",
    fills="tickets",
    needs="tickets of the API or of the export as JSON, with metric sets when resolution is to be known",
    identity="the organisation is the partner, the requester the developer; options name other fields",
    certainty="fields read in an extractor's schemas; samples built from documentation",
    reads="json",
    variants=(Variant("API", '`{"tickets": […], "next_page": …}` or one ticket a line'),),
    options=(
        Option(
            "partner", "path that names the partner, such as custom_fields[id=77].value", "organization_id"
        ),
        Option("developer", "path that names the developer", "requester_id"),
        Option("topic", "path that says what it was about", "tags.0"),
        Option("product", "path that names the API product"),
        Option("resolved", "path of the time of resolution", "metric_set.solved_at"),
        Option("organisation", "path in an organisation that names the partner", "external_id"),
    ),
    also=("partners",),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
