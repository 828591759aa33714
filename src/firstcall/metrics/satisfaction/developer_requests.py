"""How fast is what developers ask for delivered, and is what they bring taken?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import PARTNER_DIMENSIONS, how_many, share, waits
from firstcall.metrics.metric import Metric, Part
from firstcall.metrics.relations import signals

request_to_fix_time = Metric(
    card=Card(
        question="How long does it take from a developer's request to a deployed fix?",
        words=(
            "Median and 90th percentile (type 7) from request to deployment, over what was shipped, by the day of the "
            "request; and by Kaplan–Meier with open requests counted as waiting."
        ),
        action="When bugs wait as long as features, give them a lane of their own.",
        better="lower",
        why_no_bands="What was promised differs; set a target in the settings.",
        audience=Audience("API product", "satisfaction", "mid"),
        requirement="X8",
    ),
    main=waits(
        signals.REQUESTS_SHIPPED,
        (how_many("rows_of.backwards"), "{n} were deployed before they were asked for; left out"),
        counts=True,
    ),
    headline="median",
    unit="seconds",
    unit_of={"done": "count", "waiting": "count"},
    dimensions=(*PARTNER_DIMENSIONS, "kind"),
    needs=("requests",),
    environment="any",
)

issue_resolution_time = Metric(
    card=Card(
        question="How long does an issue of the open parts stay open?",
        words=(
            "Median and 90th percentile (type 7) from opened to closed, over closed issues, by the day of opening; "
            "and by Kaplan–Meier with open issues counted as waiting."
        ),
        action="Answer first, fix second: silence is what drives contributors away.",
        better="lower",
        why_no_bands="Compare with your own past.",
        audience=Audience("Developer relations", "satisfaction", "mid"),
        requirement="X10",
    ),
    main=waits(
        signals.ISSUES_RESOLVED,
        (how_many("rows_of.backwards"), "{n} were closed before they were opened; left out"),
        counts=True,
    ),
    headline="median",
    unit="seconds",
    unit_of={"done": "count", "waiting": "count"},
    dimensions=("traffic_class", "kind"),
    needs=("contributions",),
    environment="any",
)

contribution_acceptance_rate = Metric(
    card=Card(
        question="How much of what outsiders contribute is constructive and taken?",
        words=(
            "Contributions from outside that were accepted or merged, over all from outside, by the day they came. "
            "Those not yet decided count as not accepted and are shown."
        ),
        action="A low rate asks for a contribution guide, a long list of undecided ones for reviewers.",
        better="higher",
        why_no_bands="Compare with your own past.",
        audience=Audience("Developer relations", "satisfaction", "long"),
        requirement="X10",
    ),
    main=Part(
        of=signals.FROM_OUTSIDE,
        values={
            "rate": share("rows_of.accepted_at is not null", when_zero="no contributions from outside"),
            "accepted": "count(rows_of.accepted_at)",
            "contributions": "count(*)",
            "undecided": how_many("rows_of.accepted_at is null and rows_of.resolved_at is null"),
        },
        cases="count(*)",
    ),
    headline="rate",
    unit="share",
    unit_of=dict.fromkeys(("accepted", "contributions", "undecided"), "count"),
    dimensions=("kind",),
    needs=("contributions",),
    environment="any",
    interval="rate",
)
