"""Is a file opened by what it holds, and refused with a clear word when it holds nothing usable?"""

from __future__ import annotations

import bz2
import codecs
import gzip
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused, UsageError
from firstcall.pipeline.reading.decompress import DecompressionLimits
from firstcall.pipeline.reading.files import expand, open_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"partner_id,name,registered_at\nacme,Acme,2026-01-01\n"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "bzip2": bz2.compress,
}


def plain(
    tmp_path: Path, content: bytes, name: str = "file.csv", caps: DecompressionLimits | None = None
) -> bytes:
    """Return the plain bytes of a file as the engine would see them."""
    path = tmp_path / name
    path.write_bytes(content)
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return open_file(str(path), scratch, caps).path.read_bytes()


def test_a_plain_file_is_read_in_place(tmp_path: Path) -> None:
    """No copy, its size and the SHA-256 of its bytes."""
    path = tmp_path / "file.csv"
    path.write_bytes(b"abc")
    opened = open_file(str(path), tmp_path)
    assert (opened.path, opened.bytes) == (path, 3)
    assert opened.fingerprint == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("how", PACKED)
def test_compression_is_seen_by_content_whatever_the_name(tmp_path: Path, how: str) -> None:
    """Also in several members, as logs that were concatenated."""
    pack = PACKED[how]
    assert plain(tmp_path, pack(TEXT)) == TEXT
    assert plain(tmp_path, pack(TEXT[:10]) + pack(TEXT[10:]), "x.log") == TEXT
    assert plain(tmp_path, TEXT, "not-packed.csv.gz") == TEXT


def test_skippable_frames_and_tape_padding_are_skipped(tmp_path: Path) -> None:
    """What zstd and gzip allow between and after members is no content."""
    skippable = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    assert plain(tmp_path, skippable + zstd.compress(TEXT) + skippable) == TEXT
    assert plain(tmp_path, gzip.compress(TEXT) + b"\0" * 512) == TEXT


@pytest.mark.parametrize("how", PACKED)
def test_a_truncated_file_says_how_far_it_was_readable(tmp_path: Path, how: str) -> None:
    """The first member is whole (51 bytes); the second ends in the middle."""
    pack = PACKED[how]
    noise = os.urandom(5000)
    with pytest.raises(ImportRefused, match=rf"{how} file is truncated.*after [0-9,]+ readable bytes"):
        plain(tmp_path, pack(TEXT) + pack(noise)[:-2000])
    with pytest.raises(ImportRefused, match="after 51 readable bytes"):
        plain(tmp_path, pack(TEXT) + pack(noise)[:10])


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """A wrong checksum behind the content."""
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1
    with pytest.raises(ImportRefused, match=r"gzip file is damaged after [0-9]+ readable bytes"):
        plain(tmp_path, bytes(packed))


@pytest.mark.parametrize("trailing", [b"trailing words", b"x" * 300_000, b"BZ", b"\x1f\x8b\0\0"])
@pytest.mark.parametrize("how", PACKED)
def test_something_else_behind_the_last_member_is_damage(tmp_path: Path, how: str, trailing: bytes) -> None:
    """Long or short, and when it begins as a member would: none of it may be lost in silence."""
    with pytest.raises(ImportRefused, match=rf"{how} file is (damaged|truncated).* after 102 readable bytes"):
        plain(tmp_path, PACKED[how](TEXT) * 2 + trailing)


def test_a_bomb_is_stopped_at_the_cap(tmp_path: Path) -> None:
    """A million zeros in a thousand bytes pass 200 times their size and 64 KiB."""
    with pytest.raises(ImportRefused, match="more than 200 times"):
        plain(tmp_path, gzip.compress(b"0" * 1_000_000), caps=DecompressionLimits(free=65_536))
    with pytest.raises(ImportRefused, match="more than 200 times"):
        plain(tmp_path, zstd.compress(b"0" * 1_000_000), caps=DecompressionLimits(free=65_536))
    with pytest.raises(ImportRefused, match="compressed twice"):
        plain(tmp_path, gzip.compress(gzip.compress(TEXT)))


