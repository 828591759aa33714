"""What has the user decided: calendar, currency, the meaning of words, rules, targets?"""

from __future__ import annotations

from firstcall.settings.keys import Key, keys
from firstcall.settings.load import FILE_NAME, Origin, load, origin
from firstcall.settings.milestone import Milestone
from firstcall.settings.model import (
    Definitions,
    Funnel,
    KnownSince,
    Limits,
    Objective,
    Objectives,
    Privacy,
    Program,
    Settings,
    Store,
    Target,
)
from firstcall.settings.rules import EnvironmentRule, Match, ProductRule, RouteRule, TrafficRule
from firstcall.settings.template import meaning, template

__all__ = [
    "FILE_NAME",
    "Definitions",
    "EnvironmentRule",
    "Funnel",
    "Key",
    "KnownSince",
    "Limits",
    "Match",
    "Milestone",
    "Objective",
    "Objectives",
    "Origin",
    "Privacy",
    "ProductRule",
    "Program",
    "RouteRule",
    "Settings",
    "Store",
    "Target",
    "TrafficRule",
    "keys",
    "load",
    "meaning",
    "origin",
    "template",
]
