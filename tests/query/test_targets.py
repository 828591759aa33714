"""Does one target judge on every surface, in the same words, and is one that cannot be used the same error on each?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from firstcall import registry
from firstcall.answers import Answer, Point
from firstcall.errors import SettingsError
from firstcall.periods import Question
from firstcall.program import Program
from firstcall.query.targets import verdict, with_targets
from firstcall.settings import Settings, load
from firstcall.web.app import make_app
from tests.cli.command import CALLS, Ran, Run, fill, runner
from tests.web.client import Client

HOUR: dict[str, Any] = {"excellent": "15 min", "good": "1h", "needs_work": "1 day"}
RATE = "error_rate"
RATE_WORDS = "good under 30.0 %, needs work under 60.0 %, else broken (the target of Small)"


def judged(**targets: dict[str, Any]) -> Any:  # noqa: ANN401  a metric by its name
    """Return the metrics with these targets."""
    return with_targets(registry.metrics(), Settings.model_validate({"targets": targets}))


def answered(point: Point) -> Answer:
    """Return an answer of one point, not split."""
    return Answer(RATE, 1, "share", "lower", {"by": []}, None, {}, "measured", "exact", (point,), "rate")


def refused(**targets: dict[str, Any]) -> str:
    """Return what is said of targets that cannot be used."""
    with pytest.raises(SettingsError) as error:
        judged(**targets)
    return str(error.value)


def test_a_target_takes_the_place_of_the_lines() -> None:
    """In the unit of the metric, with who answers for it; the other metrics stay as they are."""
    found = judged(time_to_first_call={**HOUR, "owner": "Developer experience"})
    card = found["time_to_first_call"].card
    assert card.bands.lines == (("excellent", 900.0), ("good", 3600.0), ("needs work", 86400.0))
    assert card.audience.owner == "Developer experience"
    assert card.goals("seconds") == (
        "excellent under 15 min, good under 1 h, needs work under 1 day, else broken (the target of API program)"
    )
    assert found["call_volume"] is registry.metrics()["call_volume"]


def test_an_owner_alone_changes_no_line() -> None:
    """And lines alone change no owner."""
    own = registry.metrics()["server_error_rate"].card
    assert judged(server_error_rate={"owner": "SRE"})["server_error_rate"].card.bands == own.bands
    assert judged(server_error_rate={"good": 0.5})["server_error_rate"].card.audience == own.audience


def test_an_amount_is_said_in_its_currency() -> None:
    """A target of a metric without lines of its own gives it some."""
    card = judged(cost_per_partner_onboarded={"good": "1000"})["cost_per_partner_onboarded"].card
    assert card.goals("money", "EUR").startswith("good under EUR 1,000.00, else needs work")
    assert card.why_no_bands == ""


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"good": "1h"}, "targets.active_partners.good = '1h' cannot be used: 'h' is no unit of count; give a number"),
        ({"good": "5 %"}, "targets.active_partners.good = '5 %' cannot be used: '%' is no unit of count"),
        ({"good": 5, "excellent": 4}, "good = 5.0 cannot be used: bands are out of order for higher is better"),
        ({"excellent": 4}, "targets.active_partners.excellent = 4.0 cannot be used: say beside it where good"),
    ],
)  # fmt: skip
def test_a_target_that_does_not_fit_names_its_line(target: dict[str, Any], says: str) -> None:
    """With the value found, and what to write."""
    assert says in refused(active_partners=target)


def test_a_target_of_a_metric_that_nobody_knows_names_the_near_one() -> None:
    """A misspelt name is not a target of nothing."""
    said = refused(time_to_frist_call={"good": "1h"})
    assert said.startswith("default: targets.time_to_frist_call cannot be used: There is no metric named")
    assert "Did you mean time_to_first_call" in said


def test_a_metric_that_is_neither_good_nor_bad_has_no_target() -> None:
    """Popularity is no merit."""
    assert "so that it has no target" in refused(endpoint_popularity={"good": 3})


def test_every_mistake_is_said_at_once_with_where_it_stands(tmp_path: Path) -> None:
    """File or variable, one a line."""
    file = tmp_path / "firstcall.toml"
    file.write_text('[targets.latency]\ngood = "5 %"\n[targets.churn]\ngood = 1\n', encoding="utf-8")
    settings = load(file, environ={"FIRSTCALL_TARGETS__UPTIME__GOOD": "1h"})
    with pytest.raises(SettingsError) as error:
        with_targets(registry.metrics(), settings)
    lines = str(error.value).splitlines()
    assert [line.partition(" cannot")[0] for line in lines] == [
        "firstcall.toml: targets.latency.good = '5 %'",
        "firstcall.toml: targets.churn",
        "FIRSTCALL_TARGETS__UPTIME__GOOD: targets.uptime.good = '1h'",
    ]


@pytest.mark.parametrize("number", ["inf", "nan", "-inf"])
def test_what_no_number_reaches_is_no_target(tmp_path: Path, number: str) -> None:
    """Such a line would judge nothing, in silence."""
    file = tmp_path / "firstcall.toml"
    file.write_text(f"[targets.latency]\ngood = {number}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="a number that can be reached"):
        load(file, environ={})


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run command lines in a folder with a small program."""
    fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return runner(capfd)


