"""Is a record known by its fields, and only when all of them are there?"""

from __future__ import annotations

from typing import Any

import pytest

from firstcall.sources.signatures import fields_shown, nested_objects, signature

SIGN = signature("object=invoice,bill*", "customer.id|Customer Name", without=("draft",))


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        ({"object": "invoice", "customer": {"id": None}}, ("object invoice", "customer.id")),
        ({"Object": "Billing", "CUSTOMER_NAME": "x"}, ("Object Billing", "CUSTOMER_NAME")),
        ({"object": "receipt", "customer": {"id": 1}}, ()),
        ({"object": "invoice", "customer": "c"}, ()),
        ({"object": "invoice", "customer": {"id": 1}, "draft": False}, ()),
        ({}, ()),
    ],
)
def test_a_sign_is_shown_when_all_its_fields_are_there(
    record: dict[str, Any], shown: tuple[str, ...]
) -> None:
    """A field of nothing is there too; its names are given back as the record writes them."""
    assert fields_shown(record, [SIGN]) == shown


def test_the_first_sign_that_is_shown_counts() -> None:
    """A record may show several of one system."""
    assert fields_shown({"a": 1, "b": 2}, [signature("c"), signature("b"), signature("a")]) == ("b",)


def test_objects_come_level_by_level_from_outside_inwards() -> None:
    """Lists hold no level of their own, and what is no object is passed over."""
    inner = {"invoice": {"id": 1}}
    document = {"list": [inner, 3], "next": None}
    assert list(nested_objects(["x", [document]])) == [(document,), (inner,), ({"id": 1},)]


def test_what_holds_no_object_has_no_level() -> None:
    """Text, numbers and nothing."""
    assert [list(nested_objects(value)) for value in ("a", 1, None, [], [[1]])] == [[], [], [], [], []]
