"""Tokens end early by the control plane, and have the lifetime that was chosen."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.test_cli import startup_error
from tests.serving import CLIENT_CREDENTIALS, FROZEN, PASSWORD_GRANT, RunningMock, run_mock

GROUPS = "/api/v1/marketing-notice/group"


def log_in(mock: RunningMock) -> tuple[str, str]:
    """A new pair of access token and refresh token."""
    answer = expect_ok(
        mock.anonymous.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    )
    return answer["access_token"], answer["refresh_token"]


def refresh(mock: RunningMock, token: str) -> httpx.Response:
    """Send a refresh."""
    body = {"grant_type": "refresh_token", "refresh_token": token}
    return mock.anonymous.post("/oauth/token", json=body, auth=CLIENT_CREDENTIALS)


def rule_of(mock: RunningMock, token: str) -> str:
    """The rule by which a token is refused; empty if it is accepted."""
    answer = mock.anonymous.get(GROUPS, headers={"Authorization": f"Bearer {token}"})
    return "" if answer.status_code == 200 else str(expect_refusal(answer, 401)["rule"])


def test_one_token_or_all_expire_now_and_can_be_renewed(mock: RunningMock) -> None:
    """An expired token is refused by AU-04; its refresh token stays valid."""
    (one, _), (other, renewal) = log_in(mock), log_in(mock)
    expire = f"{ADMIN}/tokens/expire"
    assert expect_ok(mock.anonymous.post(expire, json={"token": one}))["accessTokens"] == 1
    assert (rule_of(mock, one), rule_of(mock, other)) == ("AU-04", "")
    counts = expect_ok(mock.anonymous.post(expire))
    assert counts == {"accessTokens": 2, "refreshTokens": 0}  # the other one, and that of the mock
    assert rule_of(mock, other) == "AU-04"
    assert rule_of(mock, expect_ok(refresh(mock, renewal))["access_token"]) == ""


def test_one_token_or_all_are_revoked(mock: RunningMock) -> None:
    """An access token is then unknown (AU-01), and a refresh token cannot be used (AU-05)."""
    access, renewal = log_in(mock)
    revoke = f"{ADMIN}/tokens/revoke"
    counts = expect_ok(mock.anonymous.post(revoke, json={"token": access}))
    assert counts == {"accessTokens": 1, "refreshTokens": 0}
    assert rule_of(mock, access) == "AU-01"
    access, renewal = (
        (answer := expect_ok(refresh(mock, renewal)))["access_token"],
        answer["refresh_token"],
    )
    counts = expect_ok(mock.anonymous.post(revoke, json={"token": renewal}))
    assert counts == {"accessTokens": 0, "refreshTokens": 1}
    assert rule_of(mock, access) == ""
    assert refresh(mock, renewal).json()["errors"][0]["rule"] == "AU-05"
    access, renewal = log_in(mock)
    assert expect_ok(mock.anonymous.post(revoke, json={})) == {
        "accessTokens": 3,  # the mock's, the renewed one, the new one
        "refreshTokens": 2,
    }
    assert rule_of(mock, access) == "AU-01"
    assert refresh(mock, renewal).status_code == 400


@pytest.mark.parametrize("operation", ["expire", "revoke"])
def test_a_token_that_is_not_valid_is_refused_and_not_repeated(
    mock: RunningMock, operation: str
) -> None:
    """A mistake in the token is noticed; so is an expired one that is to expire."""
    sent = mock.anonymous.post(f"{ADMIN}/tokens/{operation}", json={"token": "wrong"})
    error = expect_refusal(sent)
    assert (error["pointer"], error["rule"]) == ("/body/token", "CP-19")
    assert "wrong" not in sent.text
    expect_ok(mock.anonymous.post(f"{ADMIN}/tokens/expire"))
    access, renewal = log_in(mock)
    body = {"token": renewal if operation == "expire" else "x"}
    expect_refusal(mock.anonymous.post(f"{ADMIN}/tokens/{operation}", json=body))
    assert rule_of(mock, access) == ""


def test_access_tokens_have_the_lifetime_of_the_option() -> None:
    """In simulated seconds, also after a reset; `expires_in` says so."""
    with run_mock(replace(FROZEN, token_lifetime=90)) as mock:
        for _ in range(2):
            answer = mock.anonymous.post(
                "/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS
            ).json()
            assert answer["expires_in"] == 90
            expect_ok(mock.anonymous.post(f"{ADMIN}/clock/advance", json={"seconds": 89}))
            assert rule_of(mock, answer["access_token"]) == ""
            expect_ok(mock.anonymous.post(f"{ADMIN}/clock/advance", json={"seconds": 1}))
            assert rule_of(mock, answer["access_token"]) == "AU-04"
            expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "315360001", "forever"])
def test_a_lifetime_is_a_whole_number_of_seconds(value: str) -> None:
    """The error says which are possible."""
    line = startup_error("--port", "0", "--token-lifetime", value)
    assert "--token-lifetime" in line
    assert "1 to 315360000" in line
