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

NEWCOMERS = Relation(
    "newcomers",
    "One row per newcomer, dated by sign-up; `waited` is null while waiting, `watched` runs to the as-of moment.",
    """select {period[who.day]} as period, {join[who.split,f.split]} as split, who.entity, who.began_at,
      f.first_success, coalesce(e.first_call < who.began_at, false) as called_before,
      coalesce(e.first_call < who.began_at, false) = false as counted,
      case when e.first_call >= who.began_at then seconds_between(who.began_at, f.first_success) end as waited,
      greatest(seconds_between(who.began_at, {as_of}), 0) as watched
    from people as who left join firsts as f on f.entity = who.entity
    left join earliest as e on e.entity = who.entity
    where who.day >= {start} and who.day < {end}""",
    splits_by="both",
)

SIGNUPS = Relation(
    "signups",
    "One row per newcomer, dated by sign-up.",
    """select {period[who.day]} as period, who.split, who.entity, who.began_at, who.status
    from people as who where who.day >= {start} and who.day < {end}""",
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
        where u.entity is not null and u.calls > u.denied and u.day >= {{start}} and u.day < {{end}}
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
        where m.entity is not null and {milestone_call})
    select n.entity, n.first_time as reached_at from nth as n where n.place = {milestone_count}""",
    splits_by="people",
)

_COHORT = """select {{period[who.day]}} as period, who.split, who.entity, who.began_at, r.reached_at,
      add_seconds(who.began_at, {{window_seconds}}) <= {{as_of}} as mature,
      coalesce(r.reached_at <= add_seconds(who.began_at, {{window_seconds}}), false) as in_time
    from people as who left join {reached} as r on r.entity = who.entity
    where who.day >= {{start}} and who.day < {{end}}"""

_TO_DATE = """select q.period, who.split, who.entity, r.reached_at, coalesce(r.reached_at < q.ends, false) as reached
    from people as who cross join periods as q left join {reached} as r on r.entity = who.entity
    where who.began_at < q.ends and {registered}"""

COHORT = Relation(
    "cohort",
    "One row per newcomer, dated by sign-up: whether the milestone came in time, and whether its window is closed.",
    _COHORT.format(reached="reached"),
    splits_by="people",
)

COHORT_NTH = Relation(
    "cohort_nth", "As cohort, with the program's own milestone.", _COHORT.format(reached="reached_nth"),
    splits_by="people",
)  # fmt: skip

TO_DATE = Relation(
    "to_date",
    "One row per period and account registered by its end: whether it had reached the milestone by then.",
    _TO_DATE.format(reached="reached", registered=_REGISTERED),
    splits_by="people",
)

TO_DATE_NTH = Relation(
    "to_date_nth",
    "As to_date, with the program's own milestone.",
    _TO_DATE.format(reached="reached_nth", registered=_REGISTERED),
    splits_by="people",
)
