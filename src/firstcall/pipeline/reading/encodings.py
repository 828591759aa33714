"""How are the letters of a sheet stored, when not in UTF-8? Decided over the whole file, or asked.

Logs are not asked about: in them a line with odd bytes is a line somebody sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from firstcall.errors import ImportRefused
from firstcall.pipeline.reading.files import OpenedFile

WINDOWS = "cp1252"
OTHERS = ("mac_roman", "cp850", "cp1250")
"""Other encodings in which sheets are found; a word is shown in each, so that one sees which is meant."""
WORD = re.compile(rb"[A-Za-z\x80-\xff'.&-]*[\x80-\xff][A-Za-z\x80-\xff'.&-]*")
MANY = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
"""Letters of UTF-8 that are not ASCII."""
INSIDE = "’‘´`·-–—.&'"
"""What may stand between two letters of a word beside letters."""
MOST_WORDS = 20_000
MOST_LOOKED_AT = 8 << 20


def in_utf8(opened: OpenedFile, stated: str | None, scratch: Path) -> OpenedFile:
    """Return the file with its text in UTF-8: from the `stated` encoding, or the one that its letters show.

    What is UTF-8 but for some bytes stays: its rows are refused one by one. Raises ImportRefused when no encoding
    makes words of the letters, or several do.
    """
    if opened.kind != "text":
        return opened
    if stated is None:
        words = list(islice(_words(opened.path), MOST_WORDS))
        odd = [word for word in words if not _is_utf8(word)]
        if not odd or any(_is_utf8(word) and MANY.search(word) for word in words):
            return opened
        stated = _told(opened.shown, odd)
    text = scratch / "recoded"
    try:
        with (
            opened.path.open(encoding=stated, newline="") as read,
            text.open("w", encoding="utf-8", newline="") as out,
        ):
            while chunk := read.read(1 << 20):
                out.write(chunk)
    except UnicodeError as error:
        raise ImportRefused(
            f"{opened.shown}: its text is not in {stated}: {error}. Say another encoding."
        ) from None
    example = _example(text)
    note = f"read as {stated}" + (f', as in "{example}"' if example else "")
    return replace(opened, path=text, notes=(*opened.notes, note))


def _words(path: Path) -> Iterator[bytes]:
    seen: set[bytes] = set()
    left = MOST_LOOKED_AT
    with path.open("rb") as raw:
        while left > 0 and (line := raw.readline(1 << 20)):
            if not line.isascii():
                left -= len(line)
                for found in WORD.finditer(line):
                    if found[0] not in seen:
                        seen.add(found[0])
                        yield found[0]


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode()
    except UnicodeDecodeError:
        return False
    return True


def _told(shown: str, words: list[bytes]) -> str:
    """Return Windows-1252 when it makes words of all of these, and one of them would be none elsewhere.

    The letters of others stand where it has signs; a sign that stands alone, as a currency's does, is no letter.
    """
    sure = any(len(word) == 1 or any(byte >= 0xA0 for byte in word) for word in words)
    if sure and all(_reads(word, WINDOWS) for word in words):
        return WINDOWS
    doubtful = next((word for word in words if not _reads(word, WINDOWS)), words[0])
    said = ", ".join(
        f"{encoding} {word!r}"
        for encoding in (WINDOWS, *OTHERS)
        if (word := doubtful.decode(encoding, "replace"))
    )
    raise ImportRefused(
        f"{shown}: its letters are not in UTF-8, and more than one encoding may be meant. The same word is in "
        f"{said}. Choose: --option encoding={OTHERS[0]}"
    )


def _reads(word: bytes, encoding: str) -> bool:
    """Return whether an encoding makes letters of all that stands between letters."""
    try:
        text = word.decode(encoding)
    except UnicodeDecodeError:
        return False
    return all(
        middle.isalpha() or middle in INSIDE
        for before, middle, after in zip(text, text[1:], text[2:], strict=False)
        if before.isalpha() and after.isalpha()
    )


def _example(path: Path) -> str:
    """Return the first word of a text that has other letters than ASCII."""
    with path.open("rb") as raw:
        for line in raw:
            if found := WORD.search(line):
                return found[0].decode(errors="replace")[:40]
    return ""
