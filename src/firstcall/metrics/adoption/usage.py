"""How much are the APIs used, and which parts of them? Volume and popularity."""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import usage

_API_PRODUCT = Audience("API product", "adoption", "short")
POPULARITY = Part(
    of=usage.RANKED,
    values={
        "calls": "sum(rows_of.calls)",
        "share": Ratio("sum(rows_of.calls)", "max(rows_of.all_calls)", "no calls"),
    },
    cases="sum(rows_of.calls)",
)
"""Calls of each part of a split, and their share of all calls."""
CALLERS = Part(of=usage.CALLERS_OF, values={"partners": "count(distinct rows_of.entity)"}, cases="count(*)")
"""The distinct partners behind those calls."""

call_volume = Metric(
    card=Card(
        question="How much are the APIs called?",
        words=(
            "All calls of the period, of every traffic class and with every answer; units beside them, and how many "
            "were blocked at the door: answered 401, 403 or 429."
        ),
        action="Split it before reading it: one caller can hide everybody else.",
        better="higher",
        why_no_bands="Volume has no good or bad without what it is worth.",
        audience=_API_PRODUCT,
        requirement="U1",
    ),
    main=Part(
        of=usage.TRAFFIC,
        values={"calls": "sum(rows_of.calls)", "units": "sum(rows_of.units)"},
        cases="sum(rows_of.calls)",
    ),
    beside=(Part(of=usage.BLOCKED, values={"blocked": "sum(rows_of.calls)"}, cases="sum(rows_of.calls)"),),
    headline="calls",
    unit="count",
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    additive=True,
)

endpoint_popularity = Metric(
    card=Card(
        question="Which endpoints get the traffic, and from how many partners?",
        words=(
            "Calls of each endpoint, their share of all calls of the period, and the number of distinct partners "
            "behind them."
        ),
        action="Spend documentation, reliability and features where calls and partners are.",
        better="neither",
        why_no_bands="It ranks; it does not judge.",
        audience=_API_PRODUCT,
        requirement="U4",
    ),
    main=POPULARITY,
    beside=(CALLERS,),
    headline="calls",
    unit="count",
    unit_of={"share": "share"},
    dimensions=tuple(USAGE_DIMENSIONS),
    needs=("calls",),
    environment="any",
    traffic="all",
    default_by=("endpoint",),
    ranked=True,
    default_grain="all",
)
