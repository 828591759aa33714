"""What did people do in portal and documentation, as Segment or RudderStack recorded it?"""

from __future__ import annotations

import re
from collections.abc import Mapping

from firstcall.errors import UsageError
from firstcall.sources.business.docs_pages import PAGES, outside, step
from firstcall.sources.mapping.converters import text
from firstcall.sources.mapping.mapping import Asks, Node, RecordMapping, Rows, Skip, constant, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

PAGE = (
    "properties.url",
    "properties.path",
    "context.page.url",
    "context.page.path",
    "url",
    "path",
    "context_page_url",
)
WHO = {
    "message_id": take("messageId", "message_id", "id"),
    "time": take(
        "timestamp", "originalTimestamp", "original_timestamp", "receivedAt", "received_at", read="utc"
    ),
    "partner_id": take("context.groupId", "groupId", "context_group_id", option="partner"),
    "developer_id": take("userId", "user_id", option="developer"),
    "anonymous_id": take("anonymousId", "anonymous_id"),
}


def _is(name: str, *without_type: str) -> Asks:
    """Return what asks for a kind of event; rows of warehouse tables have no type but columns of their own."""

    def ask(node: Node) -> bool:
        kind = node.find("type")
        if kind in {"page", "screen", "track", "identify", "group", "alias"}:
            return bool(kind == name or (name == "page" and kind == "screen"))
        return bool(without_type) and all(node.find(path) for path in without_type)

    return ask


def _steps(options: Mapping[str, str]) -> dict[str, str]:
    """Return the events that have a step of another name; raises UsageError."""
    found = {}
    for each in filter(None, (part.strip() for part in options.get("steps", "").split(","))):
        event, equals, name = each.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                f"The option steps has {each!r}; write EVENT=STEP, as in steps=Signed Up=registered."
            )
        found[event.strip().lower()] = name.strip()
    return found


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping; raises UsageError when the option `steps` cannot be read."""
    steps = _steps(options)

    def named(value: object, _currency: str) -> str | None:
        event = text(value)
        if event is None:
            return None
        return steps.get(event.lower()) or re.sub(r"[^a-z0-9]+", "_", event.lower()).strip("_")

    nobody = Skip(
        lambda node: not (node.find("anonymousId") or node.find("anonymous_id")), "nobody to identify"
    )
    pages = Skip(outside(options, *PAGE), "pages outside the documentation")
    journey = (
        Rows("journey", WHO | {"step": take(*PAGE, read=step(options)), "subject": take(*PAGE, read="path")},
             _is("page", "url"), skip=(pages,), identity="message_id"),
        Rows("journey", WHO | {"step": take("event_text", "event", read=named),
                               "subject": take("properties.path", "properties.plan", "properties.product",
                                               option="subject")},
             _is("track", "event"), identity="message_id"),
        Rows("journey", WHO | {"step": constant("identified")}, _is("identify"), skip=(nobody,), identity="message_id"),
        Rows("journey", WHO | {"step": constant("identified"), "anonymous_id": take("previousId", "previous_id")},
             _is("alias"), identity="message_id"),
        Rows("developers", {
            "developer_id": take("userId", "user_id", option="developer"),
            "partner_id": take("traits.company.id", "context.groupId", option="partner"),
            "signed_up_at": take("traits.createdAt", "traits.created_at"),
            "name": take("traits.name"),
            "email_hash": take("traits.email", read="hash"),
        }, lambda node: node.find("type") == "identify" and bool(node.find("userId"))
            and bool(node.find("traits.createdAt") or node.find("traits.created_at")), version="timestamp"),
    )  # fmt: skip
    return RecordMapping(journey, "an event of Segment or RudderStack", ("batch",), kind="type")


SIGNATURES = (
    signature("type=page,screen,track,identify,group,alias", "messageId|anonymousId|userId"),
    signature("anonymous_id", "original_timestamp|received_at|context_library_name|context_page_url"),
)

SEGMENT = Source(
    name="segment",
    title="Segment and RudderStack events",
    fills="journey",
    needs="events as sent or as stored, a JSON object a line; or rows of the warehouse's tables",
    identity="userId is the developer, anonymousId the visitor; identify and alias join the two",
    certainty="fields read in the vendors' documents; samples built from documentation",
    reads="json",
    variants=(
        Variant("event", "`type`, `messageId`, `anonymousId`, `timestamp`"),
        Variant("warehouse", "`anonymous_id`, `original_timestamp`, with `url` or `event`"),
    ),
    options=(
        *PAGES,
        Option(
            "steps",
            "events that have a step of another name, as Signed Up=registered,Key Made=credentials_issued",
        ),
        Option("partner", "path that names the partner", "context.groupId"),
        Option("developer", "path that names the developer", "userId"),
        Option("subject", "path of what a tracked event was about", "properties.path"),
    ),
    also=("developers",),
    maps=_maps,
    signatures=SIGNATURES,
)
