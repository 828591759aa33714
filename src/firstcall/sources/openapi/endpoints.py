"""Which endpoints does an API product have, by its OpenAPI documents?"""

from __future__ import annotations

import json
import re
import reprlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import yaml

from firstcall.errors import ImportRefused
from firstcall.sources.signatures import signature
from firstcall.sources.source import Option, Source, Variant
from firstcall.sources.tables.delimited import Sheet

MOST_BYTES = 64 << 20
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
NAMES = ("product", "method", "route", "version", "api_class", "feature", "deprecated_at", "sunset_at")
PREFIX = re.compile(r"/(v[0-9]+(?:[.][0-9]+)*)(?:/|$)", re.IGNORECASE)
DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_REFERENCES = 16
DEEPEST = 200
"""Levels of a YAML document, one inside the other."""
MOST_REPEATED = 1_000_000
"""Values that the aliases of a YAML document may stand for."""

NAMED = re.compile(r"""["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.""")


def recognise(lines: Sequence[str]) -> str | None:
    """Return why the lines are a document in YAML: the version stands at the beginning of a line."""
    found = next((match[1] for line in lines if (match := NAMED.match(line))), None)
    return f"the document says {found} and its version" if found else None


OPENAPI = Source(
    name="openapi",
    title="OpenAPI documents",
    fills="endpoints",
    needs="OpenAPI 3.x or 2.0, JSON or YAML; of two documents of one product, the older first, what changed too",
    identity="none: a document says what can be called, not by whom",
    certainty="read in the specification",
    reads="document",
    variants=(Variant("OpenAPI 3.x", "`openapi: 3…`"), Variant("Swagger 2.0", '`swagger: "2.0"`')),
    recognise=recognise,
    signatures=(signature("openapi=3*|swagger=2*", "info|paths"),),
    options=(
        Option(
            "product",
            "API product the operations belong to; else the document's title in lower case with dashes.",
        ),
        Option(
            "version", "API version; else a prefix such as /v1 of the route, else the document's version."
        ),
        Option("date", "Date of the document, for operations marked deprecated without a date of their own."),
        Option(
            "released",
            "When the newer of two documents was released; else the date it gives itself, else that of its file.",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document and what holds for all of its operations."""

    root: Mapping[str, object]
    product: str
    version: str | None
    dated: str | None
    base: str
    given_version: str | None = None


@dataclass(slots=True)
class _Found:
    """Rows taken from a document: fields, or a problem with what was found."""

    rows: list[tuple[list[str | None] | None, str | None, str | None]] = field(default_factory=list)
    undated: int = 0

    def refuse(self, problem: str, content: object) -> None:
        """Keep what cannot become an endpoint."""
        self.rows.append((None, problem, written(content)))


def load_document(
    connection: duckdb.DuckDBPyConnection, path: Path, shown: str, options: Mapping[str, str]
) -> Sheet:
    """Fill the temporary table `sheet` with one row per operation of the document at `path`.

    Raises ImportRefused when it is neither JSON nor YAML, no OpenAPI document, or describes no operation.
    """
    root = parsed(path, shown)
    variant = variant_of(root, shown)
    document = described(root, options)
    found = _Found()
    for route, item in mapping(root.get("paths")).items():
        if not str(route).startswith("x-"):
            _path(document, str(route), item, found)
    if not found.rows:
        raise ImportRefused(f"{shown}: the {variant} document describes no operations under `paths`.")
    connection.execute("DROP TABLE IF EXISTS sheet")
    connection.execute(
        "CREATE TEMP TABLE sheet AS SELECT row_number() OVER () AS row, item.fields AS fields, "
        "item.problem AS problem, item.content AS content FROM (SELECT unnest(from_json(?, "
        """'[{"fields": ["VARCHAR"], "problem": "VARCHAR", "content": "VARCHAR"}]')) AS item)""",
        [
            unescaped(
                [
                    {"fields": fields, "problem": problem, "content": content}
                    for fields, problem, content in found.rows
                ]
            )
        ],
    )
    return Sheet(NAMES, variant, tuple(_notes(document, options, found)))


def _notes(document: Document, options: Mapping[str, str], found: _Found) -> Iterator[str]:
    if "product" not in options:
        yield f"product {document.product} taken from the document's title; --option product=NAME sets it"
    if found.undated:
        yield f"{found.undated:,} operations are deprecated without a date; --option date=YYYY-MM-DD sets it"


def parsed(path: Path, shown: str) -> Mapping[str, object]:
    """Return the document in a JSON or YAML file; raises ImportRefused when it is neither."""
    if (size := path.stat().st_size) > MOST_BYTES:
        raise ImportRefused(
            f"{shown}: {size:,} bytes are more than an OpenAPI document has ({MOST_BYTES:,} at most)."
        )
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        # every JSON document is YAML too, but YAML takes thirty times as long
        as_json = text.lstrip().startswith("{")
        root = json.loads(text) if as_json else _yaml(text)
    except json.JSONDecodeError as error:
        raise ImportRefused(
            f"{shown}: not valid JSON in line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except yaml.YAMLError as error:
        raise ImportRefused(f"{shown}: not valid YAML: {' '.join(str(error).split())}.") from error
    except (RecursionError, ValueError, TypeError) as error:
        raise ImportRefused(f"{shown}: cannot be read as JSON or YAML: {error}.") from error
    if not isinstance(root, dict):
        raise ImportRefused(
            f"{shown}: not an OpenAPI document: it is no object with `openapi` or `swagger` in it."
        )
    return root


def _yaml(text: str) -> object:
    """Return the value of a YAML text; raises ValueError for one that is nested or refers to itself without end.

    The loader builds a value by calls in C and has no limit of its own: too deep a text would end the program.
    """
    open_: list[tuple[str | None, int]] = [(None, 0)]
    sizes: dict[str, int] = {}
    more = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        size = 1
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, 0))
            if len(open_) > DEEPEST:
                raise ValueError(f"more than {DEEPEST} levels, one inside the other")
            continue
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise yaml.YAMLError(f"the alias {event.anchor} stands for nothing, or for what it stands in")
            size = sizes[event.anchor]
            more += size
            if more > MOST_REPEATED:
                raise ValueError("its aliases unfold to more than any document has")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_.pop()
            size += 1
            if anchor is not None:
                sizes[anchor] = size
        elif isinstance(event, yaml.ScalarEvent) and event.anchor is not None:
            sizes[event.anchor] = 1
        open_[-1] = (open_[-1][0], open_[-1][1] + size)
    return yaml.load(text, Loader=yaml.CSafeLoader)


def variant_of(root: Mapping[str, object], shown: str) -> str:
    """Return which version of the specification a document follows; raises ImportRefused when none that is known."""
    if str(root.get("openapi", "")).startswith("3."):
        return f"OpenAPI {root['openapi']}"
    if str(root.get("swagger", "")) == "2.0":
        return "Swagger 2.0"
    said = next(
        (f"{key} {root[key]}" for key in ("openapi", "swagger", "swaggerVersion", "asyncapi") if key in root),
        "",
    )
    raise ImportRefused(
        f"{shown}: not an OpenAPI document of version 3.x or 2.0: "
        f"found {said or 'neither `openapi` nor `swagger`'}."
    )


def described(root: Mapping[str, object], options: Mapping[str, str]) -> Document:
    """Return the document with what holds for all of its operations."""
    info = mapping(root.get("info"))
    version = text_of(info.get("version"))
    stated = text_of(info.get("x-date")) or (version if version and DATED.fullmatch(version) else None)
    return Document(
        root=root,
        product=options.get("product") or _slug(text_of(info.get("title")) or "") or "",
        version=version,
        dated=options.get("date") or stated,
        base=text_of(root.get("basePath")) or server_path(root.get("servers")) or "",
        given_version=options.get("version"),
    )


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def server_path(servers: object) -> str | None:
    """Return the path of the first server, its variables replaced by their defaults; None when there is no server."""
    first = servers[0] if isinstance(servers, list) and servers else None
    if not isinstance(first, dict) or not isinstance(url := first.get("url"), str):
        return None
    for name, variable in mapping(first.get("variables")).items():
        url = url.replace("{" + str(name) + "}", str(mapping(variable).get("default", "")))
    # the host is of no interest, and one that is still a template is no valid one
    return re.sub(r"^(?:[a-z]+:)?//[^/]*", "", url, flags=re.IGNORECASE).split("?")[0].split("#")[0]


def _path(document: Document, path: str, item: object, found: _Found) -> None:
    item = resolved(document.root, item)
    if not isinstance(item, dict):
        found.refuse("path is not an object or refers outside the document", {"path": path, "found": item})
        return
    if not path.startswith("/"):
        found.refuse("path does not begin with a slash", {"path": path})
        return
    base = server_path(item.get("servers"))
    operations = {**{m: item[m] for m in METHODS if m in item}, **mapping(item.get("additionalOperations"))}
    for method, operation in operations.items():
        if isinstance(operation, dict):
            fields = _operation(document, (str(method), path, base), item, operation, found)
            found.rows.append((fields, None, None))
        else:
            found.refuse("operation is not an object", {"path": path, "method": method, "found": operation})


def _operation(
    document: Document,
    where: tuple[str, str, str | None],
    item: Mapping[str, object],
    operation: Mapping[str, object],
    found: _Found,
) -> list[str | None]:
    method, path, base = where
    server = next((b for b in (server_path(operation.get("servers")), base) if b is not None), document.base)
    route = "/" + (server.strip("/") + "/" + path.strip("/")).strip("/")
    prefix = PREFIX.match(route) or PREFIX.search(route)
    version = document.given_version or (prefix[1] if prefix else document.version)
    deprecated = None
    if operation.get("deprecated") is True:
        deprecated = text_of(operation.get("x-deprecated-at")) or document.dated
        found.undated += deprecated is None
    tags = operation.get("tags")
    feature = text_of(tags[0]) if isinstance(tags, list) and tags else None
    api_class = next(
        (
            text_of(level["x-api-class"])
            for level in (operation, item, document.root)
            if "x-api-class" in level
        ),
        None,
    )
    sunset = text_of(operation.get("x-sunset"))
    return [document.product, method.upper(), route, version, api_class, feature, deprecated, sunset]


def resolved(root: Mapping[str, object], item: object) -> object:
    """Follow references inside the document; one to elsewhere, or in a circle, gives None."""
    for _ in range(MOST_REFERENCES):
        if not isinstance(item, dict) or "$ref" not in item:
            return item
        reference = str(item["$ref"])
        if not reference.startswith("#/"):
            return None
        beside = {key: value for key, value in item.items() if key != "$ref"}
        target: object = root
        for part in reference[2:].split("/"):
            target = mapping(target).get(part.replace("~1", "/").replace("~0", "~"))
        item = {**target, **beside} if isinstance(target, dict) else None
    return None


def mapping(value: object) -> Mapping[str, object]:
    """Return an object of a document; empty when it is none."""
    return value if isinstance(value, dict) else {}


def written(value: object, *, ordered: bool = False) -> str:
    """Return a part of a document as JSON, or as Python writes it where its names are no texts or it is too deep."""
    with suppress(TypeError, ValueError, RecursionError):
        return json.dumps(value, sort_keys=ordered, default=str)
    with suppress(RecursionError):
        return repr(value)
    return reprlib.repr(value)


def unescaped(rows: object) -> str:
    """Return rows as JSON that the engine reads too: half a character that a document escaped becomes a mark."""
    return json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace").decode()


def text_of(value: object) -> str | None:
    """Return a text, number or date of a document as text; None when it is none of these."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
