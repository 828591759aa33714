"""How are Tyk's analytics records, from any pump, and its access log read?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.literals import quoted
from firstcall.sources.parsing.call_columns import (
    UNREADABLE,
    address,
    count,
    first,
    given,
    milliseconds,
    select,
    status,
)
from firstcall.sources.parsing.json_log import looks_like_json, objects
from firstcall.sources.parsing.moments import moment, moment_shape, started, without_offset
from firstcall.sources.parsing.object_log import fields, identity, refusal, values_at, which_id
from firstcall.sources.parsing.outcomes import TYK, flagged, timed_out_by_status
from firstcall.sources.secrets import secret
from firstcall.sources.source import Conformed, Option, Source, Variant

RECORD = "tyk-analytics-record"
NAMES = {
    "ended": ('timestamp."$date"', "timestamp", "TimeStamp", '"@timestamp"', "time"),
    "code": ("response_code", "ResponseCode", "responsecode", "status"),
    "verb": ("method", "Method", "http_method"),
    "uri": ("original_path", "OriginalPath", "originalpath", "path", "Path", "request_uri"),
    "total": ("latency.total", '"Latency.Total"', "latency_total", "request_time", "RequestTime", "requesttime",
              "request_time_ms"),
    "upstream": ("latency.upstream", '"Latency.Upstream"', "upstream_latency"),
    "received": ("content_length", "ContentLength", "contentlength"),
    "oauth": ("oauth_id", "OauthID", "oauthid"), "nickname": ("alias", "Alias"),
    "api_key": ("api_key", "APIKey", "apikey"), "hosted": ("host", "Host"),
    "api_version": ("api_version", "APIVersion", "apiversion"),
    "api": ("api_name", "APIName", "apiname", "api_id", "APIID", "apiid"),
    "org": ("org_id", "OrgID", "orgid"), "ip": ("client_ip", "ip_address", "IPAddress", "ipaddress"),
    "agent": ("user_agent", "UserAgent", "useragent"), "trace": ("trace_id",),
    "flag": ("response_flag",), "mcp": ("mcp_stats.is_mcp", "mcpstats.ismcp"), "kind": ("api_type",),
    "prefix": ("prefix",), "graph_failed": ("graphql_stats.has_errors", "graphqlstats.haserrors"),
}  # fmt: skip
"""Name → what each pump calls it: JSON and Kafka, CSV, Mongo and SQL, Elasticsearch, the access log."""

IDENTITIES = {
    "oauth_id": ("oauth", "nickname", "hashed_key"),
    "alias": ("nickname", "oauth", "hashed_key"),
    "api_key": ("hashed_key", "oauth", "nickname"),
}
ACCESS = "prefix=access-log"
PAIR = r'(?:^| )([A-Za-z_.]+)=("(?:[^"\\]|\\.)*"|[^ ]*)'
GRAPH_FAILED = "coalesce(graph_failed = 'true', false)"
SHORT_HASH = "[0-9a-f]{8}|[0-9a-f]{16}"
"""What Tyk writes for a key when it hashes keys itself: an id that may be kept."""


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are Tyk's, None when nothing says so."""
    if any(ACCESS in line for line in lines):
        return "the lines say prefix=access-log"
    for item in objects(lines):
        if RECORD in item:
            return f"the objects hold {RECORD}"
        if {"api_id", "response_code"} <= item.keys() or {"APIID", "ResponseCode"} <= item.keys():
            return "the objects have api_id and response_code"
    return None


def _logfmt() -> str:
    """Return the relation of an access log: pairs are found once a line and looked up by their names."""
    keys, held = (f"regexp_extract_all(line, '{PAIR}', {n})" for n in (1, 2))

    def value(name: str) -> str:
        raw = f"held[list_position(keys, {quoted(name)})]"
        inner = f"replace(replace(substr({raw}, 2, length({raw}) - 2), '\\\"', '\"'), '\\\\', '\\')"
        return given(f"CASE WHEN starts_with({raw}, '\"') THEN {inner} ELSE {raw} END")

    plain = {
        name: [key for key in keys_of if re.fullmatch(r"\w+", key)] or ["-"]
        for name, keys_of in NAMES.items()
    }
    columns = ", ".join(f"{first(value(key) for key in names)} AS {name}" for name, names in plain.items())
    pairs = f"SELECT line, {keys} AS keys, {held} AS held FROM lines"
    return f"SELECT line, len(keys) > 2 AS matched, {columns} FROM ({pairs})"


