"""Do webhooks arrive, and soon enough?"""

from __future__ import annotations

from firstcall.bands import above
from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import how_many, share
from firstcall.metrics.metric import Metric, Part, Variant
from firstcall.metrics.reliability.webhook_relations import DELIVERIES

webhook_delivery = Metric(
    card=Card(
        question="Which share of webhooks arrives within half a minute of what it tells?",
        words=(
            "Events delivered at most 30 seconds after they happened (--set within_seconds) over all events; counted "
            "to the first successful attempt, retries included. An event that was never delivered has failed. Events "
            "whose seconds are not over at the as-of moment are open and left out. P95 (type 7) is of those "
            "delivered."
        ),
        action="Split it by partner: an endpoint that is down is its owner's to hear of.",
        better="higher",
        bands=above(good=0.99, needs_work=0.95),
        audience=Audience("Platform engineering", "reliability", "short"),
        requirement="R7",
    ),
    main=Part(
        of=DELIVERIES,
        values={
            "share": share("rows_of.in_time", "rows_of.closed", "no event whose time is over"),
            "p95": "quantile_cont(rows_of.waited, 0.95)",
            "delivered": "count(rows_of.waited)",
            "undelivered": how_many("rows_of.closed and rows_of.waited is null"),
        },
        cases=how_many("rows_of.closed"),
        open=how_many("not rows_of.closed"),
        notes=((how_many("not rows_of.closed"), "{n} events have time left; left out"),),
        floors={"p95": ("count(rows_of.waited)", 10)},
    ),
    headline="share",
    unit="share",
    unit_of={"p95": "seconds", "delivered": "count", "undelivered": "count"},
    dimensions=("product", "partner", "segment", "country", "channel", "manager"),
    needs=("webhook_deliveries",),
    environment="any",
    traffic="all",
    variants=(
        Variant(
            "within_seconds",
            "Seconds in which an event has to arrive.",
            (),
            "30",
            unit="seconds",
            most=86_400,
        ),
    ),
    interval="share",
)
