"""Which worlds are drawn, and how is one of them drawn again?

The same in every run, whatever changes in the project. FIRSTCALL_WORLDS=1000 draws as many and draws them anew, unless
FIRSTCALL_SEED says where they begin: FIRSTCALL_WORLDS=1 FIRSTCALL_SEED=271 draws the one world of that seed.
"""

from __future__ import annotations

import os
from random import SystemRandom

ANEW = "FIRSTCALL_WORLDS" in os.environ
"""Whether more than the usual is drawn: there is time for what takes minutes."""
WORLDS = int(os.environ.get("FIRSTCALL_WORLDS", "50"))
"""Worlds that each metric meets."""
FIRST = int(os.environ.get("FIRSTCALL_SEED") or (SystemRandom().getrandbits(32) if ANEW else 2_718_281_800))


def seeds(count: int) -> range:
    """Return the seeds of this run's first worlds; they follow each other, which deals their questions evenly."""
    return range(FIRST, FIRST + count)


def fewer(share: int, least: int) -> int:
    """Return how many worlds are drawn where one in `share` of them will do, if there are as many as `least`."""
    return min(WORLDS, max(WORLDS // share, least))
