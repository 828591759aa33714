"""Which files are meant, and how is each opened safely as plain text (or Parquet)?"""

from __future__ import annotations

import codecs
import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from glob import escape, glob, has_magic
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Literal

from firstcall.errors import ImportRefused, UsageError
from firstcall.pipeline.reading.decompress import DecompressionLimits, compression, decompressed
from firstcall.pipeline.reading.workbooks import as_text, is_workbook
from firstcall.settings import FILE_NAME

STDIN = "-"
CHUNK = 1 << 20
HEAD = 64 << 10
CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"
PARQUET = b"PAR1"
GLOB_SIGNS = re.compile(r"[*?\[\]{}]")

KNOWN_BINARY = (
    (b"PK\x03\x04", "a zip archive", "Unpack it first."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it with `xz -d` first."),
    (b"%PDF", "a PDF document", "Export the table behind it as CSV."),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV."),
)

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""In the order asked: UTF-32's little-endian mark begins with that of UTF-16."""

FEWEST_SIGNS, MOSTLY = 8, 0.7
"""How many signs, and what share of them with a zero byte, tell UTF-16 without a mark."""

OnBytes = Callable[[int, int], None]
"""(bytes read, bytes in all) → nothing; called about once a MiB."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file ready to be read by the engine: `path` is plain UTF-8 text or Parquet, without a byte-order mark.

    `shown` is the name the user gave, `fingerprint` the SHA-256 and `bytes` the size of what is stored there.
    """

    path: Path
    shown: str
    kind: Literal["text", "parquet"]
    fingerprint: str
    bytes: int
    notes: tuple[str, ...] = ()


def expand(files: Sequence[str]) -> tuple[str, ...]:
    """Return the files that names, globs, directories and `-` stand for, sorted, each once.

    Raises ImportRefused for a file that is not there, a glob that finds nothing, a directory without files.
    """
    if not files:
        raise UsageError("Nothing to import: name a file, a glob, a directory, or - for standard input.")
    return tuple(sorted(set(chain.from_iterable(_expand(name) for name in files))))


def _expand(name: str) -> Sequence[str]:
    path = Path(name)
    if name == STDIN:
        return (STDIN,)
    if path.is_dir():
        if found := [str(p) for p in path.rglob("*") if p.is_file() and not _ours(p, path)]:
            return found
        raise ImportRefused(
            f"{name}: the directory has no files. Name the file, or the directory that holds it."
        )
    if path.exists():
        if path.is_file() or path.is_fifo():
            return (name,)
        raise ImportRefused(f"{name}: not a file. Name a file, a directory, or - for standard input.")
    if has_magic(name):
        if found := [p for p in glob(name, recursive=True) if Path(p).is_file()]:  # noqa: PTH207 - the name may be absolute
            return found
        raise ImportRefused(f"{name}: no file has a name like this.")
    raise ImportRefused(f"{name}: there is no such file.{_near(path)}")


def _ours(path: Path, folder: Path) -> bool:
    """Return whether a file of a folder is hidden, or is ours: the settings, a mapping, the store."""
    inside = path.relative_to(folder)
    if (
        path.name == FILE_NAME
        or path.name.endswith(".mapping.toml")
        or (path.parent / "store.duckdb").exists()
    ):
        return True
    return any(part.startswith(".") for part in inside.parts)


def _near(path: Path) -> str:
    near = sorted(str(p) for p in path.parent.glob(f"{escape(path.name)}.*"))[:3] if path.name else []
    return f" Did you mean {' or '.join(near)}?" if near else " Check the name and the folder."


def open_file(
    name: str,
    scratch: Path,
    limits: DecompressionLimits | None = None,
    on_bytes: OnBytes | None = None,
    sheet: str | None = None,
) -> OpenedFile:
    """Open the file called `name` (`-`: standard input); what cannot be read in place is unpacked into `scratch`.

    Of a workbook `sheet` is read, as text.

    Raises ImportRefused when it cannot be read, is binary, truncated, damaged, or grows past `limits`.
    """
    try:
        path = _spooled(scratch) if name == STDIN or Path(name).is_fifo() else Path(name).resolve(strict=True)
        with path.open("rb") as raw:
            fingerprint, size = _fingerprint(raw, path.stat().st_size, on_bytes or (lambda _done, _all: None))
            raw.seek(0)
            shown = "standard input" if name == STDIN else name
            plain = _plain(raw, path, shown, size, scratch, limits or DecompressionLimits(), sheet)
    except OSError as error:
        raise ImportRefused(f"{name}: cannot be read: {error.strerror or error}.") from error
    return OpenedFile(*plain[:1], shown, plain[1], fingerprint, size, plain[2])


def _spooled(scratch: Path) -> Path:
    path = scratch / "stdin"
    with path.open("wb") as out:
        while chunk := sys.stdin.buffer.read(CHUNK):
            out.write(chunk)
    return path


def _fingerprint(raw: BinaryIO, size: int, on_bytes: OnBytes) -> tuple[str, int]:
    digest, done = hashlib.sha256(), 0
    while chunk := raw.read(CHUNK):
        digest.update(chunk)
        done += len(chunk)
        on_bytes(done, max(size, done))
    return digest.hexdigest(), done


def _plain(
    raw: BinaryIO,
    path: Path,
    shown: str,
    size: int,
    scratch: Path,
    limits: DecompressionLimits,
    sheet: str | None,
) -> tuple[Path, Literal["text", "parquet"], tuple[str, ...]]:
    head: bytes = raw.read(HEAD)
    notes: tuple[str, ...] = ()
    if packed := compression(head):
        raw.seek(0)
        path = _written(scratch, decompressed(raw, packed, shown, size, limits))
        with path.open("rb") as plain:
            head = plain.read(HEAD)
        if compression(head):
            raise ImportRefused(f"{shown}: compressed twice. Decompress it once and import the result.")
    if head.startswith(PARQUET):
        return _named(path, scratch), "parquet", notes
    if is_workbook(path, head):
        return (out := scratch / "workbook"), "text", as_text(path, shown, sheet, out, limits)
    bom, encoding = next(((mark, name) for mark, name in BOMS if head.startswith(mark)), (b"", _wide(head)))
    if encoding not in {"", "utf-8"}:
        return _written(scratch, _recoded(path, shown, encoding)), "text", (f"read as {encoding.upper()}",)
    hole = 0 if bom or head[:1] != b"\0" else _hole(path)
    if hole:
        # what is left where a log was cut to nothing while its writer went on at the place it had reached
        path = _written(scratch, _without(path, hole))
        with path.open("rb") as plain:
            head = plain.read(HEAD)
        notes = (f"{hole:,} NUL bytes at the beginning left out, as a rotated log has them",)
    _refuse_binary(head, shown)
    if bom:
        return _written(scratch, _without(path, len(bom))), "text", notes
    return _named(path, scratch), "text", notes


def _wide(head: bytes) -> str:
    """Return which UTF-16 a text without a mark is in: of the signs that headers are made of, half is a zero byte."""
    even, odd = head[0::2], head[1::2]
    if len(odd) >= FEWEST_SIGNS:
        if odd.count(0) > MOSTLY * len(odd) and even.count(0) == 0:
            return "utf-16-le"
        if even.count(0) > MOSTLY * len(even) and odd.count(0) == 0:
            return "utf-16-be"
    return ""


def _hole(path: Path) -> int:
    """Return how many NUL bytes a file begins with; 0 when no text follows them."""
    hole = 0
    with path.open("rb") as raw:
        while chunk := raw.read(CHUNK):
            rest = chunk.lstrip(b"\0")
            hole += len(chunk) - len(rest)
            if rest:
                return 0 if rest[:1] in CONTROL else hole
    return 0


def _refuse_binary(head: bytes, shown: str) -> None:
    for magic, what, help_ in KNOWN_BINARY:
        if head.startswith(magic):
            raise ImportRefused(f"{shown}: {what}, not text or Parquet. {help_}")
    controls = len(head) - len(head.translate(None, CONTROL))
    packed = controls > max(4, len(head) // 20) and not _is_utf8(head)
    if b"\0" in head.split(b"\n", 1)[0] or packed:
        raise ImportRefused(
            f"{shown}: a binary file, not text or Parquet. Nothing was imported. "
            "Import takes CSV, JSON, log lines and Parquet, plain or compressed with gzip, zstd or bzip2."
        )


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _written(scratch: Path, chunks: Iterator[bytes]) -> Path:
    path = scratch / f"plain-{sum(1 for _ in scratch.iterdir())}"
    with path.open("wb") as out:
        out.writelines(chunks)
    return path


def _named(path: Path, scratch: Path) -> Path:
    """Return a name for `path` that the engine does not take for a glob."""
    if not GLOB_SIGNS.search(str(path)):
        return path
    link = scratch / f"link-{sum(1 for _ in scratch.iterdir())}"
    link.symlink_to(path)
    return link


def _without(path: Path, mark: int) -> Iterator[bytes]:
    with path.open("rb") as raw:
        raw.seek(mark)
        while chunk := raw.read(CHUNK):
            yield chunk


def _recoded(path: Path, shown: str, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with path.open("rb") as raw:
        while chunk := raw.read(CHUNK):
            yield decoder.decode(chunk).removeprefix("\ufeff").encode()
    if rest := decoder.decode(b"", final=True):
        raise ImportRefused(
            f"{shown}: the {encoding.upper()} text ends in the middle of a character ({rest!r})."
        )
