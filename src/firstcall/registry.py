"""Which definitions are there? Finds the frozen values in the catalogue folders, and those of installed plugins."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _modules(package: str) -> Iterator[Any]:
    """Yield every module of a catalogue folder and its rooms, and every module a plugin adds to it."""
    folder = importlib.import_module(package)
    for found in sorted(
        pkgutil.walk_packages(folder.__path__, f"{package}."), key=lambda module: module.name
    ):
        yield importlib.import_module(found.name)
    for plugin in entry_points(group=package):
        yield plugin.load()


def _values(package: str, contract: str, kind: str) -> Iterator[tuple[str, Any]]:
    """Yield (variable name, value) of every value of the contract's class in the folder."""
    wanted = getattr(importlib.import_module(f"{package}.{contract}"), kind)
    for module in _modules(package):
        for name, value in vars(module).items():
            if isinstance(value, wanted):
                yield name, value


@cache
def metrics() -> Mapping[str, Any]:
    """Return every `Metric` by its variable's name, in the order of their cards."""
    found = sorted(_values("firstcall.metrics", "metric", "Metric"), key=lambda named: named[1].card.place)
    return MappingProxyType(dict(found))


@cache
def relations() -> Mapping[str, Any]:
    """Return every `Relation` by its own name."""
    found = _values("firstcall.metrics", "metric", "Relation")
    return MappingProxyType({relation.name: relation for _, relation in found})


@cache
def sources() -> Mapping[str, Any]:
    """Return every `Source` by its own name, in its order."""
    found = {source.name: source for _, source in _values("firstcall.sources", "source", "Source")}
    return MappingProxyType(dict(sorted(found.items())))


@cache
def reports() -> Mapping[str, Any]:
    """Return every `Report` by its own name."""
    found = _values("firstcall.reports", "report", "Report")
    return MappingProxyType({report.name: report for _, report in found})
