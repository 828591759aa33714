"""How does a compressed file become plain bytes, without trusting what it says about itself?"""

from __future__ import annotations

import bz2
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from firstcall.errors import ImportRefused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 20
EMPTY_MEMBERS = 1000
"""Members without content in a row: no program writes that many, an attack does."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How much a compressed file may grow: past `free` bytes at most `ratio` times its size, never past `most`.

    `window_log` bounds the memory that a zstd frame can ask for (27 is 128 MiB, what the zstd tool allows too).
    """

    free: int = 128 << 20
    ratio: int = 200
    most: int = 1 << 40
    window_log: int = 27


class Decoder(Protocol):
    """One member of a compressed file on its way out."""

    def decompress(self, data: bytes, max_length: int = ...) -> bytes:
        """Return at most `max_length` bytes; keeps what it could not give out yet."""

    @property
    def eof(self) -> bool:
        """Whether the member is complete."""

    @property
    def needs_input(self) -> bool:
        """Whether there is nothing more to give out without new bytes."""

    @property
    def unused_data(self) -> bytes:
        """What follows the member."""


class _Gzip:
    """zlib's decoder with the manners of the others: it keeps its own unread input."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    def decompress(self, data: bytes, max_length: int = CHUNK) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data


def _decoder(name: str, caps: Caps) -> Callable[[], Decoder]:
    if name == "gzip":
        return _Gzip
    if name == "bzip2":
        return bz2.BZ2Decompressor
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: caps.window_log}
    return lambda: zstd.ZstdDecompressor(options=options)


MAGIC = (
    ("gzip", b"\x1f\x8b", 2),
    ("bzip2", b"BZh", 3),
    ("zstd", b"\x28\xb5\x2f\xfd", 4),
    ("zstd", b"\x2a\x4d\x18", -1),  # a skippable frame: its first byte is 0x50 to 0x5f
)


def compression(head: bytes) -> str | None:
    """Return how a file that begins with `head` is compressed: gzip, zstd, bzip2, or None."""
    for name, magic, length in MAGIC:
        if length > 0 and head[:length] == magic:
            return name
        if length < 0 and head[1:4] == magic and 0x50 <= head[0] <= 0x5F:
            return name
    return None


def decompressed(raw: BinaryIO, name: str, shown: str, size: int, caps: Caps) -> Iterator[bytes]:
    """Yield the content of `raw`, all members after one another, in chunks of at most 1 MiB.

    `size` is the length of `raw` in bytes, `shown` its name in messages. Raises ImportRefused when the file is
    truncated or damaged (saying how far it was readable), or grows past `caps`.
    """
    out = 0
    try:
        for chunk in _members(raw, _decoder(name, caps)):
            out += len(chunk)
            if out > caps.most or out > max(caps.free, size * caps.ratio):
                raise ImportRefused(
                    f"{shown}: {size:,} bytes of {name} grow beyond {out:,} bytes, more than {caps.ratio} times "
                    "their size. Nothing was imported. If the file is honest, decompress it first."
                )
            yield chunk
    except EOFError as error:
        raise ImportRefused(
            f"{shown}: the {name} file is truncated: it ends in the middle after {out:,} readable bytes. "
            "Nothing was imported. Copy the file again and repeat the import."
        ) from error
    except (zlib.error, zstd.ZstdError, OSError, ValueError) as error:
        raise ImportRefused(
            f"{shown}: the {name} file is damaged after {out:,} readable bytes ({error}). "
            "Nothing was imported. Copy the file again and repeat the import."
        ) from error


def _members(raw: BinaryIO, make: Callable[[], Decoder]) -> Iterator[bytes]:
    waiting, empty = raw.read(CHUNK), 0
    while waiting:
        decoder, given = make(), 0
        while not decoder.eof:
            if decoder.needs_input and not waiting and not (waiting := raw.read(CHUNK)):
                raise EOFError
            chunk, waiting = decoder.decompress(waiting, CHUNK), b""
            given += len(chunk)
            if chunk:
                yield chunk
        empty = 0 if given else empty + 1
        if empty > EMPTY_MEMBERS:
            raise ValueError(f"more than {EMPTY_MEMBERS} empty members in a row")
        # gzip files on tape are padded with zeros; they end the file without being part of it
        waiting = (decoder.unused_data or raw.read(CHUNK)).lstrip(b"\0")
