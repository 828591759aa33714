"""Are waits for approval and choices of a product those worked out by hand?"""

from __future__ import annotations

from tests.metrics.small import ask, only
from tests.reference.question import Row, World
from tests.reference.tiny import at, call, key, partner

DAY = 86_400


def step(name: str, time: str, what: str, subject: str | None = None) -> Row:
    """Return a step of a partner's journey."""
    return {"time": at(time), "partner_id": name, "step": what, "subject": subject}


def awaited() -> World:
    """Five partners of 1 January asked a day later and were approved 1 to 5 days after that; P6 is pending.

    P7 asked and got no answer, P8 was approved by nobody knows whom, P9 had called before it registered.
    """
    return {
        "partners": [
            *(partner(f"P{n}") for n in range(1, 6)),
            partner("P6", status="pending"),
            partner("P7"),
            partner("P8"),
            partner("P9"),
        ],
        "credentials": [key("k9", "P9")],
        "journey": [
            *(step(f"P{n}", "2025-01-02", "approval_requested") for n in (1, 2, 3, 4, 5, 7)),
            *(step(f"P{n}", f"2025-01-0{n + 2}", "approved") for n in range(1, 6)),
            step("P1", "2025-01-31", "approved"),
            step("P9", "2025-01-02", "approved"),
        ],
        "calls": [call("2024-12-31", "k9"), call("2025-03-01", None)],
    }


def test_approval_is_timed_from_registration() -> None:
    """2 to 6 days: the median is 4, a day to the request and three from there; a second approval changes nothing."""
    point = only(ask(awaited(), "approval_time", end=at("2025-04-01").date()))
    assert (point.value, point.cases, point.values["waiting"]) == (4 * DAY, 5, 2)
    assert (point.values["to_request"], point.values["request_to_approval"]) == (DAY, 3 * DAY)


def test_those_who_still_wait_count_by_kaplan_meier() -> None:
    """Seven wait; after 5 days three are left, 3/7 and less than half: later than the 4 days of those approved."""
    point = only(ask(awaited(), "approval_time", end=at("2025-04-01").date()))
    assert (point.values["km_median"], point.values["km_p90"]) == (5 * DAY, None)


def test_those_of_whom_nothing_is_told_are_counted_apart() -> None:
    """P8, and P9 by its early call."""
    notes = " ".join(ask(awaited(), "approval_time", end=at("2025-04-01").date()).notes)
    assert "1 neither wait nor have a row" in notes
    assert "1 called before they signed up" in notes


def chosen() -> World:
    """P1 chose once, P2 two products, P3 the same one twice, P4 again after its first call, P5 chose and waits.

    P6 chose in January and May, never called, and its 90 days were over in April.
    """
    return {
        "partners": [*(partner(f"P{n}") for n in range(1, 5)), partner("P5", "2025-05-20"), partner("P6")],
        "credentials": [key(f"k{n}", f"P{n}") for n in range(1, 7)],
        "journey": [
            *(step(f"P{n}", "2025-01-02", "product_selected", "payments") for n in (1, 2, 3, 4, 6)),
            step("P2", "2025-01-03", "product_selected", "messages"),
            step("P3", "2025-01-03", "product_selected", "payments"),
            step("P4", "2025-02-03", "product_selected", "messages"),
            step("P5", "2025-05-21", "product_selected", "messages"),
            step("P6", "2025-05-01", "product_selected", "messages"),
        ],
        "calls": [*(call("2025-02-01", f"k{n}") for n in range(1, 5)), call("2025-06-01", None)],
    }


def test_the_choice_of_a_product_is_judged_until_the_first_call() -> None:
    """Two of five: P2 changed, P3 repeated; P4 and P6 changed too late to count."""
    point = ask(chosen(), "product_choice_changes").points[0]
    assert (point.value, point.cases) == (2 / 5, 5)
    assert (point.values["changed"], point.values["repeated"]) == (1, 1)


def test_who_has_not_called_yet_may_still_change() -> None:
    """P5 is open: it chose ten days ago."""
    point = ask(chosen(), "product_choice_changes").points[-1]
    assert (point.value, point.partial) == (None, True)
