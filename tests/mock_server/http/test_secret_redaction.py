"""Secrets are shown nowhere, and everything else stays as it was sent."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.http.secret_redaction import (
    REDACTED,
    redact_body,
    redact_form,
    redact_header,
    redact_json,
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("authorization", "Bearer abc", f"Bearer {REDACTED}"),
        ("Authorization", "Basic YTpi", f"Basic {REDACTED}"),
        ("authorization", "abc", REDACTED),
        ("authorization", "abc def", REDACTED),
        ("Cookie", "a=b; c=d", REDACTED),
        ("set-cookie", "a=b", REDACTED),
        ("X-Mock-Admin-Token", "abc", REDACTED),
        ("x-api-key", "abc", REDACTED),
        ("referer", "http://a/b?token=c&d=e", f"http://a/b?token={REDACTED}&d=e"),
        ("content-type", "application/json", "application/json"),
        ("x-mock-session", "worker-1", "worker-1"),
    ],
)
def test_header_fields_with_secrets_are_redacted(name: str, value: str, shown: str) -> None:
    """The scheme of credentials stays, if it is one that is known."""
    assert redact_header(name, value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"password": "a"}', '{"password": "[Filtered]"}'),
        ('{"a":1,"client_secret":"b\\"c","d":2}', '{"a":1,"client_secret":"[Filtered]","d":2}'),
        ('{"Access_Token":"a"}', '{"Access_Token":"[Filtered]"}'),
        ('{"accessToken":123}', '{"accessToken":"[Filtered]"}'),
        ('{"token":null}', '{"token":null}'),
        ('{"token_type":"bearer"}', '{"token_type":"bearer"}'),
        ('{"pass\\u0077ord":"a"}', '{"pass\\u0077ord":"[Filtered]"}'),
        ('{"secret":{"a":["}"]},"b":1}', '{"secret":"[Filtered]","b":1}'),
        ('[{"user":{"password" : "a"}}]', '[{"user":{"password" : "[Filtered]"}}]'),
        ('{"note":"password","b":"c"}', '{"note":"password","b":"c"}'),
        ('{"note":"\\"password\\": x"}', '{"note":"\\"password\\": x"}'),
        ('{"password":"cut of', '{"password":"[Filtered]"'),
        ('{"secret":{"a":"cut of', '{"secret":"[Filtered]"'),
        ('{"a":"b"', '{"a":"b"'),
    ],
)  # fmt: skip
def test_secrets_in_json_are_redacted(text: str, shown: str) -> None:
    """Also in a text that is cut, at any depth, and under an escaped name."""
    assert redact_json(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("grant_type=password&password=a%26b", "grant_type=password&password=[Filtered]"),
        ("client%5Fsecret=a&x=b", "client%5Fsecret=[Filtered]&x=b"),
        ("token=&page=1", "token=&page=1"),
        ("token[]=a&page=1", "token[]=[Filtered]&page=1"),
        ("page=1", "page=1"),
        ("", ""),
    ],
)
def test_secrets_in_forms_and_queries_are_redacted(text: str, shown: str) -> None:
    """Names may be percent-encoded."""
    assert redact_form(text) == shown


def test_secrets_in_multipart_forms_are_redacted() -> None:
    """The other parts stay."""
    form = '--x\r\nContent-Disposition: form-data; name="{}"\r\n{}\r\n{}\r\n--x--\r\n'
    for extra in ("", "Content-Type: text/plain\r\n"):
        secret, other = form.format("password", extra, "a b\nc"), form.format("name", extra, "a")
        shown = redact_body(secret, "multipart/form-data; boundary=x")
        assert shown == form.format("password", extra, REDACTED)
        assert redact_body(other, "multipart/form-data; boundary=x") == other


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/json", "text/csv"])
def test_a_body_of_another_type_than_it_says_is_redacted(media_type: str) -> None:
    """A refused body (415) may be anything."""
    assert "hidden" not in redact_body('{"password": "hidden"}', media_type)
    assert "hidden" not in redact_body("a=b&password=hidden", media_type)


NAMES = st.sampled_from(["a", 'b"', "token"]) | st.text(max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def hide(value: object) -> object:
    """The value without secrets, by a walk through the parsed document."""
    if isinstance(value, list):
        return [hide(each) for each in value]
    if isinstance(value, dict):
        return {
            name: REDACTED if name == "token" and each is not None else hide(each)
            for name, each in value.items()
        }
    return value


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a machine that is busy
@given(JSON, st.booleans())
def test_redacted_json_is_the_same_document_without_the_secrets(
    value: object, ascii_: bool
) -> None:
    """Any document stays valid, and nothing else of it changes."""
    assert json.loads(redact_json(json.dumps(value, ensure_ascii=ascii_))) == hide(value)


@pytest.mark.parametrize(
    "piece",
    [
        '"',
        '\\"',
        "[{",
        '"token":[',
        '"token":',
        "a=b&",
        "\r\n",
        'name="token"\r\n',
        "name=",
        "\nname=",
    ],
)
@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data"])
def test_no_body_takes_long(piece: str, media_type: str) -> None:
    """The time is proportional to the length, whatever the body is."""
    began = time.perf_counter()
    redact_body(piece * (65_536 // len(piece)), media_type)
    assert time.perf_counter() - began < 1
