"""Does a program say what it knows, where it comes from, when it knew it, and what it cannot be asked?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firstcall.errors import ScopeError, SettingsError, UnknownName
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.query.explain import Explanation
from firstcall.settings import Settings
from tests.metrics.small import ask, only, program, said, split
from tests.reference.tiny import Draft, at, call, developer, effort, key, line, on, partner, sandbox

JANUARY: dict[str, Any] = {"start": on("2025-01-01"), "end": on("2025-02-01")}


def world() -> dict[str, list[Draft]]:
    """Two partners with a developer each, three production calls and one in the sandbox, an invoice, some hours."""
    return {
        "partners": [partner(), partner("P2", "2025-01-02")],
        "developers": [developer("D1", "2025-01-01"), developer("D2", "2025-01-02", "P2")],
        "credentials": [key(person="D1", app="shop"), key("k2", "P2", "D2", app="till")],
        "calls": [
            call("2025-01-05"),
            call("2025-01-06", status=500),
            call("2025-01-07", "k2"),
            sandbox("2025-01-08", "k2"),
        ],
        "invoice_lines": [line("a", "2025-01-01", "2025-02-01", "31")],
        "effort": [effort("2025-01-03", 2, "80")],
    }


def explained(metric: str, **question: Any) -> Explanation:  # noqa: ANN401  Question's fields
    """Return the explanation of a metric over that world, with every row."""
    return program(world()).explain(Question(metric, **question), limit=None)


def column(found: Explanation, name: str) -> list[Any]:
    """Return one column of the rows behind a number."""
    place = found.columns.index(name)
    return [row[place] for row in found.rows]


def test_the_rows_behind_a_volume_add_up_to_it() -> None:
    """Four calls."""
    found = explained("call_volume", **JANUARY)
    assert sum(column(found, "calls")) == only(found.answer).value == 4


def test_the_rows_behind_active_partners_are_the_partners() -> None:
    """P1 and P2, each once, with whether it is active."""
    found = explained("active_partners", **JANUARY)
    assert sorted(zip(column(found, "entity"), column(found, "active"), strict=True)) == [
        ("P1", True),
        ("P2", True),
    ]
    assert only(found.answer).value == 2


def test_the_rows_behind_revenue_add_up_to_it() -> None:
    """Parts of lines, in millionths."""
    found = explained("program_revenue", **JANUARY)
    assert sum(column(found, "amount")) == 31
    assert column(found, "entry") == ["a"]
    assert only(found.answer).value == 31


def test_the_rows_behind_the_funnel_are_newcomers() -> None:
    """Each with the time of every step it reached."""
    found = explained("onboarding_funnel", **JANUARY)
    assert sorted(column(found, "entity")) == ["P1", "P2"]
    assert {"registered_at", "sandbox_active_at", "production_at"} <= set(found.columns)


def test_rows_are_cut_at_the_limit_and_counted_in_full() -> None:
    """One of two is shown, and the total says two."""
    question = Question("active_partners", **JANUARY)
    found = program(world()).explain(question, limit=1)
    assert (len(found.rows), found.total) == (1, 2)
    everything = program(world()).explain(question, limit=None)
    assert (len(everything.rows), everything.total) == (2, 2)


def test_filters_narrow_the_rows_too() -> None:
    """Of P2 alone."""
    found = explained("active_partners", where=(("partner", ("P2",)),), **JANUARY)
    assert column(found, "entity") == ["P2"]
    assert found.total == only(found.answer).value == 1


def test_the_sql_that_ran_is_in_the_explanation() -> None:
    """Run again it gives the same number; the listing gives the same rows."""
    asked = program(world())
    found = asked.explain(Question("call_volume", **JANUARY), limit=None)
    names, rows = asked.engine.run(found.queries[0])
    assert dict(zip(names, rows[0], strict=True))["calls"] == 4
    columns, rows = asked.engine.run(found.listing)
    listed = [
        tuple(value for name, value in zip(columns, row, strict=True) if name != "split") for row in rows
    ]
    assert listed == list(found.rows)


def test_inputs_are_named_with_their_rows() -> None:
    """Calls read from a rollup are called calls."""
    assert explained("active_partners", **JANUARY).inputs == {"calls": 4, "partners": 2, "credentials": 2}
    assert explained("program_revenue", **JANUARY).inputs["invoice_lines"] == 1


def test_an_empty_table_is_named_with_the_command_that_fills_it() -> None:
    """No number is made up where nothing was imported."""
    point = only(ask({"calls": [call("2025-01-05")]}, "active_partners", **JANUARY))
    assert (point.value, point.cases) == (None, 0)
    assert point.absent == "needs rows in credentials: firstcall import credentials credentials.csv"


def test_an_empty_store_answers_every_metric_with_what_it_needs() -> None:
    """And refuses none."""
    empty = program({})
    for metric in empty.metrics:
        points = empty.ask(Question(metric, **JANUARY)).points
        assert points
        assert all((point.absent or "").startswith("needs rows in") for point in points), metric


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ({"metric": "time_to_frist_call"}, "time_to_first_call"),
        ({"metric": "revenue"}, "program_revenue"),
        ({"metric": "latency", "variants": (("timeout", "censored"),)}, "timeouts"),
        ({"metric": "latency", "variants": (("timeouts", "censor"),)}, "censored"),
        ({"metric": "call_volume", "variants": (("traffic", "externl"),)}, "external"),
    ],
)
def test_an_unknown_name_suggests_a_near_one(question: dict[str, Any], near: str) -> None:
    """Metrics, variants and their values."""
    with pytest.raises(UnknownName, match=near):
        program({}).ask(Question(**question))


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"metric": "program_revenue", "by": ("endpoint",)}, "It can by partner, product"),
        (
            {"metric": "new_signups", "where": (("status", ("200",)),)},
            "cannot be split or filtered by status",
        ),
        (
            {"metric": "net_revenue_retention", "grain": "day"},
            "has no grain day; it has month, quarter, year",
        ),
        ({"metric": "program_cost", "entity": "developer"}, "known by partner only"),
        ({"metric": "activation_rate", "variants": (("milestone", "a dance"),)}, "a milestone is"),
        ({"metric": "developer_churn_rate", "variants": (("churn_days", "0"),)}, "between 1 and 3659"),
        ({"metric": "new_signups", "by": ("developer",)}, "of partners cannot be split"),
    ],
)
def test_a_scope_error_says_what_is_possible(question: dict[str, Any], says: str) -> None:
    """Before anything is computed."""
    with pytest.raises(ScopeError, match=says):
        program(world()).ask(Question(**question))


def test_environment_is_part_of_the_question() -> None:
    """Three production calls, one in the sandbox; the default of active partners is production."""
    volumes = [
        only(ask(world(), "call_volume", environment=e)).value for e in ("production", "sandbox", "any")
    ]
    assert volumes == [3, 1, 4]
    assert ask(world(), "active_partners").scope["environment"] == "production"
    assert ask(world(), "latency").scope["environment"] == "any"


def test_entity_is_part_of_the_question() -> None:
    """Apps by name."""
    assert split(ask(world(), "active_partners", entity="app", by=("app",)), "app") == {"shop": 1, "till": 1}


def test_a_variant_is_shown_in_the_scope() -> None:
    """What was set is said."""
    answer = ask(world(), "program_revenue", variants=(("basis", "invoiced"),))
    assert answer.scope["set"] == {"basis": "invoiced"}
    assert only(answer).values["subscription"] == 31


def test_the_days_belong_to_the_zone_of_the_settings() -> None:
    """23:30 UTC on 30 June is July in Berlin (summer time), 23:30 UTC on 31 December is January."""
    calls = {"calls": [call("2025-06-30 22:30"), call("2025-12-31 23:30")]}
    answer = ask(calls, "call_volume", zone="Europe/Berlin")
    assert [point for point in said(answer) if point[1]] == [("2025-07-01", 1), ("2026-01-01", 1)]


def test_the_answer_says_how_far_it_has_seen() -> None:
    """The latest call of each gateway; the journey when there is one; as-of is the latest of all."""
    rows = world()
    rows["journey"] = [{"time": at("2025-01-09"), "partner_id": "P1", "step": "docs_viewed"}]
    answer = ask(rows, "call_volume")
    assert answer.watermark == {"kong": "2025-01-08T00:00:00Z", "journey": "2025-01-09T00:00:00Z"}
    assert answer.as_of == datetime(2025, 1, 9)  # noqa: DTZ001  UTC without zone, as answers keep it


def write(folder: Path, name: str, text: str) -> str:
    """Write a file and return its name."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def store() -> Iterator[Program]:
    """An empty program in memory that imports for real."""
    with Program.open(Settings.model_validate({"program": {"timezone": "UTC"}}), memory=True) as opened:
        yield opened


