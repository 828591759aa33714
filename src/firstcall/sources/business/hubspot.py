"""Which companies does HubSpot know, and since when?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstcall.sources.mapping.converters import CONVERTERS, text
from firstcall.sources.mapping.mapping import Node, RecordMapping, Rows, Skip, take
from firstcall.sources.paging import NextToken
from firstcall.sources.pull import Endpoint, Pull, UrlBlank
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant


def _moment(value: object, currency: str) -> str | None:
    """Read a time that old interfaces give as milliseconds and new ones as ISO 8601."""
    said = text(value)
    return CONVERTERS["epoch_milliseconds"](said, currency) if said and said.isdecimal() else said


GONE = {
    "partner_id": take(""),
    "name": take("^.properties.name", "^.properties.domain", "^.id", "^.Company name", "^.Record ID"),
    "registered_at": take("^.properties.createdate", "^.createdAt", "^.Create Date", read=_moment),
    "merged_into": take("^.id", "^.Record ID"),
}
"""A company that was merged into the one whose record names it."""


def _merged(node: Node) -> list[Any]:
    """Return the ids of the companies that were merged into one."""
    said = text(node.find("properties.hs_merged_object_ids") or node.find("Merged object IDs")) or ""
    return [one.strip() for one in said.split(";") if one.strip()]


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; with the option `stages` only companies of those stages are partners."""
    wanted = tuple(stage.strip().lower() for stage in options.get("stages", "").split(",") if stage.strip())
    other = Skip(
        lambda node: (
            str(node.find("properties.lifecyclestage") or node.find("Lifecycle Stage")).lower() not in wanted
        ),
        "companies of another stage",
    )
    skip = (other,) if wanted else ()
    api = {
        "partner_id": take("id", "properties.hs_object_id", option="partner"),
        "name": take("properties.name", "properties.domain", "id"),
        "registered_at": take("properties.createdate", "createdAt", read=_moment, option="registered"),
        "status": take("archived", values={"true": "deleted"}, otherwise="approved"),
        "segment": take("properties.industry", option="segment"),
        "country": take("properties.country"),
        "channel": take("properties.hs_analytics_source"),
        "manager": take("properties.hubspot_owner_id"),
    }
    export = {
        "partner_id": take("Record ID", "Company ID", option="partner"),
        "name": take("Company name", "Name", "Company Domain Name"),
        "registered_at": take("Create Date", read=_moment, option="registered"),
        "segment": take("Industry", option="segment"),
        "country": take("Country/Region", "Country"),
        "channel": take("Original Source Type", "Original Traffic Source"),
        "manager": take("Company owner"),
    }
    known_by_id = "partner" not in options  # a property of your own is not known of a company that is gone
    rows = (
        Rows("partners", GONE, lambda node: known_by_id and bool(_merged(node)), each=_merged, skip=skip,
             version="^.updatedAt"),
        Rows("partners", api, {"properties": True, "id": True}, skip=skip, version="updatedAt"),
        Rows("partners", export, {"Record ID": True, "Create Date": True}, skip=skip),
    )  # fmt: skip
    return RecordMapping(rows, "a company of HubSpot", lists=("results", "companies"))


PROPERTIES = (
    "name,domain,industry,country,lifecyclestage,createdate,hubspot_owner_id,hs_analytics_source,"
    "hs_merged_object_ids"
)
PULL = Pull(
    base="https://api.hubapi.com",
    auth="bearer",
    rights="a private app's token with crm.objects.companies.read",
    blanks=(UrlBlank("properties", "properties to ask for besides the usual ones, with commas", ""),),
    endpoints=(
        Endpoint("companies", "/crm/v3/objects/companies", "results",
                 (("limit", "100"), ("properties", PROPERTIES + ",{properties}")),
                 (NextToken("after", "paging.next.after"),)),
    ),
)  # fmt: skip

SIGNATURES = (
    signature(
        "properties.domain|properties.lifecyclestage|properties.createdate|properties.hs_object_id",
        "id",
        "createdAt|updatedAt|archived",
        without=("properties.email", "properties.dealname"),
    ),
    signature("Record ID", "Company name|Company owner|Company Domain Name"),
)

HUBSPOT = Source(
    name="hubspot",
    title="HubSpot companies",
    fills="partners",
    needs="companies of the API as JSON, or the CSV export; a company is a partner, so choose the stages that are",
    identity="the company's id is the partner; an option names a property of your own",
    certainty="fields read in the vendor's documents, headings from memory; samples built from documentation",
    reads="json",
    variants=(
        Variant("API", '`{"results": [{"id", "properties": {…}}]}`'),
        Variant("CSV", "headings `Record ID`, `Company name`, `Create Date`; times in the program's zone"),
    ),
    options=(
        Option("partner", "path or column that names the partner, such as properties.account_number", "id"),
        Option("stages", "lifecycle stages of companies that are partners, with commas, such as customer"),
        Option("segment", "path or column of the segment", "properties.industry"),
        Option("registered", "path or column of the time of registration", "properties.createdate"),
    ),
    maps=_maps,
    pull=PULL,
    signatures=SIGNATURES,
)
