"""Why is there no answer although the question is a good one? Asked again, it may be answered."""

from __future__ import annotations


class Unanswered(Exception):
    """An answer is missing by no fault of the question; it is neither kept nor tagged."""


class TooSlow(Unanswered):
    """A query was stopped because its page had no time left."""


class Broken(Unanswered):
    """A fault of ours; the log has the details under the number that the message names."""
