"""Which finished answers are kept, so that an unchanged page costs nothing to show again?"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from starlette.responses import Response

MOST_BYTES = 48 * 1024 * 1024
"""Bytes of all bodies kept together; the longest unused goes first."""

LARGEST = 8 * 1024 * 1024
"""Bytes of the largest body that is kept."""


@dataclass
class ResponseCache:
    """Bodies by the tag of their answer; a tag changes with the store, so that nothing here grows stale."""

    most: int = MOST_BYTES
    _kept: OrderedDict[str, Response] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def take(self, tag: str) -> Response | None:
        """Return a fresh response with the body and headers kept under the tag."""
        with self._lock:
            if tag not in self._kept:
                return None
            self._kept.move_to_end(tag)
            kept = self._kept[tag]
        return Response(kept.body, kept.status_code, dict(kept.headers))

    def put(self, tag: str, response: Response) -> None:
        """Keep an answer, and let the longest unused go when there is no room."""
        size = len(response.body)
        if size > min(LARGEST, self.most):
            return
        with self._lock:
            if (old := self._kept.pop(tag, None)) is not None:
                self._bytes -= len(old.body)
            self._kept[tag] = Response(response.body, response.status_code, dict(response.headers))
            self._bytes += size
            while self._bytes > self.most:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone.body)
