"""Does history follow changed rules and endpoints, as if they had always been so?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firstcall.pipeline.loading import reclassify, rollup
from firstcall.pipeline.loading.reclassify import keep_rules
from firstcall.settings import Settings
from tests.pipeline.admission import admission, line
from tests.pipeline.import_desk import ImportDesk, desk

PATHS = ("/pets/7", "/users/alice", "/users/bob", "/users/bob", "/shop/carts", "/status")
HOSTS = (
    "api.example.com",
    "sandbox.example.com",
    "api.example.com",
    "api.example.com",
    "shop.example.com",
    "",
)


def log(paths: tuple[str, ...] = PATHS, hosts: tuple[str, ...] = HOSTS, **more: str) -> str:
    """Return a JSON access log of nginx: one call an hour, 20 ms each."""
    lines = [
        {
            "time_iso8601": f"2025-01-31T{hour:02}:30:00+00:00",
            "request_method": "GET",
            "request_uri": path,
            "status": 200,
            "request_time": 0.02,
            "host": host,
            "remote_addr": "10.1.2.3",
            "remote_user": "bob",
            "http_user_agent": "pets-python/2.1",
            "request_id": f"r{hour}",
            **more,
        }
        for hour, (path, host) in enumerate(zip(paths, hosts, strict=True))
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def document(*routes: str, product: str = "pets") -> str:
    """Return an OpenAPI document with a GET of each route."""
    found = {route: {"get": {"responses": {"200": {"description": "fine"}}}} for route in routes}
    return json.dumps({"openapi": "3.0.0", "info": {"title": product, "version": "1"}, "paths": found})


def under(at: ImportDesk, **settings: Any) -> ImportDesk:  # noqa: ANN401  parts of Settings
    """Return the desk with other settings, after the store was brought to them as opening it does."""
    other = replace(at, settings=Settings.model_validate({"program": {"timezone": "UTC"}, **settings}))
    other.store.connection.execute("BEGIN")
    reclassify.keep_rules(other.store.connection, other.settings)
    other.store.connection.execute("COMMIT")
    return other


def history(at: ImportDesk) -> dict[str, list[tuple[object, ...]]]:
    """Return what was derived of each call, and every rollup."""
    found = {
        name: at.rows(f"SELECT {one.columns} FROM {name} ORDER BY ALL")
        for name, one in rollup.ROLLUPS.items()
    }
    asked = "SELECT hour, environment, traffic_class, product, route FROM calls ORDER BY hour"
    return {**found, "calls": at.rows(asked)}


def column(at: ImportDesk, name: str) -> list[object]:
    """Return one column of the calls, by their hour."""
    return [row[0] for row in at.rows(f"SELECT {name} FROM calls ORDER BY hour")]


@pytest.mark.parametrize(
    ("settings", "name", "before", "after"),
    [
        (
            {"routes": [{"match": {"path": "/users/{user}"}, "route": "/users/{user}", "product": "people"}]},
            "route",
            ["/pets/{id}", "/users/alice", "/users/bob", "/users/bob", "/shop/carts", "/status"],
            ["/pets/{id}", "/users/{user}", "/users/{user}", "/users/{user}", "/shop/carts", "/status"],
        ),
        (
            {"environments": [
                {"match": {"host": "sandbox.*"}, "environment": "sandbox"},
                {"match": {"path": "*"}, "environment": "production"},
            ]},
            "environment",
            ["unknown"] * 6,
            ["production", "sandbox", "production", "production", "production", "production"],
        ),
        (
            {"traffic": [{"match": {"path": "/status"}, "class": "synthetic"}]},
            "traffic_class",
            ["external"] * 6,
            ["external"] * 5 + ["synthetic"],
        ),
        (
            {"products": [{"match": {"host": "shop.*"}, "product": "shop"}]},
            "product",
            [None] * 6,
            [None, None, None, None, "shop", None],
        ),
        (
            {"limits": {"routes_per_product": 1}},
            "route",
            ["/pets/{id}", "/users/alice", "/users/bob", "/users/bob", "/shop/carts", "/status"],
            ["(other)", "(other)", "/users/bob", "/users/bob", "(other)", "(other)"],
        ),
    ],
    ids=("routes", "environments", "traffic", "products", "limit"),
)  # fmt: skip
def test_a_changed_rule_changes_history_and_back(
    tmp_path: Path, settings: Mapping[str, Any], name: str, before: list[object], after: list[object]
) -> None:
    """Calls and rollups are those of a store into which the file is imported under the new rule; and as before."""
    with desk(tmp_path) as at, desk(tmp_path) as anew:
        at.take("nginx", log(), "access.log")
        first = history(at)
        assert column(at, name) == before
        changed = under(at, **settings)
        assert column(at, name) == after
        under(anew, **settings).take("nginx", log(), "access.log")
        assert history(changed) == history(anew)
        under(at)
        assert history(at) == first


def test_a_document_that_arrives_late_routes_history(tmp_path: Path) -> None:
    """A word becomes a parameter, the product is known; calls and rollups are those of the other order."""
    with desk(tmp_path) as at, desk(tmp_path) as anew:
        at.take("nginx", log(), "access.log")
        said = at.take("openapi", document("/pets/{petId}", "/users/{name}"), "api.json").notes
        assert column(at, "route") == [
            "/pets/{petId}", "/users/{name}", "/users/{name}", "/users/{name}", "/shop/carts", "/status"
        ]  # fmt: skip
        assert column(at, "product") == ["pets"] * 4 + [None] * 2
        assert any("4 calls were judged again" in note for note in said)
        anew.take("openapi", document("/pets/{petId}", "/users/{name}"), "api.json")
        anew.take("nginx", log(), "access.log")
        assert history(at) == history(anew)


def test_a_replacing_document_ends_what_it_no_longer_has(tmp_path: Path) -> None:
    """Renamed and removed operations leave history as if they had never been; without --replace they stay."""
    with desk(tmp_path) as at, desk(tmp_path) as anew:
        at.take("nginx", log(), "access.log")
        at.take("openapi", document("/pets/{petId}", "/users/{name}"), "api.json")
        at.take("openapi", document("/pets/{id}"), "new.json")
        assert column(at, "route")[1] == "/users/{name}"
        said = at.take("openapi", document("/pets/{id}"), "new.json", replace=True).notes
        assert "2 operations that the document no longer has were ended" in said
        anew.take("openapi", document("/pets/{id}"), "new.json")
        anew.take("nginx", log(), "access.log")
        assert history(at) == history(anew)


def test_a_dry_run_of_a_document_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    """Four calls would be of the product."""
    with desk(tmp_path) as at:
        at.take("nginx", log(), "access.log")
        first = history(at)
        said = at.take("openapi", document("/pets/{petId}", "/users/{name}"), "api.json", dry_run=True)
        assert any("4 calls were judged again" in note for note in said.notes)
        assert history(at) == first


def test_the_same_document_again_judges_nothing_again(tmp_path: Path) -> None:
    """Nor does one that changes no route."""
    with desk(tmp_path) as at:
        at.take("nginx", log(), "access.log")
        at.take("openapi", document("/pets/{petId}"), "api.json")
        again = at.take("openapi", document("/pets/{petId}"), "api.json")
        assert not any("judged again" in note for note in again.notes)


def test_what_the_source_said_itself_stays(tmp_path: Path) -> None:
    """Environment, class, product and route of a table of calls are nobody else's to decide."""
    rows = (
        "event_id,time,source,environment,traffic_class,product,method,path,route,status\n"
        "1,2025-01-31T00:00:00Z,kong,sandbox,agent,pets,GET,/pets/7,/pets/{own},200\n"
        "2,2025-01-31T01:00:00Z,kong,,,,GET,/pets/7,,200\n"
    )
    everything = {
        "environments": [{"match": {"path": "*"}, "environment": "production"}],
        "traffic": [{"match": {"path": "*"}, "class": "bot"}],
        "products": [{"match": {"path": "*"}, "product": "all"}],
        "routes": [{"match": {"path": "*"}, "route": "/all"}],
    }
    with desk(tmp_path) as at:
        at.take("calls", rows)
        under(at, **everything)
        assert at.rows("SELECT environment, traffic_class, product, route FROM calls ORDER BY event_id") == [
            ("sandbox", "agent", "pets", "/pets/{own}"),
            ("production", "bot", "all", "/all"),
        ]


