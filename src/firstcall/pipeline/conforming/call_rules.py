"""How do the rules of the settings (environment, traffic class, product, route) become SQL over a call?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from ipaddress import IPv4Network, ip_network

from firstcall.literals import quoted
from firstcall.settings import Settings
from firstcall.settings.rules import EnvironmentRule, Match, ProductRule, RouteRule, TrafficRule, VersionRule

FOLDED = frozenset({"host", "user_agent", "method", "stage"})
"""Attributes whose case means nothing."""

VERSIONS = (
    "^(?:/[^/]*){0,3}?/(v[0-9]+(?:[.][0-9]+)*)(?:/|$)",
    "^(?:/(?:admin/)?(?:api|apis|rest))?/(20[0-9]{2}-[01][0-9](?:-[0-3][0-9])?)/",
)
"""A number among the first segments; a date only at the head, as dates elsewhere are days."""
ADDRESS = (
    "(CAST(TRY_CAST(split_part({ip}, '.', 1) AS UTINYINT) AS BIGINT) * 16777216 "
    "+ TRY_CAST(split_part({ip}, '.', 2) AS UTINYINT) * 65536::BIGINT "
    "+ TRY_CAST(split_part({ip}, '.', 3) AS UTINYINT) * 256::BIGINT + TRY_CAST(split_part({ip}, '.', 4) AS UTINYINT))"
)


def glob(value: str, pattern: str, *, fold: bool = False) -> str:
    """Return whether `value` matches a glob: `*` any characters, `?` one."""
    if fold:
        value, pattern = f"lower({value})", pattern.lower()
    plain = pattern.strip("*")
    if not plain and pattern:
        return f"({value} IS NOT NULL)"
    if "*" not in plain and "?" not in plain:
        head, tail = pattern.startswith("*"), pattern.endswith("*")
        function = {(True, True): "contains", (False, True): "starts_with", (True, False): "ends_with"}.get(
            (head, tail)
        )
        return f"{function}({value}, {quoted(plain)})" if function else f"({value} = {quoted(plain)})"
    escaped = re.sub(r"([%_\\])", r"\\\1", pattern).replace("*", "%").replace("?", "_")
    return f"({value} LIKE {quoted(escaped)} ESCAPE '\\')"


def network(value: str, pattern: str) -> str:
    """Return whether an address is in a network such as 10.0.0.0/8, or matches a glob."""
    if "/" not in pattern:
        return glob(value, pattern)
    found = ip_network(pattern, strict=False)
    if isinstance(found, IPv4Network):
        low, high = int(found.network_address), int(found.broadcast_address)
        return f"({ADDRESS.format(ip=value)} BETWEEN {low} AND {high})"
    first, last = (quoted(end.exploded) for end in (found.network_address, found.broadcast_address))
    return f"(contains({value}, ':') AND {_expanded(value)} BETWEEN {first} AND {last})"


def _expanded(six: str) -> str:
    """Return an address of version 6 with all its zeros (SQL), so that texts compare as numbers do."""
    head, tail = (
        f"list_filter(string_split(split_part({six}, '::', {n}), ':'), lambda part: part <> '')"
        for n in (1, 2)
    )
    zeros = f"list_resize([]::VARCHAR[], greatest(8 - len({head}) - len({tail}), 0), '0')"
    groups = f"list_concat(list_concat({head}, {zeros}), {tail})"
    return f"array_to_string(list_transform({groups}, lambda part: lpad(lower(part), 4, '0')), ':')"


def template(value: str, pattern: str) -> str:
    """Return whether a path matches a template such as /users/{id}."""
    parts = [re.sub(r"([.^$*+?()|\[\]{}\\])", r"\\\1", part) for part in re.split(r"\{[^}/]*\}", pattern)]
    return f"regexp_full_match({value}, {quoted('[^/]+'.join(parts) + '/?')})"


def _attribute(name: str, globs: Iterable[str], columns: Mapping[str, str]) -> str:
    value = columns["consumer" if name == "key_prefix" else name]
    return "(" + " OR ".join(_one(name, value, pattern) for pattern in globs) + ")"


def _one(name: str, value: str, pattern: str) -> str:
    if name == "client_ip":
        return network(value, pattern)
    if name == "path" and "{" in pattern:
        return template(value, pattern)
    if name == "key_prefix" and not pattern.endswith("*"):
        pattern += "*"
    return glob(value, pattern, fold=name in FOLDED)


def matches(match: Match, columns: Mapping[str, str]) -> str:
    """Return whether all attributes of a rule match; `columns` gives the SQL of each attribute."""
    return (
        "coalesce("
        + " AND ".join(_attribute(name, globs, columns) for name, globs in match.patterns)
        + ", false)"
    )


def _cases(pairs: Sequence[tuple[str, str]]) -> str:
    if not pairs:
        return "CAST(NULL AS VARCHAR)"
    return "CASE " + " ".join(f"WHEN {when} THEN {quoted(then)}" for when, then in pairs) + " END"


def environment(rules: Sequence[EnvironmentRule], columns: Mapping[str, str]) -> str:
    """Return the environment by the first rule that matches, else null."""
    return _cases([(matches(rule.match, columns), rule.environment) for rule in rules])


def traffic_class(rules: Sequence[TrafficRule], columns: Mapping[str, str]) -> str:
    """Return the traffic class by the first rule that matches, else null."""
    return _cases([(matches(rule.match, columns), rule.traffic_class) for rule in rules])


def again(pairs: Sequence[tuple[Match, str]], columns: Mapping[str, str], held: str) -> str:
    """Return the value by the first rule that matches a stored call, null when none does (SQL).

    What a rule asks for may not be stored as it came: a hashed credential, a shortened address. Where such a rule
    might match, the call keeps `held`, what it had.
    """
    cases = ""
    for match, then in pairs:
        cases += f"WHEN {matches(match, {**columns, **_unstored(match)})} THEN {quoted(then)} "
        if doubt := doubtful(match, columns):
            cases += f"WHEN {doubt} THEN {held} "
    return f"CASE {cases}END" if cases else "CAST(NULL AS VARCHAR)"


def doubtful(match: Match, columns: Mapping[str, str]) -> str:
    """Return whether a rule might match a stored call that no longer says (SQL); empty when it always says."""
    hidden = {name: sql for name, globs in match.patterns if (sql := _hidden(name, globs, columns))}
    if not hidden:
        return ""
    columns = {**columns, **_unstored(match)}
    parts = []
    for name, globs in match.patterns:
        seen = f"coalesce({_attribute(name, globs, columns)}, false)"
        parts.append(f"({hidden[name]} OR {seen})" if name in hidden else seen)
    return "(" + " AND ".join(parts) + ")"


def _hidden(name: str, globs: Iterable[str], columns: Mapping[str, str]) -> str:
    """Return whether the store no longer has what this attribute was (SQL); empty when it always has."""
    if name in {"consumer", "key_prefix"}:
        return f"coalesce(starts_with({columns['consumer']}, 'sha256:'), false)"
    if name == "client_ip":
        return "true" if not all(map(_wide, globs)) else f"({columns['client_ip']} IS NULL)"
    return ""


def _wide(pattern: str) -> bool:
    """Return whether a network is told by the part of an address that is stored."""
    if "/" not in pattern:
        return False
    found = ip_network(pattern, strict=False)
    return found.prefixlen <= (24 if isinstance(found, IPv4Network) else 48)


def _unstored(match: Match) -> dict[str, str]:
    """Return the columns of which the store holds too little for the rule, as null."""
    globs = dict(match.patterns).get("client_ip", ())
    return {} if all(map(_wide, globs)) else {"client_ip": "CAST(NULL AS VARCHAR)"}


def fingerprint(settings: Settings) -> str:
    """Return a text that changes when a rule does by which calls get environment, class, product or route."""
    rules = {"environments", "traffic", "routes", "products", "versions"}
    said = settings.model_dump_json(include={**dict.fromkeys(rules, True), "limits": {"routes_per_product"}})
    return sha256(said.encode()).hexdigest()


def product(rules: Sequence[ProductRule], routes: Sequence[RouteRule], columns: Mapping[str, str]) -> str:
    """Return the product by the first rule that matches, then by the rule that gave the route, else null."""
    pairs = [(matches(rule.match, columns), rule.product) for rule in rules]
    return _cases(pairs + [(matches(rule.match, columns), rule.product) for rule in routes if rule.product])


def version(rules: Sequence[VersionRule], columns: Mapping[str, str]) -> str:
    """Return the API version by the first rule that matches, then by a segment of the path, else null."""
    path = columns["path"]
    found = ", ".join(f"nullif(regexp_extract({path}, '{pattern}', 1), '')" for pattern in VERSIONS)
    # most paths have no such segment and pay no pattern
    by_path = f"CASE WHEN contains({path}, '/v') OR contains({path}, '/20') THEN coalesce({found}) END"
    ruled = _cases([(matches(rule.match, columns), rule.version) for rule in rules])
    return f"coalesce({ruled}, {by_path})"


def asked_version(path: str) -> str:
    """Return the version that a parameter of the request asks for (SQL); `path` still has its query."""
    named = f"nullif(regexp_extract({path}, '(?i)[?&]api[-_]?version=([^&#]+)', 1), '')"
    return f"CASE WHEN contains({path}, '?') THEN {named} END"


def route(rules: Sequence[RouteRule], columns: Mapping[str, str]) -> str:
    """Return the route by the first rule that matches, else null."""
    return _cases([(matches(rule.match, columns), rule.route) for rule in rules])
