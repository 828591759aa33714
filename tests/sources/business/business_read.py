"""What becomes of a sample of a business system, imported as a user would?"""

from __future__ import annotations

from pathlib import Path

from firstcall.pipeline.importing import ImportReport
from firstcall.pipeline.loading.load_job import Counts
from tests.pipeline.import_desk import ImportDesk

SAMPLES = Path(__file__).parents[2] / "samples"


def take_sample(at: ImportDesk, source: str, file: str, **options: str) -> ImportReport:
    """Import one sample file of a source; whatever came of it adds up."""
    report = at.take(source, (SAMPLES / source / file).read_bytes(), file, options=options)
    assert all(each.counts.adds_up for each in report.files)
    return report


def kept(counts: Counts) -> tuple[int, int, int, int]:
    """Return (read, landed, filtered, refused)."""
    return counts.read, counts.landed, counts.filtered, sum(counts.refused.values())
