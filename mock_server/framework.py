"""What the mock takes of connexion; imported here alone, and without what nobody here uses.

Connexion asks for two HTTP clients (to check tokens with another server, to follow references to
other hosts) and for a test client. Together they take a fifth of the time until the first answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from mock_server.garbage import uncollected

CLIENTS = ("httpx", "requests")
TEST_CLIENT = "starlette.testclient"


class StandIn(ModuleType):
    """A module that is loaded when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        """What the module has under this name."""
        if name.startswith("__"):  # the import system's questions
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


@contextmanager
def stand_ins() -> Iterator[None]:
    """Give stand-ins to what is imported meanwhile, in place of modules not imported before."""
    found = {name: StandIn(name) for name in (*CLIENTS, TEST_CLIENT) if name not in sys.modules}
    if TEST_CLIENT in found:
        # Connexion takes the class from the module, for a method that nobody calls.
        found[TEST_CLIENT].TestClient = object  # type: ignore[attr-defined]
    sys.modules.update(found)
    try:
        yield
    finally:
        for name in found:
            del sys.modules[name]


with stand_ins(), uncollected():
    from connexion import ConnexionMiddleware
    from connexion.lifecycle import ConnexionRequest, ConnexionResponse
    from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedAPI, RoutedMiddleware
    from connexion.middleware.exceptions import ExceptionMiddleware
    from connexion.middleware.lifespan import LifespanMiddleware
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityAPI, SecurityMiddleware, SecurityOperation
    from connexion.middleware.swagger_ui import SwaggerUIMiddleware
    from connexion.options import SwaggerUIOptions

__all__ = [
    "ROUTING_CONTEXT",
    "ConnexionMiddleware",
    "ConnexionRequest",
    "ConnexionResponse",
    "ExceptionMiddleware",
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