LINES = "line_id,invoice_id,partner_id,kind,period_start,period_end,amount,currency,issued_at\n"


def test_as_reported_and_as_now_known(store: Program, tmp_path: Path) -> None:
    """An invoice of 100 is corrected to 80 afterwards: 100 then, 80 now, and both can be asked for."""
    first = write(tmp_path, "a.csv", f"{LINES}1,I1,P1,usage,2025-01-01,2025-02-01,100,EUR,2025-02-01\n")
    store.import_files("invoice_lines", [first])
    between = datetime.now(UTC)
    later = write(tmp_path, "b.csv", f"{LINES}1,I1,P1,usage,2025-01-01,2025-02-01,80,EUR,2025-02-01\n")
    store.import_files("invoice_lines", [later], replace=True)
    question: dict[str, Any] = {"metric": "program_revenue", **JANUARY}
    now = store.ask(Question(**question))
    then = store.ask(Question(**question, known_at=between))
    never = store.ask(Question(**question, known_at=between - timedelta(days=1)))
    assert [only(answer).value for answer in (now, then, never)] == [80, 100, None]
    assert only(never).absent == "no invoice lines are known"
    assert then.scope["known_at"] == f"{between.replace(tzinfo=None).isoformat()}Z"


def test_a_credential_that_arrives_late_attributes_history(store: Program, tmp_path: Path) -> None:
    """The call was nobody's when it was imported, is P1's now, and was nobody's as then known."""
    rows = "event_id,time,source,environment,consumer,method,route,status\n"
    calls = write(tmp_path, "calls.csv", f"{rows}1,2025-01-05T12:00:00Z,kong,production,k1,GET,/pets,200\n")
    store.import_files("calls", [calls])
    between = datetime.now(UTC)
    keys = write(tmp_path, "keys.csv", "consumer,partner_id\nk1,P1\n")
    store.import_files("credentials", [keys])
    question: dict[str, Any] = {"metric": "call_volume", "by": ("partner",), **JANUARY}
    assert split(store.ask(Question(**question)), "partner") == {"P1": 1}
    assert split(store.ask(Question(**question, known_at=between)), "partner") == {None: 1}


