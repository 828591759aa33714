"""What is one row, where people ask for help or say what they think? Tickets, survey answers, opinions, requests."""

from __future__ import annotations

from firstcall.metrics.metric import Relation

_WHOSE = "coalesce(named.root, t.partner_id, d.partner_id)"
_OWNED = """left join known_developers as d on d.developer_id = t.developer_id
    left join party_of(coalesce(t.partner_id, d.partner_id)) as p"""
_PARTNER = {"partner": _WHOSE, **{name: f"p.{name}" for name in ("segment", "country", "channel", "manager")}}
_ENDPOINT = "t.method || ' ' || t.route"
_ABOUT = {"topic": "t.topic", "product": "t.product", "endpoint": _ENDPOINT, "developer": "t.developer_id"}
_WINDOW = "s.day >= $start and s.day < $end"


def _tickets(kept: str) -> str:
    return f"""select $split as split, t.ticket_id, {_WHOSE} as partner, t.developer_id as developer, t.opened_at,
      as_seen(t.resolved_at) as resolved_at, t.topic, t.product, {_ENDPOINT} as endpoint,
      local_day(t.opened_at) as day
    from known_tickets as t {_OWNED} where {kept}"""


TICKETS = Relation(
    "tickets_opened",
    "One row per ticket, test and duplicate accounts left out; one that names no partner is its developer's.",
    _tickets("$external and $kept"),
    splits_by="own",
    offers={**_PARTNER, **_ABOUT},
)

TICKETS_OF_ANYBODY = Relation(
    "tickets_of_anybody",
    "As tickets_opened, whatever the question filters by: it is asked of people, not of what their tickets name.",
    _tickets("$external"),
    splits_by="own",
    offers={**_PARTNER, **_ABOUT},
)

TICKETS_AND_HEADS = Relation(
    "tickets_and_heads",
    "One row per ticket of a partner, and one per month and caller active in it; `ticket_id` is null of callers.",
    f"""select period_of(s.day) as period, s.split, s.ticket_id, s.partner, s.developer, s.opened_at, s.topic,
      cast(null as varchar) as entity from tickets_opened as s where s.partner is not null and {_WINDOW}
    union all
    select u.period, u.split, cast(null as varchar) as ticket_id, cast(null as varchar) as partner,
      cast(null as varchar) as developer, cast(null as timestamp) as opened_at, cast(null as varchar) as topic,
      u.entity from usage as u where u.entity is not null
    group by u.period, u.split, u.entity, first_day('month', u.day) having $active""",
    splits_by="own",
    offers={**_PARTNER, "product": "t.product"},
)

TAGGED = Relation(
    "tickets_tagged",
    "One row per ticket, with how many tickets its period has, and how many of them name no topic or no endpoint.",
    f"""with dated as (select period_of(s.day) as period, s.split, s.ticket_id, s.partner, s.developer, s.opened_at,
        s.resolved_at, s.topic, s.product, s.endpoint from tickets_opened as s where {_WINDOW})
    select x.period, x.split, x.ticket_id, x.partner, x.developer, x.opened_at, x.resolved_at, x.topic, x.product,
      x.endpoint, count(*) over (partition by x.period) as all_tickets,
      sum(case when x.topic is null then 1 else 0 end) over (partition by x.period) as untagged,
      sum(case when x.endpoint is null then 1 else 0 end) over (partition by x.period) as without_endpoint
    from dated as x""",
    splits_by="own",
    offers={**_PARTNER, **_ABOUT},
)

REGISTERED_BY_END = Relation(
    "registered_by_end",
    "One row per period and partner registered by its end: pending, approved or suspended.",
    """select q.period, $split as split, p.partner_id as partner from parties as p cross join periods as q
    where p.root = p.partner_id and p.registered_at < q.ends
      and coalesce(p.status, 'approved') in ('pending', 'approved', 'suspended') and $kept""",
    splits_by="own",
    offers={**_PARTNER, "partner": "p.partner_id"},
)

