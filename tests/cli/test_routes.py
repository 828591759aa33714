"""Does the command tell what became of the paths, and does a rule that it proposes mend history?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Run

HEAD = "event_id,time,source,product,method,path,route,status\n"
NAMES = ("al1ce", "b0b", "c4rol", "d4ve", "ev3", "me")
DOCUMENT = {
    "openapi": "3.0.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {"/pets/{petId}": {"get": {"responses": {"200": {"description": "fine"}}}}},
}


def calls(*paths: str, route: str = "", first: int = 1, product: str = "pets") -> str:
    """Return rows of calls, one a path."""
    return "".join(
        f"{n},2026-07-01T10:00:00Z,kong,{product},GET,{path},{route},200\n"
        for n, path in enumerate(paths, first)
    )


def put(name: str, text: str) -> str:
    """Write a file into the folder of the program."""
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture
def routed(run: Run) -> Run:
    """A program with three calls of a known endpoint, one of the gateway's own route, and six users by name."""
    put("firstcall.toml", '[[routes]]\nmatch.path = "/blog/{slug}"\nroute = "/blog/{slug}"\n')
    rows = calls("/pets/1", "/pets/2", "/pets/2") + calls("/x/9", route="/x/{own}", first=4)
    rows += calls(*(f"/users/{name}/files/7" for name in NAMES), first=5) + calls(
        "/blog/a", "/blog/b", first=11
    )
    assert run("import", "openapi", put("api.json", json.dumps(DOCUMENT))).code == 0
    assert run("import", "calls", put("calls.csv", HEAD + rows)).code == 0
    return run


def told(run: Run, *more: str) -> dict[str, Any]:
    """Return what the command says as JSON."""
    return run("routes", "--json", *more).data


def test_each_route_says_how_it_was_recognised(routed: Run) -> None:
    """By a document, a rule, an id in the path, or by the gateway; with the paths it stands for, busiest first."""
    found = {each["route"]: each for each in told(routed)["routes"]}
    known = {route: each for route, each in found.items() if "users" not in route}
    assert {route: (each["by"], each["calls"], each["paths"]) for route, each in known.items()} == {
        "/pets/{petId}": ("openapi", 3, 2),
        "/blog/{slug}": ("settings", 2, 2),
        "/x/{own}": ("gateway", 1, 1),
    }  # fmt: skip
    assert found["/pets/{petId}"]["examples"] == ["/pets/2", "/pets/1"]
    assert found["/users/me/files/{id}"]["by"] == "recogniser"
    assert "/pets/{petId}" in routed("routes").out


def test_a_proposed_rule_mends_history_at_once(routed: Run) -> None:
    """Five odd names under users are one route; the rule as printed, pasted, folds them and the sixth too."""
    (candidate,) = told(routed)["candidates"]
    assert (candidate["route"], candidate["calls"], candidate["values"]) == ("/users/{user}/files/{id}", 5, 5)
    assert candidate["rule"] in routed("routes").out
    with Path("firstcall.toml").open("a", encoding="utf-8") as settings:
        settings.write(candidate["rule"])
    would = told(routed, "--dry-run")["changes"]
    assert sum(move["calls"] for move in would) == 6
    assert {move["after"] for move in would} == {"GET /users/{user}/files/{id}"}
    assert "GET /users/al1ce/files/{id}" in routed("routes", "--dry-run").out
    assert told(routed, "--dry-run")["changes"] == would
    after = told(routed)
    assert after["candidates"] == []
    mended = [each for each in after["routes"] if each["by"] == "settings"]
    assert [(each["route"], each["calls"], each["paths"]) for each in mended] == [
        ("/users/{user}/files/{id}", 6, 6),
        ("/blog/{slug}", 2, 2),
    ]
    assert told(routed, "--dry-run")["changes"] == []
    by_route = routed("ask", "call_volume", "--by", "route", "--grain", "all", "--json").data["points"]
    assert {point["by"]["route"]: point["value"] for point in by_route}["/users/{user}/files/{id}"] == 6


def test_proposed_rules_are_applied_on_a_word(routed: Run) -> None:
    """Written behind what the settings say, in force at once; a second time there is nothing to do."""
    made = routed("routes", "--apply", "--json").data
    assert (len(made["rules"]), made["routes_before"] - made["routes"]) == (1, 5)
    settings = Path("firstcall.toml").read_text(encoding="utf-8")
    assert settings.startswith('[[routes]]\nmatch.path = "/blog/{slug}"')
    assert settings.endswith(made["rules"][0])
    assert told(routed)["candidates"] == []
    assert "nothing was written" in routed("routes", "--apply").out
    assert Path("firstcall.toml").read_text(encoding="utf-8") == settings
    assert routed("routes", "--apply", "--dry-run").code == 2


def test_an_import_of_many_routes_says_what_helps(run: Run) -> None:
    """More than two hundred that no document names."""
    words = (f"/things/{chr(97 + n % 26)}x{chr(97 + n // 26)}" for n in range(250))
    put("calls.csv", HEAD + calls(*words))
    assert "`firstcall routes --apply` counts them as one" in run("import", "calls", "calls.csv").out


def test_what_is_past_the_limit_is_named_with_the_reason(routed: Run) -> None:
    """Two routes of pets may stay: the known one, and the busiest of the others."""
    put("firstcall.toml", "[limits]\nroutes_per_product = 2\n")
    (folded,) = told(routed)["other"]
    assert (folded["product"], folded["calls"], folded["routes"]) == ("pets", 8, 8)
    assert "more than 2 routes of one product" in folded["why"]
    assert "8 calls of 8 routes are counted under (other)" in routed("routes").out
    assert "8 calls are counted under the route (other)" in routed("status").out
    assert routed("status", "--json").data["other_routes"] == 8


def test_one_product_alone(routed: Run) -> None:
    """A name nobody has suggests a near one."""
    assert told(routed, "--product", "pets") == told(routed)
    ran = routed("routes", "--product", "pet")
    assert (ran.code, "pets" in ran.err) == (2, True)


def test_no_calls_yet(run: Run) -> None:
    """The command says where to begin."""
    put("partners.csv", "partner_id,name,registered_at\nP1,Ann,2025-01-01\n")
    assert run("import", "partners", "partners.csv").code == 0
    assert "No calls yet" in run("routes").out
