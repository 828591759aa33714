"""What is one row, where others build on the APIs? Integrations, adapters, incidents, stages of products."""

from __future__ import annotations

from firstcall.metrics.metric import Relation
from firstcall.metrics.relations.signals import CONTRIBUTIONS, waits

_PARTNER = {
    "partner": "coalesce(named.root, t.partner_id)",
    **{name: f"p.{name}" for name in ("segment", "country", "channel", "manager")},
}
_BUILT = """select $split as split, t.integration_id, coalesce(named.root, t.partner_id) as partner, t.type as kind,
      t.target, t.started_at, as_seen(t.live_at) as live_at, t.installs, t.active_installs,
      local_day(t.started_at) as day
    from known_integrations as t left join party_of(t.partner_id) as p where $external and $kept"""
_OFFERS = {**_PARTNER, "kind": "t.type", "target": "t.target"}


def _live(source: str) -> str:
    return f"""select q.period, s.split, s.integration_id, s.partner, s.kind, s.target, s.live_at,
      coalesce(s.installs, 0) as installs, coalesce(s.active_installs, 0) as active_installs,
      coalesce(s.active_installs, 1) <> 0 as active, s.live_at >= q.starts as fresh
    from {source} as s cross join periods as q where s.live_at < q.ends"""


INTEGRATIONS = Relation(
    "integrations_built", "One row per third-party integration.", _BUILT, splits_by="own", offers=_OFFERS
)

INTEGRATIONS_LIVE = Relation(
    "integrations_live",
    "One row per period and integration that is live at its end; `fresh` when it went live within it.",
    _live("integrations_built"),
    splits_by="own",
    offers=_OFFERS,
)

INTEGRATIONS_BEGUN = Relation(
    "integrations_begun",
    "One row per integration begun; `waited` is null until it is live, `watched` runs to the as-of moment.",
    waits("started_at", "live_at", "integrations_built", "s.integration_id, s.partner, s.kind, s.target"),
    splits_by="own",
    offers=_OFFERS,
)

ADAPTING = Relation(
    "adapting",
    "One row per period and partner with a live integration at its end: standard ones, custom ones.",
    """select l.period, l.split, l.partner, sum(case when l.kind = 'custom' then 1 else 0 end) as custom,
      sum(case when l.kind = 'custom' then 0 else 1 end) as standard
    from integrations_live as l where l.partner is not null group by l.period, l.split, l.partner""",
    splits_by="own",
    offers=_OFFERS,
)

ADAPTERS_ACCEPTED = Relation(
    "adapters_accepted",
    "One row per period and adapter or sample app from outside that was accepted by its end.",
    """select q.period, s.split, s.kind, s.author_hash, s.time, s.accepted_at, s.accepted_at >= q.starts as fresh
    from contributions_brought as s cross join periods as q
    where s.external and s.kind in ('adapter', 'sample_app') and s.accepted_at < q.ends""",
    splits_by="own",
    offers=CONTRIBUTIONS.offers,
)

ADAPTERS_INSTALLED = Relation(
    "adapters_installed",
    "One row per period and adapter or sample that is live at its end.",
    f"{_live(f'({_BUILT})')} and s.kind in ('adapter', 'sample')",
    splits_by="own",
    offers={**_OFFERS, "kind": "case when t.type = 'sample' then 'sample_app' else t.type end"},
)


def _order(alias: str) -> str:
    return f"partition by {alias}.period, {alias}.split order by {alias}.begins, {alias}.stops, {alias}.incident_id"


def _incidents(split: str, join: str) -> str:
    return f"""with impacts as (
      select $split as split, t.incident_id, t.title, t.severity, t.started_at,
        coalesce(as_seen(t.resolved_at), $as_of) as over
      from known_incidents as t
      where t.integration_related and coalesce(t.severity, '') <> 'maintenance' and $kept),
    impact_parts as (
      select q.period, h.split, h.incident_id, h.title, h.severity, h.started_at,
        greatest(h.started_at, q.starts) as begins, least(h.over, q.ends, $as_of) as stops
      from impacts as h cross join periods as q
      where greatest(h.started_at, q.starts) < least(h.over, q.ends, $as_of)),
    impact_reach as (
      select x.period, x.split, x.incident_id, x.title, x.severity, x.started_at, x.begins, x.stops,
        max(x.stops) over ({_order("x")}) as reach from impact_parts as x),
    impact_chain as (
      select y.period, y.split, y.incident_id, y.title, y.severity, y.started_at, y.begins, y.stops,
        lag(y.reach) over ({_order("y")}) as before from impact_reach as y)
    select q.period, {split} as split, c.incident_id, c.title, c.severity, c.started_at,
      coalesce(greatest(seconds_between(greatest(c.begins, coalesce(c.before, c.begins)), c.stops), 0), 0) as seconds,
      greatest(seconds_between(q.starts, least(q.ends, $as_of)), 0) as span
    from periods as q {join} impact_chain as c on c.period = q.period"""


