"""How is a gRPC call judged, whose HTTP status is 200 whatever became of it, and what is its route?"""

from __future__ import annotations

from collections.abc import Mapping

from firstcall.literals import quoted
from firstcall.sources.parsing.call_columns import first

CODES = (
    ("OK", 200), ("CANCELLED", 499), ("UNKNOWN", 500), ("INVALID_ARGUMENT", 400), ("DEADLINE_EXCEEDED", 504),
    ("NOT_FOUND", 404), ("ALREADY_EXISTS", 409), ("PERMISSION_DENIED", 403), ("RESOURCE_EXHAUSTED", 429),
    ("FAILED_PRECONDITION", 400), ("ABORTED", 409), ("OUT_OF_RANGE", 400), ("UNIMPLEMENTED", 501), ("INTERNAL", 500),
    ("UNAVAILABLE", 503), ("DATA_LOSS", 500), ("UNAUTHENTICATED", 401),
)  # fmt: skip
"""Name and HTTP status of the codes from 0, by the published mapping."""
WORDS: Mapping[str, int] = {
    **{name.replace("_", ""): number for number, (name, _) in enumerate(CODES)},
    "CANCELED": 1,
}
METHOD = "/(?:[A-Za-z_][A-Za-z0-9_]*[.])*[A-Z][A-Za-z0-9_]*/[A-Z][A-Za-z0-9_]*"
"""The path of a gRPC call: /package.Service/Method."""


def _of(code: str, values: Mapping[int, str]) -> str:
    """Return one of `values` by a code as number, name or CamelCase word (SQL); null for what is no code."""
    plain = f"replace(upper({code}), '_', '')"
    spelled = (
        (number, [str(number), *(word for word, n in WORDS.items() if n == number)]) for number in values
    )
    cases = " ".join(
        f"WHEN {plain} IN ({', '.join(map(quoted, words))}) THEN {values[number]}"
        for number, words in spelled
    )
    return f"CASE WHEN {code} IS NOT NULL THEN CASE {cases} END END"


def http_status(code: str) -> str:
    """Return the HTTP status that a gRPC code stands for (SQL)."""
    return _of(code, {number: str(status) for number, (_, status) in enumerate(CODES)})


def failure(code: str) -> str:
    """Return the name of a gRPC code that is a failure (SQL)."""
    return _of(code, {number: quoted(name) for number, (name, _) in enumerate(CODES) if number})


def by_header(content: str, code: str) -> str:
    """Return whether a call is gRPC where the code is a header of the answer itself (SQL)."""
    return f"coalesce(starts_with({content}, 'application/grpc'), {code} IS NOT NULL)"


def by_shape(content: str, code: str, method: str, path: str, agent: str) -> str:
    """Return whether a call is gRPC where the gateway writes a code beside plain HTTP too (SQL)."""
    looks = f"starts_with({agent}, 'grpc-') OR regexp_full_match({path}, '{METHOD}')"
    shaped = f"{code} IS NOT NULL AND {method} = 'POST' AND ({looks})"
    return f"coalesce(starts_with({content}, 'application/grpc'), {shaped})"


def judged(values: Mapping[str, str], code: str, called: str) -> dict[str, str]:
    """Return the columns of a call: where `called` says that it is gRPC, judged by its code, its path as the route."""
    status, word = values["status"], f"CASE WHEN {called} THEN {failure(code)} END"
    own = [values["route"]] if "route" in values else []
    return {
        **values,
        "status": f"CASE WHEN {called} THEN coalesce({http_status(code)}, {status}) ELSE {status} END",
        "error_code": first((values["error_code"], word) if "error_code" in values else (word,)),
        "route": first(
            (*own, f"CASE WHEN {called} AND starts_with({values['path']}, '/') THEN {values['path']} END")
        ),
    }