def test_an_import_is_seen_by_the_next_question(store: Program, tmp_path: Path) -> None:
    """What the store holds is asked again after each import."""
    header = "event_id,time,source,method,route,status\n"
    for number, day in enumerate(("05", "06"), 1):
        row = f"{number},2025-01-{day}T12:00:00Z,kong,GET,/pets,200\n"
        store.import_files("calls", [write(tmp_path, f"{number}.csv", header + row)])
        answer = store.ask(Question("call_volume"))
        assert only(answer).value == number
        assert answer.watermark == {"kong": f"2025-01-{day}T12:00:00Z"}


def test_a_target_of_the_settings_judges_instead_of_the_bands() -> None:
    """A tenth of a percent is the metric's line; the program promises half."""
    calls = {"calls": [call("2025-01-01", None, 500 if n < 2 else 200) for n in range(1000)]}
    strict = program(calls).ask(Question("server_error_rate"))
    promised = program(calls, targets={"server_error_rate": {"good": 0.005}}).ask(
        Question("server_error_rate")
    )
    assert (strict.verdict, promised.verdict) == ("needs work", "good")


def test_a_split_is_not_judged() -> None:
    """A verdict is on the whole."""
    answer = ask({"calls": [call("2025-01-01")]}, "server_error_rate", by=("endpoint",))
    assert answer.verdict is None


