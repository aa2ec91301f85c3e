"""What the mock takes of connexion; imported here alone, and without what nobody here uses.

Documented are `ConnexionMiddleware` and its options. Not documented, and relied upon:

- the classes of its middlewares, which those of `http/` derive from, with what is overridden,
  called or read of each (REQUIRED_MEMBERS);
- the routes that `RoutingMiddleware` makes (`routes_added_last`), and ROUTING_CONTEXT, by which the
  next middlewares find them in a request;
- that `ConnexionMiddleware.add_api` hands options that it does not know to every middleware;
- that a handler of `security_map` is asked by `get_fn(scheme, scopes)` for a check of requests, and
  the check is given what the operation passed to its `verification_fn`.

Connexion imports two HTTP clients (to check tokens with another server, to follow references to
other hosts) and a test client, whether or not they are used. Together they take a fifth of the time
until the first answer, so placeholders stand for them while it is imported (UNUSED_MODULES).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mock_server.runtime.placeholder_modules import placeholders
from openapi import reporting_missing_internals, require_members

UNUSED_MODULES: dict[str, dict[str, Any]] = {
    "httpx": {},
    "requests": {},
    # Connexion takes the class from it, for a method that nobody calls.
    "starlette.testclient": {"TestClient": object},
}
"""Modules that connexion imports and the mock never uses, with what is taken from each at once."""

with reporting_missing_internals("connexion"), placeholders(UNUSED_MODULES):
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
    "routes_added_last",
]

REQUIRED_MEMBERS: dict[type, tuple[str, ...]] = {
    LifespanMiddleware: ("__call__",),
    RoutedAPI: ("add_paths", "make_operation", "operations"),
    RoutedMiddleware: ("add_api", "app"),
    RoutingMiddleware: ("add_api", "app", "router"),
    SecurityAPI: ("make_operation", "next_app", "security_handler_factory"),
    SecurityMiddleware: ("api_cls",),
    SecurityOperation: ("from_operation", "next_app", "security", "verification_fn"),
    SwaggerUIMiddleware: ("__call__", "app"),
}
"""What is overridden, called or read of each class."""

for _class, _names in REQUIRED_MEMBERS.items():
    require_members("connexion", _class, _names)


class Route(NamedTuple):
    """One route of an API below the path `base`: `pattern` matches the rest of the path."""

    base: str
    pattern: str
    methods: frozenset[str]
    operation_id: str


def routes_added_last(middleware: Any) -> list[Route]:
    """Return the routes of the API that a RoutingMiddleware was given last.

    Raises UnsupportedPackageError.

    Its router has a mount for each API, and that one a Starlette route for each operation.
    """
    with reporting_missing_internals("connexion"):
        mount = middleware.router.routes[-1]
        return [
            Route(
                mount.path,
                route.path_regex.pattern.strip("^$"),
                frozenset(route.methods),
                route.endpoint.operation_id,
            )
            for route in mount.app.routes
        ]
