"""What is your API program worth, to those who call it and to those who pay for it?

The public names: `load` reads the settings, `Program.open(settings)` opens the store, `Program.ask(Question(...))`
returns an `Answer`. They are loaded when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib

__version__ = "0.1.0"

_HOMES = {
    "Answer": "firstcall.answers",
    "Point": "firstcall.answers",
    "FirstcallError": "firstcall.errors",
    "Question": "firstcall.periods",
    "Program": "firstcall.program",
    "Settings": "firstcall.settings",
    "load": "firstcall.settings",
}
__all__ = ["Answer", "FirstcallError", "Point", "Program", "Question", "Settings", "__version__", "load"]


def __getattr__(name: str) -> object:
    """Load a public name from its home."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'firstcall' has no attribute {name!r}")
