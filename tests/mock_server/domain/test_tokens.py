"""Limit of the number of valid tokens."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from mock_server.clock import DEFAULT_INSTANT
from mock_server.domain.tokens import TokenPair, TokenStore
from mock_server.errors import InvalidGrant, Unauthorized
from tests.serving import PASSWORD_GRANT

STORED_TOKENS = 10_000


@pytest.fixture
def store() -> TokenStore:
    """An empty store whose tokens are numbered."""
    numbers = count()
    return TokenStore(lambda: f"token-{next(numbers)}")


def log_in(store: TokenStore) -> TokenPair:
    """Issue a pair of tokens for the demo user."""
    return store.issue(PASSWORD_GRANT["username"], PASSWORD_GRANT["password"], DEFAULT_INSTANT)


def refused_rule(use: Callable[[], object]) -> str | None:
    """Return the rule by which a token is refused, or None if it is accepted."""
    try:
        use()
    except (Unauthorized, InvalidGrant) as error:
        return error.violations[0].rule
    return None


def test_the_newest_10_000_access_tokens_are_valid(store: TokenStore) -> None:
    """Older ones become invalid, which limits the memory of a mock that runs for weeks."""
    pairs = [log_in(store) for _ in range(STORED_TOKENS)]

    def refusal(pair: TokenPair) -> str | None:
        return refused_rule(lambda: store.authenticate(pair.access_token, DEFAULT_INSTANT))

    assert refusal(pairs[0]) is None
    pairs.append(log_in(store))
    assert refusal(pairs[0]) == "AU-01"
    assert [refusal(pair) for pair in pairs[1:]] == [None] * STORED_TOKENS


def test_the_newest_10_000_refresh_tokens_are_valid(store: TokenStore) -> None:
    """The oldest unused one becomes invalid; a used one is replaced by its successor."""
    pairs = [log_in(store) for _ in range(STORED_TOKENS)]

    def refusal(pair: TokenPair) -> str | None:
        return refused_rule(lambda: store.refresh(pair.refresh_token, DEFAULT_INSTANT))

    assert refusal(pairs[1]) is None
    assert refusal(pairs[0]) is None
    log_in(store)
    assert refusal(pairs[2]) == "AU-05"
    assert refusal(pairs[3]) is None
