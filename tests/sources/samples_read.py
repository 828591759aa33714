"""How do tests of sources open the samples: as lines, or as records of CSV?"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "samples"


def sample(name: str) -> list[str]:
    """Return the lines of a sample such as `kong/file.json`."""
    return (SAMPLES / name).read_text(encoding="utf-8").splitlines()


def records(name: str, delimiter: str = ",", header: Sequence[str] | None = None) -> list[str]:
    """Return each record of a CSV sample as a JSON object line, as sources that read CSV are given them."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as text:
        return [json.dumps(row) for row in csv.DictReader(text, header, delimiter=delimiter)]
