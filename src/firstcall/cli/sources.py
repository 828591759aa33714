"""What can be imported, what does it need, and what does it fill?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from firstcall import registry
from firstcall.cli.options import Common, Json
from firstcall.cli.terminal import Head, Terminal
from firstcall.errors import UnknownName
from firstcall.schema import TABLES
from firstcall.sources.tables.reading_options import OPTIONS

if TYPE_CHECKING:
    from firstcall.schema import Table
    from firstcall.sources.source import Source


def sources(
    name: Annotated[str | None, Parameter(name="NAME")] = None,
    /,
    *,
    as_json: Json = False,
    common: Common | None = None,
) -> int:
    """List what can be imported, what it needs and what it fills.

    Parameters
    ----------
    name
        One format or table, in full: its columns, shapes and options.
    """
    terminal = Terminal(common, as_json=as_json)
    formats = registry.sources()
    if name is None:
        if as_json:
            listed = [_format(found) for found in formats.values()]
            terminal.json({"formats": listed, "tables": [_table(table) for table in TABLES.values()]})
        _list_sources(terminal, formats.values(), TABLES.values())
    elif name in formats:
        _show_format(terminal, formats[name])
    elif name in TABLES:
        _show_table(terminal, TABLES[name])
    else:
        raise UnknownName(
            "format or table", name, [*formats, *TABLES], hint="firstcall sources lists them all."
        )
    return 0


def _list_sources(terminal: Terminal, formats: Iterable[Source], tables: Iterable[Table]) -> None:
    terminal.table(
        (
            Head("format"),
            Head("fills"),
            Head("shapes", right=True),
            Head("who called", whole=False),
            Head("samples", whole=False),
            Head("options", whole=False),
        ),
        [
            (
                found.name,
                ", ".join((found.fills, *found.also)),
                len(found.variants),
                found.identity,
                found.samples,
                ", ".join(option.name for option in found.options),
            )
            for found in formats
        ],
        title="Formats of gateways and other systems",
    )
    terminal.words()
    terminal.table(
        (Head("table"), Head("layer"), Head("one row is", whole=False), Head("needs", whole=False)),
        [(table.name, table.layer, table.doc, ", ".join(needs(table))) for table in tables],
        title="Tables, from CSV, NDJSON, JSON or Parquet, plain or as .gz or .zst",
    )
    terminal.words()
    terminal.words("firstcall sources NAME shows one in full; firstcall import NAME FILE… imports it.")
    terminal.words("firstcall import auto FILE… tells the format by the first lines of each file.")


def _show_format(terminal: Terminal, found: Source) -> None:
    if terminal.as_json:
        terminal.json(_format(found))
        return
    terminal.words(f"{found.name}: {found.title}", "bold")
    terminal.words(f"Fills {', '.join((found.fills, *found.also))}. Needs {found.needs}")
    terminal.words(f"Who called: {found.identity}")
    terminal.words(f"How sure: {found.certainty}")
    if found.pull is not None:
        where = found.pull.base or f"--url {found.pull.address}"
        needed = f" The token needs: {found.pull.rights}." if found.pull.rights else ""
        terminal.words(f"Can be pulled, from {where}: firstcall pull {found.name}.{needed}")
    terminal.words(f"Samples: {found.samples}")
    if found.variants:
        terminal.words()
        terminal.table(
            (Head("shape"), Head("what it is", whole=False)),
            [(variant.name, variant.doc) for variant in found.variants],
            title="Shapes, told apart by the first lines",
        )
    if found.options:
        terminal.words()
        terminal.table(
            (Head("option"), Head("default"), Head("what it does", whole=False)),
            [(option.name, option.default, option.doc) for option in found.options],
            title="Options, as --option NAME=VALUE",
        )
    if found.pull is not None and found.pull.blanks:
        terminal.words()
        terminal.table(
            (Head("option"), Head("default"), Head("what it does", whole=False)),
            [(blank.name, blank.default, blank.doc) for blank in found.pull.blanks],
            title="Options of the pull",
        )


def _show_table(terminal: Terminal, table: Table) -> None:
    if terminal.as_json:
        terminal.json(_table(table))
        return
    terminal.words(f"{table.name} ({table.layer})", "bold")
    terminal.words(table.doc)
    terminal.words()
    heads = (Head("column"), Head("kind"), Head("required"), Head("what it is", whole=False))
    rows = []
    for column in table.columns:
        domain = f" One of: {', '.join(column.values)}." if column.values else ""
        default = f" Default: {column.default}." if column.default is not None else ""
        rows.append(
            (column.name, column.kind, "yes" if column.required else "", f"{column.doc}{domain}{default}")
        )
    terminal.table(heads, rows)
    terminal.words()
    options = ", ".join(option.name for option in OPTIONS)
    terminal.words(f"Options, as --option NAME=VALUE, when the file does not tell: {options}.")
    key = ", ".join(table.key)
    terminal.words(f"A row is known by {key}." if key else "Two rows with the same content are one row.")


def needs(table: Table) -> tuple[str, ...]:
    """Return the columns a row cannot do without; of a group, one is enough."""
    required = [column.name for column in table.columns if column.required]
    return (*required, *(" or ".join(group) for group in table.needs_one_of))


def _format(found: Source) -> dict[str, object]:
    return {
        "name": found.name,
        "title": found.title,
        "fills": found.fills,
        "also": found.also,
        "pull": found.pull is not None,
        "needs": found.needs,
        "identity": found.identity,
        "certainty": found.certainty,
        "samples": found.samples,
        "variants": {variant.name: variant.doc for variant in found.variants},
        "options": {option.name: {"default": option.default, "doc": option.doc} for option in found.options},
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "name": table.name,
        "layer": table.layer,
        "doc": table.doc,
        "key": table.key,
        "needs_one_of": table.needs_one_of,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind,
                "required": column.required,
                "values": column.values,
                "default": column.default,
                "doc": column.doc,
            }
            for column in table.columns
        ],
    }
