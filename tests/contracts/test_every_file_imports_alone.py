"""Can every module be imported first, quietly, before any other of ours?"""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.contracts.house import product

# One interpreter that has loaded other people's libraries forks a child per module: for our own modules the child
# is as fresh as a new process, and does not pay for the libraries again.
EACH_ALONE = """
import importlib, os, sys
theirs, ours = (line.split() for line in sys.stdin)
for name in theirs:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
for name in ours:
    if (child := os.fork()) == 0:
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {type(error).__name__}: {error}", flush=True)
            os._exit(1)
        os._exit(0)
    if os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        print(f"{name}: died")
"""


def foreign(node: ast.stmt) -> list[str]:
    """Return the modules of others that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] != "firstcall"]
    if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] != "firstcall":
        return [node.module]
    return []


def test_every_module_imports_alone_without_a_word_or_a_warning() -> None:
    """No module relies on another having been imported before it, and importing one prints nothing."""
    ours = [module.name for module in product() if not module.name.endswith("__main__")]
    theirs = sorted({name for module in product() for node in module.tree.body for name in foreign(node)})
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", EACH_ALONE],
        input=f"{' '.join(theirs)}\n{' '.join(ours)}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)
