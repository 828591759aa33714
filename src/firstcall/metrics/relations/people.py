"""What is one row, where people are counted? Newcomers, the registered, and how far each one came."""

from __future__ import annotations

from firstcall.metrics.metric import Relation

_REGISTERED = "who.status in ('pending', 'approved', 'suspended')"

EARLIEST = Relation(
    "earliest",
    "One row per caller: its first call of any kind, whatever environment, traffic or answer.",
    """select z.entity, min(z.first_time) as first_call from anything as z
    where z.entity is not null group by z.entity""",
    splits_by="people",
)

FIRSTS = Relation(
    "firsts",
    "One row per caller: its first successful call.",
    """select u.entity, min(u.first_time) filter (where u.outcome = 'success') as first_success,
      arg_min(u.split, u.first_time) filter (where u.outcome = 'success') as split
    from usage as u where u.entity is not null group by u.entity""",
    splits_by="both",
)


def _newcomers(day: str) -> str:
    return f"""with known_since as (
      select joined_split(who.split, f.split) as split, who.entity, who.began_at, {day} as day, f.first_success,
        e.first_call
      from entrants as who left join firsts as f on f.entity = who.entity
      left join earliest as e on e.entity = who.entity)
    select period_of(k.day) as period, k.split, k.entity, k.began_at,
      k.first_success, coalesce(k.first_call < k.began_at, false) as called_before,
      coalesce(k.first_call < k.began_at, false) = false as counted,
      case when k.first_call >= k.began_at then seconds_between(k.began_at, k.first_success) end as waited,
      greatest(seconds_between(k.began_at, $as_of), 0) as watched
    from known_since as k where k.day >= $start and k.day < $end"""


def _net(newcomers: str) -> str:
    return f"""with asked as (
      select walker_of(w) as entity, w.time from walked as w
      where w.step = 'approval_requested' and walker_of(w) is not null),
    granted as (
      select walker_of(w) as entity, w.time from walked as w where w.step = 'approved' and walker_of(w) is not null),
    answered as (
      select a.entity, a.time as since, min(g.time) as until from asked as a
      join granted as g on g.entity = a.entity where g.time >= a.time group by a.entity, a.time),
    spells as (
      select s.entity, min(s.since) as since, s.until from answered as s group by s.entity, s.until),
    held as (
      select n.entity, sum(greatest(seconds_between(greatest(s.since, n.began_at), least(s.until,
        case when n.waited is null then $as_of else n.first_success end)), 0)) as held
      from {newcomers} as n join spells as s on s.entity = n.entity group by n.entity)
    select n.period, n.split, n.entity, n.began_at, n.first_success, n.called_before, n.counted,
      n.waited - coalesce(h.held, 0) as waited, greatest(n.watched - coalesce(h.held, 0), 0) as watched,
      coalesce(h.held, 0) as awaited_approval
    from {newcomers} as n left join held as h on h.entity = n.entity"""


NEWCOMERS = Relation(
    "newcomers",
    "One row per newcomer, dated by sign-up; `waited` is null while waiting, `watched` runs to the as-of moment.",
    _newcomers("who.day"),
    splits_by="both",
)

NEWCOMERS_BY_CALL = Relation(
    "newcomers_by_call",
    "One row per newcomer who made a successful call, dated by that call.",
    _newcomers("local_day(f.first_success)"),
    splits_by="both",
)


def net_of_approval(newcomers: Relation) -> Relation:
    """Return newcomers with what they waited less the time between asking for an approval and getting it."""
    return Relation(
        f"{newcomers.name}_net",
        f"As {newcomers.name}, less the time between asking for an approval and getting it.",
        _net(newcomers.name),
        splits_by="both",
    )


UNSEEN = Relation(
    "unseen",
    "One row per account registered before calls are known, whose first call may have come before them, too.",
    """select period_of(who.day) as period, who.split, who.entity, who.began_at
    from people as who where who.day < $calls_since""",
    splits_by="people",
)

SIGNUPS = Relation(
    "signups",
    "One row per newcomer, dated by sign-up.",
    """select period_of(who.day) as period, who.split, who.entity, who.began_at, who.status
    from people as who where who.day >= $start and who.day < $end""",
    splits_by="people",
)

REGISTERED = Relation(
    "registered",
    "One row per period and partner registered by its end: pending, approved or suspended.",
    f"""select q.period, who.split, who.entity, who.began_at, who.status
    from people as who cross join periods as q where who.began_at < q.ends and {_REGISTERED}""",
    splits_by="people",
)

REGISTERED_AND_TRIED = Relation(
    "registered_and_tried",
    "One row per period and partner registered by its end, with whether it had ever called by then, and within it.",
    f"""with tried as (select u.entity, min(u.first_time) as tried_at from usage as u
        where u.entity is not null and u.calls > u.denied group by u.entity),
    present as (select u.entity, u.period from usage as u
        where u.entity is not null and u.calls > u.denied and u.day >= $start and u.day < $end
        group by u.entity, u.period)
    select q.period, who.split, who.entity, t.tried_at, coalesce(t.tried_at < q.ends, false) as tried,
      n.entity is not null as called
    from people as who cross join periods as q left join tried as t on t.entity = who.entity
    left join present as n on n.entity = who.entity and n.period = q.period
    where who.began_at < q.ends and {_REGISTERED}""",
    splits_by="people",
)

REACHED = Relation(
    "reached",
    "One row per caller: when it reached the milestone of one successful call.",
    """select u.entity, min(u.first_time) as reached_at from usage as u
    where u.entity is not null and u.outcome = 'success' group by u.entity""",
    splits_by="people",
)

REACHED_NTH = Relation(
    "reached_nth",
    "One row per caller: when it made the call that completes the milestone.",
    """with nth as (select m.entity, m.first_time,
        row_number() over (partition by m.entity order by m.first_time) as place from moments as m
        where m.entity is not null and $milestone_call)
    select n.entity, n.first_time as reached_at from nth as n where n.place = $milestone_count""",
    splits_by="people",
)


def _cohort(reached: str) -> str:
    return f"""select period_of(who.day) as period, who.split, who.entity, who.began_at, r.reached_at,
      add_seconds(who.began_at, $window_seconds) <= $as_of as mature,
      coalesce(r.reached_at <= add_seconds(who.began_at, $window_seconds), false) as in_time
    from entrants as who left join {reached} as r on r.entity = who.entity
    where who.day >= $start and who.day < $end"""


def _to_date(reached: str) -> str:
    return f"""select q.period, who.split, who.entity, r.reached_at, coalesce(r.reached_at < q.ends, false) as reached
    from people as who cross join periods as q left join {reached} as r on r.entity = who.entity
    where who.began_at < q.ends and {_REGISTERED}"""


COHORT = Relation(
    "cohort",
    "One row per newcomer, dated by sign-up: whether the milestone came in time, and whether its window is closed.",
    _cohort("reached"),
    splits_by="people",
)

COHORT_NTH = Relation(
    "cohort_nth", "As cohort, with the program's own milestone.", _cohort("reached_nth"),
    splits_by="people",
)  # fmt: skip

TO_DATE = Relation(
    "to_date",
    "One row per period and account registered by its end: whether it had reached the milestone by then.",
    _to_date("reached"),
    splits_by="people",
)

TO_DATE_NTH = Relation(
    "to_date_nth",
    "As to_date, with the program's own milestone.",
    _to_date("reached_nth"),
    splits_by="people",
)
