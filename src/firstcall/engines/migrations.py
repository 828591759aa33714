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
)
"""From nothing to the present; the first entry stands for the tables as first released."""

SCHEMA_VERSION = MIGRATIONS[-1][0]
