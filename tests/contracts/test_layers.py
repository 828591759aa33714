"""Do imports point down, do peers stay apart, and does every late import say which library it waits for?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter

from tests.contracts.house import ROOT, Module, product

LEVELS: tuple[tuple[str, ...], ...] = (
    ("errors", "periods", "zones", "literals", "units", "bands", "answers"),
    ("schema", "settings", "registry"),
    ("statistics",),
    ("metrics", "sources", "engines", "charts", "access"),
    ("query",),
    ("pipeline", "insights"),
    ("alerts", "actions", "reports", "demo"),
    ("program",),
    ("web", "collector", "mcp"),
    ("cli", "__main__"),
    ("",),  # the package itself: it offers the public names
)
LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}

HEAVY = (
    "babel",
    "calamine",
    "duckdb",
    "granian",
    "jinja2",
    "msgspec",
    "numpy",
    "pydantic",
    "rich",
    "scipy",
    "sqlglot",
    "starlette",
    "yaml",
)


def targets(node: ast.AST, known: frozenset[str]) -> Iterator[str]:
    """Yield the modules of ours that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "firstcall")
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "firstcall":
        for alias in node.names:
            if alias.name == "__version__":
                continue  # a constant of the package itself, there before anything else
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in known else str(node.module)


def room_of(name: str) -> str:
    """Return the room of a dotted module name."""
    return [*name.split("."), ""][1]


def imports() -> Iterator[tuple[Module, int, str]]:
    """Yield (module, line, imported module) for every import between our own modules."""
    known = frozenset(module.name for module in product())
    for module in product():
        for node in ast.walk(module.tree):
            for target in targets(node, known):
                yield module, getattr(node, "lineno", 0), target


def test_every_room_has_a_level() -> None:
    """A new room is placed on a level before it is furnished."""
    assert sorted({module.room for module in product()} - LEVEL.keys()) == []


def test_imports_point_down_and_peers_never_meet() -> None:
    """A room imports rooms of lower levels only; the single files of level 0 may lean on each other."""
    wrong = [
        f"{module.where}:{line} imports {target}"
        for module, line, target in imports()
        if (above := LEVEL[module.room]) <= (below := LEVEL[room_of(target)])
        and module.room != room_of(target)
        and not above == below == 0
    ]
    assert wrong == []


def test_rows_come_in_without_metrics() -> None:
    """What is stored does not depend on what is asked of it."""
    wrong = [
        f"{module.where}:{line} imports {target}"
        for module, line, target in imports()
        if module.room in {"sources", "pipeline"} and room_of(target) in {"metrics", "query"}
    ]
    assert wrong == []


def readers() -> dict[str, set[str]]:
    """Return which modules read each file of relations."""
    found: dict[str, set[str]] = {}
    for module, _, target in imports():
        if target.startswith("firstcall.metrics.relations.") or target.endswith("_relations"):
            found.setdefault(target, set()).add(module.name)
    return found


def test_relations_stand_beside_their_family_or_are_read_by_several() -> None:
    """Those of one family are in its room and read by no other; what several read is in metrics/relations/."""
    alone = [
        name
        for name, by in readers().items()
        if name.startswith("firstcall.metrics.relations.") and len(by) < 2
    ]
    elsewhere = [
        f"{name} is read by {other}"
        for name, by in readers().items()
        if not name.startswith("firstcall.metrics.relations.")
        and len(families := {each for each in by if not each.endswith("_relations")}) != 1
        for other in sorted(families)
    ]
    assert (alone, elsewhere) == ([], [])


def test_the_architecture_page_draws_the_same_levels() -> None:
    """Line by line, as `LEVELS` has them; the command's door and the package itself are not drawn."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = {
        int(level): tuple(rooms.split()) for level, rooms in re.findall(r"^(\d)  (.+)$", page, re.MULTILINE)
    }
    assert drawn == {
        level: tuple(room for room in rooms if room != "__main__")
        for level, rooms in enumerate(LEVELS)
        if rooms != ("",)
    }


def test_no_two_modules_need_each_other() -> None:
    """The graph of modules has no circle."""
    graph: dict[str, set[str]] = {}
    for module, _, target in imports():
        if target != module.name and not module.name.startswith(f"{target}."):
            graph.setdefault(module.name, set()).add(target)
    TopologicalSorter(graph).prepare()


def test_nobody_imports_relatively() -> None:
    """An import says the whole name, so that a search for the name finds it."""
    wrong = [
        f"{module.where}:{node.lineno}"
        for module in product()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


def late_imports(module: Module) -> set[int]:
    """Return the lines of the imports inside functions."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    return {
        node.lineno
        for function in ast.walk(module.tree)
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }


def reason(lines: list[str], line: int, late: set[int]) -> str:
    """Return the comment on a line, or on the first of the imports it belongs to, or above that."""
    first = line
    while first - 1 in late:
        first -= 1
    near = (lines[line - 1], lines[first - 1], lines[first - 2])
    return " ".join(text.partition("#")[2] for text in near)


def test_a_late_import_names_the_heavy_library_it_keeps_out_of_start_up() -> None:
    """No import inside a function, except with a comment that names the library that costs the time."""
    heavy = re.compile("|".join(HEAVY), re.IGNORECASE)
    wrong = [
        f"{module.where}:{line}"
        for module in product()
        if (late := late_imports(module))
        for line in sorted(late)
        if not heavy.search(reason(module.text.splitlines(), line, late))
    ]
    assert wrong == []
