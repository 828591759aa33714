"""What is there to know: every table of the three layers and the signals around them, as typed values."""

from __future__ import annotations

from firstcall.schema.table import Column, Table
from firstcall.schema.tables import TABLES

__all__ = ["TABLES", "Column", "Table"]
