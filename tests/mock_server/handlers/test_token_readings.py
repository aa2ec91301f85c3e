"""Tokens under each answer to what a second login and a refresh do (A15)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT, RunningMock, mock_with

LIFETIME = 10_800
TOKENS = ("access_token", "refresh_token")
Pair = dict[str, Any]


def ask(mock: RunningMock, body: dict[str, str]) -> httpx.Response:
    """Return the response to a token request."""
    return mock.anonymous.post("/oauth/token", json=body, auth=CLIENT_CREDENTIALS)


def log_in(mock: RunningMock) -> Pair:
    """Return the tokens of a login with the password."""
    found: Pair = ask(mock, PASSWORD_GRANT).raise_for_status().json()
    return found


def refresh(mock: RunningMock, pair: Pair) -> Pair:
    """Return the tokens of a refresh."""
    body = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    found: Pair = ask(mock, body).raise_for_status().json()
    return found


def status_with(mock: RunningMock, pair: Pair) -> int:
    """Return the status of a request with an access token."""
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    return mock.anonymous.get("/api/v1/marketing-notice/group", headers=headers).status_code


def same(*pairs: Pair) -> list[bool]:
    """Return whether access and refresh token of all pairs are the same."""
    return [len({pair[name] for pair in pairs}) == 1 for name in TOKENS]


def test_a_second_login_returns_new_tokens() -> None:
    """A15: by default, and the first ones stay valid."""
    with mock_with(second_login="new-token") as mock:
        first, second = log_in(mock), log_in(mock)
        assert same(first, second) == [False, False]
        assert [status_with(mock, pair) for pair in (first, second)] == [200, 200]
        assert second["expires_in"] == LIFETIME


def test_a_second_login_returns_the_same_tokens_until_they_expire() -> None:
    """A15: with the remaining lifetime (AU-06), to the last second; then it returns new ones."""
    with mock_with(second_login="same-token") as mock:
        first = log_in(mock)
        mock.advance(1000)
        second = log_in(mock)
        mock.advance(LIFETIME - 1001)
        last = log_in(mock)
        assert same(first, second, last) == [True, True]
        lifetimes = [pair["expires_in"] for pair in (first, second, last)]
        assert lifetimes == [LIFETIME, LIFETIME - 1000, 1]
        mock.advance(1)
        fresh = log_in(mock)
        assert same(first, fresh) == [False, False]
        assert fresh["expires_in"] == LIFETIME
        assert [status_with(mock, pair) for pair in (first, fresh)] == [401, 200]


@pytest.mark.parametrize("second_login", ["new-token", "same-token"])
@pytest.mark.parametrize(("old", "status"), [("valid", 200), ("void", 401)])
def test_the_old_access_token_after_a_refresh(second_login: str, old: str, status: int) -> None:
    """A15: it lives on or not, the refresh returns new tokens, and a login those of the refresh."""
    with mock_with(second_login=second_login, old_access_token_after_refresh=old) as mock:
        first = log_in(mock)
        second = refresh(mock, first)
        assert same(first, second) == [False, False]
        assert [status_with(mock, pair) for pair in (first, second)] == [status, 200]
        third = log_in(mock)
        assert same(second, third) == [second_login == "same-token"] * 2
        assert second["expires_in"] == third["expires_in"] == LIFETIME


def test_a_refresh_voids_only_the_access_token_of_its_own_pair() -> None:
    """A15: other logins of the user go on."""
    with mock_with(second_login="new-token", old_access_token_after_refresh="void") as mock:
        first, second = log_in(mock), log_in(mock)
        third = refresh(mock, first)
        assert [status_with(mock, pair) for pair in (first, second, third)] == [401, 200, 200]


def test_tokens_that_a_refresh_has_used_up_are_not_returned_again() -> None:
    """A15, AU-05: also if the pair of the refresh has expired before the next login."""
    with mock_with(second_login="same-token") as mock:
        first = log_in(mock)
        second = refresh(mock, first)
        mock.advance(LIFETIME)
        third = log_in(mock)
        assert same(first, third) == same(second, third) == [False, False]
        assert status_with(mock, third) == 200
        fourth = refresh(mock, second)  # a refresh token outlives its access token
        assert status_with(mock, fourth) == 200
        assert same(log_in(mock), fourth) == [True, True]


def test_a_wrong_password_returns_no_tokens_of_an_earlier_login() -> None:
    """AU-03: the password is checked first."""
    with mock_with(second_login="same-token") as mock:
        log_in(mock)
        response = ask(mock, PASSWORD_GRANT | {"password": "wrong"})
        assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")
