"""Where do newcomers stop? Ordered, entry-dated funnels over calls and journey, with those still under way apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firstcall.metrics.idioms import how_many, share
from firstcall.metrics.metric import Metric, Part, Relation, Variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from firstcall.periods import Scope

GRACE_SECONDS = 2
"""A step may be stamped up to this long before the one it follows; equal times keep the declared order."""

OPENED = 1_000_000
"""More consumer-days than people can cross a step on; it tells the planner that this side of the join is small."""


@dataclass(frozen=True, slots=True)
class CallStep:
    """A step made by a call: the condition on a rollup row `u`, and the same on a single call `m`."""

    rolled: str
    single: str


_SUCCESS = CallStep("u.outcome = 'success'", "m.outcome = 'success'")
_PRODUCTION = CallStep(
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
    "activation": _PRODUCTION,
    "production": _PRODUCTION,
}
PRESETS: Mapping[str, tuple[str, ...]] = {
    "program": ("registered", "sandbox_active", "first_success", "production"),
    "developer": ("signup", "first_call", "activation", "scaling"),
    "journey": ("registered", "docs_viewed", "credentials_requested", "first_success", "production"),
}
"""The first step of each is the entry: the account itself."""

_JOURNEY = """known_people as (
      select i.anonymous_id, arg_min(i.developer_id, i.time) as developer_id,
        arg_min(i.partner_id, i.time) as partner_id
      from known_journey as i where i.step = 'identified' and i.anonymous_id is not null group by i.anonymous_id),
    walked as (
      select j.time, j.step, coalesce(j.developer_id, i.developer_id) as developer,
        coalesce(a.root, j.partner_id, b.root, d.partner_id, c.root, i.partner_id, f.root, e.partner_id) as partner
      from known_journey as j
      left join known_people as i on i.anonymous_id = j.anonymous_id
      left join known_developers as d on d.developer_id = j.developer_id
      left join known_developers as e on e.developer_id = i.developer_id
      left join parties as a on a.partner_id = j.partner_id
      left join parties as b on b.partner_id = d.partner_id
      left join parties as c on c.partner_id = i.partner_id
      left join parties as f on f.partner_id = e.partner_id)"""


def _by_call(number: int, step: CallStep) -> str:
    """Return the expressions that find the first call of a step at or after the step before it.

    A rollup row that begins before that moment and ends after it is opened: its single calls are read. Where rollups
    cannot be used at all (a past state of knowledge, an as-of inside a day), rows are single calls and none is opened.
    """
    before = f"step_{number - 1}"
    return f"""open_{number} as (
      select s.entity, s.since, s.until, u.consumer, u.day
      from {before} as s join usage as u on u.entity = s.entity and u.day = {{local_day[s.since]}}
      where {step.rolled} and u.first_time < s.since and u.last_time >= s.since
      group by s.entity, s.since, s.until, u.consumer, u.day limit {OPENED}),
    found_{number} as (
      select s.entity, s.until, min(u.first_time) as at from {before} as s join usage as u on u.entity = s.entity
      where {step.rolled} and u.first_time >= s.since group by s.entity, s.until
      union all
      select r.entity, r.until, min(m.time) as at
      from calls as m join open_{number} as r on m.consumer = r.consumer and m.day = r.day
      where m.known_to is null and m.time >= r.since and {step.single} and {{raw_traffic}} group by r.entity, r.until),
    {_reached(number)}"""


def _by_journey(number: int, step: str) -> str:
    """Return the expressions that find the first such step in the journey at or after the step before it."""
    return f"""found_{number} as (
      select s.entity, s.until, w.time as at from step_{number - 1} as s join walked as w on w.{{walker}} = s.entity
      where w.step = '{step}' and w.time >= s.since),
    {_reached(number)}"""


def _by_milestone(number: int) -> str:
    """Return the expressions for the program's own milestone, reached at its n-th call."""
    return f"""found_{number} as (
      select s.entity, s.until, n.reached_at as at
      from step_{number - 1} as s join reached_nth as n on n.entity = s.entity
      where n.reached_at >= s.since),
    {_reached(number)}"""


def _by_volume(number: int) -> str:
    """Return the expressions for scaling: the day on which the running total of successful production calls is met.

    The moment is that of the last such call of the day.
    """
    return f"""volumes_{number} as (
      select u.entity, u.day, sum(u.calls) as calls, max(u.last_time) as at from usage as u
      where {_PRODUCTION.rolled} and u.entity is not null group by u.entity, u.day),
    totals_{number} as (
      select v.entity, v.at, sum(v.calls) over (partition by v.entity order by v.day) as total
      from volumes_{number} as v),
    found_{number} as (
      select s.entity, s.until, min(t.at) as at from step_{number - 1} as s join totals_{number} as t
      on t.entity = s.entity where t.total >= {{scaling_calls}} and t.at >= s.since group by s.entity, s.until),
    {_reached(number)}"""


