"""What is one row, where steps are followed in order? Newcomers with the time of each step, and each stay in a step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.errors import ScopeError
from firstcall.metrics.metric import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

LATER = "timestamp '2200-01-01'"
"""After every step; stands for one that was not reached where the earliest of several is wanted."""

OPENED = 1_000_000
"""More consumer-days than people can cross a step on; it tells the planner that this side of the join is small."""

ACCOUNTS = ("registered", "signup")
"""Steps that are the account itself; a funnel that begins with one begins with everybody."""

COMPLETERS = 10
"""Those who moved on, below which no 90th percentile says what is usual."""

FOR_EVER = "3155760000"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class CallStep:
    """A step made by a call: the condition on a rollup row `u`, and the same on a single call `m`."""

    rolled: str
    single: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """Steps, how they follow each other, and the seconds from the first to the last as SQL.

    ordered: others may lie between; strict: none may; any: those after the first in any order; implied: whoever
    reached a step counts in all before it. Except in any order, a step may be stamped $grace_seconds before the one
    it follows; equal times keep the declared order.
    """

    steps: tuple[str, ...]
    mode: str = "ordered"
    own_milestone: bool = False
    window: str = "$window_seconds"


_SUCCESS = CallStep("u.outcome = 'success'", "m.outcome = 'success'")
PRODUCTION = CallStep(
    "u.outcome = 'success' and u.environment = 'production'",
    "m.outcome = 'success' and m.environment = 'production'",
)
_SANDBOX = CallStep(
    "u.environment = 'sandbox' and u.calls > u.denied",
    "m.environment = 'sandbox' and m.status not in (401, 403)",
)
CALL_STEPS: Mapping[str, CallStep] = {
    "sandbox_active": _SANDBOX,
    "first_success": _SUCCESS,
    "first_call": _SUCCESS,
    "activation": PRODUCTION,
    "production": PRODUCTION,
}

PAYERS = Relation(
    "payers",
    "One row per invoice line that asks for money, dated by its issue, and developer of the partner that pays.",
    """select coalesce(p.root, l.partner_id) as partner, d.developer_id as developer, l.issued_at as time
    from known_invoice_lines as l left join parties as p on p.partner_id = l.partner_id
    left join parties as a on a.root = coalesce(p.root, l.partner_id)
    left join known_developers as d on d.partner_id = a.partner_id
    where l.amount > 0 and l.kind not in ('tax', 'credit', 'refund') and as_seen(l.issued_at) is not null""",
    splits_by="people",
)

TRIALS_BEGUN = Relation(
    "begun_trials",
    "One row per trial begun, told by the journey or by a subscription.",
    """select w.partner, w.developer, w.time from walked as w where w.step = 'trial_started'
    union all
    select coalesce(p.root, s.partner_id) as partner, d.developer_id as developer, s.started_at as time
    from known_subscriptions as s left join parties as p on p.partner_id = s.partner_id
    left join parties as a on a.root = coalesce(p.root, s.partner_id)
    left join known_developers as d on d.partner_id = a.partner_id where s.kind in ('trial', 'reverse_trial')""",
    splits_by="people",
)


def event(step: str) -> tuple[str, str]:
    """Return the relation that holds a step, and the condition on its row `w`."""
    others = {"paid": "payers", "trial_started": "begun_trials"}
    return (others[step], "true") if step in others else ("walked", f"w.step = '{step}'")


def _by_call(number: int, before: str, step: CallStep) -> str:
    """Return the expressions that find the first call of a step at or after the step before it.

    A rollup row that begins before that moment and ends after it is opened: its single calls are read. Where rollups
    cannot be used at all (a past state of knowledge, an as-of inside a day), rows are single calls and none is opened.
    """
    return f"""open_{number} as (
      select s.entity, s.since, s.until, u.consumer, u.day
      from {before} as s join near as u on u.entity = s.entity and u.day = local_day(s.since)
      where {step.rolled} and u.first_time < s.since and u.last_time >= s.since
      group by s.entity, s.since, s.until, u.consumer, u.day limit {OPENED}),
    found_{number} as (
      select s.entity, s.until, min(u.first_time) as at from {before} as s join near as u on u.entity = s.entity
      where {step.rolled} and u.first_time >= s.since group by s.entity, s.until
      union all
      select r.entity, r.until, min(m.time) as at
      from calls as m join open_{number} as r on m.consumer = r.consumer and m.day = r.day
      where m.known_to is null and m.time >= r.since and {step.single} and $raw_traffic
      group by r.entity, r.until)"""


def _by_event(number: int, before: str, step: str) -> str:
    """Return the expressions that find the first such row at or after the step before it."""
    table, condition = event(step)
    return f"""found_{number} as (
      select s.entity, s.until, w.time as at from {before} as s join {table} as w on walker_of(w) = s.entity
      where {condition} and w.time >= s.since)"""


def _by_milestone(number: int, before: str) -> str:
    """Return the expressions for the program's own milestone, reached at its n-th call."""
    return f"""found_{number} as (
      select s.entity, s.until, n.reached_at as at
      from {before} as s join reached_nth as n on n.entity = s.entity
      where n.reached_at >= s.since)"""


