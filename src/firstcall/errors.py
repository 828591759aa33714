"""What can go wrong, as one tree, so that a caller can catch as much or as little as it means.

FirstcallError
├── UsageError              the question or command is wrong; exit code 2
│   ├── UnknownName         a name nobody knows; carries the nearest known ones
│   │   └── UnknownValue    a filter's value that no row has
│   ├── SettingsError       firstcall.toml or an environment variable cannot be used
│   └── ScopeError          the metric is known, but not with this split, filter or variant
├── ImportRefused           a whole file cannot be imported; nothing of it was kept
├── PullFailed              another system gave no whole answer; what came before is kept
│   └── PullRejected        it did not accept the request, so asking again would not help
├── StoreError              the store cannot be opened or is not ours to change
│   ├── StoreBusy           another process owns it; says which and what to do
│   └── StoreTooNew         a newer program wrote it
└── MissingPart             an optional part is not installed; says how to get it

Every message says what was asked, what was found, and what to do.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class FirstcallError(Exception):
    """Anything firstcall refuses to do; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(FirstcallError):
    """The question or command itself is wrong."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that is in no catalogue; the message names the nearest known ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, hint: str = "") -> None:
        """Say that `name` is no `kind`, and what is near it among `known`."""
        names = sorted(set(known))
        alike = {each.casefold(): each for each in names}
        near = get_close_matches(name.strip().casefold(), alike, n=3, cutoff=0.5)
        self.near = [alike[each] for each in near]
        if self.near:
            help_ = f"Did you mean {' or '.join(self.near)}?"
        elif names and len(names) <= 40:
            help_ = f"Known: {', '.join(names)}."
        else:
            help_ = ""
        super().__init__(
            " ".join(part for part in (f"There is no {kind} named {name!r}.", help_, hint) if part)
        )


class UnknownValue(UnknownName):
    """A filter's value that no row has; the message names near ones."""


class SettingsError(UsageError):
    """The settings file or an environment variable cannot be used."""


class ScopeError(UsageError):
    """The metric exists, but not with this split, filter, entity or variant."""


class ImportRefused(FirstcallError):
    """A whole file cannot be imported; nothing of it was kept."""


class PullFailed(FirstcallError):
    """Another system's API gave no whole answer; what came before is kept, and the next pull goes on there."""


class PullRejected(PullFailed):
    """Another system's API did not accept the request; `status` is the HTTP status it said so with."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the status beside what to say."""
        super().__init__(message)
        self.status = status


class StoreError(FirstcallError):
    """The store cannot be opened, read or changed."""


class StoreBusy(StoreError):
    """Another process owns the store."""


class StoreTooNew(StoreError):
    """The store was written by a newer program than this one."""


class MissingPart(FirstcallError):
    """An optional part is not installed."""
