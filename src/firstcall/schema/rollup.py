"""What is kept pre-aggregated, so that questions over months of calls answer at once?

All derive from `calls` and can be rebuilt. Days and hours are local to the program's zone.
A rollup row never mixes two values of any of its key columns, so what it counts may be added up.
"""

from __future__ import annotations

from firstcall.schema.table import Table, date, integer, text, time
from firstcall.schema.usage import ENVIRONMENTS, OUTCOMES, TRAFFIC_CLASSES

_ENDPOINT = (
    date("day", "Local day.", required=True),
    text("source", "Gateway connection.", required=True),
    text("product", "API product."),
    text("method", "HTTP method.", required=True),
    text("route", "Path template.", required=True),
    text("version", "API version."),
    text("environment", "Environment.", *ENVIRONMENTS, required=True),
)

CALLS_BY_HOUR = Table(
    "calls_by_hour",
    "rollup",
    "Calls per local hour, endpoint, version, environment and status.",
    (
        *_ENDPOINT,
        integer("hour", "Local hour of the day, 0 to 23.", required=True, most=23),
        text("outcome", "Exclusive outcome.", *OUTCOMES, required=True),
        integer("status", "HTTP status.", required=True),
        integer("calls", "Calls.", required=True),
        integer("denied", "Calls answered 401 or 403.", required=True),
        integer("units", "Units.", required=True),
    ),
)

BUCKET_GROWTH = 1.02
"""Each latency bucket is 2 % wider than the one before, so that a latency read back is at most 1 % off."""

LATENCY_BY_DAY = Table(
    "latency_by_day",
    "rollup",
    "Calls with a latency per local day, endpoint, version, environment, outcome and latency bucket.",
    (
        *_ENDPOINT,
        text("outcome", "Exclusive outcome.", *OUTCOMES, required=True),
        integer("latency_bucket", f"ceil(ln(max(ms, 1)) / ln({BUCKET_GROWTH})).", required=True),
        integer("calls", "Calls.", required=True),
    ),
)

CALLS_BY_CONSUMER = Table(
    "calls_by_consumer",
    "rollup",
    "Calls per local day, consumer, product, environment, traffic class, outcome and whether they were denied.",
    (
        date("day", "Local day.", required=True),
        text("source", "Gateway connection.", required=True),
        text("consumer", "Credential; null is anonymous."),
        text("product", "API product."),
        text("environment", "Environment.", *ENVIRONMENTS, required=True),
        text("traffic_class", "Who is behind the calls.", *TRAFFIC_CLASSES, required=True),
        text("outcome", "Exclusive outcome.", *OUTCOMES, required=True),
        integer("calls", "Calls.", required=True),
        integer("denied", "Calls answered 401 or 403: all of the row's calls, or none.", required=True),
        integer("units", "Units.", required=True),
        time("first_time", "First of these calls.", required=True),
        time("last_time", "Last of these calls.", required=True),
    ),
)

CALLERS_BY_MONTH = Table(
    "callers_by_month",
    "rollup",
    "Calls per local month, consumer, endpoint, version, environment and traffic class: who reaches what.",
    (
        date("day", "First day of the local month.", required=True),
        *_ENDPOINT[1:],
        text("consumer", "Credential; null is anonymous."),
        text("traffic_class", "Who is behind the calls.", *TRAFFIC_CLASSES, required=True),
        integer("calls", "Calls.", required=True),
        time("first_time", "First of these calls.", required=True),
        time("last_time", "Last of these calls.", required=True),
        time("last_success", "Last of those that succeeded."),
    ),
)

TABLES = (CALLS_BY_HOUR, LATENCY_BY_DAY, CALLS_BY_CONSUMER, CALLERS_BY_MONTH)