def _reached(number: int) -> str:
    return f"""step_{number} as (
      select f.entity, f.until, min(f.at) as at, add_seconds(min(f.at), -{GRACE_SECONDS}) as since
      from found_{number} as f where f.at <= f.until group by f.entity, f.until)"""


def relation(name: str, steps: tuple[str, ...], *, own_milestone: bool) -> Relation:
    """Return the funnel's relation: one row per newcomer with the time of each step it reached."""
    texts = [
        f"""step_1 as (select w.entity, add_seconds(w.began_at, {{window_seconds}}) as until, w.began_at as at,
        add_seconds(w.began_at, -{GRACE_SECONDS}) as since
      from people as w where w.day >= {{start}} and w.day < {{end}})"""
    ]
    for number, step in enumerate(steps[1:], 2):
        if step == "activation" and own_milestone:
            texts.append(_by_milestone(number))
        elif step == "scaling":
            texts.append(_by_volume(number))
        elif step in CALL_STEPS:
            texts.append(_by_call(number, CALL_STEPS[step]))
        else:
            texts.append(_by_journey(number, step))
    if any(step not in {*CALL_STEPS, "scaling"} for step in steps[1:]):
        texts.insert(0, _JOURNEY)
    later = range(2, len(steps) + 1)
    times = ", ".join(f"step_{number}.at as {steps[number - 1]}_at" for number in later)
    joins = " ".join(f"left join step_{number} on step_{number}.entity = w.entity" for number in later)
    return Relation(
        f"funnel_{name}",
        f"One row per newcomer, dated by sign-up, with the time of each step: {' > '.join(steps)}.",
        f"""with {", ".join(texts)}
    select {{period[w.day]}} as period, w.split, w.entity, w.began_at as {steps[0]}_at, {times},
      add_seconds(w.began_at, {{window_seconds}}) <= {{as_of}} as mature
    from people as w {joins} where w.day >= {{start}} and w.day < {{end}}""",
        splits_by="people",
    )


def _part(name: str, *, own_milestone: bool) -> Part:
    steps = PRESETS[name]
    last = f"rows_of.{steps[-1]}_at is not null"
    return Part(
        of=relation(name, steps, own_milestone=own_milestone),
        values={
            "converted": share(last, "rows_of.mature", when_zero="window not closed"),
            **{step: how_many(f"rows_of.mature and rows_of.{step}_at is not null") for step in steps},
            "open": how_many("not rows_of.mature"),
            "dropped": how_many(f"rows_of.mature and not ({last})"),
        },
        cases=how_many("rows_of.mature"),
        open=how_many("not rows_of.mature"),
        notes=(
            (how_many("not rows_of.mature"), "{n} are still inside their window; steps count the others"),
        ),
    )


_PARTS = {(name, own): _part(name, own_milestone=own) for name in PRESETS for own in (False, True)}


def _chosen(scope: Scope) -> Part:
    return _PARTS[scope.variant("preset", "program"), scope.variant("milestone") == "nth"]


onboarding_funnel = Metric(
    question="Where do newcomers stop on the way to production?",
    words=(
        "Newcomers of the period, and how many of them reached each step in order within the window (90 days): "
        "registered, active in the sandbox, first successful call, production. Steps count those whose window is "
        "closed; the others are open. Scaling is met on the day the 1,000th successful production call is. Dropped are "
        "those whose window closed before the last step."
    ),
    main=_PARTS["program", False],
    main_for=_chosen,
    headline="converted",
    unit="share",
    unit_of=dict.fromkeys(
        (*{step for steps in PRESETS.values() for step in steps}, "open", "dropped"), "count"
    ),
    better="higher",
    dimensions=("partner", "developer", "app", "segment", "country", "channel", "manager"),
    horizon="short",
    category="onboarding",
    owner="Developer experience",
    row="A13",
    action="Take the step that loses most, ask those stuck there, and shorten it.",
    needs=(
        ("partners", "firstcall import partners partners.csv"),
        ("calls", "firstcall import nginx access.log"),
        ("credentials", "firstcall import credentials keys.csv"),
    ),
    environment="any",
    interval="converted",
    variants=(
        Variant("preset", "Which steps.", tuple(PRESETS), "program", {"developer": "developer"}),
        Variant(
            "scaling_calls",
            "Successful production calls that mean scaling.",
            (),
            "1000",
            unit="calls",
            most=10**12,
        ),
        Variant("window_days", "Days from the first step to the last.", (), "90", unit="days", most=3659),
        Variant(
            "milestone",
            "The call that counts as activation, in words.",
            (),
            "first successful production call",
        ),
    ),
    why_no_bands="No published line; compare with your own past.",
)
