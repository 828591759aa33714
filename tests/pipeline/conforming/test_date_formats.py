"""Is a date read as its column writes dates, and the file refused when nobody can say how that is?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firstcall.errors import ImportRefused
from tests.pipeline.import_desk import PARTNERS, ImportDesk, desk


@pytest.fixture
def at(tmp_path: Path) -> Iterator[ImportDesk]:
    """A desk in UTC."""
    with desk(tmp_path) as made:
        yield made


def sheet(*dates: str) -> str:
    """Return a list of partners that registered then."""
    return PARTNERS + "".join(f'p{n},P,"{date}"\n' for n, date in enumerate(dates))


def read(at: ImportDesk) -> list[object]:
    """Return when they registered, to the second."""
    found = at.rows("SELECT registered_at::VARCHAR FROM partners WHERE known_to IS NULL ORDER BY partner_id")
    return [str(when).removesuffix(" 00:00:00") for (when,) in found]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("03/04/2026", "31/12/2025"), ("2026-04-03", "2025-12-31")),
        (("03/04/2026", "12/31/2025"), ("2026-03-04", "2025-12-31")),
        (("3.4.2026", "01.02.26"), ("2026-04-03", "2026-02-01")),
        (("03-04-2026 9:30", "31-12-2025 23:59:59"), ("2026-04-03 09:30:00", "2025-12-31 23:59:59")),
        (("3/4/26 9:30 PM", "12/31/25 12:05 am"), ("2026-03-04 21:30:00", "2025-12-31 00:05:00")),
        (("2026/3/4", "2026.12.31 08:15"), ("2026-03-04", "2026-12-31 08:15:00")),
        (("4 Mar 2026", "31. Dezember 2025", "4-mrz-26"), ("2026-03-04", "2025-12-31", "2026-03-04")),
        (("March 4, 2026", "Dec 31st, 2025 at night"), ("2026-03-04",)),
        (
            ("4.4.2026", "2026-05-05", "1.2.2026 10:00 Uhr"),
            ("2026-04-04", "2026-05-05", "2026-02-01 10:00:00"),
        ),
        (("2026-05-05", "05/05/2026"), ("2026-05-05", "2026-05-05")),
        (("13.1.2026 12:00 +02:00",), ("2026-01-13 10:00:00",)),
        (("31.02.2026", "28.02.2026"), ("2026-02-28",)),
        (("01/01/69", "31/12/71"), ("2069-01-01", "1971-12-31")),
    ],
)
def test_a_column_has_one_order(at: ImportDesk, dates: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """What one of its dates shows holds for those that would allow either; days that are none are refused."""
    at.take("partners", sheet(*dates))
    assert read(at) == list(expected)


def test_both_readings_possible_refuse_the_file_until_one_is_said(at: ImportDesk) -> None:
    """Of 3 April and 4 March."""
    with pytest.raises(
        ImportRefused, match="registered_at: in '03/04/2026' day and month cannot be told apart"
    ):
        at.take("partners", sheet("03/04/2026", "05/06/2026"))
    at.take("partners", sheet("03/04/2026"), options={"dates": "month-first"})
    assert read(at) == ["2026-03-04"]


def test_among_dates_that_are_plain_one_that_is_not_is_refused_alone(at: ImportDesk) -> None:
    """The rest of the file is known."""
    report = at.take("partners", sheet("2026-01-01", "03/04/2026"))
    assert (report.total.refused, read(at)) == ({"bad time in registered_at": 1}, ["2026-01-01"])
    assert "say --option dates=day-first" in str(at.rows("SELECT line, detail FROM refused"))


def test_a_column_with_both_orders_refuses_the_file(at: ImportDesk) -> None:
    """Both dates are named."""
    with pytest.raises(
        ImportRefused, match="in '31/12/2025' the day stands first, in '12/31/2025' the month"
    ):
        at.take("partners", sheet("31/12/2025", "12/31/2025"))


def test_the_end_of_a_month_is_seen_in_any_format(at: ImportDesk) -> None:
    """A period of April ends with April, however its last day is written."""
    head = "line_id;invoice_id;partner_id;kind;period_start;period_end;amount;currency;issued_at\n"
    at.take("invoice_lines", head + "a;i;p;usage;01.04.2026;30.04.2026;1,50;EUR;02.05.2026\n")
    assert at.rows(
        "SELECT period_start::VARCHAR, period_end::VARCHAR, amount::DOUBLE FROM invoice_lines"
    ) == [("2026-04-01 00:00:00", "2026-05-01 00:00:00", 1.5)]