STABILITY = Relation(
    "stability",
    "One row per period and incident that hit integrations, with the time that no earlier one took; of a period "
    "without any, one row.",
    _incidents("''", "left join"),
    splits_by="own",
    offers={"severity": "t.severity"},
)

STABILITY_BY_SPLIT = Relation(
    "stability_by_split",
    "One row per period, split and incident that hit integrations, with the time that no earlier one took.",
    _incidents("c.split", "join"),
    splits_by="own",
    offers={"severity": "t.severity"},
)

IN_STAGE = Relation(
    "in_stage",
    "One row per period and product with the stage in force at its end.",
    """with stage_placed as (select q.period, s.product, s.stage,
        row_number() over (partition by q.period, s.product order by s.since desc, s.stage desc) as place
      from known_product_stages as s cross join periods as q where s.since < q.ends)
    select x.period, x.product, x.stage from stage_placed as x where x.place = 1""",
    splits_by="own",
)


def _ratings(name: str, kinds: str) -> str:
    rated = f"case when s.kind in ({kinds}) then"
    return f"sum({rated} s.rating else 0 end) as {name}, sum({rated} 1 else 0 end) as {name}_count"


_RATED = ("documentation", "sdk", "examples")
_NO_RATINGS = ", ".join(f"0 as {name}, 0 as {name}_count" for name in _RATED)

LIFECYCLE = Relation(
    "lifecycle",
    "One row per period, product and caller, with its calls and what it said in short opinions; one per ticket, and "
    "one per product that has a stage.",
    f"""with called_in_stage as (
      select u.period, u.product, u.entity, sum(u.calls) as calls, case when $active then u.entity end as caller,
        sum(case when u.outcome in ('client_error', 'server_error', 'timeout') then u.calls else 0 end) as errors
      from usage as u group by u.period, u.product, u.entity),
    opined_in_stage as (
      select coalesce(named.root, t.partner_id, d.partner_id) as partner, t.kind, t.rating,
        local_day(t.time) as day
      from known_feedback as t left join known_developers as d on d.developer_id = t.developer_id
      left join party_of(coalesce(t.partner_id, d.partner_id)) as p where t.rating is not null and $external),
    rated_in_stage as (
      select period_of(s.day) as period, s.partner, {_ratings("documentation", "'docs'")},
        {_ratings("sdk", "'sdk'")}, {_ratings("examples", "'sample_code', 'onboarding'")}
      from opined_in_stage as s where s.day >= $start and s.day < $end group by period_of(s.day), s.partner),
    seen_in_stage as (
      select c.period, c.product, c.caller, c.calls, c.errors, 0 as tickets,
        {", ".join(f"r.{name}, r.{name}_count" for name in _RATED)}
      from called_in_stage as c left join rated_in_stage as r on r.period = c.period and r.partner = c.caller
      union all
      select period_of(s.day) as period, s.product, cast(null as varchar) as caller, 0 as calls, 0 as errors,
        1 as tickets, {_NO_RATINGS} from tickets_opened as s where s.day >= $start and s.day < $end
      union all
      select i.period, i.product, cast(null as varchar) as caller, 0 as calls, 0 as errors, 0 as tickets,
        {_NO_RATINGS} from in_stage as i)
    select f.period, $split as split, f.product, i.stage, f.caller, f.calls, f.errors, f.tickets,
      {", ".join(f"f.{name}, f.{name}_count" for name in _RATED)}
    from seen_in_stage as f left join in_stage as i on i.period = f.period and i.product = f.product where $kept""",
    splits_by="own",
    offers={"product": "f.product", "kind": "i.stage"},
)
