"""Can every module be imported first, in a fresh interpreter, quietly?"""

from __future__ import annotations

import subprocess
import sys

from tests.contracts.house import product

# One bare interpreter forks a child per module: as fresh as a new process, without its start-up time.
EACH_ALONE = """
import importlib, os, sys
for name in sys.stdin.read().split():
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


def test_every_module_imports_alone_without_a_word_or_a_warning() -> None:
    """No module relies on another having been imported before it, and importing one prints nothing."""
    names = [module.name for module in product() if not module.name.endswith("__main__")]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", EACH_ALONE],
        input="\n".join(names),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr, run.returncode) == ("", "", 0)
