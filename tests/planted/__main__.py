"""Do the tests notice when the product is wrong? Plants one fault at a time and says which test found it.

`make planted` plants all of them, `FAULTS=leakage` those whose name, file or metrics hold the word. The product itself
stays as it is: each fault stands in a copy. A fault whose text is not there (any more) is an error: it proves nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.planted.faults import QUERY, Fault
from tests.planted.faults_of_metrics import METRICS
from tests.planted.faults_of_the_store import STORE

ROOT = Path(__file__).parents[2]
FAULTS = (*QUERY, *METRICS, *STORE)
FOUND = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def planted(fault: Fault, source: Path) -> str | None:
    """Plant the fault in the sources; return why that cannot be done, or None."""
    file = source / "firstcall" / fault.file
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if (there := text.count(fault.text)) != 1:
        return f"its text is there {there} times in {fault.file}, not once"
    file.write_text(text.replace(fault.text, fault.instead), encoding="utf-8")
    return None


def noticed(fault: Fault) -> tuple[str, bool]:
    """Return what became of a fault, in one line, and whether a test found it."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        if reason := planted(fault, source):
            return f"ERROR: {reason}", False
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *fault.arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode == 0:
        return "MISSED", False
    test = FOUND.search(done.stdout)
    if test is None:
        return f"ERROR: no test ran\n{done.stdout[-2000:]}{done.stderr[-2000:]}", False
    return test.group(1).removeprefix("tests/"), True


def chosen(words: str) -> list[Fault]:
    """Return the faults that hold the words, or all."""
    return [each for each in FAULTS if words in f"{each.name} {each.file} {' '.join(each.metrics)}"]


def main() -> int:
    """Plant the faults chosen, as many at once as there are cores; return 1 if one was not found."""
    faults = chosen(os.environ.get("FAULTS", ""))
    if not faults:
        print("No fault has this word in its name, file or metrics.", file=sys.stderr)
        return 2
    began, width = time.monotonic(), max(len(each.name) for each in faults)
    workers = os.environ.get("WORKERS", "auto")
    with ThreadPoolExecutor(int(workers) if workers.isdigit() else os.cpu_count()) as pool:
        results = []
        for fault, result in zip(faults, pool.map(noticed, faults), strict=True):
            results.append(result)
            print(f"{fault.name:{width}}  {result[0]}", flush=True)
    missed = sum(not found for _, found in results)
    print(f"{len(faults)} faults planted, {missed} not found, in {time.monotonic() - began:.0f} s")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
