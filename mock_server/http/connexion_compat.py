"""What the mock takes of connexion; imported here alone, and without what nobody here uses.

Connexion asks for two HTTP clients (to check tokens with another server, to follow references to
other hosts) and for a test client. Together they take a fifth of the time until the first answer.
"""

from __future__ import annotations

from typing import Any

from mock_server.runtime.lazy_modules import standing_in

UNUSED: dict[str, dict[str, Any]] = {
    "httpx": {},
    "requests": {},
    # Connexion takes the class from it, for a method that nobody calls.
    "starlette.testclient": {"TestClient": object},
}

with standing_in(UNUSED):
    from connexion import ConnexionMiddleware
    from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedAPI, RoutedMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation
    from connexion.middleware.swagger_ui import SwaggerUIMiddleware
    from connexion.options import SwaggerUIOptions

__all__ = [
    "ROUTING_CONTEXT",
    "ConnexionMiddleware",
    "LifespanMiddleware",
    "RoutedAPI",
    "RoutedMiddleware",
    "RoutingMiddleware",
    "SecurityAPI",
    "SecurityMiddleware",
    "SecurityOperation",
    "SwaggerUIMiddleware",
    "SwaggerUIOptions",
]
