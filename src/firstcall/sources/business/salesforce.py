"""Which accounts does Salesforce know, and since when?"""

from __future__ import annotations

from collections.abc import Mapping

from firstcall.sources.mapping.converters import text
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, take
from firstcall.sources.paging import NextLink
from firstcall.sources.pull import Endpoint, Pull
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
SHORT = 15


def long_id(value: object, _currency: str = "") -> str | None:
    """Read an id in its form of 18 signs, which tells capitals apart where the form of 15 is one sign the same."""
    said = text(value)
    if said is None or len(said) != SHORT or not said.isalnum() or not said.isascii():
        return said
    thirds = (said[at : at + 5] for at in range(0, SHORT, 5))
    return said + "".join(
        ALPHABET[sum(sign.isupper() << n for n, sign in enumerate(third))] for third in thirds
    )


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; with the option `types` only accounts of those types are partners."""
    wanted = tuple(kind.strip().lower() for kind in options.get("types", "").split(",") if kind.strip())
    other = Skip(lambda node: str(node.find("Type")).lower() not in wanted, "accounts of another type")
    deleted = Skip({"IsDeleted": ("true", "1"), "MasterRecordId": False}, "deleted accounts")
    skip = (deleted, *((other,) if wanted else ()))
    columns = {
        "partner_id": take("Id", "Account ID", read=long_id, option="partner"),
        "name": take("Name", "Account Name"),
        "registered_at": take("CreatedDate", "Created Date", option="registered"),
        "segment": take("Industry", option="segment"),
        "country": take("BillingCountry", "Billing Country", "BillingAddress.country"),
        "channel": take("AccountSource", "Account Source"),
        "manager": take("Owner.Name", "OwnerId", "Account Owner"),
        "merged_into": take("MasterRecordId", read=long_id),
    }
    rows = (
        Rows("partners", columns, lambda node: node.find("attributes.type") in {None, "Account"}
             and bool(node.find("Id") or node.find("Account ID")), skip=skip, version="LastModifiedDate"),
    )  # fmt: skip
    return RecordMapping(rows, "an account of Salesforce", lists=("records",), kind="attributes.type")


FIELDS = (
    "Id, Name, Type, Industry, BillingCountry, AccountSource, OwnerId, CreatedDate, LastModifiedDate, IsDeleted, "
    "MasterRecordId"
)
PULL = Pull(
    auth="bearer",
    address="https://INSTANCE.my.salesforce.com",
    rights="an access token of a user who may query accounts",
    endpoints=(
        Endpoint("accounts", "/services/data/v62.0/queryAll", "records", (),
                 (NextLink("nextRecordsUrl", last="done"),),
                 ("q", f"SELECT {FIELDS} FROM Account WHERE LastModifiedDate >= {{since}} ORDER BY LastModifiedDate"),
                 changed="LastModifiedDate", start="1999-01-01T00:00:00Z"),
    ),
)  # fmt: skip

SIGNATURES = (
    signature("attributes.type", "Id"),
    signature("Id=001*", "Name"),
    signature("Account ID", "Account Name"),
)

SALESFORCE = Source(
    name="salesforce",
    title="Salesforce accounts",
    fills="partners",
    needs="accounts of the REST API or the Data Loader, as JSON or CSV; choose the types that are partners",
    identity="the account's id is the partner, ids of 15 signs made those of 18; an option names a field of your own",
    certainty="fields read in the vendor's documents, labels of reports from memory; samples built from documentation",
    reads="json",
    variants=(
        Variant("REST", '`{"records": [{"attributes": {"type": "Account"}, "Id": …}]}`'),
        Variant("CSV", "headings `Id`, `Name`, `CreatedDate`, or the labels of a report"),
    ),
    options=(
        Option("partner", "field that names the partner, such as Customer_Number__c", "Id"),
        Option("types", "types of accounts that are partners, with commas"),
        Option("segment", "field of the segment", "Industry"),
        Option("registered", "field of the time of registration", "CreatedDate"),
    ),
    maps=_maps,
    pull=PULL,
    signatures=SIGNATURES,
)
