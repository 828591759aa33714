"""Which calls did OpenMeter count? Its usage events, each a CloudEvent of one customer."""

from __future__ import annotations

from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, always, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant

EVENT = {
    "event_id": take("id"),
    "time": take("time", read="utc"),
    "consumer": take("subject", option="consumer"),
    "product": take("source", option="product"),
    "method": take("data.method", "data.http_method", otherwise="POST"),
    "route": take("data.route", "data.path", "data.endpoint", "type"),
    "status": take("data.status", "data.status_code", otherwise="200"),
    "latency_ms": take("data.duration_ms", "data.latency_ms"),
    "units": take(option="units"),
}
MAPPING = RecordMapping(
    (
        Rows("calls", EVENT, {"specversion": True, "type": True, "subject": True},
             skip=(Skip({"^.validationError": True}, "events that OpenMeter could not use"),)),
    ),
    "a usage event of OpenMeter",
    lists=("items", "data"),
    inside=("event",),
)  # fmt: skip

SIGNATURES = (signature("event.specversion", "customerId|ingestedAt|storedAt|validationError"),)

OPENMETER = Source(
    name="openmeter",
    title="OpenMeter usage events",
    fills="calls",
    needs="CloudEvents as sent, or ingested events as exported, as JSON; one event is one call",
    identity="the subject is the consumer",
    certainty="fields read in the vendor's OpenAPI document; a status is rarely in `data`, then an event is a success",
    reads="json",
    variants=(
        Variant("event", "`specversion`, `type`, `subject`, `time`, `data`"),
        Variant("ingested", '`{"event": …, "customerId": …, "validationError": …}`'),
    ),
    options=(
        Option("consumer", "path that names the consumer", "subject"),
        Option("product", "path that names the API product", "source"),
        Option("units", "path of what is billed, such as data.tokens; without it a call is one unit"),
    ),
    maps=always(MAPPING),
    signatures=SIGNATURES,
)
