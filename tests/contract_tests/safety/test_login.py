"""Credentials are renewed in time and kept secret."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_tests.target.redaction import REDACTED, Secrets, redact_fields
from mock_server.app import create_app
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import FROZEN, serve_app


def test_a_token_is_replaced_before_it_expires() -> None:
    """A token is renewed at half its lifetime; one without lifetime, for each request."""
    logins = 0

    def short_lived(answer: MockExchange) -> None:
        nonlocal logins
        logins += 1
        answer.json |= {"expires_in": 0}

    with run_faulty_mock("POST", "/oauth/token", short_lived) as address:
        outcome = run_check("--target", address, "--only", "getGroup", *QUICK)
    assert outcome.code == 0, outcome.out
    assert logins > 10


@pytest.mark.whole
def test_a_token_that_a_refresh_may_have_voided_is_replaced() -> None:
    """A server with one token for each user voids ours when a test refreshes it (A15)."""
    tokens = {"second-login": "same-token", "old-access-token-after-refresh": "void"}
    with serve_app(create_app(replace(FROZEN, readings=tokens))) as address:
        outcome = run_check(
            "--target", address, "--only", "createToken,getGroup,AU-05,GR-01", *QUICK
        )
    assert (outcome.code, outcome.violations) == (0, []), outcome.out


@pytest.mark.parametrize(
    "text", ['p"w\\d é', "p%22w%5Cd%20%C3%A9", "p%22w%5Cd+%C3%A9", r"p\"w\\d é", r"p\"w\\d \u00e9"]
)
def test_a_secret_is_hidden_in_each_of_its_spellings(text: str) -> None:
    """A secret is hidden as it is, in JSON, in a URL and in a form."""
    secrets = Secrets()
    secrets.register("short", 'p"w\\d é')
    assert secrets.redact(f"<{text}>, short") == f"<{REDACTED}>, {REDACTED}"


def test_members_that_say_they_are_secret_are_hidden() -> None:
    """Members with the names of secrets are hidden; similar names are not."""
    text = '{"accessToken": "a\\"b", "new-password":"c", "token_type": "bearer", "tokens": "d"}'
    hidden = '{"accessToken": "%s", "new-password":"%s", "token_type": "bearer", "tokens": "d"}'
    assert redact_fields(text) == hidden % (REDACTED, REDACTED)
