"""What does a conformed call become in the store, column by column, and why may it be refused?"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from firstcall.literals import moment_literal, quoted, quoted_all
from firstcall.pipeline.conforming import call_rules, masking, routes
from firstcall.pipeline.loading.load_job import LoadJob
from firstcall.schema.rollup import BUCKET_GROWTH
from firstcall.schema.tables import stored
from firstcall.settings import Settings
from firstcall.sources import secrets
from firstcall.sources.parsing.moments import EARLIEST_CALL, offsets_of_calls
from firstcall.sources.parsing.outcomes import NEVER_COMPLETED
from firstcall.sources.tables.delimited import MARK
from firstcall.zones import to_local

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY")
FUTURE = timedelta(minutes=5)
LONGEST_MS = 3_600_000
"""A call of more than an hour is a broken clock, not a latency."""
STREAM = "coalesce(streamed OR status = 101 OR upper(method) = 'CONNECT', false)"
"""A connection that is no longer HTTP, or a stream: how long it lived is no latency."""

BUCKET = (
    "CASE WHEN latency_ms IS NOT NULL "
    f"THEN CAST(ceil(ln(greatest(latency_ms, 1)) / ln({BUCKET_GROWTH})) AS SMALLINT) END"
)
GIVEN_ID = "coalesce(event_id, request_id, CASE WHEN contains(trace_id, ':') THEN trace_id END)"
"""The id that a call brings along; null when its identity is its line."""
GIVEN = (
    "(environment IS NOT NULL)::BIGINT + 2 * (traffic_class IS NOT NULL)::BIGINT "
    "+ 4 * (product IS NOT NULL)::BIGINT + 8 * (version IS NOT NULL)::BIGINT "
    "+ 16 * (version IS NULL AND asked_version IS NOT NULL)::BIGINT"
)
"""What a call says itself, so that no rule decides it; see `given` in `firstcall.schema.tables`."""


def outcome(settings: Settings) -> str:
    """Return the SQL of a call's exclusive outcome; what succeeds is the program's definition."""
    good = " OR ".join(
        f"status BETWEEN {low} AND {end - 1}" for low, end in settings.definitions.success_ranges
    )
    return (
        f"CASE WHEN timed_out OR status IN {NEVER_COMPLETED} THEN 'timeout' WHEN {good} THEN 'success' "
        "WHEN status BETWEEN 400 AND 499 THEN 'client_error' WHEN status >= 500 THEN 'server_error' "
        "ELSE 'redirect' END"
    )


def key(text: str) -> str:
    """Return the 127 upper bits of the MD5 of a text, so that they fit a signed number."""
    return f"CAST(md5_number({text}) >> 1 AS HUGEINT)"


def path_only(value: str) -> str:
    """Return the path of a request target: no query, no scheme and host; `/` when nothing else is left (SQL)."""
    absolute = f"regexp_replace({value}, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*/?', '/')"
    inner = f"CASE WHEN starts_with({value}, '/') THEN {value} ELSE {absolute} END"
    return f"split_part({inner}, '?', 1)"


def refusal(job: LoadJob) -> str:
    """Return why a conformed call is refused, null when it is not (SQL)."""
    earliest = moment_literal(datetime.combine(EARLIEST_CALL, time.min))
    latest = moment_literal((job.now + FUTURE).replace(microsecond=0))
    return (
        "CASE WHEN refusal IS NOT NULL THEN refusal WHEN time IS NULL THEN 'time missing or not understood' "
        f"WHEN time < {earliest} THEN 'time before {EARLIEST_CALL.year}' "
        f"WHEN time > {latest} THEN 'time in the future' "
        "WHEN status IS NULL THEN 'status missing or not a number' "
        "WHEN status < -1 OR status > 999 THEN 'status out of range' "
        f"WHEN contains(consumer, '{MARK}') THEN 'consumer is not UTF-8' END"
    )


def _kept_ip(job: LoadJob) -> str:
    if not job.settings.privacy.store_client_ip:
        return "CAST(NULL AS VARCHAR)"
    four = "regexp_replace(client_ip, '^([0-9]+[.][0-9]+[.][0-9]+)[.][0-9]+$', '\\1.0')"
    six = "array_to_string(list_slice(string_split(split_part(client_ip, '::', 1), ':'), 1, 3), ':') || '::'"
    is_four = "regexp_full_match(client_ip, '[0-9]{1,3}([.][0-9]{1,3}){3}')"
    is_six = "contains(client_ip, ':') AND regexp_full_match(client_ip, '[0-9a-f:.]+')"
    return f"CASE WHEN {is_six} THEN {six} WHEN {is_four} THEN {four} END"


def _consumer() -> str:
    """Return the consumer, hashed when it is or looks like a secret; what is too short for one pays no pattern."""
    suspect = "length(consumer) >= 13 OR contains(consumer, '@')"
    looks = f"WHEN {suspect} THEN {secrets.hashed('consumer')} ELSE consumer END"
    return f"CASE WHEN is_key THEN {secrets.always_hashed('consumer')} {looks}"


def _attributes() -> str:
    """Return what no column of `calls` holds, null when there is none: odd latency, lifetime of a stream, weight."""
    odd = f"CASE WHEN NOT stream AND NOT latency_ms BETWEEN 0 AND {LONGEST_MS} THEN latency_ms END"
    lived = "CASE WHEN stream THEN latency_ms END"
    found = f"json_object('latency_ms', {odd}, 'lifetime_ms', {lived}, 'weight', weight)"
    return (
        f"CASE WHEN weight IS NOT NULL OR (stream AND latency_ms IS NOT NULL) "
        f"OR NOT latency_ms BETWEEN 0 AND {LONGEST_MS} THEN json_merge_patch('{{}}', {found}) END"
    )


def judged(conformed: str, job: LoadJob, routing: routes.Routing, *, where: str) -> str:
    """Return the SELECT of judged calls from conformed ones: columns of `calls` without import columns.

    `where` is a condition on `verdict`, the reason of refusal or null.
    """
    settings = job.settings
    method_list = quoted_all(METHODS)
    attributes = {name: name for name in ("host", "stage", "consumer", "user_agent", "client_ip", "method")}
    attributes |= {"path": "path", "source": "source"}
    cleaned = (
        f"SELECT * REPLACE (coalesce(source, {quoted(job.name)}) AS source, {path_only('path')} AS path, "
        f"CASE WHEN method IN ({method_list}) THEN method WHEN upper(method) IN ({method_list}) THEN upper(method) "
        f"ELSE '_OTHER' END AS method, {secrets.unmarked('consumer')} AS consumer, "
        "greatest(status, 0) AS status, "
        f"coalesce(asked_version, {call_rules.asked_version('path')}) AS asked_version), "
        f"{secrets.is_marked('consumer')} AS is_key, {STREAM} AS stream, {refusal(job)} AS verdict FROM ({conformed})"
    )
    environment = call_rules.environment(settings.environments, attributes)
    traffic_class = call_rules.traffic_class(settings.traffic, attributes)
    sdk = "CASE WHEN starts_with(user_agent, 'Mozilla/') THEN NULL ELSE split_part(user_agent, ' ', 1) END"
    ruled = (
        f"SELECT * REPLACE ({_consumer()} AS consumer, {masking.private('path')} AS path, "
        f"{masking.private('user_agent', ('@', 'eyJ'))} AS user_agent, "
        f"coalesce(environment, {environment}, 'unknown') AS environment, "
        f"coalesce(traffic_class, {traffic_class}, 'external') AS traffic_class, "
        f"coalesce(product, {call_rules.product(settings.products, settings.routes, attributes)}) AS product, "
        f"coalesce(version, {call_rules.version(settings.versions, attributes)}, asked_version) AS version, "
        f"{_kept_ip(job)} AS client_ip, "
        f"CASE WHEN NOT stream AND latency_ms BETWEEN 0 AND {LONGEST_MS} THEN latency_ms END AS latency_ms, "
        "CASE WHEN NOT stream THEN upstream_ms END AS upstream_ms, "
        "CASE WHEN NOT stream THEN client_ms END AS client_ms), "
        f"{_attributes()} AS attributes, {GIVEN} AS given, route AS given_route, "
        f"{sdk} AS token, {routing.exact} AS exact_route, {routing.by_rule} AS ruled_route, "
        f"{to_local('time', offsets_of_calls(settings.program.timezone))} AS local_time FROM ({cleaned}) WHERE {where}"
    )
    return _columns(routed(ruled, routing), outcome(settings))


def routed(ruled: str, routing: routes.Routing) -> str:
    """Add `shape`, the recognised route, and what the known endpoints say of it."""
    shaped = routes.recognised(ruled)
    if not routing.known:
        return f"SELECT * REPLACE (coalesce(route, ruled_route, shape, '{routes.MALFORMED}') AS route) FROM ({shaped})"
    return (
        "SELECT c.* REPLACE (coalesce(c.route, c.exact_route, t.route, c.ruled_route, c.shape, "
        f"'{routes.MALFORMED}') AS route, coalesce(c.product, t.product) AS product) "
        f"FROM (SELECT *, {routes.generic('shape')} AS looked_up, coalesce(product, '') AS asked FROM ({shaped})) c "
        "LEFT JOIN route_templates t ON t.asked = c.asked AND t.method = c.method AND t.shape = c.looked_up"
    )


def _columns(routed: str, outcome_of: str) -> str:
    own = {
        "units": "coalesce(units, 1)",
        "sdk": "coalesce(sdk, CASE WHEN contains(token, '/') THEN split_part(token, '/', 1) END)",
        "sdk_version": "coalesce(sdk_version, CASE WHEN contains(token, '/') THEN split_part(token, '/', 2) END)",
        "timed_out": "coalesce(timed_out, false)",
        "call_key": (
            f"CASE WHEN {GIVEN_ID} IS NOT NULL THEN {key(f'source || chr(31) || {GIVEN_ID}')} "
            f"ELSE {key('source || chr(30) || content')} END"
        ),
        "day": "CAST(local_time AS DATE)",
        "hour": "hour(local_time)",
        "outcome": outcome_of,
        "latency_bucket": BUCKET,
    }
    names = [
        column.name
        for column in stored("calls")
        if column.name not in {"import_id", "known_from", "known_to"}
    ]
    return "SELECT " + ", ".join(f"{own.get(name, name)} AS {name}" for name in names) + f" FROM ({routed})"