@pytest.mark.parametrize("how", PACKED)
def test_empty_members_are_nothing_and_too_many_are_an_attack(tmp_path: Path, how: str) -> None:
    """A thousand between two members are passed over; a megabyte of them is refused before it takes minutes."""
    empty = PACKED[how](b"")
    assert plain(tmp_path, PACKED[how](TEXT) + empty * 1000 + PACKED[how](TEXT)) == TEXT * 2
    with pytest.raises(ImportRefused, match="of empty members"):
        plain(tmp_path, empty * (1_200_000 // len(empty)))


def test_a_frame_that_asks_for_a_huge_window_is_refused(tmp_path: Path) -> None:
    """A zstd header may ask for gigabytes of memory; ours stays small."""
    wide = zstd.compress(b"ab" * 100, options={zstd.CompressionParameter.window_log: 27})
    assert plain(tmp_path, wide) == b"ab" * 100
    # frame descriptor without content size, then window byte 0xA8: 2 GiB
    header = b"\x28\xb5\x2f\xfd\x00\xa8" + (1).to_bytes(3, "little")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImportRefused, match="zstd file is damaged"):
        plain(tmp_path, header)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_says_the_encoding_and_is_no_part_of_the_text(
    tmp_path: Path, mark: bytes, encoding: str
) -> None:
    """Spreadsheets write these."""
    assert plain(tmp_path, mark + "a,é\n".encode(encoding)).decode() == "a,é\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\x00", "a zip archive"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x00\x01\x02\x03", "a binary file"),
        (bytes(range(256)) * 10, "a binary file"),
        (b"SQLite format 3\x00", "SQLite"),
    ],
)
def test_a_binary_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """The message says what it seems to be and what to do."""
    with pytest.raises(ImportRefused, match=said):
        plain(tmp_path, content)


def test_text_with_control_characters_is_text(tmp_path: Path) -> None:
    """A scanner's probe is UTF-8 too, and its line is refused alone."""
    assert plain(tmp_path, b"a\x08\x1f\x0b\x08\x08\x08\n")


def test_what_is_not_there_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    """A missing file names near ones; a glob without a match and an empty folder say so."""
    (tmp_path / "partners.csv.gz").write_bytes(b"")
    with pytest.raises(ImportRefused, match=r"there is no such file\. Did you mean .*partners\.csv\.gz"):
        expand([str(tmp_path / "partners.csv")])
    with pytest.raises(ImportRefused, match="no file has a name like this"):
        expand([str(tmp_path / "*.json")])
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImportRefused, match="the directory has no files"):
        expand([str(tmp_path / "empty")])
    with pytest.raises(UsageError, match="Nothing to import"):
        expand([])


def test_a_file_is_taken_once_however_often_it_is_named(tmp_path: Path) -> None:
    """A name, a glob and the folder that all mean it."""
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT)
    assert expand([str(path), str(tmp_path / "*.csv"), str(tmp_path)]) == (str(path),)


def test_a_file_nobody_may_read_says_so(tmp_path: Path) -> None:
    """The reason is the system's own word."""
    with pytest.raises(ImportRefused, match="cannot be read: No such file"):
        open_file(str(tmp_path / "gone.csv"), tmp_path)


def test_the_hole_at_the_head_of_a_rotated_log_is_left_out(tmp_path: Path) -> None:
    """A log that is cut to nothing while its writer goes on begins with NUL bytes; NUL bytes alone are no text."""
    assert plain(tmp_path, b"\0" * 70_000 + b"a\nb\n") == b"a\nb\n"
    with pytest.raises(ImportRefused, match="a binary file"):
        plain(tmp_path, b"\0" * 10)


def test_our_own_settings_are_no_data_of_a_folder(tmp_path: Path) -> None:
    """Named by itself, the file is still asked for."""
    for name in ("firstcall.toml", "a.log"):
        (tmp_path / name).write_text("x\n")
    assert expand([str(tmp_path)]) == (str(tmp_path / "a.log"),)
