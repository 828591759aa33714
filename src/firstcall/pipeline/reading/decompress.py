"""How does a compressed file become plain bytes, without trusting what it says about itself?"""

from __future__ import annotations

import bz2
import gzip
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase
from typing import BinaryIO

from firstcall.errors import ImportRefused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK, CHUNK = 16 << 10, 64 << 10
"""Bytes that are read and given out at once."""
MOST_IDLE = 1 << 20
"""Bytes in a row that may hold no content: no block of any format is as long, so only an attack has more."""


@dataclass(frozen=True, slots=True)
class DecompressionLimits:
    """How much a compressed file may grow: past `free` bytes at most `ratio` times its size, never past `most`.

    `window_log` bounds the memory that a zstd frame can ask for (27 is 128 MiB, what the zstd tool allows too).
    """

    free: int = 128 << 20
    ratio: int = 200
    most: int = 1 << 40
    window_log: int = 27


class _Packed(RawIOBase):
    """A compressed file as the libraries read it; `ended` once it was read to its end.

    They copy what they have read and not used for each member, so little is read at once.
    """

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self._raw = raw
        self.ended = False
        self.idle = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes; raises OSError when MOST_IDLE of them in a row held nothing."""
        chunk = self._raw.read(min(size, BLOCK) if size >= 0 else BLOCK)
        self.ended = not chunk
        self.idle += len(chunk)
        if self.idle > MOST_IDLE:
            raise OSError(f"{self.idle:,} bytes of empty members")
        return chunk


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


def decompressed(
    raw: BinaryIO, name: str, shown: str, size: int, limits: DecompressionLimits
) -> Iterator[bytes]:
    """Yield the content of `raw`, all members after one another, in chunks of at most 64 KiB.

    `size` is the length of `raw` in bytes, `shown` its name in messages. Raises ImportRefused when the file is
    truncated or damaged (saying how far it was readable), or grows past `limits`.
    """
    packed, out = _Packed(raw), 0
    try:
        with _opened(packed, name, limits) as file:
            # read1 gives what there is: read would lose what stands before a fault
            while chunk := file.read1(CHUNK):
                packed.idle = 0
                out += len(chunk)
                if out > limits.most or out > max(limits.free, size * limits.ratio):
                    raise ImportRefused(
                        f"{shown}: {size:,} bytes of {name} grow beyond {out:,} bytes, more than {limits.ratio} times "
                        "their size. Nothing was imported. If the file is honest, decompress it first."
                    )
                yield chunk
        if not packed.ended:
            raise OSError("something else follows the last member")  # noqa: TRY301 - said below, as of any other fault
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


def _opened(
    packed: _Packed, name: str, limits: DecompressionLimits
) -> gzip.GzipFile | bz2.BZ2File | zstd.ZstdFile:
    if name == "gzip":
        return gzip.GzipFile(fileobj=packed)
    if name == "bzip2":
        return bz2.BZ2File(packed)
    return zstd.ZstdFile(packed, options={zstd.DecompressionParameter.window_log_max: limits.window_log})
