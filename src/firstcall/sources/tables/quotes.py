"""How is a CSV file with unusual quotes read exactly, when the fast way cannot be sure?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from firstcall.errors import ImportRefused


class _Counted:
    """The physical lines of a file, remembering those of the record under way."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.held: list[str] = []

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.held.append(line)
        return line

    def taken(self) -> str:
        """Return the text since the last call."""
        text, self.held = "".join(self.held), []
        return text


def rewrite(path: Path, out: Path, delimiter: str, skip: int, limit: int) -> None:
    """Write each record of `path` after `skip` lines to `out` as one line: where it begins, a JSON list of its fields.

    A record that breaks the rules of CSV becomes `{"problem": …, "content": …}`. Raises ImportRefused when a
    quote is never closed, because then nobody can say where the rows end.
    """
    csv.field_size_limit(max(limit, 131_072))
    with path.open(encoding="utf-8", newline="\n") as text, out.open("w", encoding="utf-8") as written:
        for line, record in _records(text, delimiter, skip):
            written.write(f"{line} {json.dumps(record, ensure_ascii=False)}\n")


def _records(text: TextIO, delimiter: str, skip: int) -> Iterator[tuple[int, object]]:
    """Yield (number of its first line, what it is) of each record."""
    counted = _Counted(chain(islice(text, skip, None)))
    reader = csv.reader(counted, delimiter=delimiter, strict=True)
    line = skip
    while True:
        line += len(counted.held)
        counted.taken()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise ImportRefused(
                    f"A quote that opens in line {line + 1} is never closed: {counted.taken()[:80]!r}. "
                    'Close it, or double it ("") when it is meant as a sign. Nothing was imported.'
                ) from error
            yield line + 1, {"problem": str(error), "content": "".join(counted.held).rstrip("\n")}
            continue
        if fields:
            yield line + 1, fields
