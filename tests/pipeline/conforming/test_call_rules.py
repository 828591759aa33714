"""Do the rules of the settings decide environment and traffic class, the first one that matches?"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from firstcall.pipeline.conforming.call_rules import glob, network, version
from firstcall.settings import Settings
from firstcall.settings.rules import VersionRule
from firstcall.sources.gateways import aws_api_gateway
from tests.pipeline.admission import admission, line

RULES = {
    "environments": [
        {"match": {"path": "/sandbox/*"}, "environment": "sandbox"},
        {"match": {"key_prefix": "sk_test_"}, "environment": "sandbox"},
        {"match": {"stage": ["prod", "live*"]}, "environment": "production"},
        {"match": {"source": "edge", "path": "/v?/*"}, "environment": "production"},
    ],
    "traffic": [
        {"match": {"user_agent": "*gptbot*"}, "class": "agent"},
        {"match": {"client_ip": "10.9.0.0/16"}, "class": "internal"},
        {"match": {"path": "/healthz"}, "class": "synthetic"},
        {"match": {"consumer": ["crawler-*", "spider"]}, "class": "bot"},
    ],
}


@pytest.mark.parametrize(
    ("value", "pattern", "expected"),
    [
        ("sandbox.example.com", "sandbox.*", True),
        ("www.sandbox.example.com", "sandbox.*", False),
        ("/v1/pets", "/v?/*", True),
        ("/v12/pets", "/v?/*", False),
        ("a_b", "a_b", True),
        ("axb", "a_b", False),
        ("50%", "50%", True),
        ("x-mid-y", "*mid*", True),
        ("anything", "*", True),
    ],
)
def test_globs_mean_what_shells_mean(value: str, pattern: str, expected: bool) -> None:
    """`*` is any run, `?` one character, everything else itself."""
    with duckdb.connect() as connection:
        assert connection.execute(
            f"SELECT {glob('v', pattern)} FROM (SELECT ? AS v)", [value]
        ).fetchone() == (expected,)


@pytest.mark.parametrize(
    ("address", "pattern", "expected"),
    [
        ("10.255.0.1", "10.0.0.0/8", True),
        ("11.0.0.1", "10.0.0.0/8", False),
        ("192.168.7.200", "192.168.7.128/25", True),
        ("not an address", "10.0.0.0/8", None),
        ("2001:db8:1::7", "2001:db8::/32", True),
        ("2001:db9::7", "2001:db8::/32", False),
        ("2001:db8::9", "2001:db8::/48", True),
        ("1:2:3:4:5:6:7:8:9:a", "2001:db8::/48", False),
        ("10.1.2.3", "10.1.*", True),
    ],
)
def test_networks_are_matched_by_their_bits(address: str, pattern: str, expected: bool | None) -> None:
    """What is no address matches no network."""
    with duckdb.connect() as connection:
        sql = f"SELECT {network('v', pattern)} FROM (SELECT ? AS v)"
        assert connection.execute(sql, [address]).fetchone() == (expected,)


def test_the_first_environment_that_matches_wins(tmp_path: Path) -> None:
    """The prefix of a key is looked at before the key is hashed; nothing matches: unknown."""
    key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
    calls = [line("/sandbox/v1"), line("/v1/pets", user=key), line("/v1/toys"), line("/else")]
    with admission(tmp_path, Settings.model_validate(RULES)) as at:
        at.admit(calls)
        assert at.rows("SELECT path, environment FROM calls ORDER BY ALL") == [
            ("/else", "unknown"),
            ("/sandbox/v1", "sandbox"),
            ("/v1/pets", "sandbox"),
            ("/v1/toys", "production"),
        ]


def test_a_stage_tells_the_environment(tmp_path: Path) -> None:
    """As AWS API Gateway names its deployments."""
    made = [
        f'{{"requestId":"{n}","requestTime":"10/Oct/2025:13:55:36 +0000","httpMethod":"GET","resourcePath":"/pets",'
        f'"status":"200","stage":"{stage}"}}'
        for n, stage in enumerate(("prod", "Live-2", "dev"))
    ]
    with admission(tmp_path, Settings.model_validate(RULES)) as at:
        at.admit(made, aws_api_gateway.SOURCE, name="aws")
        found = at.rows("SELECT environment FROM calls ORDER BY request_id")
        assert found == [("production",), ("production",), ("unknown",)]


def test_traffic_is_classed_by_agent_address_path_and_consumer(tmp_path: Path) -> None:
    """Addresses are used for the rule even when they are not stored."""
    calls = [
        line("/1", agent="Mozilla/5.0 (compatible; GPTBot/1.1)"),
        line("/2", ip="10.9.4.4"),
        line("/healthz"),
        line("/4", user="crawler-7"),
        line("/5"),
    ]
    with admission(tmp_path, Settings.model_validate(RULES)) as at:
        at.admit(calls)
        found = at.rows("SELECT traffic_class FROM calls ORDER BY path")
        assert found == [("agent",), ("internal",), ("bot",), ("external",), ("synthetic",)]
        assert at.value("SELECT count(client_ip) FROM calls") == 0


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/pets", "v1"),
        ("/shop/v2.1/orders", "v2.1"),
        ("/2026-01-01/orders", "2026-01-01"),
        ("/admin/api/2024-04/orders", "2024-04"),
        ("/orders/2026-01-01/items", None),
        ("/video/vx", None),
        ("/beta/pets", "next"),
    ],
)
def test_a_version_is_told_by_rules_then_by_the_path(path: str, told: str | None) -> None:
    """A date inside a path is a day."""
    rules = [VersionRule.model_validate({"match": {"path": "/beta/*"}, "version": "next"})]
    columns = dict.fromkeys(("host", "stage", "source"), "'x'") | {"path": "v"}
    with duckdb.connect() as connection:
        sql = f"SELECT {version(rules, columns)} FROM (SELECT ? AS v)"
        assert connection.execute(sql, [path]).fetchone() == (told,)
