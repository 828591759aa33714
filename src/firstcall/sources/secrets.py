"""Which values are secrets or addresses, and what is stored in their place?

The same SQL serves gateway logs and tables, so that a key in a log and in a list of credentials becomes the same
hash and the two still meet.
"""

from __future__ import annotations

ADDRESS = "[^@ ]+@[^@ ]+[.][^@ ]+"
SIGNED = "eyJ[A-Za-z0-9_-]{8,}[.][A-Za-z0-9_-]+([.][A-Za-z0-9_-]*)?"
PREFIXED = (
    "(?i)(sk|pk|rk|api|apikey|api_key|key|token|secret|bearer|basic|ghp|xox.)[ _-].*[A-Za-z0-9+/=]{16,}"
)
RANDOM = "[0-9a-fA-F]{32,63}|[A-Za-z0-9+/]{40,}={0,2}"
"""Hexadecimal or base64 without any word in it. A UUID is an id; 64 hexadecimal digits are a hash already."""
HASH = "[0-9a-f]{64}"


def hashed(text: str) -> str:
    """Return the SQL of a credential: `text`, or `sha256:…` in its place when it looks like a secret or an address."""
    secret = f"regexp_full_match({text}, '{SIGNED}|{PREFIXED}|{RANDOM}')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{HASH}') THEN {text} "
        f"WHEN {secret} THEN 'sha256:' || sha256({text}) ELSE {hashed_address(text)} END"
    )


def hashed_address(text: str) -> str:
    """Return the SQL of a person's hash: `text`, or the SHA-256 of the address in lower case when it is one."""
    return f"CASE WHEN regexp_full_match({text}, '{ADDRESS}') THEN 'sha256:' || sha256(lower({text})) ELSE {text} END"
