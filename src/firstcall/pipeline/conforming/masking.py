"""What inside a line, a path or a user agent must not be stored, and what stands in its place?"""

from __future__ import annotations

from firstcall.literals import quoted

NAMES = "api[_-]?key|key|access_token|oauth_token|token|secret|password|passwd|sig|signature"
MASKS = (
    (rf"(?i)([?&\"'\s](?:{NAMES})(?:=|\"\s*:\s*\"))[^&\s\"]+", r"\1***"),
    (r"(?i)\b(bearer|basic) [A-Za-z0-9._~+/=-]+", r"\1 ***"),
    (r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*", "***"),
    (r"\b((?:sk|rk|pk)_(?:live|test)_)[A-Za-z0-9]+", r"\1***"),
)
"""Secrets inside a line, and what stands in their place."""


def masked(value: str) -> str:
    """Return a line with the secrets in it masked (SQL)."""
    for pattern, replacement in MASKS:
        value = f"regexp_replace({value}, {quoted(pattern)}, {quoted(replacement)}, 'g')"
    return value


def private(value: str, signs: tuple[str, ...] = ("@", "%40", "eyJ", "_live_", "_test_")) -> str:
    """Return a path or user agent without e-mail addresses and tokens (SQL).

    Only values with one of `signs` are looked at closely; most hold none and pay no pattern.
    """
    suspect = " OR ".join(f"contains({value}, {quoted(sign)})" for sign in signs)
    mail = f"regexp_replace({value}, '[^/ ;=(]+(@|%40)[^/ ;)]+[.][^/ ;)]+', '{{email}}', 'g')"
    token = (
        f"regexp_replace({mail}, 'eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.]?[A-Za-z0-9_-]*', '{{token}}', 'g')"
    )
    key = f"regexp_replace({token}, '(sk|rk|pk)_(live|test)_[A-Za-z0-9]+', '{{key}}', 'g')"
    return f"CASE WHEN {suspect} THEN {key} ELSE {value} END"
