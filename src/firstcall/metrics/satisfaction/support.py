"""How much support do developers need, what about, and how much of it in onboarding?"""

from __future__ import annotations

from firstcall.metrics.card import Audience, Card
from firstcall.metrics.idioms import (
    OPEN_WINDOW,
    PARTNER_DIMENSIONS,
    PARTY_DIMENSIONS,
    how_many,
    share,
    still_open,
    waits,
)
from firstcall.metrics.metric import Metric, Part, Ratio, Variant
from firstcall.metrics.relations import signals

_DEVELOPER_EXPERIENCE = Audience("Developer experience", "satisfaction", "short")
_TAGGED = (*PARTNER_DIMENSIONS, "developer", "topic", "product", "endpoint")
_ACTIVE_RULE = Variant(
    "active",
    "Which calls make someone active: any but 401 and 403 alone, or successful ones.",
    ("any", "success"),
    "any",
)
_TICKET = "rows_of.ticket_id is not null"
_DEFAULTS = "A weight for everything the question keeps; ask with --where topic=NAME to weigh one topic."

support_ticket_ratio = Metric(
    card=Card(
        question="How many support tickets do a hundred active developers cause in a month?",
        words=(
            "100 × tickets of external partners (none of those that name nobody) over developers active in "
            "production in the same month. Over more than a month, developers count once for every month in which "
            "they are active, so the ratio stays one per month."
        ),
        action="Ask tickets_by_topic what they are about and remove the cause, not the symptom.",
        better="lower",
        why_no_bands="How much help is asked for depends on the product; compare with your own past.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="X4",
    ),
    main=Part(
        of=signals.TICKETS_AND_HEADS,
        values={
            "ratio": Ratio(f"100 * {how_many(_TICKET)}", "count(rows_of.entity)", "no active developers"),
            "tickets": how_many(_TICKET),
            "active_developers": "count(rows_of.entity)",
        },
        cases="count(rows_of.entity)",
    ),
    headline="ratio",
    unit="per_100",
    unit_of={"tickets": "count", "active_developers": "count"},
    dimensions=(*PARTNER_DIMENSIONS, "product"),
    needs=("tickets", "calls", "credentials"),
    entity="developer",
    grains=("month", "quarter", "year", "all"),
    variants=(_ACTIVE_RULE,),
)

tickets_by_topic = Metric(
    card=Card(
        question="Which topics and endpoints cause the most tickets?",
        words=(
            "Tickets of external partners by topic (or endpoint, product, partner), by the day they were opened, and "
            "their share of all; beside it the share of all tickets that name no topic, or no endpoint."
        ),
        action="The largest topics are the improvement backlog; a large untagged share asks for better tagging first.",
        better="lower",
        why_no_bands="A ranking; what counts is which topic leads it.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="X5",
    ),
    main=Part(
        of=signals.TAGGED,
        values={
            "tickets": "count(*)",
            "share": Ratio("count(*)", "max(rows_of.all_tickets)", "no tickets"),
            "untagged": Ratio("max(rows_of.untagged)", "max(rows_of.all_tickets)", "no tickets"),
            "without_endpoint": Ratio(
                "max(rows_of.without_endpoint)", "max(rows_of.all_tickets)", "no tickets"
            ),
        },
        cases="count(*)",
    ),
    headline="tickets",
    unit="count",
    unit_of=dict.fromkeys(("share", "untagged", "without_endpoint"), "share"),
    dimensions=_TAGGED,
    needs=("tickets",),
    environment="any",
    default_by=("topic",),
    ranked=True,
)

tickets_per_partner = Metric(
    card=Card(
        question="How much help does a partner need, and how much of it before going live?",
        words=(
            "Tickets of partners over partners active in the period, and over those registered by its end. A ticket "
            "is one of onboarding when it was opened before its partner's first successful production call. Tickets "
            "of nobody are shown as unattributed."
        ),
        action="Many tickets before the first production call are a gap in portal or documentation.",
        better="lower",
        why_no_bands="Compare with your own past, and partners with each other.",
        audience=Audience("Developer experience", "satisfaction", "mid"),
        requirement="X6",
    ),
    main=Part(
        of=signals.TICKETS_AND_PARTNERS,
        values={
            "per_active": Ratio(
                how_many(f"{_TICKET} and rows_of.partner is not null"),
                how_many("rows_of.what = 'active'"),
                "no active partners",
            ),
            "per_registered": Ratio(
                how_many(f"{_TICKET} and rows_of.partner is not null"),
                how_many("rows_of.what = 'registered'"),
                "no registered partners",
            ),
            "tickets": how_many(f"{_TICKET} and rows_of.partner is not null"),
            "onboarding_tickets": how_many("rows_of.onboarding and rows_of.partner is not null"),
            "onboarding_share": share(
                "rows_of.onboarding", f"{_TICKET} and rows_of.partner is not null", "no tickets"
            ),
            "unattributed": how_many(f"{_TICKET} and rows_of.partner is null"),
            "active_partners": how_many("rows_of.what = 'active'"),
            "registered_partners": how_many("rows_of.what = 'registered'"),
        },
        cases=how_many(f"{_TICKET} and rows_of.partner is not null"),
    ),
    headline="per_active",
    unit="number",
    unit_of={
        "onboarding_share": "share",
        **dict.fromkeys(
            ("tickets", "onboarding_tickets", "unattributed", "active_partners", "registered_partners"),
            "count",
        ),
    },
    dimensions=PARTNER_DIMENSIONS,
    needs=("tickets", "calls", "credentials"),
    variants=(_ACTIVE_RULE,),
)

