"""What did developers ask for help with in Intercom, and when was it closed?"""

from __future__ import annotations

from firstcall.sources.mapping.mapping import RecordMapping, Rows, always, take
from firstcall.sources.paging import NextToken, PageNumber
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

COMPANY = (
    "company.company_id",
    "contacts.contacts.0.company_id",
    "contacts.contacts.0.companies.0.company_id",
)
PERSON = ("contacts.contacts.0.external_id", "contacts.contacts.0.id", "source.author.id")
ASKED = {
    "partner_id": take(*COMPANY, option="partner"),
    "developer_id": take(*PERSON, option="developer"),
    "opened_at": take("created_at", read="epoch_seconds"),
    "product": take(option="product"),
}
"""What conversations and tickets say alike."""
MAPPING = RecordMapping(
    (
        Rows("tickets", ASKED | {
            "ticket_id": take("id"),
            "resolved_at": take("statistics.last_close_at", read="epoch_seconds"),
            "topic": take("tags.tags.0.name", "source.type", option="topic"),
        }, {"type": ("conversation",)}, version="updated_at"),
        Rows("tickets", ASKED | {
            "ticket_id": take("ticket_id", "id", read=lambda value, _: f"ticket-{value}"),
            "resolved_at": take("resolved_at", read="epoch_seconds"),
            "topic": take("ticket_type.name", "category", option="topic"),
        }, {"type": ("ticket",)}, version="updated_at"),
        Rows("partners", {
            "partner_id": take("company_id"),
            "name": take("name", "company_id"),
            "registered_at": take("remote_created_at", "created_at", read="epoch_seconds"),
            "segment": take("plan.name", "plan"),
        }, {"type": ("company",)}, version="updated_at"),
    ),
    "a conversation, ticket or company of Intercom",
    lists=("conversations", "tickets", "companies", "data"),
    inside=("data.item",),
    kind="type",
)  # fmt: skip

PAGES = (NextToken("starting_after", "pages.next.starting_after"),)
NUMBERED = (PageNumber("page", size=50),)
PULL = Pull(
    base="https://api.intercom.io",
    auth="bearer",
    headers={"Intercom-Version": "2.11"},
    rights="read conversations and companies",
    endpoints=(
        Endpoint("companies", "/companies", "data", (("per_page", "50"),), NUMBERED),
        Endpoint("conversations", "/conversations", "conversations", (("per_page", "150"),), PAGES),
    ),
)

SIGNATURES = (
    signature("type=conversation", "contacts|source|statistics"),
    signature("type=ticket", "ticket_id|ticket_attributes"),
    signature("type=company", "company_id"),
    signature("type=conversation.list,ticket.list", "conversations|tickets"),
    signature("type=notification_event", "topic", "data.item"),
)

INTERCOM = Source(
    name="intercom",
    title="Intercom conversations, tickets and companies",
    fills="tickets",
    needs="objects or lists of the API, or webhooks, as JSON",
    identity="the company is the partner, the contact the developer; options name other fields",
    certainty="fields read in the vendor's OpenAPI documents 2.7 to 2.16; samples built from documentation",
    reads="json",
    variants=(Variant("API", "objects with `type`, times in epoch seconds"),),
    options=(
        Option("partner", "path that names the partner, such as custom_attributes.partner", COMPANY[0]),
        Option("developer", "path that names the developer", PERSON[0]),
        Option("topic", "path that says what it was about", "tags.tags.0.name"),
        Option("product", "path that names the API product"),
    ),
    also=("partners",),
    maps=always(MAPPING),
    pull=PULL,
    signatures=SIGNATURES,
)
