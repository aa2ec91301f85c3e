"""Tokens of a real server that a world accepts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mock_server.clock import DEFAULT_INSTANT
from mock_server.domain.tokens import MAX_TOKENS, TokenStore
from mock_server.errors import Unauthorized

NOW = DEFAULT_INSTANT


@pytest.fixture
def store() -> TokenStore:
    """A store without tokens."""
    numbers: Iterator[int] = iter(range(10))
    return TokenStore(lambda: f"own-{next(numbers)}")


def test_an_adopted_token_is_valid_as_long_as_its_server_said(store: TokenStore) -> None:
    """AU-04: then it expires by the world's clock, like the mock's own."""
    store.adopt("a", "r", NOW, lifetime=60, username="someone@example.com")
    assert store.authenticate("a", NOW + timedelta(seconds=59)).username == "someone@example.com"
    with pytest.raises(Unauthorized) as caught:
        store.authenticate("a", NOW + timedelta(seconds=60))
    assert caught.value.violations[0].rule == "AU-04"


def test_an_adopted_token_without_a_lifetime_is_valid_as_long_as_our_own(store: TokenStore) -> None:
    """Also with `--token-lifetime`."""
    store.lifetime = timedelta(seconds=60)
    store.adopt("a", "", NOW)
    assert store.authenticate("a", NOW).expires == NOW + store.lifetime


def test_a_refreshed_token_belongs_to_the_same_user(store: TokenStore) -> None:
    """A request for a refresh names no user."""
    store.adopt("a", "r", NOW, username="someone@example.com")
    store.adopt("b", "s", NOW, used="r")
    store.adopt("c", "", NOW, used="s")
    assert store.authenticate("c", NOW).username == "someone@example.com"


def test_a_token_of_an_unknown_user_is_one_of_the_first_user(store: TokenStore) -> None:
    """The mock was started again since the login, for example."""
    store.adopt("a", "", NOW, used="unknown")
    assert store.authenticate("a", NOW).username == next(iter(store.credentials.users))


def test_adopted_tokens_are_bounded(store: TokenStore) -> None:
    """The oldest are forgotten, as with the mock's own."""
    for number in range(MAX_TOKENS + 1):
        store.adopt(f"a{number}", f"r{number}", NOW)
    store.authenticate("a1", NOW)
    with pytest.raises(Unauthorized):
        store.authenticate("a0", NOW)