def test_what_is_not_stored_as_it_came_keeps_its_judgement(tmp_path: Path) -> None:
    """The key's prefix and the address decided once; a later rule that asks for them leaves those calls alone."""
    key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc"
    rules = {
        "environments": [{"match": {"key_prefix": "sk_test_"}, "environment": "sandbox"}],
        "traffic": [{"match": {"client_ip": "10.1.2.0/28"}, "class": "internal"}],
    }
    with desk(tmp_path) as at:
        told = under(at, **rules)
        told.take("nginx", log(remote_user=key), "access.log")
        assert column(at, "environment") == ["sandbox"] * 6
        assert column(at, "traffic_class") == ["internal"] * 6
        rest = [{"match": {"path": "*"}, "environment": "production"}]
        told = under(at, **{**rules, "environments": [*rules["environments"], *rest]})
        assert column(at, "environment") == ["sandbox"] * 6
        assert column(at, "traffic_class") == ["internal"] * 6
        under(at, environments=rest)
        assert column(at, "environment") == ["production"] * 6
        assert column(at, "traffic_class") == ["external"] * 6


def test_calls_of_an_earlier_version_stay(tmp_path: Path) -> None:
    """It did not keep what they said themselves, so nothing can be told from rules."""
    with desk(tmp_path) as at:
        at.take("nginx", log(), "access.log")
        at.store.connection.execute("UPDATE calls SET given = NULL, host = NULL")
        first = history(at)
        under(at, traffic=[{"match": {"path": "*"}, "class": "bot"}])
        assert history(at) == first


def test_moves_name_what_would_change(tmp_path: Path) -> None:
    """Three calls of users get a template, by column, most calls first."""
    rule = {"match": {"path": "/users/{user}"}, "route": "/users/{user}"}
    settings = Settings.model_validate({"program": {"timezone": "UTC"}, "routes": [rule]})
    with desk(tmp_path) as at:
        at.take("nginx", log(), "access.log")
        reclassify.stage(at.store.connection, settings)
        assert reclassify.moves(at.store.connection) == (
            reclassify.Move("route", None, "GET /users/bob", "GET /users/{user}", 2),
            reclassify.Move("route", None, "GET /users/alice", "GET /users/{user}", 1),
        )


def test_versions_follow_their_rules(tmp_path: Path) -> None:
    """By the path, by a parameter of the request; a rule that comes later holds for the calls of before, too."""
    rules = Settings.model_validate({"versions": [{"match": {"path": "/pets*"}, "version": "v9"}]})
    with admission(tmp_path) as at:
        at.admit([line("/v1/pets"), line("/pets"), line("/dogs?api-version=2024-02-01")])
        versions = "SELECT path, version FROM calls ORDER BY path"
        before = [("/dogs", "2024-02-01"), ("/pets", None), ("/v1/pets", "v1")]
        assert at.rows(versions) == before
        keep_rules(at.store.connection, rules)
        assert at.rows(versions) == [before[0], ("/pets", "v9"), before[2]]
        keep_rules(at.store.connection, Settings())
        assert at.rows(versions) == before
