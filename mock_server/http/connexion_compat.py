"""All use of connexion by the mock; no other module imports it.

`ConnexionMiddleware` and its options are documented. The mock also relies on these internals:

- the classes of its middlewares, from which those of `http/` derive (REQUIRED_MEMBERS);
- the operations of a RoutedMiddleware, by API and id, and the stack of a ConnexionMiddleware, which
  `direct_dispatch.py` calls without connexion's coroutines;
- the routes that `RoutingMiddleware` creates (`routes_added_last`), and ROUTING_CONTEXT, the key
  under which the later middlewares find the operation of a request;
- `ConnexionMiddleware.add_api` passes unknown options on to every middleware;
- connexion calls `get_fn(scheme, scopes)` of a `security_map` entry for a check, and passes to the
  check whatever the operation passes to its `verification_fn`.

Connexion imports two HTTP clients (to verify tokens with another server, and to resolve references
to other hosts) and a test client, even if they are not used. They take a fifth of the time until
the first response, so placeholders replace them during the import (UNUSED_MODULES).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mock_server.runtime.placeholder_modules import using_placeholders
from openapi import reporting_missing_internals, require_members

UNUSED_MODULES: dict[str, dict[str, Any]] = {
    "httpx": {},
    "requests": {},
    # Connexion imports the class for `test_client()`, which the mock does not call.
    "starlette.testclient": {"TestClient": object},
}
"""Modules that connexion imports but the mock never uses, with the names that the import needs."""

with reporting_missing_internals("connexion"), using_placeholders(UNUSED_MODULES):
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
    ConnexionMiddleware: ("__call__",),
    LifespanMiddleware: ("__call__",),
    RoutedAPI: ("add_paths", "make_operation", "operations"),
    RoutedMiddleware: ("__call__", "add_api", "app"),
    RoutingMiddleware: ("add_api", "app", "router"),
    SecurityAPI: ("make_operation", "next_app", "security_handler_factory"),
    SecurityMiddleware: ("api_cls",),
    SecurityOperation: ("from_operation", "next_app", "security", "verification_fn"),
    SwaggerUIMiddleware: ("__call__", "app"),
}
"""Members of each class that the mock overrides, calls or reads."""

for _class, _names in REQUIRED_MEMBERS.items():
    require_members("connexion", _class, _names)


class Route(NamedTuple):
    """A route of an API: `pattern` is a regular expression of the path after `base`."""

    base: str
    pattern: str
    methods: frozenset[str]
    operation_id: str


def routes_added_last(middleware: Any) -> list[Route]:
    """Return the routes of the last API that was added to a RoutingMiddleware.

    Raises UnsupportedPackageError.
    """
    # The router has a mount for each API, and the mount a Starlette route for each operation.
    with reporting_missing_internals("connexion"):
        mount = middleware.router.routes[-1]
        return [
            Route(
                mount.path,
                route.path_regex.pattern.removeprefix("^").removesuffix("$"),
                frozenset(route.methods),
                route.endpoint.operation_id,
            )
            for route in mount.app.routes
        ]
