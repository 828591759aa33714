"""What is one row, where newcomers are held up before they may begin? Waits for an approval, choices of a product."""

from __future__ import annotations

from firstcall.metrics.metric import Relation

APPROVED = Relation(
    "awaited_approval",
    "One row per newcomer, dated by registration, with when it asked for an approval and when it got it; `waited` is "
    "null while it waits, which a pending one does and one that asked.",
    """with asked as (
      select walker_of(w) as entity, min(w.time) as at from walked as w join people as h on h.entity = walker_of(w)
      where w.step = 'approval_requested' and w.time >= h.began_at group by walker_of(w)),
    granted as (
      select walker_of(w) as entity, min(w.time) as at from walked as w join people as h on h.entity = walker_of(w)
      where w.step = 'approved' and w.time >= h.began_at group by walker_of(w)),
    timed as (
      select who.day, who.split, who.entity, who.began_at, a.at as asked_at, g.at as approved_at,
        coalesce(e.first_call < who.began_at, false) as called_before,
        coalesce(g.at is not null or who.status = 'pending' or (a.at is not null and who.status <> 'deleted'), false)
          as told
      from entrants as who left join asked as a on a.entity = who.entity
      left join granted as g on g.entity = who.entity left join earliest as e on e.entity = who.entity
      where who.day >= $start and who.day < $end)
    select period_of(t.day) as period, t.split, t.entity, p.name, p.manager, t.began_at, t.asked_at, t.approved_at,
      t.called_before, t.called_before = false and t.told as counted,
      t.called_before = false and t.told = false as untold,
      case when t.called_before = false then seconds_between(t.began_at, t.approved_at) end as waited,
      greatest(seconds_between(t.began_at, $as_of), 0) as watched,
      case when t.called_before = false then seconds_between(t.began_at, t.asked_at) end as to_request,
      case when t.called_before = false and t.approved_at >= t.asked_at
        then seconds_between(t.asked_at, t.approved_at) end as request_to_approval
    from timed as t left join parties as p on p.partner_id = t.entity""",
    splits_by="people",
)

CHOSE = Relation(
    "chose",
    "One row per newcomer who chose a product before the first call and within the window, dated by registration: how "
    "often, and how many products; `mature` once it called or the window is closed.",
    """with used as (
      select u.entity, min(u.first_time) as first_call from usage as u where u.entity is not null group by u.entity),
    until as (
      select who.day, who.split, who.entity, who.began_at, f.first_call,
        add_seconds(who.began_at, $window_seconds) as closes
      from entrants as who left join used as f on f.entity = who.entity where who.day >= $start and who.day < $end),
    choices as (
      select u.entity, count(*) as choices, count(distinct w.subject) as products, min(w.time) as chose_at
      from until as u join walked as w on walker_of(w) = u.entity
      where w.step = 'product_selected' and w.time >= u.began_at and w.time <= u.closes
        and (u.first_call is null or w.time < u.first_call) group by u.entity)
    select period_of(u.day) as period, u.split, u.entity, p.name, p.manager, u.began_at, c.chose_at, u.first_call,
      c.choices, c.products, u.first_call is not null or u.closes <= $as_of as mature
    from until as u join choices as c on c.entity = u.entity left join parties as p on p.partner_id = u.entity""",
    splits_by="people",
)
