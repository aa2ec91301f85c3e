"""Authentication: connexion's security middleware with checks against a world's credentials."""

from __future__ import annotations

import base64
import binascii
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from mock_server.errors import ErrorDetail, Unauthorized
from mock_server.http.connexion_compat import SecurityAPI, SecurityMiddleware, SecurityOperation
from mock_server.world.world import World

WorldGetter = Callable[[MutableMapping[str, Any]], World]
"""Returns the world of a request from its ASGI scope."""
BEARER_CHALLENGE = 'Bearer realm="hypers"'
BASIC_CHALLENGE = 'Basic realm="hypers", charset="UTF-8"'
AUTHORIZATION_POINTER = "/header/Authorization"
CREDENTIAL_SCHEMES = ("basic", "bearer")


class _MinimalRequest:
    """The attributes of a request that checks use; a ConnexionRequest takes longer than a check."""

    __slots__ = ("context", "scope")

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.context: dict[str, Any] = {}


class _SecuredOperation(SecurityOperation):  # type: ignore[misc]  # connexion has no types
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.security:
            await self.verification_fn(_MinimalRequest(scope))
        await self.next_app(scope, receive, send)


class _SecurityAPI(SecurityAPI):  # type: ignore[misc]  # connexion has no types
    def make_operation(self, operation: Any) -> SecurityOperation:
        return _SecuredOperation.from_operation(
            operation,
            next_app=self.next_app,
            security_handler_factory=self.security_handler_factory,
        )


class MockSecurityMiddleware(SecurityMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's security middleware, which applies the contract's `security`."""

    api_cls = _SecurityAPI


class SecurityScheme(ABC):
    """Base class of the security handlers in connexion's `security_map`."""

    def __init__(self, worlds: WorldGetter) -> None:
        """Check credentials against those of the request's world."""
        self._worlds = worlds

    def get_fn(self, _scheme: Mapping[str, Any], _scopes: list[str]) -> Callable[[Any], Any]:
        """Return the function that connexion calls for each request."""
        return self._check

    @abstractmethod
    def _check(self, request: Any) -> dict[str, Any]:
        """Return the caller; raises Unauthorized."""


class BearerScheme(SecurityScheme):
    """Handler of `bearerAuth`: access tokens of the world (AU-01, AU-04)."""

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _parse_authorization(request)
        if scheme != "bearer" or not credentials:
            violation = ErrorDetail(AUTHORIZATION_POINTER, "AU-01", "Bearer {access_token}", scheme)
            raise Unauthorized(violation, challenge=BEARER_CHALLENGE)
        world = self._worlds(request.scope)
        caller = world.tokens.authenticate(credentials, world.now())
        return {"sub": caller.username}


class BasicScheme(SecurityScheme):
    """Handler of `clientBasic`: client credentials of the token operation (AU-02)."""

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _parse_authorization(request)
        if scheme == "basic":
            client_id, secret = _decode_basic(credentials)
            if self._worlds(request.scope).tokens.check_client(client_id, secret):
                return {"sub": client_id}
        violation = ErrorDetail(
            AUTHORIZATION_POINTER, "AU-02", "Basic base64(client_id:client_secret)", scheme
        )
        raise Unauthorized(violation, challenge=BASIC_CHALLENGE)


def security_map(worlds: WorldGetter) -> dict[str, Callable[[], SecurityScheme]]:
    """Return connexion's `security_map` for the worlds of requests."""
    return {"bearer": lambda: BearerScheme(worlds), "basic": lambda: BasicScheme(worlds)}


def _parse_authorization(request: Any) -> tuple[str, str]:
    """Return scheme, in lower case, and credentials; empty without exactly one valid header."""
    # Errors show the scheme. A single word that is not a known scheme may be the credentials
    # themselves, sent without one, so it is not returned.
    sent = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if len(sent) != 1:  # a proxy may have checked another one than we would
        return "", ""
    scheme, _, credentials = sent[0].decode("latin-1").partition(" ")
    scheme = scheme.lower()  # case-insensitive (RFC 9110, 11.1)
    return (
        (scheme, credentials.strip()) if credentials or scheme in CREDENTIAL_SCHEMES else ("", "")
    )


def _decode_basic(credentials: str) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return "", ""
    client_id, _, secret = decoded.partition(":")
    return client_id, secret
