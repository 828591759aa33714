"""Do changes of contracts say what a person works out in the head?"""

from __future__ import annotations

from tests.metrics.small import ask, only
from tests.reference.tiny import at


def change(
    version: str, kind: str, *, behind: bool | None = None, notice: int | None = None
) -> dict[str, object]:
    """Return a change of payments, released on 1 May."""
    return {
        "product": "payments",
        "version": version,
        "released_at": at("2025-05-01"),
        "kind": kind,
        "behind_new_version": behind,
        "notice_days": notice,
    }


WORLD = {
    "contract_changes": [
        change("1.1", "breaking", behind=False, notice=0),
        change("1.1", "addition"),
        change("2.0", "breaking", behind=True, notice=90),
        change("2.0", "breaking", behind=True, notice=60),
        change("2.1", "fix"),
    ]
}


def test_breaking_changes_are_told_with_what_softens_them() -> None:
    """Three of five changes in three releases; two behind a new version; too few for a median notice."""
    point = only(ask(WORLD, "breaking_changes"))
    assert (point.value, point.cases) == (3, 5)
    named = ("breaking_share", "behind_new_version", "notice_days", "releases", "per_release")
    assert [point.values[name] for name in named] == [0.6, 2 / 3, None, 3, 1.0]


def test_five_breaking_changes_make_a_median_notice() -> None:
    """0, 10, 20, 60 and 90 days; a sixth says nothing, an addition with notice does not count."""
    days = (0, 10, 20, 60, 90, None)
    changes = [change(f"{n}.0", "breaking", notice=notice) for n, notice in enumerate(days)]
    told = {"contract_changes": [*changes, change("9.0", "addition", notice=5)]}
    assert only(ask(told, "breaking_changes")).values["notice_days"] == 20.0


def test_a_release_that_breaks_behind_a_new_version_is_compatible() -> None:
    """1.1 breaks its callers, 2.0 only those who move, 2.1 nobody."""
    point = only(ask(WORLD, "compatible_release_rate"))
    assert (point.value, point.values["compatible"], point.values["releases"]) == (2 / 3, 2, 3)
