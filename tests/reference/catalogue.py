"""What does the reference say to a question?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.reference.adoption.partners import (
    active_partners,
    growth_accounting,
    new_signups,
    partner_growth_rate,
    registered_partners,
    sandbox_activation,
)
from tests.reference.adoption.usage import call_volume, endpoint_popularity
from tests.reference.business.economics import cost_per_partner_onboarded, cost_value_ratio, program_cost
from tests.reference.business.revenue import (
    net_revenue_retention,
    program_revenue,
    revenue_per_partner,
    revenue_per_product,
)
from tests.reference.found import found
from tests.reference.onboarding.activation import (
    activation_rate,
    developer_churn_rate,
    production_activation_rate,
    time_to_first_call,
)
from tests.reference.onboarding.funnel import onboarding_funnel
from tests.reference.question import Point, Question, World
from tests.reference.reliability.error_rates import (
    client_error_rate,
    error_rate,
    latency,
    server_error_rate,
    timeout_rate,
)

METRICS: Mapping[str, Callable[[World, Question], list[Point]]] = {
    **found("METRICS"),
    **{
        metric.__name__: metric
        for metric in (
            time_to_first_call,
            active_partners,
            registered_partners,
            sandbox_activation,
            partner_growth_rate,
            growth_accounting,
            new_signups,
            onboarding_funnel,
            activation_rate,
            production_activation_rate,
            call_volume,
            endpoint_popularity,
            error_rate,
            client_error_rate,
            server_error_rate,
            timeout_rate,
            latency,
            program_revenue,
            revenue_per_partner,
            revenue_per_product,
            net_revenue_retention,
            developer_churn_rate,
            program_cost,
            cost_value_ratio,
            cost_per_partner_onboarded,
        )
    },
}


def answer(world: World, question: Question) -> list[Point]:
    """Return the points of one metric: by bucket, then by combination, nobody's last."""
    return METRICS[question.metric](world, question)
