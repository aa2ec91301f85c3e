"""Bodies of requests, which may be generated, are parsed without an exception."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.contract.json_body import parse_json_body


@pytest.mark.parametrize(
    ("body", "value"),
    [(b'{"a": 1}', {"a": 1}), ("[]", []), ("null", None), ('"\ud800"', "\ud800")],
)
def test_json_is_parsed_as_text_or_as_bytes(body: Any, value: Any) -> None:
    """A lone surrogate, as in generated texts, is no error; `null` is a value."""
    assert parse_json_body(body, invalid=...) == value


@pytest.mark.parametrize(
    "body",
    [None, "", b"", "{", b"\xff", "[" * 100_000, iter([b"{}"])],
    ids=lambda body: repr(body)[:20],
)
def test_what_is_not_json_has_the_given_value(body: Any) -> None:
    """A missing body, an incomplete or too deeply nested text, and a stream."""
    assert parse_json_body(body) is None
    assert parse_json_body(body, invalid=...) is ...
