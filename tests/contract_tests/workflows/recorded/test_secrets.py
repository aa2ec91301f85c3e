"""Secrets in a recording are found wherever they stand, and removed wherever they are repeated."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from contract_tests.target.redaction import REDACTED
from contract_tests.workflows.recorded.exchange import (
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
)
from contract_tests.workflows.recorded.secrets import collect_secrets

URL = "https://example.com/x"
SECRET = "s3cr3t-Wert"
JSON_WEB_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_-DEF"


def exchange(
    url: str = URL,
    *,
    sent: Any = b"",
    answered: Any = b"",
    headers: tuple[tuple[str, str], ...] = (),
    set_cookie: str = "",
) -> RecordedExchange:
    """Return an exchange; a body that is not bytes is sent as JSON."""
    bodies = [
        each if isinstance(each, bytes) else json.dumps(each).encode() for each in (sent, answered)
    ]
    cookies = (("Set-Cookie", set_cookie),) if set_cookie else ()
    return RecordedExchange(
        "a.har",
        0,
        0.0,
        1.0,
        RecordedRequest("POST", url, headers, bodies[0]),
        RecordedResponse(200, cookies, body=bodies[1]),
    )


BASIC = "Basic " + base64.b64encode(f"client:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    "where",
    [
        exchange(headers=(("Authorization", f"Bearer {SECRET}"),)),
        exchange(headers=(("authorization", BASIC),)),
        exchange(headers=(("X-Auth-Token", SECRET),)),
        exchange(headers=(("X-Api-Key", SECRET),)),
        exchange(headers=(("Cookie", f"lang=zh; sid={SECRET}"),)),
        exchange(set_cookie=f"sid={SECRET}; Path=/; HttpOnly"),
        exchange(sent={"username": "u", "password": SECRET}),
        exchange(sent=f"grant_type=password&password={SECRET}".encode()),
        exchange(sent=[{"deep": {"client_secret": SECRET}}]),
        exchange(answered={"access_token": SECRET}),
        exchange(answered={"data": {"refreshToken": SECRET}}),
        exchange(f"{URL}?access_token={SECRET}"),
        exchange(f"{URL}#access_token={SECRET}"),
        exchange(f"https://user:{SECRET}@example.com/"),
    ],
)
def test_a_secret_is_found_where_it_stands(where: RecordedExchange) -> None:
    """Header fields, cookies, bodies of both kinds, URLs."""
    found = collect_secrets([where, exchange()])
    assert found.redact(f"a name with {SECRET} in it") == f"a name with {REDACTED} in it"


def test_a_json_web_token_is_found_under_any_name() -> None:
    """It is recognized by its form."""
    found = collect_secrets([exchange(answered={"name": JSON_WEB_TOKEN})])
    assert found.redact(f"x {JSON_WEB_TOKEN}") == f"x {REDACTED}"


def test_a_long_secret_is_removed_when_it_was_cut_off() -> None:
    """A message quotes the beginning of a long value."""
    token = "0123456789abcdef" + "x" * 500
    found = collect_secrets([exchange(answered={"access_token": token})])
    assert found.redact(f'got "{token[:300]} ..."') == f'got "{REDACTED} ..."'


def test_what_is_no_secret_stays() -> None:
    """A short cookie, the type of a token, the number of a session, attributes of a cookie."""
    found = collect_secrets(
        [
            exchange(
                headers=(("Cookie", "lang=zh"), ("X-Session", "7")),
                answered={"token_type": "bearer", "session": 12, "expires_in": 3600},
                set_cookie="lang=zh; Path=/marketing; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
            )
        ]
    )
    text = "zh 7 bearer 12 3600 /marketing Wed, 21 Oct 2026 07:28:00 GMT"
    assert found.redact(text) == text
