"""Is every answer protected, and does nobody else's name lead here?"""

from __future__ import annotations

import pytest

from firstcall.web.security import POLICY, host_of
from tests.web.client import Client

PATHS = (
    "/",
    "/metrics",
    "/explain/latency",
    "/api/v1/metrics",
    "/static/page.css",
    "/healthz",
    "/nowhere",
    "/api/v1/x",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_policy(client: Client, path: str) -> None:
    """Pages, data, files and errors alike."""
    headers = client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_the_policy_allows_nothing_inline_and_no_other_site() -> None:
    """Word for word, so that loosening it is a decision."""
    assert POLICY == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", ""])
def test_a_foreign_name_is_refused(client: Client, host: str) -> None:
    """A site that lets its own name point to this machine reads nothing."""
    reply = Client(client.app, host=host).get("/api/v1/status")
    assert reply.status == 421
    assert "tables" not in reply.text


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765", "LOCALHOST"])
def test_this_machine_is_let_in(client: Client, host: str) -> None:
    """By each of its names."""
    assert Client(client.app, host=host).get("/healthz").status == 200


def test_a_host_is_read_without_its_port() -> None:
    """Also where the address has colons of its own."""
    assert [host_of(each) for each in ("a:1", "[::1]:2", "[::1]", "A")] == ["a", "::1", "::1", "a"]
