"""How do numbers look: one file per kind of chart, each with a `draw` that returns a picture and its table."""

from __future__ import annotations

from firstcall.charts.chart import Canvas, Caption, Chart, Milestone, Point, Series, Table
from firstcall.charts.theme import DARK, LIGHT, PAGE, Theme, stylesheet

__all__ = [
    "DARK",
    "LIGHT",
    "PAGE",
    "Canvas",
    "Caption",
    "Chart",
    "Milestone",
    "Point",
    "Series",
    "Table",
    "Theme",
    "stylesheet",
]
