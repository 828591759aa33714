"""What is one row, where contracts are judged? Changes, and the releases they came with."""

from __future__ import annotations

from firstcall.metrics.metric import Relation

_OFFERS = {"product": "t.product", "version": "t.version", "kind": "t.kind"}
_DATED = """dated as (
      select local_day(t.released_at) as day, $split as split, t.product, t.version, t.released_at, t.kind,
        t.behind_new_version, t.notice_days, t.detail from known_contract_changes as t where $kept),
    kept as (
      select period_of(d.day) as period, d.split, d.product, d.version, d.released_at, d.kind,
        d.behind_new_version, d.notice_days, d.detail from dated as d where d.day >= $start and d.day < $end)"""

CHANGES = Relation(
    "contract_changes_told",
    "One row per change of a contract, dated by its release; `first` is 1 for one row of each release.",
    f"""with {_DATED}
    select k.period, k.split, k.product, k.version, k.released_at, k.kind, k.behind_new_version, k.notice_days,
      k.detail, case when row_number() over (partition by k.period, k.split, k.product, k.version
        order by k.released_at, k.kind) = 1 then 1 else 0 end as first,
      max(case when k.kind = 'breaking' and coalesce(k.behind_new_version, false) = false then 1 else 0 end)
        over (partition by k.period, k.split, k.product, k.version) as broke
    from kept as k""",
    splits_by="own",
    offers=_OFFERS,
)
