"""Are days, moments, stretches, filters and variants read as they are written, and refused when they are not?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.errors import FirstcallError, ScopeError, UnknownName, UsageError
from firstcall.periods import FIRST_DAY, LAST_DAY, Question
from firstcall.query.question import (
    PARAMETERS,
    Parameters,
    back,
    day,
    moment,
    pairs,
    parameters_of,
    read,
    stretch,
    switch,
)

BERLIN = ZoneInfo("Europe/Berlin")
NEWEST = date(2026, 10, 1)
ZONES = (BERLIN, ZoneInfo("UTC"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia"))


def newest() -> date:
    """Return the first day after the newest complete one."""
    return NEWEST


def asked(**texts: str | tuple[str, ...]) -> Question:
    """Return the question that texts by parameter ask; `from_` stands for `from`."""
    given = {
        name.removesuffix("_"): (each,) if isinstance(each, str) else each for name, each in texts.items()
    }
    return read(given, BERLIN).question("latency", newest)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-07-14", date(2026, 7, 14)),
        ("2026-07", date(2026, 7, 1)),
        ("2026Q3", date(2026, 7, 1)),
        ("2026-q4", date(2026, 10, 1)),
        ("2026", date(2026, 1, 1)),
        ("1970", FIRST_DAY),
        ("2200-01-01", LAST_DAY),
    ],
)
def test_a_day_is_the_first_of_what_was_written(text: str, first: date) -> None:
    """A month, a quarter or a year stands for its first day."""
    assert day("from", text) == first


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13", "2026-02-30", "2026Q5", "14.07.2026", "", "２０２６"]
)
def test_what_is_no_day_is_answered_with_what_is_one(text: str) -> None:
    """The message names the parameter as it was written and gives a form to copy."""
    with pytest.raises(UsageError, match=r"--to .* is no day; write 2026-07-01"):
        day("--to", text)


@pytest.mark.parametrize("text", ["9999", "0001-01-01", "1969-12-31", "2200-01-02"])
def test_days_are_bounded(text: str) -> None:
    """Rows lie between 1971 and 2199, and no engine's dates end near."""
    said = r"from '.*' cannot be asked for: days go from 1970-01-01 to 2200-01-01"
    with pytest.raises(UsageError, match=said):
        asked(from_=text)
    with pytest.raises(UsageError, match=said.replace("from '", "as_of '", 1)):
        asked(as_of=text if "-" in text else f"{text}-01-01")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-01-01T12:00", datetime(2026, 1, 1, 11, tzinfo=UTC)),
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T12:00:00-05:00", datetime(2026, 7, 1, 17, tzinfo=UTC)),
        ("2026-07-01T12:00:00 05:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("1970-01-01", datetime(1969, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_moment_without_offset_is_local(text: str, utc: datetime) -> None:
    """Summer and winter each by their own offset; a plus that an address turned into a space is understood."""
    assert moment("as_of", text, BERLIN) == utc
    assert asked(as_of=text).as_of == utc


def test_what_is_no_moment_is_answered_with_what_is_one() -> None:
    """The message names the parameter."""
    with pytest.raises(UsageError, match="--as-of 'noon' is no moment"):
        moment("--as-of", "noon", BERLIN)


@pytest.mark.parametrize(
    ("last", "start"),
    [("30d", date(2026, 9, 1)), ("2w", date(2026, 9, 17)), ("12m", date(2025, 10, 1))],
)
def test_the_last_stretch_ends_with_the_newest_day(last: str, start: date) -> None:
    """Both ends are set, half-open; with an end of its own it ends there."""
    found = asked(last=last)
    assert (found.start, found.end) == (start, NEWEST)
    found = asked(last=last, to="2026-09-01")
    assert found.end == date(2026, 9, 1)


def test_months_back_from_a_long_month_end_in_a_short_one() -> None:
    """A month before the 31st of March is the last day of February."""
    assert back(date(2026, 3, 31), "1m") == date(2026, 2, 28)


@pytest.mark.parametrize("text", ["3y", "0d", "-3d", "d", "99999999d", "9999m", "90 d"])
def test_what_is_no_stretch_is_answered_with_the_longest(text: str) -> None:
    """230 years in each unit."""
    with pytest.raises(UsageError, match=r"--last .*write 30d, 12w or 6m, at most 84006d, 12000w, 2760m"):
        stretch("--last", text)


def test_a_stretch_cannot_begin_before_all_days() -> None:
    """A hundred years before today is a stretch of time, and begins too early."""
    with pytest.raises(ScopeError, match="1200m before 2026-10-01 begin on 1926-10-01; days go from 1970"):
        asked(last="1200m")


def test_the_newest_day_is_not_looked_for_in_vain() -> None:
    """Only `last` needs it, and it costs a query."""
    never: list[date] = []
    assert read({"from": ("2026",)}, BERLIN).question("latency", never.pop).start == date(2026, 1, 1)


def test_filters_of_one_dimension_come_together() -> None:
    """Repeating a dimension means any of its values; a value may hold commas, colons, spaces and equals signs."""
    given = ("product=payments", "partner:a,b", "product = search", "endpoint=GET /a:b=c")
    assert pairs("where", given) == (
        ("product", ("payments", " search")),
        ("partner", ("a,b",)),
        ("endpoint", ("GET /a:b=c",)),
    )


@pytest.mark.parametrize("wrong", ["product", "=payments", " =x", ":", ""])
def test_a_filter_without_name_or_value_is_refused(wrong: str) -> None:
    """The message shows the form."""
    with pytest.raises(UsageError, match=r"--where .* is no NAME=VALUE, as in --where product=payments"):
        pairs("--where", (wrong,))


def test_texts_become_a_question() -> None:
    """Dimensions by comma or repeated, each once; the last of a variant holds."""
    found = asked(
        from_="2026Q3",
        to="2026-10",
        grain="week",
        by=("product, endpoint", "partner,product"),
        where=("environment=production",),
        set=("method=calls", "method=probes"),
        exact="TRUE",
    )
    assert found == Question(
        "latency", date(2026, 7, 1), NEWEST, "week", ("product", "endpoint", "partner"),
        (("environment", ("production",)),), variants=(("method", "probes"),), exact=True,
    )  # fmt: skip


def test_unknown_words_name_the_nearest() -> None:
    """Parameter, grain, dimension, environment and entity are closed lists."""
    for texts, near in (
        ({"grain": "months"}, "Did you mean month"),
        ({"by": "produkt"}, "product"),
        ({"where": "segmnt=a"}, "segment"),
        ({"environment": "prod"}, "production"),
        ({"entity": "developers"}, "developer"),
    ):
        with pytest.raises(UnknownName, match=near):
            asked(**texts)
    with pytest.raises(UnknownName, match="Did you mean --as-of"):
        read({"asof": ("2026",)}, BERLIN, lambda name: f"--{name.replace('_', '-')}")


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"from_": "2026-07", "to": "2026-07"}, "`to` is the first day after|to is the first day after it"),
        ({"from_": "2026-07", "last": "30d"}, "both say when to begin"),
        ({"grain": ("day", "week")}, "grain is given 2 times"),
        ({"exact": "maybe"}, "exact 'maybe' is neither true nor false"),
    ],
)
def test_what_contradicts_itself_is_refused(texts: dict[str, str], says: str) -> None:
    """No part of it is passed over in silence."""
    with pytest.raises(UsageError, match=says):
        asked(**texts)


