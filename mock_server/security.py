"""Credentials -> caller: connexion's security handlers, inspecting no signature per request."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation

from mock_server.errors import Unauthorized, Violation
from mock_server.world import World

BEARER_CHALLENGE = 'Bearer realm="hypers"'
BASIC_CHALLENGE = 'Basic realm="hypers", charset="UTF-8"'
POINTER = "/header/Authorization"


class _Credentials:
    """What connexion's checks see of a request. A ConnexionRequest would cost more than they."""

    __slots__ = ("context", "scope")

    def __init__(self, scope: Any) -> None:
        self.scope = scope
        self.context: dict[str, Any] = {}


class _SecuredOperation(SecurityOperation):  # type: ignore[misc]  # connexion has no types
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.security:
            await self.verification_fn(_Credentials(scope))
        await self.next_app(scope, receive, send)


class _SecurityAPI(SecurityAPI):  # type: ignore[misc]  # connexion has no types
    def make_operation(self, operation: Any) -> SecurityOperation:
        return _SecuredOperation.from_operation(
            operation,
            next_app=self.next_app,
            security_handler_factory=self.security_handler_factory,
        )


class Security(SecurityMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's security, by the contract's `security`, with checks of ours."""

    api_cls = _SecurityAPI


class BearerScheme:
    """`bearerAuth`: an access token of the world (AU-01, AU-04)."""

    def __init__(self, world: World) -> None:
        """Check tokens against this world's."""
        self._world = world

    def get_fn(self, _scheme: Mapping[str, Any], _scopes: list[str]) -> Callable[[Any], Any]:
        """The function connexion calls at each request."""
        return self._check

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _authorization(request)
        if scheme != "bearer" or not credentials:
            violation = Violation(POINTER, "AU-01", "Bearer {access_token}", scheme)
            raise Unauthorized(violation, challenge=BEARER_CHALLENGE)
        caller = self._world.tokens.check(credentials, self._world.now())
        return {"sub": caller.username}


class BasicScheme:
    """`clientBasic`: the client credentials of the token operation (AU-02)."""

    def __init__(self, world: World) -> None:
        """Check clients against this world's."""
        self._world = world

    def get_fn(self, _scheme: Mapping[str, Any], _scopes: list[str]) -> Callable[[Any], Any]:
        """The function connexion calls at each request."""
        return self._check

    def _check(self, request: Any) -> dict[str, Any]:
        scheme, credentials = _authorization(request)
        if scheme == "basic":
            client_id, secret = _basic(credentials)
            if self._world.tokens.check_client(client_id, secret):
                return {"sub": client_id}
        violation = Violation(POINTER, "AU-02", "Basic base64(client_id:client_secret)", scheme)
        raise Unauthorized(violation, challenge=BASIC_CHALLENGE)


def security_map(world: World) -> dict[str, Callable[[], BearerScheme | BasicScheme]]:
    """What connexion's `security_map` takes, bound to one world."""
    return {"bearer": lambda: BearerScheme(world), "basic": lambda: BasicScheme(world)}


def _authorization(request: Any) -> tuple[str, str]:
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            scheme, _, credentials = value.decode("latin-1").partition(" ")
            return scheme.lower()[:40], credentials.strip()
    return "", ""


def _basic(credentials: str) -> tuple[str, str]:
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return "", ""
    client_id, _, secret = decoded.partition(":")
    return client_id, secret
