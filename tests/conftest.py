"""How do property tests draw, and whose time zones do the references read?

The same examples in every run; `make nightly` draws new ones. Zones are those of tzdata, not of the machine.
"""

from __future__ import annotations

import os
import zoneinfo

from hypothesis import settings

settings.register_profile("the same", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("new ones", database=None, deadline=None, print_blob=True)
settings.load_profile(
    "new ones" if {"FIRSTCALL_WORLDS", "FIRSTCALL_FUZZ"} & os.environ.keys() else "the same"
)
zoneinfo.reset_tzpath(())
