"""Who read the documentation, as Google Analytics 4 recorded it?"""

from __future__ import annotations

from collections.abc import Mapping

from firstcall.sources.business.docs_pages import PAGES, outside, step
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, constant, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Source, Variant

PAGE = "event_params[key=page_location].value.string_value"
WHO = {
    "time": take("event_timestamp", read="epoch_microseconds"),
    "developer_id": take("user_id"),
    "anonymous_id": take("user_pseudo_id"),
    "session": take("event_params[key=ga_session_id].value.int_value"),
}


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping for the pages that the options name."""
    pages = Skip(outside(options, PAGE), "pages outside the documentation")
    views = WHO | {"step": take(PAGE, read=step(options)), "subject": take(PAGE, read="path")}
    joined = WHO | {"step": constant("identified")}
    rows = (
        Rows("journey", views, {"event_name": ("page_view",)}, skip=(pages,)),
        Rows(
            "journey", joined, {"event_name": ("login", "sign_up"), "user_id": True, "user_pseudo_id": True}
        ),
    )
    return RecordMapping(rows, "an event of Google Analytics 4", kind="event_name")


SIGNATURES = (signature("event_name", "event_timestamp", "event_params|user_pseudo_id"),)

GOOGLE_ANALYTICS = Source(
    name="google_analytics",
    title="Google Analytics 4 events, as exported to BigQuery",
    fills="journey",
    needs="rows of `events_YYYYMMDD` as JSON lines; tables of the web page have no time and cannot be used",
    identity="user_id is the developer, user_pseudo_id the visitor; login and sign_up join the two",
    certainty="fields read in the vendor's documents; samples built from documentation",
    reads="json",
    variants=(Variant("BigQuery", "`event_name`, `event_timestamp` in microseconds, `event_params`"),),
    options=PAGES,
    maps=_maps,
    signatures=SIGNATURES,
)