TICKETS_AND_PARTNERS = Relation(
    "tickets_and_partners",
    "One row per ticket, with whether it came before its partner's first successful call, and one per period and "
    "partner active in it or registered by its end.",
    f"""with live as (select u.entity, min(u.first_time) as live_at from usage as u
        where u.entity is not null and u.outcome = 'success' group by u.entity)
    select period_of(s.day) as period, s.split, 'ticket' as what, s.partner, s.ticket_id, s.opened_at, s.topic,
      coalesce(n.live_at <= s.opened_at, false) = false as onboarding
    from tickets_opened as s left join live as n on n.entity = s.partner where {_WINDOW}
    union all
    select u.period, u.split, 'active' as what, u.entity as partner, cast(null as varchar) as ticket_id,
      cast(null as timestamp) as opened_at, cast(null as varchar) as topic, false as onboarding
    from usage as u where u.entity is not null and u.day >= $start and u.day < $end
    group by u.period, u.split, u.entity having $active
    union all
    select b.period, b.split, 'registered' as what, b.partner, cast(null as varchar) as ticket_id,
      cast(null as timestamp) as opened_at, cast(null as varchar) as topic, false as onboarding
    from registered_by_end as b""",
    splits_by="own",
    offers=_PARTNER,
    ever=True,
)

BACKLOG = Relation(
    "backlog",
    "One row per ticket with who is affected, and the weight that the question gives everybody affected.",
    f"""select period_of(s.day) as period, s.split, s.ticket_id, coalesce(s.developer, s.partner, s.ticket_id) as who,
      s.opened_at, s.topic, s.product, s.endpoint, $impact * $confidence / (100 * $effort) as weight
    from tickets_opened as s where {_WINDOW}""",
    splits_by="own",
    offers={**_PARTNER, **_ABOUT},
)


def waits(began: str, ended: str, source: str, columns: str) -> str:
    """Return the text of one row per thing that waits from `began` until `ended`, dated by `began`."""
    return f"""select period_of(s.day) as period, s.split, {columns}, s.{began}, s.{ended},
      coalesce(s.{ended} < s.{began}, false) as backwards,
      coalesce(s.{ended} < s.{began}, false) = false as counted,
      case when s.{ended} >= s.{began} then seconds_between(s.{began}, s.{ended}) end as waited,
      greatest(seconds_between(s.{began}, $as_of), 0) as watched
    from {source} as s where {_WINDOW}"""


TICKETS_RESOLVED = Relation(
    "tickets_resolved",
    "One row per ticket; `waited` is null while it is open, `watched` runs to the as-of moment.",
    waits(
        "opened_at",
        "resolved_at",
        "tickets_opened",
        "s.ticket_id, s.partner, s.developer, s.topic, s.product, s.endpoint",
    ),
    splits_by="own",
    offers={**_PARTNER, **_ABOUT},
)

LOAD = Relation(
    "support_load",
    "One row per newcomer, dated by entry: its tickets within the window, and whether the window is closed.",
    """with early as (select who.entity, count(*) as tickets from people as who join tickets_of_anybody as s
        on walker_of(s) = who.entity where s.opened_at >= who.began_at
          and s.opened_at < add_seconds(who.began_at, $window_seconds) group by who.entity)
    select period_of(who.day) as period, who.split, who.entity, who.began_at, coalesce(e.tickets, 0) as tickets,
      add_seconds(who.began_at, $window_seconds) <= $as_of as mature
    from people as who left join early as e on e.entity = who.entity
    where who.day >= $start and who.day < $end""",
    splits_by="people",
)

_NOTHING = "cast(null as varchar)"
_SCORES = ("documentation", "reliability", "support", "ease")
_AVERAGED = ("mean", *_SCORES)

