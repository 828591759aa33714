"""What does the house consist of: its modules, parsed once, and its text files?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "firstcall"
ROOMS = ("src", "tests", "benchmarks", "docs", ".ci")
TEXT = frozenset(
    {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".sql", ".svg", ".sh", ".yaml", ".yml", ""}
)


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: where it is, what it is imported as, what it says."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The first part below the package: `charts` for `firstcall.charts.line`, empty for the package."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def where(self) -> str:
        """The path from the project's root."""
        return self.path.relative_to(ROOT).as_posix()


def _module(path: Path, base: Path) -> Module:
    parts = path.relative_to(base).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(path, name, text, ast.parse(text, str(path)))


@cache
def product() -> tuple[Module, ...]:
    """Return every module of the package, sorted by path."""
    return tuple(_module(path, ROOT / "src") for path in sorted(SOURCE.rglob("*.py")))


@cache
def everything() -> tuple[Module, ...]:
    """Return every Python file we wrote: the package, the tests, the benchmarks."""
    outside = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])
    return (*product(), *(_module(path, ROOT) for path in outside))


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return (path from the root, content) of every text file we wrote, samples of gateways left out."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for room in ROOMS:
        found += [path for path in (ROOT / room).rglob("*") if path.is_file()]
    named = ((path.relative_to(ROOT), path) for path in sorted(found))
    return tuple(
        (name.as_posix(), path.read_text(encoding="utf-8"))
        for name, path in named
        if path.suffix in TEXT and "__pycache__" not in name.parts and "samples" not in name.parts
    )
