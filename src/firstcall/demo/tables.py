"""How is a table of the sample program written, as a file in the product's own shape?"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from firstcall.demo.gateways import write_gzip

Cell = str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for one table of the data model; empty text is an absent value."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def write_csv(folder: Path, table: Table) -> Path:
    """``<table>.csv`` with a header; days as ISO dates, decimals as they are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows(table.rows)
    path = folder / f"{table.name}.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def write_ndjson(folder: Path, table: Table) -> Path:
    """``<table>.ndjson.gz``, one object a line, absent values left out."""
    lines = []
    for row in table.rows:
        filled = {name: cell for name, cell in zip(table.header, row, strict=True) if cell != ""}
        lines.append(json.dumps(filled, default=str, ensure_ascii=False))
    path = folder / f"{table.name}.ndjson.gz"
    write_gzip(path, "\n".join(lines) + "\n")
    return path
