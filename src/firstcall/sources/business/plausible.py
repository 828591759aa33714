"""How often was each page of the documentation read, day by day, as Plausible counted it?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firstcall.sources.business.docs_pages import PAGES, outside, step
from firstcall.sources.mapping.mapping import RecordMapping, Rows, Skip, take
from firstcall.sources.signatures import signature
from firstcall.sources.source import Source, Variant


def _page_of_day(row: Any, _currency: str) -> str:  # noqa: ANN401 - a row of the export
    return f"{row.get('date')} {row.get('hostname')}{row.get('page')}"


def _maps(options: Mapping[str, str]) -> RecordMapping:
    """Return the mapping for the pages that the options name."""
    columns = {
        "page_of_day": take("", read=_page_of_day),
        "time": take("date"),
        "step": take("page", read=step(options)),
        "subject": take("page", read="path"),
        "visits": take("visits"),
        "visitors": take("visitors"),
        "pageviews": take("pageviews"),
    }
    pages = Skip(outside(options, "page"), "pages outside the documentation")
    rows = Rows(
        "journey",
        columns,
        {"date": True, "page": True, "visitors": True},
        skip=(pages,),
        identity="page_of_day",
    )
    return RecordMapping((rows,), "a day of a page of Plausible, with date, page and visitors")


SIGNATURES = (signature("date", "page", "visitors", "visits|pageviews"),)

PLAUSIBLE = Source(
    name="plausible",
    title="Plausible pages by day",
    fills="journey",
    needs="`imported_pages_….csv` of the export; a row is a page and a day, with its counts in attributes",
    identity="none: visitors are only counted, so no view is ever joined to a person",
    certainty="headings read in the vendor's code; samples built from documentation",
    reads="json",
    variants=(Variant("CSV", '`"date","hostname","page","visits","visitors","pageviews"`'),),
    options=PAGES,
    maps=_maps,
    signatures=SIGNATURES,
)
