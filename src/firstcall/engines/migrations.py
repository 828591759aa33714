"""How does a store written by an earlier version become one of this version?

Each entry is (schema version it leads to, statements). Entries are never changed once released; a new column of the
schema needs a new entry. A test replays them from the first version on.
"""

from __future__ import annotations

MIGRATIONS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ()),
    (
        2,
        (
            'ALTER TABLE calls ADD COLUMN "host" VARCHAR',
            'ALTER TABLE calls ADD COLUMN "stage" VARCHAR',
            'ALTER TABLE calls ADD COLUMN "given_route" VARCHAR',
            'ALTER TABLE calls ADD COLUMN "given" BIGINT',
        ),
    ),
    (
        3,
        (
            'ALTER TABLE callers_by_month ADD COLUMN "last_success" TIMESTAMP',
            (
                "UPDATE callers_by_month AS r SET last_success = c.last_success FROM ("
                "SELECT CAST(date_trunc('month', day) AS DATE) AS day, source, product, method, route, version, "
                "environment, consumer, traffic_class, max(time) AS last_success FROM calls "
                "WHERE known_to IS NULL AND outcome = 'success' GROUP BY ALL) AS c WHERE r.day = c.day "
                "AND r.source = c.source AND r.product IS NOT DISTINCT FROM c.product AND r.method = c.method "
                "AND r.route IS NOT DISTINCT FROM c.route AND r.version IS NOT DISTINCT FROM c.version "
                "AND r.environment = c.environment AND r.consumer IS NOT DISTINCT FROM c.consumer "
                "AND r.traffic_class = c.traffic_class"
            ),
        ),
    ),
    (
        4,
        (
            'ALTER TABLE imports ADD COLUMN "options" VARCHAR',
            'CREATE TABLE repeats ("import_id" BIGINT, "table" VARCHAR, "key" HUGEINT)',
        ),
    ),
)
"""From nothing to the present; the first entry stands for the tables as first released."""

SCHEMA_VERSION = MIGRATIONS[-1][0]