def _read(lines: Sequence[str]) -> tuple[str, str, str, tuple[str, ...]]:
    """Return (relation, variant, why, times of the sample)."""
    if any(ACCESS in line for line in lines) and not looks_like_json(lines):
        times = tuple(match[1] for line in lines if (match := re.search(r'\btime="([^"]*)"', line)))
        return _logfmt(), "access-log", "the lines say prefix=access-log", times
    found = objects(lines)
    wrapped = any(RECORD in item for item in found)
    root = f'$."{RECORD}".' if wrapped else "$."
    places = {name: tuple(root + key for key in keys) for name, keys in NAMES.items()}
    variant = "stdout" if wrapped else "csv" if any("APIID" in item for item in found) else "record"
    why = {"stdout": f"the objects hold {RECORD}", "csv": "the columns are those of the CSV pump"}
    times = values_at(found, places["ended"])
    return fields(places), variant, why.get(variant, "one record an object"), times


PLAIN = {
    "method": "verb",
    "path": "uri",
    "host": "hosted",
    "upstream_ms": milliseconds("upstream", "ms"),
    "request_bytes": count("received"),
    "traffic_class": "CASE WHEN mcp = 'true' OR kind = 'mcp' THEN 'agent' END",
    "product": "api",
    "version": "api_version",
    "stage": "org",
    "client_ip": address("ip"),
    "user_agent": "agent",
    "trace_id": "trace",
    "content": "line",
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: a record is stamped when the upstream had answered; latencies are milliseconds."""
    relation, variant, why, times = _read(lines)
    shape = moment_shape(times)
    if (rule := options.get("api_key", "hash")) not in {"hash", "hashed"}:
        raise UsageError(
            f"The option api_key={rule} is unknown. Use hash, or hashed when Tyk hashes keys itself."
        )
    kept = "true" if rule == "hashed" else f"regexp_full_match(api_key, '{SHORT_HASH}')"
    relation = f"SELECT *, CASE WHEN {kept} THEN api_key ELSE {secret('api_key')} END AS hashed_key FROM ({relation})"
    latency, code = milliseconds("total", "ms"), status("code")
    values = {
        **PLAIN,
        "time": started(moment("ended", shape), latency),
        # a GraphQL answer is a 200 whatever it says, and whose fault its errors are nothing tells
        "status": f"CASE WHEN {GRAPH_FAILED} AND {code} < 400 THEN 500 ELSE {code} END",
        "error_code": first(("flag", f"CASE WHEN {GRAPH_FAILED} THEN 'graphql_errors' END")),
        "timed_out": first((flagged("flag", TYK), timed_out_by_status(code))),
        "latency_ms": latency,
        "consumer": identity(options, IDENTITIES, "Tyk"),
    }
    if variant == "access-log":
        values["refusal"] = refusal("prefix IS DISTINCT FROM 'access-log'", reason=UNREADABLE)
    else:
        values["refusal"] = refusal("prefix <> 'access-log'")
    notes = without_offset("timestamp", shape, times)
    return Conformed(
        select(relation, values), variant, why, notes, ids=False, expands=variant != "access-log"
    )


SOURCE = Source(
    name="tyk",
    title="Tyk (pumps and access log)",
    fills="calls",
    needs="Analytics records of a pump as JSON or CSV, or the gateway's access log; its other log lines are left out.",
    identity="oauth_id, else alias, else api_key, which is stored hashed unless Tyk hashed it (8 or 16 hex digits).",
    call_id="None is logged, so the record.",
    certainty="Record, CSV columns, access log and flags read in the vendor's source and documents; the samples are "
    "built from them. Records have no size of the response. That org_id tells environments apart is a default to "
    "check.",
    reads="csv",
    variants=(
        Variant("record", "Records as JSON: Mongo, SQL, Kafka and Elasticsearch pumps too."),
        Variant("csv", "Files of the CSV pump."),
        Variant("stdout", "The stdout pump, with the record under tyk-analytics-record."),
        Variant("access-log", "The gateway's access log as key=value pairs."),
    ),
    options=(
        which_id(IDENTITIES),
        Option("api_key", "hash: hash keys; hashed: keep them, as Tyk has hashed them already.", "hash"),
    ),
    conform=conform,
    recognise=recognise,
)
