"""Which characters of other people's data may reach a terminal?"""

from __future__ import annotations

import re

SEQUENCES = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: titles, links, the clipboard
    r"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, erasing
    r"|\x1b[ -/]*[0-~]"  # the shorter ones
)
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 and C1
    r"\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # hidden, or turns text round
    r"\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"  # halves, annotations, tags
)
BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def clean(text: str, *, lines: bool = False) -> str:
    """Return the text without what a terminal would obey or a reader could not see.

    Escape sequences go whole, with what they carry; line breaks and tabs become one space, unless `lines`
    keeps line feeds.
    """
    if lines:
        return "\n".join(clean(line) for line in text.split("\n"))
    return UNSEEN.sub("", BREAKS.sub(" ", SEQUENCES.sub("", text)))


def harmless_json(text: str) -> str:
    """Return JSON text in which every character that could do harm is written as an escape."""
    return UNSEEN.sub(_escape, BREAKS_IN_JSON.sub(_escape, text))


BREAKS_IN_JSON = re.compile(r"[\u2028\u2029]")


def _escape(found: re.Match[str]) -> str:
    encoded = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{encoded[at]:02x}{encoded[at + 1]:02x}" for at in range(0, len(encoded), 2))