ANSWERS = Relation(
    "survey_answers",
    "One row per survey answer; `place` is 1 for the last one of its developer and wave.",
    f"""select $split as split, t.response_id, t.wave, {_WHOSE} as partner, t.developer_id as developer,
      t.submitted_at, {", ".join(f"t.{name}" for name in _SCORES)}, t.comment, t.place,
      (t.documentation + t.reliability + t.support + t.ease) / 4 as mean, local_day(t.submitted_at) as day
    from (select a.*, row_number() over (
        partition by a.wave, a.developer_id, case when a.developer_id is null then a.response_id end
        order by a.submitted_at desc, a.response_id desc) as place from known_surveys as a) as t
    {_OWNED} where $external and $kept""",
    splits_by="own",
    offers={**_PARTNER, "wave": "t.wave", "kind": "'survey'", "topic": _NOTHING},
)

SURVEYED = Relation(
    "surveyed",
    "One row per developer and wave: the scores of the last answer and, when all four are there, their mean.",
    f"""select period_of(s.day) as period, s.split, s.response_id, s.wave, s.partner, s.developer, s.submitted_at,
      {", ".join(f"s.{name}" for name in _AVERAGED)}, 1 as answers,
      {", ".join(f"case when s.{name} is null then 0 else 1 end as with_{name}" for name in _AVERAGED)}
    from survey_answers as s where s.place = 1 and {_WINDOW}""",
    splits_by="own",
    offers=ANSWERS.offers,
)

SURVEYED_PARTNERS = Relation(
    "surveyed_partners",
    "One row per partner (or developer of none): the means of its developers' scores.",
    f"""select x.period, x.split, coalesce(x.partner, x.developer, x.response_id) as who,
      {", ".join(f"sum(x.{name}) / sum(x.with_{name}) as {name}" for name in _AVERAGED)}, count(*) as answers,
      {", ".join(f"sum(x.with_{name}) as with_{name}" for name in _AVERAGED)}
    from surveyed as x group by x.period, x.split, coalesce(x.partner, x.developer, x.response_id)""",
    splits_by="own",
    offers=ANSWERS.offers,
)

INVITED = Relation(
    "survey_invited",
    "One row per invitation to the survey, with whether the developer answered that wave.",
    """with came as (select a.wave, a.developer_id from known_surveys as a where a.developer_id is not null
        group by a.wave, a.developer_id),
    sent as (select $split as split, t.wave, t.developer_id as developer, t.sent_at, local_day(t.sent_at) as day,
        c.developer_id is not null as answered
      from known_survey_invites as t left join came as c on c.wave = t.wave and c.developer_id = t.developer_id
      left join known_developers as d on d.developer_id = t.developer_id left join party_of(d.partner_id) as p
      where $external and $kept)
    select period_of(s.day) as period, s.split, s.wave, s.developer, s.sent_at, s.answered from sent as s
    where s.day >= $start and s.day < $end""",
    splits_by="own",
    offers={**_PARTNER, "partner": "coalesce(named.root, d.partner_id)", "wave": "t.wave"},
)

OPINIONS = Relation(
    "opinions",
    "One row per short opinion on onboarding, a page, sample code or an SDK.",
    f"""select $split as split, {_WHOSE} as partner, t.developer_id as developer, t.time, t.kind, t.subject,
      t.rating, t.comment, local_day(t.time) as day
    from known_feedback as t {_OWNED} where $external and $kept""",
    splits_by="own",
    offers={**_PARTNER, "kind": "t.kind", "topic": "t.subject", "wave": _NOTHING},
)

OPINIONS_GIVEN = Relation(
    "opinions_given",
    "One row per short opinion, dated.",
    f"""select period_of(s.day) as period, s.split, s.partner, s.developer, s.time, s.kind, s.subject, s.rating,
      s.comment from opinions as s where {_WINDOW}""",
    splits_by="own",
    offers=OPINIONS.offers,
)

