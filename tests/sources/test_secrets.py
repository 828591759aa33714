"""Which fields carry secrets, and what is passed on and stored in their place?"""

from __future__ import annotations

import pytest

from firstcall.sources.secrets import (
    always_hashed,
    carries_secret,
    credential,
    hashed,
    is_marked,
    secret,
    unmarked,
)
from tests.sources.gateways.lines_read import evaluated, key


@pytest.mark.parametrize(
    "field",
    ["http_x_api_key", "X-Api-Key", "apiKey", "apikey", "http_authorization", "Proxy-Authorization", "REQ(X-API-KEY)",
     "cs(x-api-key)", "X-Auth-Token", "session_id", "Cookie", "http.request.header.x-api-key"],
)  # fmt: skip
def test_keys_tokens_and_sessions_are_secrets(field: str) -> None:
    """However a gateway spells the header."""
    assert carries_secret(field)


@pytest.mark.parametrize(
    "field",
    ["remote_user", "consumer", "X-Consumer-Username", "X-Partner", "api_key_id", "apiKeyId", "authorizer_sub",
     "identity.apiKeyId", "key_alias", "monkey", "client_id", "author"],
)  # fmt: skip
def test_names_and_ids_are_none(field: str) -> None:
    """The id of a key tells who called and opens nothing."""
    assert not carries_secret(field)


@pytest.mark.parametrize("text", ["a", "k-1", "bob", "eyJhbGciOi"])
def test_a_marked_credential_is_hashed_whatever_it_looks_like(text: str) -> None:
    """Rules see it as it came; the store has its hash."""
    marked = evaluated(secret, text)
    assert evaluated(is_marked, str(marked)) is True
    assert evaluated(unmarked, str(marked)) == text
    assert evaluated(lambda value: always_hashed(unmarked(value)), str(marked)) == key(text)


@pytest.mark.parametrize("text", [key("a"), key("a").removeprefix("sha256:")])
def test_a_hash_stays(text: str) -> None:
    """Hashed twice, it would meet no other."""
    assert evaluated(secret, text) == text
    assert evaluated(always_hashed, text) == text


def test_what_comes_from_another_field_is_hashed_only_when_it_looks_like_a_secret() -> None:
    """A short name is a name."""
    assert credential("remote_user", "given") == "given"
    assert evaluated(hashed, "bob") == "bob"
    assert evaluated(hashed, "sk_live_0123456789abcdef") == key("sk_live_0123456789abcdef")
