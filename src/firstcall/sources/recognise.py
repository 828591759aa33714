"""Which format is a file in, when nobody says?

Every format says why a file looks like its own. A format with signs of its own goes before the two whose lines many
others build on; when two are left that cannot be told apart, the user is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from firstcall.errors import UsageError
from firstcall.sources.csv_records import as_objects, csv_shape
from firstcall.sources.envelopes import parsed
from firstcall.sources.json_log import mended
from firstcall.sources.source import Source

GENERAL = ("nginx", "apache")
"""Formats whose shapes others share; they are asked about only when no other format knows the file."""
LONGEST = 1 << 20
BEGINNING = 100
"""Characters of a file that an error shows."""


def values(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines with arrays of JSON taken apart, blank lines left out and known slips mended."""
    return tuple(_values(lines))


def _values(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        text = line.strip("\r\n")
        if not text.lstrip().startswith(("[", "{")):
            if text.strip():
                yield text
            continue
        value = parsed(text)
        if value is None:
            value = parsed(mended(text))
        if value is None:
            yield text
        else:
            for item in value if isinstance(value, list) else [value]:
                yield json.dumps(item, ensure_ascii=False)


def _rows(lines: Sequence[str]) -> tuple[str, ...]:
    """Return CSV with a line of names as the objects that its format is given; nothing when it is none."""
    shape = csv_shape(lines)
    return () if shape is None else tuple(as_objects(iter(lines), shape, LONGEST))


def recognised(file: str, lines: Sequence[str], sources: Mapping[str, Source]) -> tuple[Source, str]:
    """Return (format, why) for the first payload lines of `file`.

    Raises UsageError when no format knows them, and when several do: then it lists them with their reasons and the
    command that chooses one.
    """
    held, rows = values(lines), _rows(lines)
    found = {
        name: why
        for name, source in sources.items()
        if source.recognise is not None and source.fills == "calls"
        if (
            why := source.recognise(held)
            or (source.recognise(rows) if rows and source.reads == "csv" else None)
        )
    }
    own = {name: why for name, why in found.items() if name not in GENERAL} or found
    if not own:
        shown = held[0][:BEGINNING] if held else "no line at all"
        raise UsageError(
            f"{file}: no format knows this file; it begins with {shown!r}. `firstcall sources` lists the formats; "
            f"name one, as in `firstcall import nginx {file}`."
        )
    if len(own) > 1:
        reasons = "".join(
            f"\n  firstcall import {name} {file}   ({why})" for name, why in sorted(own.items())
        )
        raise UsageError(f"{file}: may be one of {len(own)} formats. Choose:{reasons}")
    name, why = next(iter(own.items()))
    return sources[name], why