def _by_volume(number: int, before: str) -> str:
    """Return the expressions for scaling: the day on which the running total of successful production calls is met.

    The moment is that of the last such call of the day.
    """
    return f"""volumes_{number} as (
      select u.entity, u.day, sum(u.calls) as calls, max(u.last_time) as at from usage as u
      where {PRODUCTION.rolled} and u.entity is not null group by u.entity, u.day),
    totals_{number} as (
      select v.entity, v.at, sum(v.calls) over (partition by v.entity order by v.day) as total
      from volumes_{number} as v),
    found_{number} as (
      select s.entity, s.until, min(t.at) as at from {before} as s join totals_{number} as t
      on t.entity = s.entity where t.total >= $scaling_calls and t.at >= s.since group by s.entity, s.until)"""


def _reached(number: int, mode: str) -> str:
    """Return the expression for those who reached a step in time; strict, with no row of the journey between."""
    since = "add_seconds(min(f.at), -$grace_seconds) as since"
    plain = (
        f"select f.entity, f.until, min(f.at) as at, {since} from found_{number} as f where f.at <= f.until"
    )
    if mode != "strict":
        return f"step_{number} as ({plain} group by f.entity, f.until)"
    return f"""next_{number} as ({plain} group by f.entity, f.until),
    between_{number} as (
      select n.entity, count(*) as others from next_{number} as n
      join step_{number - 1} as b on b.entity = n.entity join walked as w on walker_of(w) = n.entity
      where w.time > b.at and w.time < n.at group by n.entity),
    step_{number} as (
      select n.entity, n.until, n.at, n.since from next_{number} as n
      left join between_{number} as o on o.entity = n.entity where o.entity is null)"""


def _found(number: int, before: str, step: str, *, own_milestone: bool) -> str:
    if step == "activation" and own_milestone:
        return _by_milestone(number, before)
    if step == "scaling":
        return _by_volume(number, before)
    if step in CALL_STEPS:
        return _by_call(number, before, CALL_STEPS[step])
    return _by_event(number, before, step)


def _entry(funnel: Funnel) -> str:
    """Return the expressions of the first step: the account, else the first such call ever or row of the scope."""
    first = funnel.steps[0]
    shown = f"add_seconds(e.at, {funnel.window}) as until, e.at, add_seconds(e.at, -$grace_seconds) as since"
    if first in ACCOUNTS:
        return f"""step_1 as (select e.entity, e.day, {shown}
      from (select who.entity, who.day, who.began_at as at from people as who
        where who.day >= $start and who.day < $end) as e)"""
    if first in CALL_STEPS:
        happened = f"""select u.entity, min(u.first_time) as at from usage as u
        where {CALL_STEPS[first].rolled} and u.entity is not null group by u.entity"""
        kept = "where d.day >= $start and d.day < $end"
    elif first == "scaling":
        raise ScopeError("A funnel cannot begin with scaling; begin with first_call.")
    else:
        table, condition = event(first)
        happened = f"select walker_of(w) as entity, w.time as at from {table} as w where {condition}"
        kept = "where d.day >= $start and d.day < $end"
    return f"""happened as ({happened}),
    dated as (select h.entity, h.at, local_day(h.at) as day from happened as h),
    step_1 as (select e.entity, e.day, {shown}
      from (select d.entity, min(d.at) as at, min(d.day) as day from dated as d {kept} group by d.entity) as e)"""


