"""Does a path find its route: known endpoints first, then rules, then ids?"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from firstcall.pipeline.conforming.routes import recognised
from firstcall.settings import Settings
from firstcall.settings.model import Limits
from tests.pipeline.admission import Admission, admission, line


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/pets", "/pets"),
        ("/pets/", "/pets"),
        ("/pets/42", "/pets/{id}"),
        ("/pets/42/toys/7", "/pets/{id}/toys/{id}"),
        ("/1/2/3", "/{id}/{id}/{id}"),
        ("/v1/pets", "/v1/pets"),
        ("/3d-models/2fa", "/3d-models/2fa"),
        ("/files/42.json", "/files/{id}.json"),
        ("/users/6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "/users/{uuid}"),
        (
            "/users/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
            "/users/{uuid}/{uuid}",
        ),
        ("/commits/deadbeef01", "/commits/{id}"),
        ("/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/jobs/{id}"),
        ("/customers/cus_9s6XKzkNRiz8i3", "/customers/{id}"),
        ("/orders/ord_00a4f1", "/orders/{id}"),
        ("/orders/ord_X7k2P9qL", "/orders/{id}"),
        ("/shop/blue-shoes-48213", "/shop/{id}"),
        ("/shop/48213-blue-shoes", "/shop/{id}"),
        ("/x/urn%3Aorder%3A17", "/x/{id}"),
        ("/x/aGVsbG8gd29ybGQ1%3D", "/x/{id}"),
        (
            "/top-100/best_sellers/csv_export/iso-8601/caf%C3%A9",
            "/top-100/best_sellers/csv_export/iso-8601/caf%C3%A9",
        ),
        ("/user_profiles/order_confirmations", "/user_profiles/order_confirmations"),
        ("/days/2026-01-31", "/days/{date}"),
        ("/users/jo@example.com/x", "/users/{email}/x"),
        ("/t/dGhpcyBpcyBhIHRva2Vu0g", "/t/{id}"),
        ("/recommendations-engine/how-to-use-api-v2", "/recommendations-engine/how-to-use-api-v2"),
    ],
)
def test_ids_are_recognised_and_words_left_alone(path: str, route: str) -> None:
    """A segment is an id as a whole or not at all."""
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT shape FROM ({recognised('SELECT ?::VARCHAR AS path')})", [path]
        ).fetchone()
    assert found == (route,)


def routes_of(at: Admission, *paths: str) -> list[tuple[object, ...]]:
    """Admit one call per path and return (product, route) in the order of the paths."""
    at.admit([line(path) for path in paths])
    order = " ".join(f"WHEN '{path}' THEN {n}" for n, path in enumerate(paths))
    return at.rows(
        f"SELECT product, route FROM calls WHERE import_id = {at.imports} ORDER BY CASE path {order} END"
    )


def test_known_endpoints_name_route_and_product(tmp_path: Path) -> None:
    """A static route wins over a parameter, a parameter may be a word, an odd literal is no id."""
    with admission(tmp_path) as at:
        at.know("GET /pets/{petId}", "GET /pets/mine", "GET /users/{name}/pets", "POST /toys/{toyId}")
        at.know("GET /api/2024-04/orders/{number}", product="orders")
        paths = ("/pets/7", "/pets/mine", "/users/alice/pets", "/api/2024-04/orders/9", "/toys/7", "/pets/7/")
        assert routes_of(at, *paths) == [
            ("pets", "/pets/{petId}"),
            ("pets", "/pets/mine"),
            ("pets", "/users/{name}/pets"),
            ("orders", "/api/2024-04/orders/{number}"),
            (None, "/toys/{id}"),
            ("pets", "/pets/{petId}"),
        ]


def test_a_route_of_two_products_names_neither(tmp_path: Path) -> None:
    """The route is sure, the product is not."""
    with admission(tmp_path) as at:
        at.know("GET /status/{id}", product="a")
        at.know("GET /status/{id}", product="b")
        assert routes_of(at, "/status/7") == [(None, "/status/{id}")]


def test_rules_of_the_settings_come_after_endpoints_and_before_ids(tmp_path: Path) -> None:
    """The first rule that matches wins; it may name the product."""
    rules = [
        {"match": {"path": "/pets/*"}, "route": "/never"},
        {"match": {"path": "/blog/{slug}"}, "route": "/blog/{slug}", "product": "blog"},
        {"match": {"path": "/blog/*"}, "route": "/blog/rest"},
    ]
    settings = Settings.model_validate(
        {"routes": rules, "products": [{"match": {"path": "/shop/*"}, "product": "shop"}]}
    )
    with admission(tmp_path, settings) as at:
        at.know("GET /pets/{petId}")
        assert routes_of(at, "/pets/7", "/blog/hello-world", "/blog/a/b", "/shop/12") == [
            ("pets", "/pets/{petId}"),
            ("blog", "/blog/{slug}"),
            (None, "/blog/rest"),
            ("shop", "/shop/{id}"),
        ]


def test_routes_past_the_limit_are_other(tmp_path: Path) -> None:
    """Those known before stay, then those with the most calls."""
    with admission(tmp_path, Settings(limits=Limits(routes_per_product=2))) as at:
        at.admit([line("/kept")])
        counts = at.admit(
            [
                line("/often", status=200),
                line("/often", status=404),
                line("/kept", status=404),
                line("/a"),
                line("/b"),
            ]
        )
        assert counts.landed == 5
        assert any("(other)" in note for note in counts.notes)
        found = at.rows("SELECT route, count(*) FROM calls GROUP BY ALL ORDER BY ALL")
        assert found == [("(other)", 2), ("/kept", 2), ("/often", 2)]
        assert at.rows("SELECT DISTINCT route FROM calls_by_hour ORDER BY ALL") == [
            ("(other)",),
            ("/kept",),
            ("/often",),
        ]