CADENCE = Relation(
    "feedback_given",
    "One row per opinion and survey answer, and one per month and caller active in it.",
    f"""select period_of(s.day) as period, s.split, 'opinion' as what, s.developer, s.time as said_at,
      {_NOTHING} as entity from opinions as s where {_WINDOW}
    union all
    select period_of(s.day) as period, s.split, 'survey' as what, s.developer, s.submitted_at as said_at,
      {_NOTHING} as entity from survey_answers as s where s.place = 1 and {_WINDOW}
    union all
    select u.period, u.split, 'active' as what, {_NOTHING} as developer, cast(null as timestamp) as said_at, u.entity
    from usage as u where u.entity is not null
    group by u.period, u.split, u.entity, first_day('month', u.day) having $active""",
    splits_by="own",
    offers=_PARTNER,
)

MOODS = Relation(
    "moods",
    "One row per rating and per survey answer on ease: mood is 1, 0 or -1.",
    f"""select period_of(s.day) as period, s.split, s.kind, s.partner, s.developer, s.time as said_at,
      case when s.rating >= 4 then 1 when s.rating <= 2 then -1 else 0 end as mood
    from opinions as s where s.rating is not null and {_WINDOW}
    union all
    select period_of(s.day) as period, s.split, 'survey' as kind, s.partner, s.developer, s.submitted_at as said_at,
      case when s.ease >= 7 then 1 when s.ease <= 4 then -1 else 0 end as mood
    from survey_answers as s where s.place = 1 and s.ease is not null and {_WINDOW}""",
    splits_by="own",
    offers=OPINIONS.offers,
)

NOTES = Relation(
    "comments_noted",
    "One row per comment in a survey or a short opinion, in the words of whoever wrote it.",
    f"""select period_of(s.day) as period, s.split, s.kind, s.subject, {_NOTHING} as wave, s.partner, s.developer,
      s.time as said_at, s.comment
    from opinions as s where s.comment <> '' and {_WINDOW}
    union all
    select period_of(s.day) as period, s.split, 'survey' as kind, {_NOTHING} as subject, s.wave, s.partner,
      s.developer, s.submitted_at as said_at, s.comment
    from survey_answers as s where s.comment <> '' and {_WINDOW}""",
    splits_by="own",
    offers=OPINIONS.offers,
)

REQUESTS = Relation(
    "requests_made",
    "One row per thing developers asked for.",
    """select $split as split, t.request_id, coalesce(named.root, t.partner_id) as partner, t.kind, t.opened_at,
      as_seen(t.deployed_at) as deployed_at, local_day(t.opened_at) as day
    from known_requests as t left join party_of(t.partner_id) as p where $external and $kept""",
    splits_by="own",
    offers={**_PARTNER, "partner": "coalesce(named.root, t.partner_id)", "kind": "t.kind"},
)

REQUESTS_SHIPPED = Relation(
    "requests_shipped",
    "One row per request; `waited` is null until it is deployed, `watched` runs to the as-of moment.",
    waits("opened_at", "deployed_at", "requests_made", "s.request_id, s.partner, s.kind"),
    splits_by="own",
    offers=REQUESTS.offers,
)

CONTRIBUTIONS = Relation(
    "contributions_brought",
    "One row per contribution to the open parts of the program.",
    """select $split as split, t.time, t.kind, t.external, t.author_hash, as_seen(t.accepted_at) as accepted_at,
      as_seen(t.resolved_at) as resolved_at, local_day(t.time) as day from known_contributions as t where $kept""",
    splits_by="own",
    offers={
        "kind": "t.kind",
        "traffic_class": "case when t.external then 'external' when not t.external then 'internal' end",
    },
)

ISSUES_RESOLVED = Relation(
    "issues_resolved",
    "One row per issue; `waited` is null while it is open, `watched` runs to the as-of moment.",
    waits("time", "resolved_at", "contributions_brought", "s.external, s.author_hash")
    + " and s.kind = 'issue'",
    splits_by="own",
    offers=CONTRIBUTIONS.offers,
)

FROM_OUTSIDE = Relation(
    "from_outside",
    "One row per contribution known to come from outside.",
    f"""select period_of(s.day) as period, s.split, s.time, s.kind, s.author_hash, s.accepted_at, s.resolved_at
    from contributions_brought as s where s.external and {_WINDOW}""",
    splits_by="own",
    offers=CONTRIBUTIONS.offers,
)