def _near(funnel: Funnel) -> str:
    """Return the expression of the calls that may be a step: from a newcomer's first step to the end of the window.

    Each step may come its grace before the one it follows.
    """
    return f"""near as (
      select u.entity, u.consumer, u.day, u.environment, u.outcome, u.calls, u.denied, u.first_time, u.last_time
      from usage as u join step_1 as s on s.entity = u.entity
      where u.first_time <= s.until
        and u.last_time >= add_seconds(s.since, -$grace_seconds * {len(funnel.steps)}))"""


def _told(funnel: Funnel) -> str:
    """Return the select of `walk` from `found`: times of the steps, and which of them a later one implied.

    An implied step has the time of the first later one; a step that came within the grace of that is none.
    """
    numbered = range(2, len(funnel.steps) + 1)
    times = {number: f"f.at_{number}" for number in numbered}
    skipped = dict.fromkeys((1, *numbered), "false")
    if funnel.mode == "implied":
        for number in numbered[:-1]:
            known = ", ".join(f"coalesce(f.at_{later}, {LATER})" for later in numbered[number - 2 :])
            times[number] = f"nullif(least({known}), {LATER})"
            skipped[number] = (
                f"coalesce(f.at_{number}, {LATER}) > add_seconds(least({known}), $grace_seconds)"
            )
    columns = [f"{text} as at_{number}" for number, text in times.items()]
    columns += [f"{text} as skipped_{number}" for number, text in skipped.items()]
    return f"select f.entity, f.day, f.at_1, {', '.join(columns)}, f.until, f.mature from found as f"


def named(steps: tuple[str, ...]) -> None:
    """Refuse steps that stand twice or bear a name that no step can have."""
    for place, step in enumerate(steps):
        if not _NAME.fullmatch(step) or step in steps[:place]:
            raise ScopeError(
                f"The funnel's step {step!r} cannot be asked: a step stands once, in lower-case letters, digits and "
                "underscores, as the journey or docs/metrics.md names it."
            )


def _walk(funnel: Funnel) -> str:
    """Return the expressions up to `walk`: entity, day, until, at_1 to at_n, skipped_1 to skipped_n, and mature.

    `until` is the end of the window, `mature` whether it is closed.
    """
    named(funnel.steps)
    texts = [_entry(funnel)]
    if not CALL_STEPS.keys().isdisjoint(funnel.steps[1:]):
        texts.append(_near(funnel))
    later = range(2, len(funnel.steps) + 1)
    for number in later:
        before = "step_1" if funnel.mode in {"any", "implied"} else f"step_{number - 1}"
        step = funnel.steps[number - 1]
        texts.append(_found(number, before, step, own_milestone=funnel.own_milestone))
        texts.append(_reached(number, funnel.mode))
    times = ", ".join(f"step_{number}.at as at_{number}" for number in later)
    joins = " ".join(f"left join step_{number} on step_{number}.entity = s.entity" for number in later)
    texts.append(
        f"""found as (select s.entity, s.day, s.at as at_1, {times}, s.until, s.until <= $as_of as mature
      from step_1 as s {joins}),
    walk as ({_told(funnel)})"""
    )
    return "with " + ", ".join(texts)


