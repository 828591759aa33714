"""What does the gateway know? Calls, the endpoints they reach, webhook deliveries and probes."""

from __future__ import annotations

from firstcall.schema.table import Table, boolean, integer, number, secret, text, time

ENVIRONMENTS = ("production", "sandbox", "unknown")
TRAFFIC_CLASSES = ("external", "internal", "synthetic", "bot", "agent")
OUTCOMES = ("success", "redirect", "client_error", "server_error", "timeout")
API_CLASSES = ("retrieval", "processing", "webhook")

CALLS = Table(
    "calls",
    "usage",
    "One row per API call.",
    (
        text("event_id", "The gateway's own id of the call; null when it was derived from the line."),
        time("time", "When the call began.", required=True),
        text("source", "Name of the gateway connection.", required=True),
        text("environment", "From the rules of the settings.", *ENVIRONMENTS, default="unknown"),
        secret("consumer", "Credential, app or key id as the gateway reports it; null is anonymous."),
        text("product", "API product the call belongs to."),
        text("method", "HTTP method in capitals.", required=True),
        text("path", "Path without its query; or give `route`."),
        text("route", "Path template, such as /pets/{id}; derived from `path` when absent."),
        text("version", "API version."),
        integer("status", "HTTP status; 0 or -1 when no answer was sent.", required=True, most=999),
        number("latency_ms", "Gateway total in milliseconds."),
        number("upstream_ms", "Time the upstream took, in milliseconds."),
        number("client_ms", "As the developer saw it, network included, in milliseconds."),
        integer("request_bytes", "Size of the request."),
        integer("response_bytes", "Size of the response."),
        boolean("timed_out", "The gateway gave up waiting, or the client went away."),
        text("error_code", "The gateway's own word for the failure."),
        integer("units", "What is billed: tokens, messages, rows; 1 when not given.", default=1),
        text("client_ip", "Truncated to /24 or /48 before it is stored; off by default."),
        text("user_agent", "User agent as sent."),
        text("sdk", "SDK named by the user agent."),
        text("sdk_version", "Version of that SDK."),
        text("traffic_class", "Who is behind the call.", *TRAFFIC_CLASSES, default="external"),
        text("request_id", "The gateway's request id."),
        text("trace_id", "W3C trace id, with the span id after a colon when known."),
    ),
    key=("source", "event_id"),
    happened="time",
    needs_one_of=(("path", "route"),),
)

ENDPOINTS = Table(
    "endpoints",
    "usage",
    "One row per operation of an API product, from OpenAPI documents or by hand.",
    (
        text("product", "API product.", required=True),
        text("method", "HTTP method in capitals.", required=True),
        text("route", "Path template.", required=True),
        text("version", "API version; absent means every version."),
        text("api_class", "Which latency targets apply.", *API_CLASSES),
        text("feature", "Feature the endpoint belongs to."),
        boolean("important", "Watched more closely than its traffic suggests."),
        time("released_at", "When it became available."),
        time("deprecated_at", "When its end was announced."),
        time("sunset_at", "When it stops answering."),
    ),
    key=("product", "method", "route", "version"),
)

WEBHOOK_DELIVERIES = Table(
    "webhook_deliveries",
    "usage",
    "One row per event that a webhook had to deliver.",
    (
        text("event_id", "Id of the event.", required=True),
        text("product", "API product."),
        text("partner_id", "Receiver."),
        time("triggered_at", "When the event happened.", required=True),
        time("delivered_at", "First successful attempt."),
        integer("attempts", "Attempts so far."),
        text("status", "Last word on the delivery."),
    ),
    key=("event_id",),
    happened="triggered_at",
)

PROBES = Table(
    "probes",
    "usage",
    "One row per uptime check or client-side timing.",
    (
        text("target", "What was checked.", required=True),
        time("time", "When.", required=True),
        text("region", "From where."),
        text(
            "result",
            "What the checker saw; its own outage is unknown.",
            "up",
            "down",
            "unknown",
            required=True,
        ),
        number("latency_ms", "Total in milliseconds."),
        number("dns_ms", "Name look-up in milliseconds."),
        number("connect_ms", "Connecting in milliseconds."),
        number("tls_ms", "TLS handshake in milliseconds."),
    ),
    key=("target", "region", "time"),
    happened="time",
)

TABLES = (CALLS, ENDPOINTS, WEBHOOK_DELIVERIES, PROBES)
