"""What is a source? The contract: what a format is called, which table it fills, and how its text becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Reads = Literal["lines", "json", "csv", "document"]


@dataclass(frozen=True, slots=True)
class Option:
    """One `--option NAME=VALUE` of an import; a `default` of None means that it may be left out."""

    name: str
    doc: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One shape that a format comes in, recognised from the first lines of a file."""

    name: str
    doc: str


@dataclass(frozen=True, slots=True)
class Conformed:
    """How one file's lines become calls.

    `select` reads the relation `lines(line VARCHAR)` and returns one row per call with the columns of `calls`
    (DuckDB types, time as UTC TIMESTAMP; `environment`, `traffic_class` and `route` may be null: admission
    decides) and `host`, `refusal`, `refusal_detail`, `content`. `variant` is the shape it was read as and `why`
    says in words what gave it away; `notes` are for the journal (an assumed zone, an assumed unit).
    `ids` says that calls may bring ids of their own, `expands` that one line may hold several calls.
    """

    select: str
    variant: str
    why: str
    notes: tuple[str, ...] = ()
    ids: bool = False
    expands: bool = False


Conform = Callable[[Sequence[str], Mapping[str, str]], Conformed]
"""(first lines of the file, options by name) → how to read it; raises UsageError when an option is wrong."""


@dataclass(frozen=True, slots=True)
class Source:
    """One system, or one format of files, that fills a table.

    `needs` says what a file must hold, `identity` which field names the consumer, `certainty` how well the
    mapping is known (read in the vendor's documents, seen in samples, or a default to check). `reads` says how
    a file is opened: `lines` gives physical lines to `conform`; `json`, `csv` and `document` are read by type.
    """

    name: str
    title: str
    fills: str
    needs: str
    identity: str
    certainty: str
    reads: Reads
    variants: tuple[Variant, ...] = ()
    options: tuple[Option, ...] = ()
    conform: Conform | None = None
