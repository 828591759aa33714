"""How do property tests draw, whose time zones do the references read, and how often is memory swept?

The same examples in every run; `make nightly` draws new ones. Zones are those of tzdata, not of the machine.
"""

from __future__ import annotations

import gc
import os
import zoneinfo

from hypothesis import settings

settings.register_profile("the same", derandomize=True, database=None, deadline=None, print_blob=True)
settings.register_profile("new ones", database=None, deadline=None, print_blob=True)
settings.load_profile(
    "new ones" if {"FIRSTCALL_WORLDS", "FIRSTCALL_FUZZ"} & os.environ.keys() else "the same"
)
zoneinfo.reset_tzpath(())
gc.set_threshold(50_000)  # thousands of tests and parsed texts live to the end, and each sweep looks at them
