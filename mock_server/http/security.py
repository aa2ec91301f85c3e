"""Authentication: connexion's security middleware with checks against a world's credentials."""

from __future__ import annotations

import base64
import binascii
import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from mock_server.errors import ErrorDetail, Unauthorized
from mock_server.http.connexion_compat import (
    ROUTING_CONTEXT,
    SecurityAPI,
    SecurityMiddleware,
    SecurityOperation,
)
from mock_server.http.direct_dispatch import DirectDispatch
from mock_server.http.recorded_exchange import CALLER_KEY
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
    def __init__(self, *args: Any, security_handler_factory: Any, **options: Any) -> None:
        super().__init__(*args, security_handler_factory=security_handler_factory, **options)
        self._only_check: Callable[[Any], Any] | None = None
        # Connexion's function tries one requirement after another. With a single one of a single
        # scheme, which nearly all operations have, its check alone takes a third of the time.
        if self.security and len(self.security) == 1 and len(self.security[0]) == 1:
            ((name, scopes),) = self.security[0].items()
            check = security_handler_factory.parse_security_scheme(
                self.security_schemes[name], scopes
            )
            if check is not None and not inspect.iscoroutinefunction(check):
                self._only_check = check

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        if self._only_check is None:
            return self._serve(scope, receive, send)
        self._only_check(_MinimalRequest(scope))
        passed: Awaitable[None] = self.next_app(scope, receive, send)
        return passed

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
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


class MockSecurityMiddleware(DirectDispatch, SecurityMiddleware):  # type: ignore[misc]  # connexion has no types
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
        """Return the caller; raises Unauthorized and Forbidden."""


class BearerScheme(SecurityScheme):
    """Handler of `bearerAuth`: access tokens of the world (AU-01, AU-04), permissions (CP-30)."""

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _parse_authorization(request)
        if scheme != "bearer" or not credentials:
            violation = ErrorDetail(AUTHORIZATION_POINTER, "AU-01", "Bearer {access_token}", scheme)
            raise Unauthorized(violation, challenge=BEARER_CHALLENGE)
        world = self._worlds(request.scope)
        caller = world.tokens.authenticate(credentials, world.now())
        request.scope[CALLER_KEY] = caller.username
        if world.tokens.credentials.allowed:
            operation = request.scope["extensions"][ROUTING_CONTEXT]["operation_id"]
            world.tokens.check_permission(caller.username, operation)
        return {"sub": caller.username}


class BasicScheme(SecurityScheme):
    """Handler of `clientBasic`: client credentials of the token operation (AU-02)."""

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _parse_authorization(request)
        if scheme == "basic":
            client_id, secret = _decode_basic(credentials)
            if self._worlds(request.scope).tokens.check_client(client_id, secret):
                request.scope[CALLER_KEY] = client_id
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
