"""Credentials of another contract: they are required, but any value is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from mock_server.errors import ErrorDetail, Unauthorized
from mock_server.http.schema_translation import UnsupportedSchemaError
from openapi import escape_token

Scope = Mapping[str, Any]
REALM = 'realm="mock"'


@dataclass(frozen=True, slots=True)
class _ExpectedCredentials:
    """Credentials of one scheme: their place, their accepted form, the challenge of the 401."""

    pointer: str
    accepted: str
    challenge: str
    is_there: Callable[[Scope], bool]


class SecurityRequirements:
    """The compiled `security` of an operation."""

    def __init__(
        self, requirements: Iterable[Mapping[str, Any]], schemes: Mapping[str, Any]
    ) -> None:
        """Compile `security`; raises UnsupportedSchemaError for an unknown scheme."""
        self._choices = [
            [_expected_credentials(name, schemes.get(name)) for name in requirement]
            for requirement in requirements
        ]

    def check(self, scope: Scope) -> None:
        """Raise Unauthorized unless the request has all credentials of one alternative."""
        # `security: []` needs nothing, and neither does an empty alternative (`{}`).
        if not self._choices or any(
            all(wanted.is_there(scope) for wanted in choice) for choice in self._choices
        ):
            return
        # One alternative is shown, because all together would read as if all were required.
        missing = [wanted for wanted in self._choices[0] if not wanted.is_there(scope)]
        raise Unauthorized(
            *(ErrorDetail(wanted.pointer, "required", wanted.accepted) for wanted in missing),
            challenge=missing[0].challenge,
        )


def _expected_credentials(name: str, scheme: Any) -> _ExpectedCredentials:
    kind = scheme.get("type") if isinstance(scheme, Mapping) else None
    word = str(scheme.get("scheme", "")).lower() if kind == "http" else ""
    if kind in ("oauth2", "openIdConnect") or word == "bearer":
        return _credentials_in_authorization("Bearer {token}", "bearer")
    if word == "basic":
        return _credentials_in_authorization("Basic base64(user:password)", "basic")
    if (
        kind == "apiKey"
        and scheme.get("in") in API_KEY_PLACES
        and isinstance(scheme.get("name"), str)
    ):
        return API_KEY_PLACES[scheme["in"]](scheme["name"])
    said = f"http {word}" if word else kind or "not declared"
    raise UnsupportedSchemaError(f"the security scheme {name} is not supported: {said}")


def _credentials_in_authorization(accepted: str, word: str) -> _ExpectedCredentials:
    def is_there(scope: Scope) -> bool:
        sent = _header_value(scope, b"authorization").split(None, 1)
        return len(sent) == 2 and sent[0].lower() == word

    return _ExpectedCredentials(
        "/header/Authorization", accepted, f"{word.title()} {REALM}", is_there
    )


def _credentials_in_header(name: str) -> _ExpectedCredentials:
    raw = name.lower().encode("latin-1", "replace")
    pointer = f"/header/{escape_token(name)}"
    return _ExpectedCredentials(
        pointer, name, f"ApiKey {REALM}", lambda scope: bool(_header_value(scope, raw))
    )


def _credentials_in_query(name: str) -> _ExpectedCredentials:
    def is_there(scope: Scope) -> bool:
        try:
            pairs = parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=1000)
        except ValueError:  # more fields than that
            return False
        return any(key == name and value for key, value in pairs)

    return _ExpectedCredentials(f"/query/{escape_token(name)}", name, f"ApiKey {REALM}", is_there)


def _credentials_in_cookie(name: str) -> _ExpectedCredentials:
    def is_there(scope: Scope) -> bool:
        try:
            return name in SimpleCookie(_header_value(scope, b"cookie"))
        except CookieError:
            return False

    return _ExpectedCredentials("/header/Cookie", f"{name}=…", f"ApiKey {REALM}", is_there)


API_KEY_PLACES = {
    "header": _credentials_in_header,
    "query": _credentials_in_query,
    "cookie": _credentials_in_cookie,
}


def _header_value(scope: Scope, wanted: bytes) -> str:
    return next((v.decode("latin-1") for n, v in scope["headers"] if n == wanted), "")
