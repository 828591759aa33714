"""What is a source? The contract: what a format is called, which table it fills, and how its text becomes rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from firstcall.sources.mapping.mapping import MappingFor
from firstcall.sources.pull import Pull
from firstcall.sources.signatures import Signature

Reads = Literal["lines", "json", "csv", "document"]

BUILT = "built from documentation"
REAL = "written by the system itself"


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
"""(first lines of the file, options by name) → how to read it; raises UsageError when an option is wrong.

The lines are payloads: compression, byte-order marks and envelopes (`parsing.envelopes`: syslog, Docker,
Kubernetes, CloudWatch, `{"records": […]}`, documents over several lines) are gone before a format sees them.
"""

Recognise = Callable[[Sequence[str]], str | None]
"""(first payload lines of a file) → why they look like this format, in words; None when they do not.

It must not raise, and should look for what only this format has; `firstcall.sources.recognise` asks all of them.
Of JSON it sees one value a line, arrays taken apart, but documents before `unpack`; a `csv` source is asked twice,
with the lines as they are and, when the first names the columns, with the records as objects.
"""

Unpack = Callable[[Any], Iterable[Any]]
"""(a parsed JSON document) → its records, each of which becomes one JSON line and so one row.

For documents that hold many calls (HAR's log.entries, OTLP's spans with their resource). A list is already taken
apart and `{"records": […]}` too. What is not such a document is returned as it is, in a list of one. A document of
another shape may raise KeyError, TypeError, ValueError, IndexError or AttributeError: its line is then kept whole.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One system, or one format of files, that fills a table.

    `needs` says what a file must hold, `identity` which field names the consumer, `call_id` which names one call (an id
    that a client can set never does alone; empty for what fills no calls), `certainty` how well the
    mapping is known (read in the vendor's documents, seen in samples, or a default to check). `samples` says where
    the tests have its text from; REAL when the system itself writes it while they run.

    `reads` says how a file is opened. For calls `lines` gives physical lines to `conform`, as text or as JSON (one
    object a line, arrays, and documents over several lines are all taken apart into one object a line); `csv`
    reads quoted CSV exactly (comma, semicolon, tab or bar, told by the header) and gives `conform` each record as
    one JSON object line, every value a string under its column's name, so that `json_log.extracted` serves;
    records with fields too few or too many are refused and counted. A `csv` source that is given JSON or lines of
    another kind gets them as they are: one source may so have CSV and JSON variants. `header` names the columns of
    CSV files that have no header line (more fields than names are called `column_N`, fewer are fine).
    For other tables `json`, `csv` and `document` are read by type.

    A business system has `maps`: its records, from JSON or CSV, become rows of one or more tables, of which `fills`
    is the first and `also` names the others. With `pull` it can also be asked for them over HTTP. Its files are
    recognised by `signatures`, the fields of one record; a format of calls, whose lines have none, by `recognise`.
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
    recognise: Recognise | None = None
    unpack: Unpack | None = None
    header: tuple[str, ...] = ()
    maps: MappingFor | None = None
    also: tuple[str, ...] = ()
    call_id: str = ""
    samples: str = BUILT
    pull: Pull | None = None
    signatures: tuple[Signature, ...] = ()
