"""Credentials of a foreign contract: required, but any value is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from mock_server.errors import Unauthorized, Violation
from mock_server.http.schemas import UnsupportedSchema
from openapi import escape_token

Scope = Mapping[str, Any]
REALM = 'realm="mock"'


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One scheme: the place of its credentials, what is accepted, and the challenge of its 401."""

    pointer: str
    accepted: str
    challenge: str
    is_there: Callable[[Scope], bool]


class Presence:
    """The compiled `security` of an operation."""

    def __init__(
        self, requirements: Iterable[Mapping[str, Any]], schemes: Mapping[str, Any]
    ) -> None:
        """Compile it; raises UnsupportedSchema for a scheme that is not known."""
        self._choices = [
            [_wanted(name, schemes.get(name)) for name in requirement]
            for requirement in requirements
        ]

    def check(self, scope: Scope) -> None:
        """Raise Unauthorized unless a request has the credentials of one of the choices."""
        if not self._choices or any(
            all(wanted.is_there(scope) for wanted in choice) for choice in self._choices
        ):
            return
        missing = [wanted for wanted in self._choices[0] if not wanted.is_there(scope)]
        raise Unauthorized(
            *(Violation(wanted.pointer, "required", wanted.accepted) for wanted in missing),
            challenge=missing[0].challenge,
        )


def _wanted(name: str, scheme: Any) -> _Wanted:
    kind = scheme.get("type") if isinstance(scheme, Mapping) else None
    word = str(scheme.get("scheme", "")).lower() if kind == "http" else ""
    if kind in ("oauth2", "openIdConnect") or word == "bearer":
        return _authorization("Bearer {token}", "bearer")
    if word == "basic":
        return _authorization("Basic base64(user:password)", "basic")
    if kind == "apiKey" and scheme.get("in") in KEYS and isinstance(scheme.get("name"), str):
        return KEYS[scheme["in"]](scheme["name"])
    said = f"http {word}" if word else kind or "not declared"
    raise UnsupportedSchema(f"the security scheme {name} is not supported: {said}")


def _authorization(accepted: str, word: str) -> _Wanted:
    def is_there(scope: Scope) -> bool:
        sent = _header(scope, b"authorization").split(None, 1)
        return len(sent) == 2 and sent[0].lower() == word

    return _Wanted("/header/Authorization", accepted, f"{word.title()} {REALM}", is_there)


def _in_header(name: str) -> _Wanted:
    raw = name.lower().encode("latin-1", "replace")
    pointer = f"/header/{escape_token(name)}"
    return _Wanted(pointer, name, f"ApiKey {REALM}", lambda scope: bool(_header(scope, raw)))


def _in_query(name: str) -> _Wanted:
    def is_there(scope: Scope) -> bool:
        try:
            pairs = parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=1000)
        except ValueError:
            return False
        return any(key == name and value for key, value in pairs)

    return _Wanted(f"/query/{escape_token(name)}", name, f"ApiKey {REALM}", is_there)


def _in_cookie(name: str) -> _Wanted:
    def is_there(scope: Scope) -> bool:
        try:
            return name in SimpleCookie(_header(scope, b"cookie"))
        except CookieError:
            return False

    return _Wanted("/header/Cookie", f"{name}=…", f"ApiKey {REALM}", is_there)


KEYS = {"header": _in_header, "query": _in_query, "cookie": _in_cookie}


def _header(scope: Scope, wanted: bytes) -> str:
    return next((v.decode("latin-1") for n, v in scope["headers"] if n == wanted), "")
