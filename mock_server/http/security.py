"""Credentials -> caller: connexion's security handlers, inspecting no signature per request."""

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
"""The world that a request (its ASGI scope) is about."""
BEARER_CHALLENGE = 'Bearer realm="hypers"'
BASIC_CHALLENGE = 'Basic realm="hypers", charset="UTF-8"'
AUTHORIZATION_POINTER = "/header/Authorization"
CREDENTIAL_SCHEMES = ("basic", "bearer")


class _MinimalRequest:
    """What connexion's checks see of a request. A ConnexionRequest would cost more than they."""

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
    """Connexion's security, by the contract's `security`, with checks of ours."""

    api_cls = _SecurityAPI


class SecurityScheme(ABC):
    """A security handler as connexion's `security_map` takes one."""

    def __init__(self, worlds: WorldGetter) -> None:
        """Check credentials against those of the request's world."""
        self._worlds = worlds

    def get_fn(self, _scheme: Mapping[str, Any], _scopes: list[str]) -> Callable[[Any], Any]:
        """The function connexion calls at each request."""
        return self._check

    @abstractmethod
    def _check(self, request: Any) -> dict[str, Any]:
        """Return the caller; raises Unauthorized."""


class BearerScheme(SecurityScheme):
    """`bearerAuth`: an access token of the world (AU-01, AU-04)."""

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _parse_authorization(request)
        if scheme != "bearer" or not credentials:
            violation = ErrorDetail(AUTHORIZATION_POINTER, "AU-01", "Bearer {access_token}", scheme)
            raise Unauthorized(violation, challenge=BEARER_CHALLENGE)
        world = self._worlds(request.scope)
        caller = world.tokens.authenticate(credentials, world.now())
        return {"sub": caller.username}


class BasicScheme(SecurityScheme):
    """`clientBasic`: the client credentials of the token operation (AU-02)."""

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
    """What connexion's `security_map` takes, bound to the worlds."""
    return {"bearer": lambda: BearerScheme(worlds), "basic": lambda: BasicScheme(worlds)}


def _parse_authorization(request: Any) -> tuple[str, str]:
    """Scheme and credentials; none when the header is not there once, or is no such pair.

    The scheme shows in refusals: what is not surely one could be the credentials themselves.
    """
    sent = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if len(sent) != 1:
        return "", ""
    scheme, _, credentials = sent[0].decode("latin-1").partition(" ")
    scheme = scheme.lower()
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
