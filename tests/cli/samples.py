"""What do the tests of the command line print: one small metric."""

from __future__ import annotations

from firstcall.bands import below
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.metric import Metric, Part, Relation

METRIC = Metric(
    card=Card(
        question="How many calls were made?",
        words="All calls.",
        action="Look at what grows.",
        better="higher",
        bands=below(good=10),
        audience=Audience("Product", "adoption", "short"),
        requirement="U1",
        filled_by={"calls": "firstcall import calls FILE"},
    ),
    main=Part(
        of=Relation("calls_made", "One row per call.", "SELECT 1"),
        values={"calls": "count(*)"},
        cases="count(*)",
    ),
    headline="calls",
    unit="count",
    dimensions=("product",),
    needs=("calls",),
)
