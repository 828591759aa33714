"""How are Cloudflare's HTTP request logs (Logpush) read, whichever timestamps and fields the job was given?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.errors import UnknownName
from firstcall.literals import quoted_all
from firstcall.sources.parsing.call_columns import OWN_ID, address, count, first, milliseconds, select, status
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment
from firstcall.sources.parsing.object_log import SAMPLED, fields, one, refusal, sampled, shape_at, values_at
from firstcall.sources.parsing.outcomes import gateway_made, timed_out_by_status
from firstcall.sources.secrets import credential, secret
from firstcall.sources.source import Conformed, Option, Source, Variant

PLACES = {
    "began": ("$.EdgeStartTimestamp",), "ended": ("$.EdgeEndTimestamp",), "code": ("$.EdgeResponseStatus",),
    "verb": ("$.ClientRequestMethod",), "uri": ("$.ClientRequestURI", "$.ClientRequestPath"),
    "first_byte": ("$.EdgeTimeToFirstByteMs",), "origin_ms": ("$.OriginResponseDurationMs",),
    "origin_ns": ("$.OriginResponseTime",), "origin_code": ("$.OriginResponseStatus",),
    "received": ("$.ClientRequestBytes",), "sent": ("$.EdgeResponseBytes", "$.EdgeResponseBodyBytes"),
    "ip": ("$.ClientIP",), "agent": ("$.ClientRequestUserAgent",), "hosted": ("$.ClientRequestHost",),
    "zone": ("$.ZoneName",), "ray": ("$.RayID",), "worker": ("$.WorkerSubrequest",),
    "action": ("$.SecurityAction",), "bot": ("$.VerifiedBotCategory",),
    "named": ('$.RequestHeaders."x-consumer-custom-id"', '$.RequestHeaders."x-consumer-username"',
              '$.RequestHeaders."x-client-id"'),
    "api_key": ('$.RequestHeaders."x-api-key"',), "certificate": ("$.ClientMTLSAuthCertFingerprint",),
}  # fmt: skip

REFUSING = ("block", "challenge", "managedChallenge", "jschallenge", "connectionClose", "challengeFailed")
LATENCIES = ("edge", "first_byte")
WHOLE_SECONDS = (
    "times are whole seconds: latency is EdgeTimeToFirstByteMs where the job logs it, else unknown; "
    "say --option latency=edge to take the difference of the times"
)


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are Cloudflare's, None when nothing says so."""
    for item in objects(lines):
        if {"RayID", "EdgeStartTimestamp", "EdgeResponseStatus"} & item.keys():
            return "the objects have RayID or Edge… fields"
    return None


def _latency(chosen: str | None, fine: bool) -> tuple[str, tuple[str, ...]]:  # noqa: FBT001 - a fact of the file
    """Return (SQL of latency, notes): whole seconds are no latency, so the time to the first byte is taken then."""
    if chosen not in {*LATENCIES, None}:
        raise UnknownName("latency of Cloudflare", str(chosen), LATENCIES)
    edge = "epoch_us(ended_at - began_at) / 1000.0"
    byte = milliseconds("first_byte", "ms")
    if chosen == "edge":
        return edge, ()
    if chosen == "first_byte":
        return byte, ("latency is EdgeTimeToFirstByteMs",)
    if fine:
        return first((edge, byte)), ()
    return byte, (WHOLE_SECONDS,)


def _consumer(chosen: str | None) -> tuple[dict[str, tuple[str, ...]], str]:
    if chosen is None:
        return {}, first(("named", secret("api_key"), "certificate"))
    key = chosen.replace('"', "")
    places: dict[str, tuple[str, ...]] = {
        "own": (f'$."{key}"', f'$.RequestHeaders."{key.lower()}"'), "cookie": (f'$.Cookies."{key}"',)
    }  # fmt: skip
    # a cookie may be a session whatever its name is
    return places, first((credential(key, "own"), secret("cookie")))


PLAIN = {
    "time": "began_at",
    "method": "verb",
    "path": "uri",
    "request_bytes": count("received"),
    "response_bytes": count("sent"),
    "product": "zone",
    "host": "hosted",
    "client_ip": address("ip"),
    "user_agent": one("agent"),
    "request_id": "ray",
    "event_id": OWN_ID,
    "traffic_class": "CASE WHEN bot IS NOT NULL THEN 'bot' END",
    "content": "line",
    "refusal": refusal("lower(worker) = 'true'"),
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: EdgeStartTimestamp is the start; the shape of times is told by the sample."""
    found = objects(lines)
    shape = shape_at(found, PLACES["began"])
    fine = shape in {"ms", "us", "ns"} or any("." in value for value in values_at(found, PLACES["began"]))
    own, consumer = _consumer(options.get("consumer"))
    latency, notes = _latency(options.get("latency"), fine)
    rate, said = sampled(options)
    code, origin = status("code"), "TRY_CAST(origin_code AS INTEGER)"
    relation = f"SELECT *, {moment('began', shape)} AS began_at, {moment('ended', shape)} AS ended_at"
    own_answer = f"{origin} = 0 OR {code} BETWEEN 520 AND 530"
    actions = quoted_all(REFUSING)
    values = {
        **PLAIN,
        "status": code,
        "latency_ms": latency,
        "upstream_ms": f"CASE WHEN {origin} = 0 THEN NULL ELSE "
        f"coalesce({milliseconds('origin_ms', 'ms')}, {milliseconds('origin_ns', 'ns')}) END",
        "consumer": consumer,
        "timed_out": timed_out_by_status(code),
        "error_code": f"CASE WHEN {code} >= 400 AND action IN ({actions}) THEN action "
        f"ELSE {gateway_made(own_answer, code, 'cloudflare')} END",
    }
    if rate:
        values["weight"] = rate
    return Conformed(
        select(f"{relation} FROM ({fields({**PLACES, **own})})", values),
        "http_requests",
        f"Logpush fields; times are {shape}",
        (*notes, *said),
        ids=True,
        expands=True,
    )


SOURCE = Source(
    name="cloudflare",
    title="Cloudflare HTTP requests (Logpush)",
    fills="calls",
    needs="The http_requests data set as JSON lines or CSV; subrequests of workers are left out.",
    identity="The consumer's header among RequestHeaders (X-Api-Key is stored hashed), else the client certificate's "
    "fingerprint; the option consumer names another field, header or cookie.",
    call_id="RayID, which is Cloudflare's own.",
    certainty="Fields and timestamps read in the vendor's field list, and the samples are built from it. Which header "
    "names the consumer, and that 520 to 530 are Cloudflare's own answers, are defaults to check.",
    reads="csv",
    variants=(Variant("http_requests", "JSON lines or CSV; times as rfc3339, unix or unixnano."),),
    options=(
        Option("consumer", "Field, request header or cookie that names the consumer."),
        Option(
            "latency",
            "edge: from start to end; first_byte: EdgeTimeToFirstByteMs. Without it edge when times are finer than "
            "a second, else first_byte.",
        ),
        SAMPLED,
    ),
    conform=conform,
    recognise=recognise,
)
