"""Header fields are parsed as HTTP defines them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract_tests.contract.headers import media_type, parse_http_date


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("application/json", "application/json"),
        (" Text/HTML ; charset=utf-8", "text/html"),
        ("a/b;", "a/b"),
        ("application/problem+json;charset", "application/problem+json"),
        (";charset=utf-8", ""),
        ("", ""),
    ],
)
def test_a_media_type_is_read_without_parameters(written: str, read: str) -> None:
    """A media type is returned in lower case without its parameters (RFC 9110, 8.3.1)."""
    assert media_type(written) == read


@pytest.mark.parametrize(
    "text", ["Tue, 22 Apr 2025 01:00:00 GMT", "Tue, 22 Apr 2025 01:00:00 -0000"]
)
def test_a_date_is_an_instant(text: str) -> None:
    """A date without a zone is in UTC."""
    assert parse_http_date(text) == datetime(2025, 4, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2025-04-22", "Tue, 99 Apr 2025 01:00:00 GMT"])
def test_what_is_no_date_is_none(text: str) -> None:
    """Any other text is None and not an error, since a server may send anything."""
    assert parse_http_date(text) is None
