"""What do the tests of the command line print: one small metric."""

from __future__ import annotations

from firstcall.bands import below
from firstcall.metrics.metric import Metric, Part, Relation

METRIC = Metric(
    question="How many calls were made?",
    words="All calls.",
    main=Part(
        of=Relation("calls_made", "One row per call.", "SELECT 1"),
        values={"calls": "count(*)"},
        cases="count(*)",
    ),
    headline="calls",
    unit="count",
    better="higher",
    dimensions=("product",),
    horizon="short",
    category="adoption",
    owner="Product",
    row="U1",
    action="Look at what grows.",
    needs=("calls",),
    filled_by={"calls": "firstcall import calls FILE"},
    bands=below(good=10),
)
