"""What does an API program with a known story look like, in its gateways' own files?"""

from __future__ import annotations

from firstcall.demo.world import Import, Manifest, make_world

__all__ = ["Import", "Manifest", "make_world"]
