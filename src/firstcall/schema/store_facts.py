"""What does a store say of itself? The names in its table `store`."""

from __future__ import annotations

ZONE = "rollup_zone"
"""The store's fact that names the zone of `calls.day`, `calls.hour` and the rollups."""
TZDATA = "tzdata"
"""The store's fact that names the version of the zone rules by which these were made."""
SUCCESS = "success"
"""The store's fact that says which statuses the outcomes of its calls take for success."""
RULES = "rules"
"""The store's fact that tells the rules by which its calls were judged from others."""
ENDPOINTS = "endpoints"
"""The store's fact that tells the endpoints by which its calls were routed from others."""
