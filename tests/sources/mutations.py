"""How is good input broken: the bytes of a line, the values of a record, the whole of a file?"""

from __future__ import annotations

import codecs
import gzip
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

DATES = (
    b"0000-00-00T00:00:00Z", b"0000-01-01", b"9999-12-31T23:59:60Z", b"99999-99-99T99:99:99Z", b"2026-02-30",
    b"2026-01-01T00:00:00+99:99", b"-2026-01-01T00:00:00Z", b"[31/Feb/2026:25:61:61 +9999]", b"9223372036854775807",
    b"[10/Oct/0000:13:55:36 -0000]", b"2026-W01", b"00/Jan/1970:00:00:00.000", b"+010000-01-01T00:00:00Z",
)  # fmt: skip
TOKENS = (
    b"-", b"null", b'"', b"'", b"\\", b"\\x", b"\\u00zz", b"\\ud800", b"\\q", b"{", b"}", b"[" * 2000, b"]", b",",
    b"\t", b" ", b"1e999", b"-1e999", b"-1", b"9" * 400, b"NaN", b"-Infinity", b"\xff\xfe", b"\xc3", b"\xe2\x80\xa8",
    b"\x00", b"\x01", b"\x02", b"\x0b", b"\r", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"%", b"%00",
    b"%zz", b"://", b"<", b"&", b"0", b"", b"[]", b"{}", b"''", b"'); DROP TABLE calls; --", b"1e-999", b"=", b"a=b",
    *DATES,
)  # fmt: skip
Mutation = Callable[[random.Random, bytes], bytes]

RAW = (
    "1e999", "-1e999", "1e-999", "NaN", "-Infinity", "-0", "0.30000000000000000000000000000004", "1e30000", "1E5",
    "9" * 400, "9" * 5000, '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '{"a":1,"a":[2]}', '{"\\ud800":1}', '{"":{}}',
    '{"' + "k" * 3000 + '":0}', "[" * 300 + "]" * 300, '{"a":' * 300 + "1" + "}" * 300,
)  # fmt: skip
"""Values that a Python value does not write: put in as text."""
DEEP = ("[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000, '[{"a":' * 480 + "1" + "}]" * 480)
"""Values so deep that no more than a few in a file are needed."""
DEEP_FILES = (b'{"a":' * 9000, b"[" * 100_000, *(b"[" * n + b"]" * n for n in (100, 250, 320, 480, 900)))
DEEP_FILES += tuple(b'{"a":' * n + b"1" + b"}" * n for n in (100, 400, 900))
"""Files of one value, from what everything reads to what nothing does."""
ODD: tuple[Any, ...] = (
    None, True, False, "", " ", "-", 0, -1, 1.5, 10**18, 2**63, 10**30, 1e308, [], {}, [None], [[]], [{}], [1, "a"],
    {"id": {}}, {"value": []}, "\x00", "\x01", "\x1f", "\ud800", "9" * 400, "NaN", "1e999", "1e999999", "-1e9999999999",
    "ann@acme.example", "'); DROP TABLE partners; --", "{", "[1", "null", "true", "https://[::1", "//", "?", "#", "%",
    *(date.decode() for date in DATES), *(f"@raw{n}@" for n in range(len(RAW))),
)  # fmt: skip


def _flip(dice: random.Random, line: bytes) -> bytes:
    at = dice.randrange(len(line))
    return line[:at] + bytes([line[at] ^ (1 << dice.randrange(8))]) + line[at + 1 :]


def _cut(dice: random.Random, line: bytes) -> bytes:
    low, high = sorted((dice.randrange(len(line) + 1), dice.randrange(len(line) + 1)))
    return line[:low] + line[high:] if dice.random() < 0.5 else line[low:high]


def _insert(dice: random.Random, line: bytes) -> bytes:
    at = dice.randrange(len(line) + 1)
    return line[:at] + dice.choice(TOKENS) + line[at:]


def _sign(dice: random.Random) -> bytes:
    return dice.choice((b" ", b",", b'"', b":", b"\t", b";"))


def _word(dice: random.Random, line: bytes) -> bytes:
    """Put something else in the place of a word, a number or a quoted text."""
    signature = _sign(dice)
    words = line.split(signature)
    words[dice.randrange(len(words))] = dice.choice(TOKENS)
    return signature.join(words)


def _swap(dice: random.Random, line: bytes) -> bytes:
    """Exchange two fields."""
    signature = _sign(dice)
    words = line.split(signature)
    one, other = dice.randrange(len(words)), dice.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return signature.join(words)


def _repeat(dice: random.Random, line: bytes) -> bytes:
    """Write a field several times."""
    signature = _sign(dice)
    words = line.split(signature)
    at = dice.randrange(len(words))
    return signature.join((*words[:at], *words[at : at + 1] * dice.randint(2, 5), *words[at:]))


def _quotes(_dice: random.Random, line: bytes) -> bytes:
    return line.translate(bytes.maketrans(b"\"'", b"'\""))


def _double(_dice: random.Random, line: bytes) -> bytes:
    return line + line


MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _insert, _word, _word, _swap, _repeat, _quotes, _double)


def broken_line(dice: random.Random, line: bytes) -> bytes:
    """Return the line after one to three mutations; line feeds stay the file's own."""
    for _ in range(dice.randint(1, 3)):
        line = dice.choice(MUTATIONS)(dice, line or b"x")
    return line.replace(b"\n", b" ")


