"""How much are the APIs used, and which parts of them? Volume and popularity."""

from __future__ import annotations

from firstcall.metrics.dimensions import USAGE_DIMENSIONS
from firstcall.metrics.metric import Metric, Part, Ratio
from firstcall.metrics.relations import use

POPULARITY = Part(
    of=use.RANKED,
    values={
        "calls": "sum(rows_of.calls)",
        "share": Ratio("sum(rows_of.calls)", "max(rows_of.all_calls)", "no calls"),
    },
    cases="sum(rows_of.calls)",
)
"""Calls of each part of a split, and their share of all calls."""
CALLERS = Part(of=use.CALLERS_OF, values={"partners": "count(distinct rows_of.entity)"}, cases="count(*)")
"""The distinct partners behind those calls."""

call_volume = Metric(
    question="How much are the APIs called?",
    words=(
        "All calls of the period, of every traffic class and with every answer; units beside them, and how many were "
        "blocked at the door: answered 401, 403 or 429."
    ),
    main=Part(
        of=use.TRAFFIC,
        values={"calls": "sum(rows_of.calls)", "units": "sum(rows_of.units)"},
        cases="sum(rows_of.calls)",
    ),
    beside=(Part(of=use.BLOCKED, values={"blocked": "sum(rows_of.calls)"}, cases="sum(rows_of.calls)"),),
    headline="calls",
    unit="count",
    better="higher",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="adoption",
    owner="API product",
    row="U1",
    action="Split it before reading it: one caller can hide everybody else.",
    needs=("calls",),
    environment="any",
    traffic="all",
    additive=True,
    why_no_bands="Volume has no good or bad without what it is worth.",
)

endpoint_popularity = Metric(
    question="Which endpoints get the traffic, and from how many partners?",
    words=(
        "Calls of each endpoint, their share of all calls of the period, and the number of distinct partners behind "
        "them."
    ),
    main=POPULARITY,
    beside=(CALLERS,),
    headline="calls",
    unit="count",
    unit_of={"share": "share"},
    better="neither",
    dimensions=tuple(USAGE_DIMENSIONS),
    horizon="short",
    category="adoption",
    owner="API product",
    row="U4",
    action="Spend documentation, reliability and features where calls and partners are.",
    needs=("calls",),
    environment="any",
    traffic="all",
    default_by=("endpoint",),
    ranked=True,
    default_grain="all",
    why_no_bands="It ranks; it does not judge.",
)