def settings_with(folder: Path, target: str, least: int = 1) -> Path:
    """Write the small program's settings with a target of the error rate, and return the file."""
    file = folder / "firstcall.toml"
    judging = f"[definitions]\nverdict_cases = {least}\n"
    file.write_text(f'[program]\nname = "Small"\n\n{judging}\n[targets.{RATE}]\n{target}\n', encoding="utf-8")
    return file


@contextmanager
def served(folder: Path, target: str, least: int = 1) -> Iterator[Client]:
    """Serve three calls of which one failed, under a target of the error rate."""
    settings = load(settings_with(folder, target, least), environ={})
    (folder / "calls.csv").write_text(CALLS, encoding="utf-8")
    with Program.open(settings, memory=True) as program:
        program.import_files("calls", [str(folder / "calls.csv")])
        app = make_app(program)
        yield Client(app)
        app.state.service.close()


def test_every_surface_judges_and_says_alike(filled: Run, tmp_path: Path) -> None:
    """One of four calls failed, which is good under 30 %; the metric has no line of its own there."""
    target = 'good = "30 %"\nneeds_work = "60 %"\nowner = "On call"'
    settings_with(tmp_path, target)
    asked = ("--grain", "all", "--from", "2026-07", "--to", "2026-09")
    told: Ran = filled("ask", RATE, *asked)
    assert f"Verdict: good: {RATE_WORDS}" in told.out
    explained = filled("explain", RATE, *asked).out
    assert f"Bands: {RATE_WORDS}" in explained
    assert "Owner: On call" in explained
    listed = next(each for each in json.loads(filled("metrics", "--json").out) if each["metric"] == RATE)
    assert (listed["bands"], listed["owner"]) == ({"good": 0.3, "needs work": 0.6}, "On call")
    with served(tmp_path, target) as client:
        address = "?from=2026-07&to=2026-09&grain=all"
        assert client.get(f"/api/v1/metrics/{RATE}{address}").json["verdict"] == "good"
        (entry,) = [each for each in client.get("/api/v1/metrics").json["metrics"] if each["name"] == RATE]
        assert (entry["bands"], entry["why_no_bands"], entry["owner"]) == (RATE_WORDS, None, "On call")
        for page in (f"/explain/{RATE}{address}", f"/metrics?q={RATE}"):
            words = client.get(page, accept="text/html").words
            assert RATE_WORDS in words
            assert "On call" in words


