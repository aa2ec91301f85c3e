"""Texts from servers and generators are shown without secrets and control characters."""

from __future__ import annotations

import base64
import json

import pytest

from contract_tests.reporting.sanitizing import (
    escape_control_characters,
    map_strings,
    redact_secrets,
    truncate,
)
from contract_tests.target.redaction import REDACTED
from tests.contract_tests.reporting.samples import faulty_record

SECRET = "s3cr3t-Zm9v.bar_1"
BASIC_CREDENTIALS = base64.b64encode(f"client:{SECRET}".encode()).decode()
TEXTS_WITH_SECRET = {
    "JSON": json.dumps({"password": SECRET}),
    "JSON, a name in camelCase": json.dumps({"refreshToken": SECRET}),
    "JSON in JSON": json.dumps({"seen": json.dumps({"access_token": SECRET, "id": 1})}),
    "JSON in a shell": f'curl --data-raw \'{{"client_secret":"{SECRET}"}}\' http://a/b',
    "a bearer header": f"curl -H 'Authorization: Bearer {SECRET}' http://a/b",
    "a bearer header in JSON": json.dumps({"Authorization": f"Bearer {SECRET}"}),
    "a basic header": f"curl -H 'authorization: Basic {BASIC_CREDENTIALS}' http://a/b",
    "a form": f"grant_type=password&username=a&password={SECRET}&scope=all",
    "a query": f"http://a/b?access_token={SECRET}&x=1",
    "a URL": f"http://client:{SECRET}@a/b",
}
HARMLESS_TEXTS = (
    '-H "Authorization: Bearer $TOKEN" -u "$CLIENT"',
    "-H 'Authorization: Bearer wrong'",
    f"-H 'Authorization: Basic {base64.b64encode(b'wrong:wrong').decode()}'",
    '{"grant_type": "password", "token_type": "bearer", "password": null}',
    "Expected: a bearer token, by the password grant",
    "http://127.0.0.1:4010/a@b",
)


@pytest.mark.parametrize("text", TEXTS_WITH_SECRET.values(), ids=TEXTS_WITH_SECRET)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    """A secret is hidden wherever it occurs; the text around it is unchanged."""
    shown = redact_secrets(text)
    assert SECRET not in shown
    assert BASIC_CREDENTIALS not in shown
    assert REDACTED in shown
    assert shown[:4] == text[:4]
    assert redact_secrets(shown) == shown


@pytest.mark.parametrize("text", HARMLESS_TEXTS)
def test_what_is_no_secret_stays(text: str) -> None:
    """A command with a placeholder or with wrong credentials must remain usable."""
    assert redact_secrets(text) == text


def test_control_characters_are_told_not_obeyed() -> None:
    """Control characters are escaped; line breaks are kept."""
    hostile = "a\x1b[2J\x07\r\x9b1m\u202eb\ud800\n\tc"
    assert escape_control_characters(hostile) == "a\\x1b[2J\\x07\\x0d\\x9b1m\\u202eb\\ud800\n\tc"


def test_a_long_text_is_cut_and_says_so() -> None:
    """A long text is cut with a note; a short one is not."""
    assert truncate("x" * 10, 10) == "x" * 10
    assert truncate("x" * 11, 10).startswith("x" * 10 + " … (11 characters")


def test_every_text_of_a_record_is_changed() -> None:
    """Keys, tuples and nested violations are changed; numbers are not."""
    shouted = map_strings(faulty_record(), str.upper)
    assert shouted.known[0].violation.request.startswith("CURL -H")
    assert "GETFILE 403" in shouted.excused
    assert shouted.violations[1].before[0].startswith("CURL -X POST")
    assert shouted.operations[0].checks["NOT_A_SERVER_ERROR"] == (9, 0)
    assert shouted.shard == (1, 1)
