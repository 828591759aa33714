"""Which values are secrets or addresses, and what is stored in their place?

The same SQL serves gateway logs and tables, so that a key in a log and in a list of credentials becomes the same
hash and the two still meet.
"""

from __future__ import annotations

import re

ADDRESS = "[^@ ]+@[^@ ]+[.][^@ ]+"
SIGNED = "eyJ[A-Za-z0-9_-]{8,}[.][A-Za-z0-9_-]+([.][A-Za-z0-9_-]*)?"
PREFIXED = (
    "(?i)(sk|pk|rk|api|apikey|api_key|key|token|secret|bearer|basic|ghp|xox.)[ _-].*[A-Za-z0-9+/=]{16,}"
)
RANDOM = "[0-9a-fA-F]{32,63}|[A-Za-z0-9+/]{40,}={0,2}"
"""Hexadecimal or base64 without any word in it. A UUID is an id; 64 hexadecimal digits are a hash already."""
HASH = "[0-9a-f]{64}"
KEY = "chr(3)"
"""Stands (SQL) before a consumer that is a key until rules have looked at its beginning and admission hashes it."""
KEY_COLUMNS = ("api_key", "apikey", "x_api_key")
"""Columns of tables that hold the consumer's key itself."""
ALWAYS = frozenset({"cookie", "cookies", "session", "sid", "jwt", "bearer", "password", "passwd", "secret"})
CARRIERS = frozenset({"key", "apikey", "token", "authorization", "auth", "signature"})
TELLING = frozenset({"id", "name", "alias", "owner", "state", "type"})
"""Words in the name of a field: those of secrets, and the last words of what only tells which secret it was."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def carries_secret(field: str) -> bool:
    """Return whether a header, variable or key of this name holds a credential: X-Api-Key, http_authorization.

    The id or the name of a credential is none, nor is the name of a user or a consumer.
    """
    words = [word.lower() for word in WORD.findall(field)]
    if ALWAYS.intersection(words):
        return True
    return bool(CARRIERS.intersection(words)) and words[-1] not in TELLING


def _is_hash(text: str) -> str:
    return f"regexp_full_match({text}, '{HASH}') OR starts_with({text}, 'sha256:')"


def secret(value: str) -> str:
    """Return a credential marked as one (SQL): it is stored hashed, whatever it looks like; a hash already stays."""
    return f"CASE WHEN {_is_hash(value)} THEN {value} ELSE {KEY} || {value} END"


def credential(field: str, value: str) -> str:
    """Return `value` (SQL) as it may be passed on: marked when the field that it comes from carries secrets."""
    return secret(value) if carries_secret(field) else value


def is_marked(text: str) -> str:
    """Return whether a consumer is marked as a key (SQL)."""
    return f"starts_with({text}, {KEY})"


def unmarked(text: str) -> str:
    """Return a consumer without the mark of a key (SQL): what rules compare."""
    return f"CASE WHEN {is_marked(text)} THEN substr({text}, 2) ELSE {text} END"


def always_hashed(text: str) -> str:
    """Return the SHA-256 of a credential, whatever it looks like (SQL); what is a hash already stays."""
    return f"CASE WHEN {_is_hash(text)} THEN {text} ELSE 'sha256:' || sha256({text}) END"


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