def test_a_question_is_written_as_texts_that_read_the_same() -> None:
    """Filters keep what is in them, spaces at the ends as well."""
    question = Question(
        "latency", date(2026, 7, 1), NEWEST, "week", ("product",), (("partner", ("a&b=c ", "null")),), "sandbox",
        "developer", datetime(2026, 9, 1, 12, tzinfo=UTC), None, (("timeouts", "censored"),), exact=True,
    )  # fmt: skip
    given: dict[str, list[str]] = {}
    for name, text in parameters_of(question).texts():
        given.setdefault(name, []).append(text)
    assert read(given, BERLIN).question("latency", newest) == question
    assert parameters_of(Question("latency")) == Parameters()


DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)
MOMENTS = st.datetimes(
    timezones=st.none() | st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)
).map(datetime.isoformat)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["C"])),
    DAYS,
    MOMENTS,
    st.from_regex(r"[0-9]{1,6}[dwmy]", fullmatch=True),
    st.from_regex(r"[0-9]{4}-?[Qq][0-9]", fullmatch=True),
    st.from_regex(r"(product|partner|segment|x y)[:=].{0,20}", fullmatch=True),
    st.sampled_from(("day", "product", "any", "partner", "true", "production,sandbox", "0")),
)


@given(st.sampled_from(PARAMETERS), TEXTS, st.sampled_from(ZONES))
def test_any_text_is_a_question_or_refused_in_our_words(name: str, text: str, zone: ZoneInfo) -> None:
    """For every parameter, in zones ahead of and behind UTC."""
    try:
        found: object = read({name: (text,)}, zone).question("latency", newest)
    except FirstcallError as error:
        found = error
    assert isinstance(found, Question) or str(found)


@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), TEXTS), max_size=6))
def test_what_is_accepted_can_be_written_again(given_texts: list[tuple[str, str]]) -> None:
    """The texts of what was read read the same."""
    given: dict[str, list[str]] = {}
    for name, text in given_texts:
        given.setdefault(name, []).append(text)
    try:
        found = read(given, BERLIN)
    except FirstcallError:
        return
    again: dict[str, list[str]] = {}
    for name, text in found.texts():
        again.setdefault(name, []).append(text)
    assert read(again, BERLIN) == found


def test_a_switch_is_true_or_false() -> None:
    """In words or digits."""
    assert [switch("exact", text) for text in ("true", "1", "False", "0")] == [True, True, False, False]