def test_too_few_cases_are_not_judged_on_any_surface(filled: Run, tmp_path: Path) -> None:
    """One of four calls failed: between 5 % and 70 % may fail, on either side of 30 %."""
    settings_with(tmp_path, target := 'good = "30 %"\nneeds_work = "60 %"', 10)
    asked = ("--grain", "all", "--from", "2026-07", "--to", "2026-09")
    assert "Verdict: too few to judge: good under 30.0 %" in filled("ask", RATE, *asked).out
    with served(tmp_path, target, 10) as client:
        address = "?from=2026-07&to=2026-09&grain=all"
        assert client.get(f"/api/v1/metrics/{RATE}{address}").json["verdict"] == "too few to judge"
        assert "too few to judge" in client.get(f"/explain/{RATE}{address}", accept="text/html").words
        assert f"{RATE_WORDS}." not in client.get("/?from=2026-07&to=2026-09", accept="text/html").words


@pytest.mark.parametrize(
    ("cases", "low", "high", "said"),
    [
        (10, None, None, "needs work"), (9, None, None, "too few to judge"), (9, 0.2, 0.4, "needs work"),
        (9, 0.05, 0.4, "too few to judge"), (9, 0.2, 0.5, "too few to judge"), (1, 0.5, 1.0, "broken"),
    ],
)  # fmt: skip
def test_fewer_cases_are_judged_where_their_interval_lies_between_two_lines(
    cases: int, low: float | None, high: float | None, said: str
) -> None:
    """Good under 10 %, needs work under 50 %; 30 % of nine cases may be anything between the ends."""
    metric = judged(error_rate={"good": 0.1, "needs_work": 0.5})[RATE]
    point = Point(date(2026, 7, 1), {}, 0.3, cases, low=low, high=high)
    assert verdict(metric, answered(point), 10) == said


def test_nothing_is_said_of_a_value_that_is_not_there() -> None:
    """However many cases stand beside it."""
    point = Point(date(2026, 7, 1), {}, None, 50, absent="no calls")
    assert verdict(judged(error_rate={"good": 0.1})[RATE], answered(point), 10) is None


def test_what_is_bad_by_the_target_needs_attention(tmp_path: Path) -> None:
    """The overview says the verdict of the answer, with the same words and owner."""
    with served(tmp_path, 'good = "1 %"\nneeds_work = "2 %"\nowner = "On call"') as client:
        words = client.get("/?from=2026-07&to=2026-09", accept="text/html").words
    assert "good under 1.0 %, needs work under 2.0 %, else broken (the target of Small)" in words
    assert "On call: " in words


def test_every_surface_refuses_alike(filled: Run, tmp_path: Path) -> None:
    """Asking, explaining, listing, the status, the report, the dashboard before it begins, and its API."""
    settings_with(tmp_path, 'good = "1h"')
    said = f"firstcall.toml: targets.{RATE}.good = '1h' cannot be used: 'h' is no unit of share"
    for command in (
        ("ask", RATE), ("ask", "call_volume"), ("explain", RATE), ("metrics",), ("status",), ("report", "cfo"),
        ("serve", "--port", "48321"),
    ):  # fmt: skip
        ran = filled(*command)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
    with served(tmp_path, 'good = "1h"') as client:
        for path in (f"/api/v1/metrics/{RATE}", "/api/v1/metrics", "/", f"/explain/{RATE}", "/api/v1/status"):
            assert said in json.loads(client.get(path).body)["detail"], path


def test_a_split_and_a_metric_without_lines_have_no_verdict() -> None:
    """A verdict is on the whole, by lines that somebody drew."""
    with Program.open(Settings(), memory=True) as program:
        found = [program.ask(Question(*each)) for each in ((RATE,), ("call_volume",))]
    assert [each.verdict for each in found] == [None, None]


def test_the_words_of_a_metric_say_the_settings_in_force() -> None:
    """Churn of 60 days is not told as the 30th day, and no place is left open in any words."""
    definitions = {"churn_days": 61, "activation_window_days": 14, "min_calls": 3, "success": "2xx, 304"}
    found = with_targets(registry.metrics(), Settings.model_validate({"definitions": definitions}))
    told = {name: metric.card.words for name, metric in found.items()}
    assert "61st full local day" in told["developer_churn_rate"]
    assert "(14 days)" in told["onboarding_funnel"]
    assert "at least 3 external calls" in told["active_partners"]
    assert "(2xx, 304)" in told["outcome_breakdown"]
    assert [name for name, words in told.items() if "{" in words] == []
