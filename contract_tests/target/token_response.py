"""The response to a login: its token, and its violations of the contract."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import requests

from contract_tests.contract.headers import media_type
from contract_tests.contract.statuses import is_success

DEFAULT_LIFETIME_SECONDS = 300.0
"""Assumed lifetime of a token without a readable one, in seconds."""
JSON_MEDIA_TYPE = "application/json"
STATUS_FIELD, MEDIA_TYPE_FIELD, BODY_FIELD = "status", "Content-Type", "body"


class LoginFinding(NamedTuple):
    """A violation of the contract in the response to a login, by field."""

    field: str
    expected: str
    got: str


class GrantedToken(NamedTuple):
    """An access token, its lifetime in seconds, and the violations in its response."""

    value: str
    seconds: float
    oddities: tuple[LoginFinding, ...]


def parse_token_response(answer: requests.Response) -> GrantedToken | None:
    """Return the token in the response to a login (L18-L26); None if there is none.

    A 2xx other than 200, a byte order mark, another media type and fields of another type are
    violations, but the token is used all the same.
    """
    if not is_success(answer.status_code):
        return None
    found = _json_object(answer.content)
    value = found.get("access_token")
    # A token that is not ASCII cannot be sent in a header.
    if not isinstance(value, str) or not value.strip() or not value.isascii():
        return None
    seconds = _parse_seconds(found.get("expires_in"))
    life = DEFAULT_LIFETIME_SECONDS if seconds is None else max(seconds, 0.0)
    return GrantedToken(value, life, tuple(_login_findings(answer, found)))


def _login_findings(answer: requests.Response, found: Mapping[str, Any]) -> Iterator[LoginFinding]:
    if answer.status_code != 200:
        yield LoginFinding(STATUS_FIELD, "200", str(answer.status_code))
    kind = answer.headers.get("Content-Type", "")
    if media_type(kind) != JSON_MEDIA_TYPE:
        yield LoginFinding(MEDIA_TYPE_FIELD, JSON_MEDIA_TYPE, kind or "none")
    if answer.content.startswith(codecs.BOM_UTF8):
        yield LoginFinding(
            BODY_FIELD,
            "JSON without a byte order mark (RFC 8259, 8.1)",
            "a byte order mark",
        )
    life = found.get("expires_in")
    # `type`, since bool is a subclass of int.
    if type(life) is not int or life < 0:
        yield LoginFinding(
            "expires_in", "a whole number of seconds", _format_value(found, "expires_in")
        )
    if found.get("token_type") != "bearer":
        yield LoginFinding("token_type", '"bearer"', _format_value(found, "token_type"))
    if not isinstance(found.get("refresh_token"), str):
        # The value is never shown: whatever stands in its place may be a secret.
        got = "another type" if "refresh_token" in found else "nothing"
        yield LoginFinding("refresh_token", "a string", got)


def _parse_seconds(life: Any) -> float | None:
    """Return the seconds in a field of any JSON type; None if it has no number."""
    if isinstance(life, bool) or not isinstance(life, str | int | float):
        return None
    try:
        seconds = float(life)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        # Without a byte order mark, which `_login_findings` reports.
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _format_value(found: Mapping[str, Any], name: str) -> str:
    return f"{json.dumps(found[name])[:60]}" if name in found else "nothing"
