"""Which settings does the sample program run with?"""

from __future__ import annotations

from typing import Final

SETTINGS: Final = """\
# Settings of the sample program. Every key is explained in docs/settings.md.
[program]
name = "Northwind APIs"
timezone = "Europe/Berlin"
currency = "EUR"
week_starts = "monday"
fiscal_year_starts = 1

[definitions]
churn_days = 30
milestone = "first successful production call"
activation_window_days = 90

# Sandbox: nginx and Kong by host, AWS by stage (which its paths begin with). Everything else is production.
[[environments]]
match = { host = "sandbox.*" }
environment = "sandbox"

[[environments]]
match = { stage = "sandbox" }
environment = "sandbox"

[[environments]]
match = { path = "/sandbox/*" }
environment = "sandbox"

[[environments]]
match = { path = "/*" }
environment = "production"

[[traffic]]
match = { user_agent = "NorthwindMonitor/*" }
class = "synthetic"

[[traffic]]
match = { user_agent = "NorthwindOps/*" }
class = "internal"

[[traffic]]
match = { user_agent = ["*Googlebot*", "*bingbot*"] }
class = "bot"

[[traffic]]
match = { user_agent = "*(mcp)*" }
class = "agent"

# nginx does not know products; the first part of the path does.
[[products]]
match = { path = "/payments/*" }
product = "payments"

[[products]]
match = { path = "/accounts/*" }
product = "accounts"

[[products]]
match = { path = "/shipping/*" }
product = "shipping"

[[products]]
match = { path = "/catalog/*" }
product = "catalog"

[[products]]
match = { path = ["/identity/*", "/prod/identity/*", "/sandbox/identity/*"] }
product = "identity"

[[products]]
match = { path = ["/insights/*", "/prod/insights/*", "/sandbox/insights/*"] }
product = "insights"

# The gateways logged before anybody called, so that those who registered before July 2025 waited in our sight.
[known_since]
calls = 2025-01-01

[slo]
availability = 0.9995
window_days = 30

[slo.payments]
availability = 0.9999

[slo.catalog]
availability = 0.999

[targets.time_to_first_call]
good = "1h"
owner = "Developer experience"

[targets.cost_per_partner_onboarded]
good = "1000"
owner = "Partner success"
"""
