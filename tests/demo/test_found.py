"""Does the product find every planted truth of the sample program, from nothing but the files it is given?

The files are imported in the order and with the options that the manifest names, into a store on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from firstcall import registry
from firstcall.answers import Point
from firstcall.demo import make_world
from firstcall.demo.world import Manifest
from firstcall.periods import Question
from firstcall.pipeline.loading.load_job import Counts
from firstcall.program import Program
from firstcall.settings import load
from tests.demo import truths
from tests.demo.reading import table
from tests.demo.truths import TRUTHS, Truth

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("found")]

SCALE = 0.2
"""The smallest at which all but one of the truths hold; that one has a test of its own."""
BY_THE_DAY = "outage"
"""The truth whose scope is less than two hours long; scopes are days."""
BETWEEN_STEPS = "stall"
"""The truth about two steps of the funnel, which answers with how many reached each."""


@dataclass(frozen=True, slots=True)
class Found:
    """The sample program once imported: where its files are, the open program, what became of each source."""

    manifest: Manifest
    program: Program
    counts: dict[str, Counts]

    def partner(self, name: str) -> str:
        """The id of the organisation with this name."""
        rows = table(self.manifest.folder, "partners")
        return next(row["partner_id"] for row in rows if row["name"] == name)

    def ask(self, metric: str, start: str, end: str, grain: str = "all", **more: object) -> tuple[Point, ...]:
        """The points of an answer over a half-open span of local days."""
        scope = {"start": date.fromisoformat(start), "end": date.fromisoformat(end), "grain": grain}
        return self.program.ask(Question(metric, **{**scope, **more})).points  # type: ignore[arg-type]

    def share(self, dimension: str, value: str) -> float:
        """The share of all calls that have this value of a dimension."""
        whole = ("2025-07-01", "2026-10-02")
        (part,) = self.ask("call_volume", *whole, where=((dimension, (value,)),))
        (everything,) = self.ask("call_volume", *whole)
        assert part.value is not None
        assert everything.value
        return float(part.value) / float(everything.value)


def imported(program: Program, manifest: Manifest) -> dict[str, Counts]:
    """Import what the manifest names, as it names it, and count by source."""
    counts = {}
    for each in manifest.imports:
        files = [str(path) for path in each.paths]
        report = program.import_files(
            each.source, files, name=each.name, options=dict(each.options), replace=each.replace
        )
        assert report.refused_files == ()
        counts[each.name or each.source] = report.total
    return counts


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """The sample program at a fifth of its size, imported into a store on disk."""
    manifest = make_world(tmp_path_factory.mktemp("found"), scale=SCALE)
    with Program.open(load(manifest.settings)) as program:
        yield Found(manifest, program, imported(program, manifest))


def asked(truth: Truth, found: Found) -> Question:
    """The question that the truth names."""
    scope = truth.asked
    where = tuple((name, (value,)) for name, value in scope.where)
    if scope.partner:
        where += (("partner", (found.partner(scope.partner),)),)
    return Question(
        truth.metric,
        start=date.fromisoformat(scope.start),
        end=date.fromisoformat(scope.end),
        grain=scope.grain,
        environment=scope.environment or None,
        entity=scope.entity or None,
        where=where,
    )


def said(truth: Truth, found: Found) -> Decimal:
    """The one number of the answer that the truth is about."""
    points = found.program.ask(asked(truth, found)).points
    if truth.asked.period:
        points = tuple(point for point in points if point.period.isoformat() == truth.asked.period)
    (point,) = points
    value = point.values[truth.asked.value] if truth.asked.value else point.value
    assert value is not None, point.absent
    return Decimal(value)


def test_every_truth_has_its_metric() -> None:
    """What was planted can be asked."""
    assert {truth.metric for truth in TRUTHS} - set(registry.metrics()) == set()


@pytest.mark.parametrize(
    "truth",
    [
        pytest.param(truth, id=truth.name)
        for truth in TRUTHS
        if truth.name not in {BY_THE_DAY, BETWEEN_STEPS} and truth.from_scale <= SCALE
    ],
)
def test_a_planted_truth_is_found(truth: Truth, found: Found) -> None:
    """The metric and scope it names give a number in its range."""
    assert truth.low <= said(truth, found) <= truth.high, truth.what


def test_everything_lands(found: Found) -> None:
    """No row is refused or in conflict, and every row read is accounted for."""
    assert [name for name, counts in found.counts.items() if counts.refused or counts.conflicting] == []
    assert all(counts.adds_up for counts in found.counts.values())
    assert all(counts.landed for counts in found.counts.values())


def test_only_redelivered_lines_are_duplicates(found: Found) -> None:
    """Kong's five lines with known request ids; nginx's twins are calls of their own."""
    twice = {name: counts.duplicate for name, counts in found.counts.items() if counts.duplicate}
    assert twice == {"kong": truths.REDELIVERED_CALLS}
    landed = sum(found.counts[name].landed for name in ("kong", "nginx", "aws"))
    assert landed == found.manifest.calls
    (volume,) = found.ask("call_volume", "2025-07-01", "2026-10-02")
    assert volume.value == landed


def test_the_stall_is_between_two_steps_of_the_funnel(found: Found) -> None:
    """Of the partners active in the sandbox, 60 % are not in production: 150 and 60, windows open or closed."""
    truth = next(each for each in TRUTHS if each.name == BETWEEN_STEPS)
    end = truth.asked.end
    (tried,) = found.ask("sandbox_activation", "2025-06-01", end)
    (live,) = found.ask("production_activation_rate", "2025-06-01", end)
    to_date = live.values["to_date"]
    assert to_date is not None
    assert tried.values["ever"] == truths.SANDBOX_PARTNERS
    assert tried.values["registered"] is not None
    reached = Decimal(to_date) * int(tried.values["registered"])
    assert truth.low <= 1 - reached / truths.SANDBOX_PARTNERS <= truth.high
    (funnel,) = found.ask("onboarding_funnel", "2025-06-01", end)
    steps = [int(funnel.values[name] or 0) for name in ("registered", "sandbox_active", "production")]
    assert steps == sorted(steps, reverse=True)
    assert Decimal("0.5") < 1 - Decimal(steps[2]) / steps[1] < Decimal("0.7")


def test_the_outage_stands_out_among_the_days_of_its_month(found: Found) -> None:
    """No day of August has a third of the error rate that shipping had on the 18th."""
    days = found.ask(
        "error_rate",
        "2026-08-01",
        "2026-09-01",
        "day",
        environment="production",
        where=(("product", ("shipping",)),),
    )
    rates = sorted(((float(day.value or 0), day.period) for day in days), reverse=True)
    (worst, when), (second, _) = rates[:2]
    assert when == date(2026, 8, 18)
    assert worst > 3 * second


def test_whose_calls_nobody_knows_is_always_visible(found: Found) -> None:
    """Calls of no partner are a line of their own, seven in a hundred."""
    low, high = truths.UNATTRIBUTED_SHARE
    assert low <= Decimal(found.share("partner", "null")) <= high


@pytest.mark.parametrize("kind", sorted(truths.TRAFFIC_SHARES))
def test_each_traffic_class_has_its_share(kind: str, found: Found) -> None:
    """Monitors, crawlers, and ourselves with the test account."""
    low, high = truths.TRAFFIC_SHARES[kind]
    assert low <= Decimal(found.share("traffic_class", kind)) <= high


def test_the_test_account_is_internal(found: Found) -> None:
    """Every call of it, and it is never an active partner."""
    who = (("partner", (found.partner(truths.TEST_PARTNER),)),)
    classes = found.ask("call_volume", "2025-07-01", "2026-10-02", by=("traffic_class",), where=who)
    assert [point.by["traffic_class"] for point in classes] == ["internal"]
    assert classes[0].cases > 0
    (active,) = found.ask("active_partners", "2025-07-01", "2026-10-02", environment="any", where=who)
    assert (active.value, active.values["attempting"]) == (0, 0)


def test_a_partner_that_is_always_refused_is_attempting(found: Found) -> None:
    """24 calls, all 401 or 403, and never active."""
    who = (("partner", (found.partner("Oakhurst Energy"),)),)
    whole = ("2025-07-01", "2026-10-02")
    (volume,) = found.ask("call_volume", *whole, where=who)
    (errors,) = found.ask("client_error_rate", *whole, where=who)
    (active,) = found.ask("active_partners", *whole, environment="any", where=who)
    assert volume.value == truths.REFUSED_CALLS
    assert errors.values["unauthorised"] == truths.REFUSED_CALLS
    assert (active.value, active.values["attempting"]) == (0, 1)


def test_those_who_called_before_they_signed_up_are_said(found: Found) -> None:
    """Two developers, in a note of the answer."""
    answer = found.program.ask(
        Question("time_to_first_call", start=date(2025, 6, 1), end=date(2026, 10, 1), grain="all")
    )
    assert f"{truths.EARLY_CALLERS} called before they signed up; left out" in answer.notes


def test_every_churn_falls_on_its_day(found: Found) -> None:
    """The last production call's local day plus 30, for the five that fell silent and nobody else."""
    days = found.ask(
        "developer_churn_rate", "2025-07-01", "2026-10-01", "day", entity="partner", by=("partner",)
    )
    gone = {point.by["partner"]: point.period.isoformat() for point in days if point.value}
    assert gone == {found.partner(name): day for name, day in truths.CHURN_DATES.items()}


def test_at_full_size_half_a_percent_hides_fifteen(tmp_path: Path) -> None:
    """The last quarter's logs alone: the global rate looks fine, one important endpoint is broken."""
    manifest = make_world(tmp_path, scale=1.0)
    quarter = ("2026-07", "2026-08", "2026-09")
    with Program.open(load(manifest.settings), memory=True) as program:
        for each in manifest.imports[-3:]:
            files = [str(path) for path in each.paths if path.name.partition("-")[2][:7] in quarter]
            assert len(files) == len(quarter)
            program.import_files(each.source, files, name=each.name, options=dict(each.options))
        whole = Found(manifest, program, {})
        for name in ("global_error_rate", "hidden_endpoint"):
            truth = next(each for each in TRUTHS if each.name == name)
            assert truth.low <= said(truth, whole) <= truth.high, truth.what