def broken_value(dice: random.Random, value: Any) -> Any:  # noqa: ANN401 - a JSON value of any kind
    """Return a JSON value with one thing in it replaced, removed, renamed, swapped or doubled."""
    if isinstance(value, dict) and value and dice.random() < 0.9:
        name, change = dice.choice(list(value)), dice.random()
        if change < 0.1:
            return {key: held for key, held in value.items() if key != name}
        if change < 0.15:
            return {
                name + "x" * dice.choice((0, 1, 3000)) if key == name else key: value[key] for key in value
            }
        if change < 0.2:
            other = dice.choice(list(value))
            return value | {name: value[other], other: value[name]}
        return value | {name: broken_value(dice, value[name])}
    if isinstance(value, list) and value and dice.random() < 0.9:
        place = dice.randrange(len(value))
        return [*value[:place], broken_value(dice, value[place]), *value[place + (dice.random() < 0.8) :]]
    return dice.choice(ODD)


def as_line(dice: random.Random, value: object) -> bytes:
    """Return a value as one line of JSON, its odd numbers, texts and depths written in."""
    said = json.dumps(value, ensure_ascii=dice.random() < 0.5)
    if "@raw" in said:
        for number, raw in enumerate(RAW):
            said = said.replace(f'"@raw{number}@"', raw)
    if dice.random() < 0.0005 and '"' in said:
        at = said.index('"') if dice.random() < 0.2 else said.rindex('"') + 1
        said = f"{said[:at]}{dice.choice(DEEP)}{said[at:]}" if at else said
    return said.encode("utf-8", "surrogatepass")


def broken_record(dice: random.Random, value: object) -> bytes:
    """Return a record of JSON after one to three mutations, as one line."""
    for _ in range(dice.randint(1, 3)):
        value = broken_value(dice, value)
    return as_line(dice, value)


def longest_list(value: object) -> list[Any] | None:
    """Return the list of a document that has most items, to put broken ones into."""
    found: list[list[Any]] = [value] if isinstance(value, list) else []
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found += [inner for each in inside if (inner := longest_list(each)) is not None]
    return max(found, key=len, default=None)


def _without_head(dice: random.Random, text: bytes) -> bytes:
    """Drop the first line, put another there, or write it again in the middle."""
    first, _, rest = text.partition(b"\n")
    middle = rest[: len(rest) // 2].rpartition(b"\n")[0]
    return dice.choice(
        (
            rest,
            b"a,b,c\n" + rest,
            first + b"\n" + middle + b"\n" + first + rest[len(middle) :],
            first,
            first * 2,
        )
    )


def _recoded(dice: random.Random, text: bytes) -> bytes:
    """Write it with a mark, in UTF-16, in Latin 1, with other line ends, packed, half packed."""
    plain = text.decode("utf-8", "replace")
    packed = gzip.compress(text, mtime=0)
    return dice.choice(
        (
            codecs.BOM_UTF8 + text, codecs.BOM_UTF8 * 2 + text, plain.encode("utf-16"), plain.encode("utf-32"),
            plain.encode("latin-1", "replace"), text.replace(b"\n", b"\r\n"), text.replace(b"\n", b"\r"),
            text.replace(b"\n", b"\n\n"), text.replace(b"\n", b""), packed, packed[: len(packed) // 2],
            _flip(dice, packed), packed + text, b"\0" + text, text + b"\0",
        )
    )  # fmt: skip


def _blank(dice: random.Random, text: bytes) -> bytes:
    """Leave nothing, or next to nothing, or put nothing around it."""
    nothing = dice.choice(
        (b"", b"\n", b" ", b"\r\n\r\n", b"\t\n \n", b"\0", codecs.BOM_UTF8, b"[]", b"{}", b"null")
    )
    return dice.choice((nothing, nothing + text, text + nothing))


FILE_MUTATIONS: tuple[Mutation, ...] = (*MUTATIONS, _without_head, _recoded, _recoded, _blank, _cut)


def broken_file(dice: random.Random, text: bytes) -> bytes:
    """Return a file after one or two mutations of its whole."""
    for _ in range(dice.randint(1, 2)):
        text = dice.choice(FILE_MUTATIONS)(dice, text or b"x")
    return text


LONG = (
    b"a", b'"', b"\\", b" ", b"[", b"]", b",", b"{", b":", b"=", b"%", b"/", b"1", b"-", b"\t", b'\\"', b'" "', b", ",
    b" : ", b"a=b ", b"a.", b"1.", b"1,", b"a@", b"<1>", b'":"', b"::1", b"&#", b'{"a":', b" - ", b"\xc3\xa9",
)  # fmt: skip
"""What a long field may be made of: signs that patterns stop at, go on after, or come back to."""


def long_lines(dice: random.Random, lines: Sequence[bytes], size: int) -> list[bytes]:
    """Return lines of about `size` bytes: for each kind of long field, one in a line of the sample."""
    made = []
    for signature in LONG:
        line = dice.choice(lines)
        at = dice.choice([n for n, byte in enumerate(line) if byte in b' ",:[=\t'] or [0]) + 1
        made.append(line[:at] + signature * (size // len(signature)) + line[at:])
    return made
