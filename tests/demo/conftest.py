"""Which worlds do the tests of the sample program look at?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from firstcall.demo import make_world
from tests.demo.reading import Call, calls, table


@dataclass(frozen=True, slots=True)
class Files:
    """One written world and its calls, with the scale it was made at."""

    folder: Path
    scale: float
    calls: tuple[Call, ...]

    def table(self, name: str) -> list[dict[str, str]]:
        """Rows of a CSV table."""
        return table(self.folder, name)

    def partner(self, name: str) -> str:
        """The id of the organisation with this name."""
        return next(row["partner_id"] for row in self.table("partners") if row["name"] == name)

    def counted(self) -> set[str]:
        """Ids of the organisations that adoption counts: neither test, duplicate nor rejected."""
        out = {"test", "duplicate", "rejected"}
        return {row["partner_id"] for row in self.table("partners") if row["status"] not in out}


@pytest.fixture(scope="session", params=[(7, 0.25), (11, 0.02)], ids=["quarter", "tiny, other seed"])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A world written and read back: one at a quarter of the size, one tiny and from another seed."""
    seed, scale = request.param
    folder = tmp_path_factory.mktemp("world")
    make_world(folder, seed=seed, scale=scale)
    return Files(folder, scale, tuple(calls(folder)))
