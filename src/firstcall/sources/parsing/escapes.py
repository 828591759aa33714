"""How are the escapes that a text log writes in a path and in a user agent taken back?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from firstcall.literals import quoted

ESCAPES: Mapping[str, str] = MappingProxyType(
    {r"\\\\": "%5C", r"\\\"": "%22", r"\\t": "%09", r"\\x([0-9A-Fa-f]{2})": r"%\1"}
)
"""Pattern → what stands for it in a URL; a backslash that was escaped goes first, so that it escapes nothing more."""


def percent_encoded(select: str) -> str:
    r"""Return `select` with `path` percent-encoded where the log has escapes: `/caf\xC3\xA9` is `/caf%C3%A9` (SQL).

    nginx writes quotes, backslashes and bytes as `\xHH`, Apache quotes and backslashes with a backslash in front.
    Without this the same path would be another one in the log of every gateway. A user agent is as it was sent.
    """
    # bytes that are no UTF-8 stay escaped, and so do NUL bytes
    said = f"TRY(url_decode({_signs('replace(user_agent, chr(37), chr(37) || 25)')}))"
    agent = f"coalesce(CASE WHEN NOT contains(user_agent, '\\x00') THEN {said} END, user_agent)"
    return (
        f"SELECT * REPLACE (CASE WHEN contains(path, '\\') THEN {_signs('path')} ELSE path END AS path, "
        f"CASE WHEN contains(user_agent, '\\') THEN {agent} ELSE user_agent END AS user_agent) FROM ({select})"
    )


def _signs(value: str) -> str:
    for pattern, sign in ESCAPES.items():
        value = f"regexp_replace({value}, {quoted(pattern)}, {quoted(sign)}, 'g')"
    return value