def relation(name: str, funnel: Funnel) -> Relation:
    """Return the funnel's relation: one row per newcomer with the time of each step it reached."""
    numbered = range(1, len(funnel.steps) + 1)
    times = ", ".join(f"w.at_{number} as {step}_at" for number, step in enumerate(funnel.steps, 1))
    skipped = " + ".join(f"case when w.skipped_{number} then 1 else 0 end" for number in numbered)
    early = " + ".join(
        f"case when w.at_{number + 1} < w.at_{number} then 1 else 0 end" for number in numbered[:-1]
    )
    return Relation(
        f"funnel_{name}",
        f"One row per newcomer, dated by the first step, with the time of each: {' > '.join(funnel.steps)}; "
        "`skipped` steps are implied by a later one, `early` ones stamped before the step they follow.",
        f"""{_walk(funnel)}
    select period_of(w.day) as period, who.split, who.entity, {times}, w.mature, {skipped} as skipped, {early} as early
    from walk as w join entrants as who on who.entity = w.entity""",
        splits_by="people",
    )


def _stays(funnel: Funnel) -> str:
    """Return the expressions up to `stays`: one row per newcomer and step reached, and how long it stayed."""
    numbered = range(1, len(funnel.steps) + 1)
    places = " union all ".join(f"select {place} as place" for place in numbered)
    steps = " ".join(f"when n.place = {place} then '{funnel.steps[place - 1]}'" for place in numbered)
    times = " ".join(f"when n.place = {place} then w.at_{place}" for place in numbered)
    after = " ".join(f"when n.place = {place} then w.at_{place + 1}" for place in numbered[:-1])
    skipped = " ".join(f"when n.place = {place} then w.skipped_{place}" for place in numbered)
    return f"""{_walk(funnel)},
    moves as (
      select w.entity, w.day, w.until, w.mature, n.place, case {steps} end as step, case {times} end as at,
        case {after} end as next_at, case {skipped} end as skipped
      from walk as w cross join ({places}) as n),
    stays as (
      select m.entity, m.day, m.mature, m.step, m.place, m.place = {numbered[-1]} as last, m.at,
        m.next_at is not null as moved, m.place < {numbered[-1]} and m.skipped = false as timed,
        case when m.next_at is not null and m.skipped = false
          then greatest(seconds_between(m.at, m.next_at), 0) end as lasted,
        greatest(seconds_between(m.at, least(m.until, $as_of)), 0) as watched
      from moves as m join entrants as h on h.entity = m.entity where m.at is not null)"""


def stays(name: str, funnel: Funnel) -> Relation:
    """Return one row per newcomer and step it reached, with the time until the next one."""
    return Relation(
        f"stays_{name}",
        "One row per newcomer and step it reached, dated by the first step; `lasted` runs to the step after it, "
        "`watched` to the as-of moment or the window's end; a skipped step has no time of its own.",
        f"""{_stays(funnel)}
    select period_of(x.day) as period, joined_split(who.split, x.step) as split, who.entity, x.step, x.place, x.at,
      x.mature, x.moved, x.last, x.timed, x.lasted, x.watched
    from stays as x join entrants as who on who.entity = x.entity where $kept""",
        splits_by="both",
        offers={"step": "x.step"},
    )


def stalled(name: str, funnel: Funnel) -> Relation:
    """Return one row per newcomer that stays in a step longer than usual."""
    return Relation(
        f"stalled_{name}",
        "One row per newcomer whose last step was reached longer ago than is usual, dated by the first step; "
        f"`allowed` is the P90 of those who moved on, else (under {COMPLETERS}) the days chosen.",
        f"""{_stays(funnel)},
    usual as (
      select x.step, case when count(x.lasted) >= {COMPLETERS} then quantile_cont(x.lasted, 0.9)
        else $stalled_days * 86400.0 end as allowed from stays as x group by x.step)
    select period_of(x.day) as period, joined_split(who.split, x.step) as split, who.entity, p.name, p.manager, x.step,
      x.at, seconds_between(x.at, $as_of) as waited, n.allowed
    from stays as x join entrants as who on who.entity = x.entity join usual as n on n.step = x.step
    left join parties as p on p.partner_id = who.entity
    where x.moved = false and x.last = false and who.status <> 'deleted'
      and seconds_between(x.at, $as_of) > n.allowed and $kept""",
        splits_by="both",
        offers={"step": "x.step"},
    )
