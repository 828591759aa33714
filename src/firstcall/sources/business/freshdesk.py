"""What did developers ask for help with in Freshdesk, and when was it solved?"""

from __future__ import annotations

from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, always, take
from firstcall.sources.paging import LinkHeader
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

MAPPING = RecordMapping(
    (
        Rows("tickets", {
            "ticket_id": take("id"),
            "partner_id": take("company_id", option="partner"),
            "developer_id": take("requester_id", option="developer"),
            "opened_at": take("created_at"),
            "resolved_at": take("stats.resolved_at", "stats.closed_at"),
            "topic": take("tags.0", "type", option="topic"),
            "product": take("product_id", option="product"),
        }, {"requester_id": True, "created_at": True}, version="updated_at",
            skip=(Skip({"spam": ("true",)}, "spam", ends=True),
                  Skip({"deleted": ("true",)}, "deleted tickets", ends=True))),
        Rows("partners", {
            "partner_id": take("id", option="company"),
            "name": take("name"),
            "registered_at": take("created_at"),
            "segment": take("account_tier", "industry"),
        }, {"domains": True, "name": True, "created_at": True}, version="updated_at"),
    ),
    "a ticket or a company of Freshdesk",
    lists=("results", "tickets"),
)  # fmt: skip

LINKED = (LinkHeader(),)
ORDER = (("per_page", "100"), ("include", "stats"), ("order_by", "updated_at"), ("order_type", "asc"))
PULL = Pull(
    auth="pair",
    address="https://DOMAIN.freshdesk.com",
    rights="an API key of an agent who sees all tickets",
    per_second=1,
    endpoints=(
        Endpoint("companies", "/api/v2/companies", "", (("per_page", "100"),), LINKED),
        Endpoint("tickets", "/api/v2/tickets", "", ORDER, LINKED, ("updated_since", "{since}"),
                 changed="updated_at", start="2000-01-01T00:00:00Z"),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("requester_id", "company_id|spam|fr_escalated|responder_id", without=("organization_id",)),
    signature("domains", "health_score|account_tier|renewal_date"),
)

FRESHDESK = Source(
    name="freshdesk",
    title="Freshdesk tickets",
    fills="tickets",
    needs="tickets of the API as JSON, with `stats` when resolution is to be known",
    identity="the company is the partner, the requester the developer; options name other fields",
    certainty="fields read in schemas of an extractor, numbers from memory; samples built from documentation",
    reads="json",
    variants=(Variant("API", "a list of tickets, or one a line"),),
    options=(
        Option("partner", "path that names the partner, such as custom_fields.cf_partner", "company_id"),
        Option("developer", "path that names the developer", "requester_id"),
        Option("topic", "path that says what it was about", "tags.0"),
        Option("product", "path that names the API product", "product_id"),
        Option("company", "path in a company that names the partner", "id"),
    ),
    also=("partners",),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
