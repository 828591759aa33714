"""Which definitions do the families of the reference bring? What each module calls `METRICS` or `ASKS`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from tests import reference

FAMILIES = tuple(
    name
    for _, name, is_room in pkgutil.walk_packages(reference.__path__, "tests.reference.")
    if not is_room and name.count(".") == 3 and not name.startswith("tests.reference.worlds.")
)
"""The files in the rooms of the subjects; what stands beside the rooms serves all of them."""


def found(name: str) -> Mapping[str, Any]:
    """Return what every family calls `name`, together."""
    together: dict[str, Any] = {}
    for family in FAMILIES:
        together |= getattr(importlib.import_module(family), name, {})
    return together
