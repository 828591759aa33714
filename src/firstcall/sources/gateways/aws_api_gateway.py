"""How are AWS API Gateway's access logs read: the console's JSON, CLF, CSV and XML, or a format of one's own?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.sources.parsing.json_log import looks_like_json, objects
from firstcall.sources.parsing.text_log import OPTIONS, Preset, looks_like, recognised, text_conformed
from firstcall.sources.source import Conformed, Source, Variant

NAMES = {
    "requestTime": "time_local", "requestTimeEpoch": "epoch_ms", "httpMethod": "request_method",
    "resourcePath": "resource_path", "routeKey": "route_key", "path": "uri", "status": "status",
    "responseLength": "response_length", "responseLatency": "latency_ms", "requestId": "request_id",
    "integrationLatency": "upstream_ms", "integration_latency": "upstream_ms", "integration.latency": "upstream_ms",
    "ip": "client_ip", "sourceIp": "client_ip", "identity_sourceIp": "client_ip", "identity.sourceIp": "client_ip",
    "userAgent": "user_agent", "identity_userAgent": "user_agent", "identity.userAgent": "user_agent",
    "apiKeyId": "api_key_id", "identity_apiKeyId": "api_key_id", "identity.apiKeyId": "api_key_id",
    "apiKey": "http_x_api_key", "identity_apiKey": "http_x_api_key", "identity.apiKey": "http_x_api_key",
    "principalId": "principal_id", "authorizer_principalId": "principal_id", "authorizer.principalId": "principal_id",
    "authorizer_claims_sub": "authorizer_sub", "authorizer.claims.sub": "authorizer_sub", "sub": "authorizer_sub",
    "authorizer_claims_client_id": "client_id", "authorizer.claims.client_id": "client_id", "clientId": "client_id",
    "userArn": "user_arn", "identity_userArn": "user_arn", "identity.userArn": "user_arn",
    "caller": "iam_caller", "identity_caller": "iam_caller", "user": "iam_user", "identity_user": "iam_user",
    "stage": "stage", "domainName": "host", "apiId": "api_id",
    "error_responseType": "response_type", "error.responseType": "response_type", "responseType": "response_type",
    "eventType": "event_type", "extendedRequestId": "x_request_id", "xrayTraceId": "trace_id",
}  # fmt: skip
"""$context variables, and the keys people give them in JSON → the field they are."""

CLF = "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "
END = "$context.status $context.responseLength $context.requestId"
XML = (
    '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> '
    "<user>$context.identity.user</user> <requestTime>$context.requestTime</requestTime> "
    "<httpMethod>$context.httpMethod</httpMethod> <resourcePath>$context.resourcePath</resourcePath> "
    "<status>$context.status</status> <protocol>$context.protocol</protocol> "
    "<responseLength>$context.responseLength</responseLength> </request>"
)
PRESETS = (
    Preset(
        "http_clf",
        "HTTP APIs, the console's CLF: the route key holds the method too.",
        '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey '
        f'$context.protocol" {END}',
    ),
    Preset(
        "clf",
        "REST APIs, the console's CLF.",
        f'{CLF}"$context.httpMethod $context.resourcePath $context.protocol" {END}',
    ),
    Preset(
        "http_csv",
        "HTTP APIs, the console's CSV.",
        "$context.identity.sourceIp,$context.requestTime,$context.httpMethod,$context.routeKey,$context.protocol,"
        "$context.status,$context.responseLength,$context.requestId",
    ),
    Preset(
        "csv",
        "REST APIs, the console's CSV, without header and quotes.",
        "$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,"
        "$context.httpMethod,$context.resourcePath,$context.protocol,$context.status,$context.responseLength,"
        "$context.requestId",
    ),
    Preset(
        "http_xml",
        "HTTP APIs, the console's XML.",
        XML.replace(
            " <caller>$context.identity.caller</caller> <user>$context.identity.user</user>", ""
        ).replace(
            "<resourcePath>$context.resourcePath</resourcePath>", "<routeKey>$context.routeKey</routeKey>"
        ),
    ),
    Preset("xml", "REST APIs, the console's XML, one element a line.", XML),
)


NEVER = re.compile(r"(?!)")


def looks_like_api_gateway(lines: Sequence[str]) -> str | None:
    """Return why the lines look like API Gateway's access log."""
    for row in objects(lines):
        own = [key for key in ("resourcePath", "routeKey", "requestTime", "requestTimeEpoch") if key in row]
        if own and ("requestId" in row or "extendedRequestId" in row):
            return f"JSON with requestId and {', '.join(own)}"
    return looks_like(PRESETS, lines, NEVER, NAMES)


def recognise(lines: Sequence[str]) -> tuple[str, str]:
    """Return (variant, why) for the first lines of a file; raises UsageError when nothing fits."""
    if looks_like_json(lines):
        return "json", "the first line opens a JSON object"
    preset, why = recognised(PRESETS, lines, NAMES)
    return preset.name, why


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file; requestTime is when the request came in, latencies are milliseconds."""
    return text_conformed(PRESETS, lines, options, ends=False, synonyms=NAMES)


SOURCE = Source(
    name="aws-api-gateway",
    title="AWS API Gateway access log",
    fills="calls",
    needs="An access log in one of the console's formats, JSON with any keys, or its own log_format.",
    identity="apiKeyId, else the authorizer's principal or claim, else the IAM caller; apiKey itself is stored hashed.",
    call_id="requestId or extendedRequestId, which are the gateway's own.",
    certainty="The presets and variables read in the vendor's documents; other JSON keys are guesses by name.",
    reads="lines",
    variants=(
        Variant("json", "One JSON object a line; unset numbers are mended."),
        *(preset.variant for preset in PRESETS),
    ),
    options=OPTIONS,
    conform=conform,
    recognise=looks_like_api_gateway,
)
