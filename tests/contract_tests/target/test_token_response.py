"""An odd response to a login is a violation that names the field; the check continues."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from contract_tests.target.token_response import DEFAULT_LIFETIME_SECONDS, parse_token_response
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check

TOKEN_RESPONSE = {
    "access_token": "t",
    "token_type": "bearer",
    "expires_in": 60,
    "refresh_token": "r",
}
VIOLATION_TITLE = "Token response violates the contract"


def login_response(
    body: bytes, status: int = 200, kind: str = "application/json"
) -> requests.Response:
    """Return a response to a login."""
    answer = requests.Response()
    answer.status_code = status
    answer._content = body
    answer.headers["Content-Type"] = kind
    return answer


@pytest.mark.parametrize(
    ("changes", "seconds", "field"),
    [
        ({"expires_in": "7200"}, 7200, "expires_in"),
        ({"expires_in": 10599.7}, 10599.7, "expires_in"),
        ({"expires_in": None}, DEFAULT_LIFETIME_SECONDS, "expires_in"),
        ({"expires_in": True}, DEFAULT_LIFETIME_SECONDS, "expires_in"),
        ({"expires_in": "soon"}, DEFAULT_LIFETIME_SECONDS, "expires_in"),
        ({"expires_in": "NaN"}, DEFAULT_LIFETIME_SECONDS, "expires_in"),
        ({"expires_in": 10**400}, DEFAULT_LIFETIME_SECONDS, None),
        ({"expires_in": -5}, 0, "expires_in"),
        ({"token_type": None}, 60, "token_type"),
        ({"token_type": "Bearer"}, 60, "token_type"),
        ({"refresh_token": 7}, 60, "refresh_token"),
        ({"scope": "all", "jti": 1}, 60, None),
    ],
)
def test_a_field_of_another_form_is_named(
    changes: dict[str, Any], seconds: float, field: str | None
) -> None:
    """The token is used all the same; undeclared fields are no violation."""
    found = parse_token_response(login_response(json.dumps(TOKEN_RESPONSE | changes).encode()))
    assert found
    assert (found.value, found.seconds) == ("t", seconds)
    assert [each.field for each in found.oddities] == ([field] if field else [])


def test_what_is_around_the_fields_is_named_too() -> None:
    """201, a byte order mark, text/plain."""
    body = b"\xef\xbb\xbf" + json.dumps(TOKEN_RESPONSE).encode()
    found = parse_token_response(login_response(body, 201, "text/plain"))
    assert found
    assert [each.field for each in found.oddities] == ["status", "Content-Type", "body"]


@pytest.mark.parametrize(
    "body", [b"", b"<h1>Welcome</h1>", b"[]", b"{}", b'{"access_token": 7}', b"\xff", b"[" * 9999]
)
def test_an_answer_without_a_token_has_none(body: bytes) -> None:
    """Then nothing can be checked."""
    assert parse_token_response(login_response(body)) is None


def test_the_check_goes_on_with_the_token() -> None:
    """Exit code 1; the fields are named, and the rest is checked."""

    def odd(answer: MockExchange) -> None:
        if answer.status == 200:
            said = answer.json
            answer.json = {**said, "expires_in": str(said["expires_in"])}
            answer.body = b"\xef\xbb\xbf" + answer.body
            answer.status = 201

    with run_faulty_mock("POST", "/oauth/token", odd) as address:
        outcome = run_check("--target", address, "--only", "getGroup", *QUICK)
    assert outcome.code == 1, outcome.err
    assert outcome.violations == [("createToken", VIOLATION_TITLE)] * 3
    for field in ("expires_in", "status", "body"):
        assert f"{field} in the response to the login" in outcome.out
    assert outcome.progress["getGroup"][0] == "ok"
