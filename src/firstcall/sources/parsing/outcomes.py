"""Which signals say that a call never completed, or that the gateway and not the upstream made the answer?

A format gives `timed_out` (true, false, or null when nothing says so) and `error_code`, the gateway's own word. A
client that went away is one outcome with a call that waited in vain, whichever gateway says it. The outcome itself is
decided later and once: the statuses of `NEVER_COMPLETED` count anyway.
"""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.literals import quoted, quoted_all

NEVER_COMPLETED = (0, 408, 460, 499, 504)
"""No answer, request timeout, client closed the connection (AWS, nginx), gateway timeout."""
BY_STATUS = (408, 504, 522, 524)
ENVOY = (
    "UT", "SI", "UMSDR", "DT", "DC", "DR", "UpstreamRequestTimeout", "StreamIdleTimeout",
    "UpstreamMaxStreamDurationReached", "DurationTimeout", "DownstreamConnectionTermination", "DownstreamRemoteReset",
)  # fmt: skip
TYK = ("URT", "UCT", "CDC")
GRAVITEE = (
    "GATEWAY_CLIENT_CONNECTION_TIMEOUT", "REQUEST_TIMEOUT", "CLIENT_ABORTED_DURING_REQUEST_ERROR",
    "CLIENT_ABORTED_DURING_RESPONSE_ERROR",
)  # fmt: skip
AWS = ("INTEGRATION_TIMEOUT",)
APIGEE = ("messaging.adaptors.http.flow.GatewayTimeout", "messaging.adaptors.http.flow.RequestTimeOut")
GOOGLE = (
    "backend_timeout", "client_timed_out", "client_disconnected_before_any_response",
    "client_disconnected_after_partial_response", "cache_lookup_timeout_after_partial_response",
)  # fmt: skip
AZURE = (
    "OriginTimeout", "DNSTimeout", "ClientDisconnected", "ERRORINFO_UPSTREAM_TIMED_OUT", "ERRORINFO_CLIENT_TIMED_OUT",
    "ERRORINFO_CLIENT_CLOSED_REQUEST",
)  # fmt: skip
API_MANAGEMENT = ("Timeout", "ClientConnectionFailure")
CLOUDFRONT = ("ClientCommError", "ClientHungUpRequest")
WINDOWS = ("64", "121", "1236", "1460")
"""The client's connection was gone (64, 1236), something waited in vain (121, 1460)."""
NO_FLAG = ("-", "--", "----", "", '"-"')


def timed_out_by_status(status: str) -> str:
    """Return true for a status that can mean nothing else; null for the others. `status` is SQL of a number."""
    return f"CASE WHEN {status} IN ({', '.join(map(str, BY_STATUS))}) THEN true END"


def flagged(flags: str, codes: Iterable[str]) -> str:
    """Return whether one of the comma-joined flags (`URX,UF`) is one of `codes`; null when there is no flag."""
    return (
        f"CASE WHEN {flags} <> '-' THEN list_has_any(string_split({flags}, ','), [{quoted_all(codes)}]) END"
    )


def named(word: str, words: Iterable[str]) -> str:
    """Return whether the gateway's word for the failure is one of `words`; null when it has none."""
    return f"CASE WHEN {word} NOT IN ('-', '') THEN {word} IN ({quoted_all(words)}) END"


def flag(value: str) -> str:
    """Return a flag or termination state as an error code; null when it says that nothing went wrong."""
    return f"CASE WHEN {value} NOT IN ({quoted_all(NO_FLAG)}) THEN {value} END"


def haproxy_timed_out(state: str) -> str:
    """Return whether a termination state (`sH--`) begins with a timeout of either side, or the client that left."""
    return f"CASE WHEN {state} <> '' THEN left({state}, 1) IN ('c', 's', 'C') END"


def haproxy_error(state: str) -> str:
    """Return the termination state when the session did not end normally; cookie flags alone are no error."""
    return f"CASE WHEN {state} <> '' AND NOT starts_with({state}, '--') THEN {state} END"


def otel_timed_out(error_type: str) -> str:
    """Return whether an error type (`timeout`, `…TimeoutException`) says so; null without one."""
    return f"lower({error_type}) = 'timeout' OR {error_type} LIKE '%Timeout%'"


def gateway_made(made: str, status: str, word: str) -> str:
    """Return `word` as the error code of a failure that the gateway answered itself.

    `made` is SQL of a condition (no upstream status, source is the gateway), `status` of the status as a number.
    """
    return f"CASE WHEN ({made}) AND {status} >= 400 THEN {quoted(word)} END"
