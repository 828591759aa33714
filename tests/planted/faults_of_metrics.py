"""Which faults of single metrics must the tests notice? One or more of each room, and of the relations they share."""

from __future__ import annotations

from tests.planted.faults import Fault

ONBOARDING = (
    Fault(
        "the first call is the first success",
        "metrics/relations/people.py",
        "min(u.first_time) filter (where u.outcome = 'success') as first_success",
        "min(u.first_time) as first_success",
        ("time_to_first_call",),
    ),
    Fault(
        "a window closes an instant early",
        "metrics/relations/people.py",
        "coalesce(r.reached_at <= add_seconds(who.began_at, $window_seconds), false)",
        "coalesce(r.reached_at < add_seconds(who.began_at, $window_seconds), false)",
        ("activation_rate",),
        ("tests/metrics/onboarding/test_activation.py",),
    ),
    Fault(
        "a step at the moment of the one before is none",
        "metrics/relations/funnel.py",
        "where {condition} and w.time >= s.since)",
        "where {condition} and w.time > s.since)",
        ("onboarding_funnel", "funnel_step_times"),
        ("tests/metrics/onboarding/test_funnel.py",),
    ),
    Fault(
        "a ticket at the moment of going live was help",
        "metrics/onboarding/onboarding_quality_relations.py",
        "coalesce(t.ticket_at < l.live_at, false)",
        "coalesce(t.ticket_at <= l.live_at, false)",
        ("self_service_rate",),
        ("tests/metrics/onboarding/test_onboarding_quality.py",),
    ),
    Fault(
        "whoever asked twice waits twice",
        "metrics/relations/people.py",
        "select s.entity, min(s.since) as since, s.until from answered as s group by s.entity, s.until",
        "select s.entity, s.since, s.until from answered as s",
        tests=("tests/metrics/onboarding/test_activation.py",),
    ),
)
ADOPTION = (
    Fault(
        "who was away for one period was never away",
        "metrics/relations/usage.py",
        "when r.earlier = r.number - 1 then 'retained'",
        "when r.earlier >= r.number - 2 then 'retained'",
        ("growth_accounting",),
    ),
    Fault(
        "thirty days without a call are not enough",
        "metrics/relations/usage.py",
        ">= add_days(d.day, -$churn_days)",
        "> add_days(d.day, -$churn_days)",
        ("developer_churn_rate",),
    ),
    Fault(
        "churn is seen before its day",
        "metrics/relations/usage.py",
        "and s.churn_day < $as_of_day as churned",
        "and s.churn_day <= $as_of_day as churned",
        ("developer_churn_rate",),
        ("tests/metrics/adoption/test_partners.py",),
    ),
    Fault(
        "features are counted once an endpoint",
        "metrics/adoption/coverage_relations.py",
        "count(*) as endpoints, count(distinct o.feature) as features",
        "count(*) as endpoints, count(o.feature) as features",
        ("endpoint_coverage", "integration_depth", "feature_adoption", "depth_tiers"),
    ),
    Fault(
        "the last 30 days end a day late",
        "metrics/adoption/coverage_relations.py",
        "-1 - 5 * x.n - y.n",
        "0 - 5 * x.n - y.n",
        ("endpoint_coverage",),
    ),
    Fault(
        "a later bucket counts before it is over",
        "metrics/adoption/retention_relations.py",
        "{buckets} + 2",
        "{buckets} + 1",
        ("retention",),
    ),
    Fault(
        "what is pooled is pooled by cohort",
        "metrics/adoption/retention_relations.py",
        "over (partition by m.split) as pooled_back",
        "over (partition by m.split, m.cohort) as pooled_back",
        ("retention",),
    ),
)
BUSINESS = (
    Fault(
        "one-off lines recur",
        "metrics/relations/revenue_movements.py",
        'RECURRING = _earned("recurring", " and l.kind <> \'one_off\' and l.closing")',
        'RECURRING = _earned("recurring", " and l.closing")',
        ("net_revenue_retention",),
    ),
    Fault(
        "a plan recurs once more after its end",
        "query/ledger.py",
        "q.last_day < m.runs_until",
        "q.last_day <= m.runs_until",
        ("revenue_movements",),
    ),
    Fault(
        "revenue is held against that of other splits",
        "metrics/relations/money.py",
        "n.number = q.number and n.entity = b.entity and n.split = b.split",
        "n.number = q.number and n.entity = b.entity",
        ("net_revenue_retention",),
    ),
    Fault(
        "who pays nothing now has not left",
        "metrics/relations/revenue_movements.py",
        "when m.micros <= 0 and m.before_micros > 0 then 'churn'",
        "when m.micros < 0 and m.before_micros > 0 then 'churn'",
        ("revenue_movements",),
    ),
    Fault(
        "the fee of a tier is due at its first limit",
        "metrics/relations/rating.py",
        "case when {units} > t.above then t.fee else 0 end)",
        "case when {units} >= t.above then t.fee else 0 end)",
        ("leakage", "unrealised_revenue"),
    ),
    Fault(
        "the older contract holds",
        "metrics/relations/rating.py",
        "a.standing desc, a.started_at desc,",
        "a.standing desc, a.started_at,",
        ("leakage", "billing_accuracy"),
    ),
    Fault(
        "a month is converted at its first rate",
        "metrics/relations/rating.py",
        "order by d.date desc) as place",
        "order by d.date) as place",
        ("leakage", "billing_accuracy"),
    ),
    Fault(
        "grace lasts a day too long",
        "metrics/relations/conversion.py",
        "GRACE = 7 * 86400",
        "GRACE = 8 * 86400",
        ("trial_conversion", "trial_outcomes"),
    ),
    Fault(
        "who went live late was live in time",
        "metrics/business/onboarding_spend_relations.py",
        "when s.live_at <= s.closes then 'live'",
        "when s.live_at is not null then 'live'",
        ("unproductive_onboarding_cost",),
    ),
    Fault(
        "transactions count beside invoices",
        "metrics/relations/money.py",
        " or i.lines_seen = 0)",
        " or i.lines_seen >= 0)",
        ("cost_value_ratio",),
    ),
)
RELIABILITY = (
    Fault(
        "504 is no error of the server's",
        "metrics/reliability/error_rates.py",
        '_SERVER = "rows_of.status >= 500 and rows_of.status < 600"',
        '_SERVER = "rows_of.status >= 500 and rows_of.status < 504"',
        ("server_error_rate",),
    ),
    Fault(
        "the objective is what may fail",
        "metrics/reliability/slo_relations.py",
        "x.calls * (1 - $objective) as budget",
        "x.calls * $objective as budget",
        ("error_budget",),
    ),
    Fault(
        "resolving begins with the incident",
        "metrics/reliability/incident_relations.py",
        "seconds_between(d.detected_at, d.resolved_at)",
        "seconds_between(d.started_at, d.resolved_at)",
        ("time_to_resolve",),
    ),
    Fault(
        "downtimes that overlap add up",
        "metrics/reliability/availability_relations.py",
        "greatest(r.since, coalesce(lag(r.reach) over",
        "greatest(r.since, coalesce(lag(r.since) over",
        ("uptime",),
    ),
    Fault(
        "a delivery at the limit is late",
        "metrics/reliability/webhook_relations.py",
        "coalesce(d.waited <= $within_seconds, false)",
        "coalesce(d.waited < $within_seconds, false)",
        ("webhook_delivery",),
    ),
    Fault(
        "whoever waits four times as long is content",
        "metrics/reliability/performance_relations.py",
        "g.ms > 4 * g.patience",
        "g.ms > 5 * g.patience",
        ("apdex",),
    ),
)
SATISFACTION = (
    Fault(
        "who asks twice is two",
        "metrics/satisfaction/support.py",
        '"reach": "count(distinct rows_of.who)"',
        '"reach": "count(rows_of.who)"',
        ("improvement_backlog",),
    ),
    Fault(
        "nine of ten is not easy",
        "metrics/satisfaction/surveys.py",
        'share("rows_of.ease >= 9"',
        'share("rows_of.ease > 9"',
        ("ease_of_integration",),
    ),
    Fault(
        "the first answer of a wave stands",
        "metrics/relations/signals.py",
        "order by a.submitted_at desc, a.response_id desc",
        "order by a.submitted_at, a.response_id",
        ("developer_experience_score",),
    ),
    Fault(
        "four of five is no praise",
        "metrics/relations/signals.py",
        "case when s.rating >= 4 then 1",
        "case when s.rating > 4 then 1",
        ("developer_sentiment",),
    ),
    Fault(
        "what is solved at once has not waited",
        "metrics/relations/signals.py",
        "case when s.{ended} >= s.{began} then",
        "case when s.{ended} > s.{began} then",
        ("ticket_resolution_time", "request_to_fix_time"),
    ),
    Fault(
        "a ticket that names a developer has no partner",
        "metrics/relations/signals.py",
        "left join party_of(coalesce(t.partner_id, d.partner_id)) as p",
        "left join party_of(t.partner_id) as p",
        ("tickets_per_partner", "support_ticket_ratio"),
    ),
)
ECOSYSTEM = (
    Fault(
        "a target counts once an integration",
        "metrics/ecosystem/integrations.py",
        '"targets": "count(distinct rows_of.target)"',
        '"targets": "count(rows_of.target)"',
        ("deployment_target_diversity",),
    ),
    Fault(
        "incidents that overlap add up",
        "metrics/relations/ecosystem.py",
        "coalesce(c.before, c.begins)",
        "c.begins",
        ("platform_stability",),
    ),
    Fault(
        "a product's first stage stays",
        "metrics/relations/ecosystem.py",
        "order by s.since desc, s.stage desc",
        "order by s.since, s.stage",
        ("lifecycle_stages",),
    ),
)
METRICS = (*ONBOARDING, *ADOPTION, *BUSINESS, *RELIABILITY, *SATISFACTION, *ECOSYSTEM)
