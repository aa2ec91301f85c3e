"""Connexion's middlewares without coroutines of their own, for which every request would pay."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from mock_server.http.connexion_compat import (
    ROUTING_CONTEXT,
    ConnexionMiddleware,
    LifespanMiddleware,
    RoutedMiddleware,
)


class DirectDispatch(RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    """Base of middlewares that pass a request to their part of its operation."""

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Serve one request, or the server's lifespan."""
        passed: Awaitable[None]
        if scope["type"] == "http":
            routed = scope["extensions"][ROUTING_CONTEXT]
            for api in self.apis.get(routed["api_base_path"], ()):
                if operation := api.operations.get(routed["operation_id"]):
                    passed = operation(scope, receive, send)
                    return passed
        passed = super().__call__(scope, receive, send)
        return passed


class DirectLifespan(LifespanMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's handler of the server's lifespan."""

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Pass a request on, or serve the lifespan."""
        serve = self.next_app if scope["type"] == "http" else super().__call__
        passed: Awaitable[None] = serve(scope, receive, send)
        return passed


class DirectConnexion(ConnexionMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's stack of middlewares."""

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Serve one request, or the server's lifespan."""
        # As connexion does it; only the first request or the lifespan builds the stack.
        serve = super().__call__ if self.middleware_stack is None else self.app
        scope["app"] = self
        passed: Awaitable[None] = serve(scope, receive, send)
        return passed