def test_from_and_to_are_half_open() -> None:
    """The first day belongs, the end does not."""
    calls = {"calls": [call("2025-01-01"), call("2025-01-02")]}
    scope: dict[str, Any] = {"grain": "all", "start": date(2025, 1, 1), "end": date(2025, 1, 2)}
    assert only(ask(calls, "call_volume", **scope)).value == 1


def stored(folder: Path, **settings: dict[str, Any]) -> Settings:
    """Return settings over a store in the folder."""
    return Settings.model_validate({"store": {"path": folder / "store"}, **settings})


def test_another_zone_moves_the_days_of_calls_before_anything_is_asked(tmp_path: Path) -> None:
    """23:30 UTC on 31 January is a call of January in UTC and of February in Berlin."""
    rows = "event_id,time,source,method,route,status\n1,2025-01-31T23:30:00Z,kong,GET,/pets,200\n"
    calls = write(tmp_path, "calls.csv", rows)
    found = []
    for zone in ("UTC", "Europe/Berlin", "UTC"):
        with Program.open(stored(tmp_path, program={"timezone": zone})) as opened:
            opened.import_files("calls", [calls])
            found.append(only(opened.ask(Question("call_volume"))).period)
        with Program.open(stored(tmp_path, program={"timezone": zone})) as again:
            assert only(again.ask(Question("call_volume"))).period == found[-1]
    assert found == [date(2025, 1, 1), date(2025, 2, 1), date(2025, 1, 1)]
    with Program.open(stored(tmp_path, program={"timezone": "Europe/Berlin"})) as asked:
        assert only(asked.ask(Question("call_volume"))).period == date(2025, 2, 1)


def test_another_definition_of_success_changes_the_outcomes(tmp_path: Path) -> None:
    """A 304 is a redirect, and a success once the program says so."""
    rows = "event_id,time,source,method,route,status\n1,2025-01-05T12:00:00Z,kong,GET,/pets,304\n"
    calls = write(tmp_path, "calls.csv", rows)
    with Program.open(stored(tmp_path)) as opened:
        opened.import_files("calls", [calls])
    counts = []
    for success in ("2xx", "2xx,304", "2xx"):
        with Program.open(stored(tmp_path, definitions={"success": success})) as opened:
            values = only(opened.ask(Question("error_rate"))).values
            counts.append((values["success"], values["redirect"]))
    assert counts == [(0, 1), (1, 0), (0, 1)]


def test_the_fewest_cases_of_a_percentile_are_the_programs_own() -> None:
    """Four calls are too few for a median, unless the program asks for two."""
    calls = {"calls": [call("2025-01-01", latency_ms=100.0) for _ in range(4)]}
    usual = only(program(calls).ask(Question("latency")))
    own = only(program(calls, definitions={"percentile_cases": 2}).ask(Question("latency")))
    assert usual.absent == "fewer than 5 cases"
    assert own.value == pytest.approx(100, rel=0.01)
    assert own.values["p95"] is None


def test_a_store_on_a_server_is_refused_in_words() -> None:
    """Rather than quietly keeping a store in a folder nobody named."""
    asked = Settings.model_validate({"store": {"url": "clickhouse://localhost/firstcall"}})
    with pytest.raises(SettingsError, match=r"store\.url.*in a folder"), Program.open(asked):
        pass