improvement_backlog = Metric(
    card=Card(
        question="Which improvement would help the most for its effort?",
        words=(
            "RICE by topic: reach × impact × confidence ÷ effort. Reach is how many developers (else partners, else "
            "tickets) asked about it in the period; impact 1, confidence 100 % and effort 1 unless set."
        ),
        action="Take the first, estimate its impact and effort with those who would build it, ask again.",
        better="neither",
        why_no_bands="A ranking; scores are compared with each other.",
        audience=Audience("API product", "satisfaction", "short"),
        requirement="X7",
    ),
    main=Part(
        of=signals.BACKLOG,
        values={
            "score": "count(distinct rows_of.who) * max(rows_of.weight)",
            "reach": "count(distinct rows_of.who)",
            "tickets": "count(*)",
        },
        cases="count(*)",
    ),
    headline="score",
    unit="number",
    unit_of={"reach": "count", "tickets": "count"},
    dimensions=_TAGGED,
    needs=("tickets",),
    environment="any",
    default_by=("topic",),
    ranked=True,
    variants=(
        Variant("impact", f"How much it helps one developer. {_DEFAULTS}", (), "1", unit="points", most=1000),
        Variant("confidence", f"How sure the estimate is. {_DEFAULTS}", (), "100", unit="percent", most=100),
        Variant("effort", f"What it takes. {_DEFAULTS}", (), "1", unit="person-weeks", most=1000),
    ),
)

ticket_resolution_time = Metric(
    card=Card(
        question="How long does a ticket take to be resolved?",
        words=(
            "Median and 90th percentile (type 7) from opened to resolved, over resolved tickets, by the day of "
            "opening; and by Kaplan–Meier with open tickets counted as waiting."
        ),
        action="Look at the topics that take longest; most of them want documentation, not people.",
        better="lower",
        why_no_bands="What was promised differs; set a target in the settings.",
        audience=_DEVELOPER_EXPERIENCE,
        requirement="X10",
    ),
    main=waits(
        signals.TICKETS_RESOLVED,
        (how_many("rows_of.backwards"), "{n} were resolved before they were opened; left out"),
        counts=True,
    ),
    headline="median",
    unit="seconds",
    unit_of={"done": "count", "waiting": "count"},
    dimensions=_TAGGED,
    needs=("tickets",),
    environment="any",
)

onboarding_support_load = Metric(
    card=Card(
        question="Does easier integration lower the support that newcomers need?",
        words=(
            "Tickets opened within {window} of registration, over the partners of the cohort whose {window} are over; "
            "beside it the share of them that opened none. Compare cohorts before and after a change."
        ),
        action="When a cohort needs less than the ones before, the change it met worked.",
        better="lower",
        why_no_bands="Compare cohorts with each other.",
        audience=Audience("Developer experience", "satisfaction", "long"),
        requirement="X12",
    ),
    main=Part(
        of=signals.LOAD,
        values={
            "load": Ratio(
                "sum(rows_of.tickets) filter (where rows_of.mature)",
                how_many("rows_of.mature"),
                OPEN_WINDOW,
            ),
            "without_tickets": share("rows_of.tickets = 0", "rows_of.mature", OPEN_WINDOW),
            "tickets": "coalesce(sum(rows_of.tickets) filter (where rows_of.mature), 0)",
            "newcomers": "count(*)",
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(still_open(),),
    ),
    headline="load",
    unit="number",
    unit_of={"without_tickets": "share", "tickets": "count", "newcomers": "count"},
    dimensions=PARTY_DIMENSIONS,
    needs=("tickets", "partners"),
    environment="any",
)
