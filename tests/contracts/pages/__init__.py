"""Which pages of docs/ are rendered from the catalogues, and how?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tests.contracts.pages import commands, errors, metrics, settings, sources, tables

PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "commands.md": commands.page,
        "errors.md": errors.page,
        "metrics.md": metrics.page,
        "settings.md": settings.page,
        "sources.md": sources.page,
        "tables.md": tables.page,
    }
)
"""File below docs/ → what renders it."""
