"""When has an integration reached something that matters?"""

from __future__ import annotations

import re
from dataclasses import dataclass

SENTENCE = re.compile(
    r"(?P<count>first|[1-9][0-9,_]*)"
    r"(?P<success>\s+successful)?"
    r"(?:\s+(?P<environment>production|sandbox))?"
    r"\s+calls?"
    r"(?:\s+to\s+(?P<endpoint>[A-Za-z]+\s+/\S*))?",
    re.IGNORECASE,
)
MOST_CALLS = 1_000_000_000
"""The call that is furthest away."""
ENDPOINT = re.compile(r"[A-Z]+ /\S*")
ALLOWED = (
    '"first successful production call", "100 successful production calls", '
    '"first call to POST /v1/messages", or { endpoint = "POST /v1/messages", count = 100 }'
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """The `count`-th call that counts.

    `endpoint` is `METHOD route` or None for any; `environment` is production, sandbox or any;
    `success` says whether only successful calls count.
    """

    count: int = 1
    endpoint: str | None = None
    environment: str = "production"
    success: bool = True

    def __str__(self) -> str:
        """Say the milestone as the sentence that `parse` reads back."""
        words = ["first" if self.count == 1 else str(self.count)]
        words += ["successful"] * self.success
        words += [self.environment] * (self.environment != "any")
        words += ["call" if self.count == 1 else "calls"]
        words += [f"to {self.endpoint}"] * (self.endpoint is not None)
        return " ".join(words)


def parse(given: object) -> Milestone:
    """Read a milestone from a sentence or a table of endpoint and count; ValueError says what is allowed.

    A sentence means what it says: "first call" counts failed calls and any environment. A table counts
    successful production calls.
    """
    if isinstance(given, Milestone):
        return given
    if isinstance(given, str) and (said := SENTENCE.fullmatch(given.strip())):
        return Milestone(
            _count(said["count"].lower()),
            _endpoint(said["endpoint"]) if said["endpoint"] else None,
            (said["environment"] or "any").lower(),
            said["success"] is not None,
        )
    if isinstance(given, dict) and given and given.keys() <= {"endpoint", "count"}:
        count = given.get("count", 1)
        if isinstance(count, int) and not isinstance(count, bool) and 0 < count <= MOST_CALLS:
            return Milestone(count, _endpoint(given["endpoint"]) if "endpoint" in given else None)
    raise ValueError(f"a milestone is {ALLOWED}")


def _count(said: str) -> int:
    if said == "first":
        return 1
    digits = re.sub("[,_]", "", said)
    if len(digits) > len(str(MOST_CALLS)) or int(digits) > MOST_CALLS:
        raise ValueError(f"a milestone is at most {MOST_CALLS:,} calls away")
    return int(digits)


def _endpoint(given: object) -> str:
    method, _, route = " ".join(str(given).split()).partition(" ")
    if not ENDPOINT.fullmatch(endpoint := f"{method.upper()} {route}"):
        raise ValueError(f"an endpoint is METHOD /route, as in POST /v1/messages; a milestone is {ALLOWED}")
    return endpoint
