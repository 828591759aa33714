"""Does the command pull from a system, show what came, and find its token in the environment?"""

from __future__ import annotations

import pytest

from tests.cli.command import Run
from tests.pipeline.pulling.api_server import Received, serving


def stripe(request: Received) -> object:
    """Speak Stripe's API: one customer."""
    one = {"id": "cus_1", "object": "customer", "livemode": True, "name": "Acme", "created": 1767225600}
    return {"object": "list", "data": [one] if request.path == "/v1/customers" else [], "has_more": False}


def test_a_pull_prints_what_became_of_every_row(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By endpoint and in total; again, nothing is new; the token is not shown."""
    monkeypatch.setenv("FIRSTCALL_STRIPE_TOKEN", "sk_test_secret")
    with serving(stripe) as api:
        monkeypatch.setenv("FIRSTCALL_STRIPE_URL", api.url)
        first = run("pull", "stripe")
        again = run("pull", "stripe", "--json")
    assert (first.code, again.code) == (0, 0)
    rows = [line.split() for line in first.out.splitlines()]
    assert ["customers", "1", "1", "0", "0", "0", "0"] in rows
    assert again.data["total"]["duplicate"] == 1
    assert "secret" not in first.out + first.err + again.out + again.err


def test_what_is_missing_is_said_with_how_to_give_it(run: Run) -> None:
    """Wrong usage, before anything is asked."""
    ran = run("pull", "stripe")
    assert ran.code == 2
    assert "FIRSTCALL_STRIPE_TOKEN" in ran.err
    assert run("pull", "kong").code == 2
