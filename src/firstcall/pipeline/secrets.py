"""What looks like a secret, and what is stored in its place?

A credential's secret is never written: its hash identifies the consumer as well. The same function serves calls and
credentials, so that both still meet.
"""

from __future__ import annotations

SHORTEST = 16
SHAPES = (
    r"^(?:(?:sk|rk|pk|api|key|tok|token|secret)[_-](?:live|test|prod|sandbox)?[_-]?[A-Za-z0-9_-]{16,}"
    r"|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+.*|(?i:bearer|basic) .+|gh[pousr]_[A-Za-z0-9]{20,}|xox[a-z]-.+"
    r"|AIza[A-Za-z0-9_-]{30,}|[0-9a-fA-F]{32,}|[A-Za-z0-9+/_=-]{40,})$"
)
UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
HASHED = "hashed:"

MASKS = (
    (r"(?i)([?&\"'\s](?:api[_-]?key|apikey|key|access_token|oauth_token|token|secret|password|passwd|sig|signature)"
     r"(?:=|\"\s*:\s*\"))[^&\s\"]+", r"\1***"),
    (r"(?i)\b(bearer|basic) [A-Za-z0-9._~+/=-]+", r"\1 ***"),
    (r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*", "***"),
    (r"\b((?:sk|rk|pk)_(?:live|test)_)[A-Za-z0-9]+", r"\1***"),
)  # fmt: skip
"""Secrets inside a line, and what stands in their place."""


def hashed(value: str) -> str:
    """Return `value`, or its hash when it looks like a secret (SQL; null stays null)."""
    secret = f"regexp_matches({value}, '{SHAPES}') AND NOT regexp_matches({value}, '{UUID}')"
    return (
        f"CASE WHEN length({value}) >= {SHORTEST} AND ({secret}) AND NOT starts_with({value}, '{HASHED}') "
        f"THEN '{HASHED}' || left(sha256({value}), 32) ELSE {value} END"
    )


def masked(value: str) -> str:
    """Return a line with the secrets in it masked (SQL)."""
    for pattern, replacement in MASKS:
        escaped = pattern.replace("'", "''")
        value = f"regexp_replace({value}, '{escaped}', '{replacement}', 'g')"
    return value


def private(value: str, signs: tuple[str, ...] = ("@", "%40", "eyJ", "_live_", "_test_")) -> str:
    """Return a path or user agent without e-mail addresses and tokens (SQL).

    Only values with one of `signs` are looked at closely; most hold none and pay no pattern.
    """
    suspect = " OR ".join(f"contains({value}, '{sign}')" for sign in signs)
    mail = f"regexp_replace({value}, '[^/ ;=(]+(@|%40)[^/ ;)]+[.][^/ ;)]+', '{{email}}', 'g')"
    token = f"regexp_replace({mail}, 'eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.]?[A-Za-z0-9_-]*', '{{token}}', 'g')"
    key = f"regexp_replace({token}, '(sk|rk|pk)_(live|test)_[A-Za-z0-9]+', '{{key}}', 'g')"
    return f"CASE WHEN {suspect} THEN {key} ELSE {value} END"
