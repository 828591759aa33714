"""Which definitions do the families of the reference bring? What each module calls `METRICS` or `ASKS`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

from tests import reference

FAMILIES = tuple(
    name
    for _, name, _ in pkgutil.iter_modules(reference.__path__)
    if not name.startswith(("test_", "worlds", "found", "catalogue", "questions", "tiny"))
)


def found(name: str) -> Mapping[str, Any]:
    """Return what every family calls `name`, together."""
    together: dict[str, Any] = {}
    for family in FAMILIES:
        together |= getattr(importlib.import_module(f"tests.reference.{family}"), name, {})
    return together
