"""How are Apigee's analytics records read, as exported to JSON or CSV, one row per call?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.literals import quoted_all
from firstcall.sources.parsing.call_columns import OWN_ID, address, count, first, milliseconds, select, status
from firstcall.sources.parsing.json_log import objects
from firstcall.sources.parsing.moments import moment, without_offset
from firstcall.sources.parsing.object_log import fields, identity, refusal, shape_at, values_at, which_id
from firstcall.sources.parsing.outcomes import APIGEE, gateway_made, timed_out_by_status
from firstcall.sources.secrets import secret
from firstcall.sources.source import Conformed, Source, Variant

KEYS = {
    "began": ("client_received_start_timestamp",), "ended": ("client_sent_end_timestamp",),
    "target_began": ("target_sent_start_timestamp",), "target_ended": ("target_received_end_timestamp",),
    "code": ("response_status_code",), "target_code": ("target_response_code",), "verb": ("request_verb",),
    "base": ("proxy_basepath",), "suffix": ("proxy_pathsuffix",), "uri": ("request_path", "request_uri"),
    "total": ("total_response_time",), "upstream": ("target_response_time",),
    "received": ("request_size",), "sent": ("response_size",),
    "app": ("developer_app",), "dev": ("developer",), "mail": ("developer_email",), "team": ("app_group_name",),
    "api_key": ("client_id",), "api_product": ("api_product",), "proxy": ("apiproxy",),
    "revision": ("apiproxy_revision",), "env": ("environment",), "hosted": ("virtual_host", "x_forwarded_host"),
    "ip": ("ax_resolved_client_ip", "ax_true_client_ip", "proxy_client_ip", "client_ip"),
    "agent": ("useragent",), "flow": ("gateway_flow_id",), "fault": ("ax_edge_execution_fault_code",),
    "policy": ("ax_execution_fault_policy_name",), "multiplier": ("x_apigee_mintng_price_multiplier",),
}  # fmt: skip
PLACES = {name: tuple(f"$.{key}" for key in keys) for name, keys in KEYS.items()}
MONEY = ("x_apigee_mintng_price", "x_apigee_mintng_rate", "x_apigee_mintng_dev_share", "fees")

IDENTITIES = {
    "app": ("app", "team", "dev", "mail", secret("api_key")),
    "developer": ("dev", "mail", "team", "app", secret("api_key")),
    "email": ("mail", "dev", "app", secret("api_key")),
    "client_id": (secret("api_key"), "app", "dev", "mail"),
}


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are Apigee's, None when nothing says so."""
    if any("client_received_start_timestamp" in item for item in objects(lines)):
        return "the records have client_received_start_timestamp"
    return None


def _notes(found: Sequence[Mapping[str, object]], shape: str) -> tuple[str, ...]:
    notes = without_offset("client_received_start_timestamp", shape, values_at(found, PLACES["began"]))
    if found and not values_at(found, PLACES["base"]):
        notes += (
            "no proxy_basepath: the path is the target's (request_path), not what the client asked for",
        )
    if held := [name for name in MONEY if values_at(found, [f"$.{name}"])]:
        notes += (f"{', '.join(held)} not read: a call holds no money; import revenue as a table of its own",)
    return notes


PLAIN = {
    "method": "verb",
    "path": "CASE WHEN base IS NOT NULL THEN base || coalesce(suffix, '') ELSE uri END",
    "host": "hosted",
    "request_bytes": count("received"),
    "response_bytes": count("sent"),
    "product": first(("api_product", "proxy")),
    "version": "revision",
    "stage": "env",
    "units": "CASE WHEN TRY_CAST(multiplier AS DOUBLE) >= 1 "
    "THEN TRY_CAST(round(TRY_CAST(multiplier AS DOUBLE)) AS BIGINT) END",
    "client_ip": address("ip"),
    "user_agent": "agent",
    "request_id": "flow",
    "event_id": OWN_ID,
    "content": "line",
    "refusal": refusal(),
}
"""What is taken as every variant has it."""


def conform(lines: Sequence[str], options: Mapping[str, str]) -> Conformed:
    """Return how to read the file: client_received_start_timestamp is the start; raises UsageError for a report."""
    found = objects(lines)
    if found and not values_at(found, PLACES["began"]):
        raise UsageError(
            "The file has no client_received_start_timestamp, so it is a report and not one row per call; it has "
            f"{', '.join(found[0])[:200]}. Export the calls with Apigee's data export."
        )
    shape = shape_at(found, PLACES["began"], "ms")
    between = "epoch_us({} - {}) / 1000.0".format
    whole = between(moment("ended", shape), moment("began", shape))
    target = between(moment("target_ended", shape), moment("target_began", shape))
    code = status("code")
    timeouts = quoted_all(APIGEE)
    values = {
        **PLAIN,
        "time": moment("began", shape),
        "status": code,
        "timed_out": f"CASE WHEN fault IN ({timeouts}) THEN true ELSE {timed_out_by_status(code)} END",
        "error_code": first(("fault", "policy", gateway_made("target_code IS NULL", code, "apigee"))),
        "latency_ms": first((milliseconds("total", "ms"), whole)),
        "upstream_ms": first((milliseconds("upstream", "ms"), target)),
        "consumer": identity(options, IDENTITIES, "Apigee"),
    }
    return Conformed(
        select(fields(PLACES), values), "record", f"one record a call; times are {shape}", _notes(found, shape),
        ids=True, expands=True,
    )  # fmt: skip


SOURCE = Source(
    name="apigee",
    title="Apigee analytics (data export, UAP records)",
    fills="calls",
    needs="The export of calls as JSON lines or CSV (comma, bar or tab); aggregated reports cannot be read.",
    identity="developer_app, else app group, developer or developer_email; client_id, the API key, is stored hashed.",
    call_id="gateway_flow_id, which is the gateway's own.",
    certainty="Names and units of dimensions and metrics read in the vendor's documents, and the samples are built "
    "from them. The shape of times in CSV exports, and units from the price multiplier of monetisation, are defaults "
    "to check. App names are unique only for one developer.",
    reads="csv",
    variants=(Variant("record", "One record per call; times as epoch milliseconds or as text."),),
    options=(which_id(IDENTITIES),),
    conform=conform,
    recognise=recognise,
)
