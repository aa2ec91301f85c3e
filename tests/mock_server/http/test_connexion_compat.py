"""Undocumented behavior of connexion that the mock relies on."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from mock_server.http import connexion_compat as compat
from openapi import UnsupportedPackageError

CONTRACT = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "/base"}],
    "paths": {
        "/things/{id}": {
            "get": {
                "operationId": "getThing",
                "security": [{"key": []}],
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                ],
                "responses": {"200": {"description": ""}},
            }
        }
    },
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
}


class RecordingApi(compat.RoutedAPI):  # type: ignore[misc]  # connexion has no types
    """An API that records its arguments."""

    def __init__(self, *args: Any, compiled: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.compiled = compiled
        self.add_paths()

    def make_operation(self, operation: Any) -> Any:
        """Return our own operation by connexion's id."""
        return self.compiled[operation.operation_id]


class RecordingMiddleware(compat.RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    """A middleware with that API."""

    api_cls = RecordingApi


class RecordingRouting(compat.RoutingMiddleware):  # type: ignore[misc]  # connexion has no types
    """A middleware that records the routes of each API."""

    noted: list[compat.Route]

    def add_api(self, specification: Any, **options: Any) -> None:
        """Add the routes of an API."""
        super().add_api(specification, **options)
        type(self).noted = compat.routes_added_last(self)


async def _empty_app(scope: Any, receive: Any, send: Any) -> None:
    del scope, receive, send


def build_app() -> tuple[compat.ConnexionMiddleware, list[Any]]:
    """Return an application and the arguments that each part of it received."""
    noted: list[Any] = []

    async def operation(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        noted.append(scope["extensions"][compat.ROUTING_CONTEXT])

    class Scheme:
        """A security handler as `security_map` expects one."""

        def get_fn(self, scheme: Any, scopes: Any) -> Any:
            """Record the arguments of the check."""
            noted.append((scheme["scheme"], scopes))

            def check(request: Any) -> dict[str, str]:
                noted.append(request.scope["path"])
                return {"sub": "somebody"}

            return check

    app = compat.ConnexionMiddleware(
        RecordingMiddleware(_empty_app),
        middlewares=[RecordingRouting, compat.SecurityMiddleware, compat.LifespanMiddleware],
    )
    app.add_api(
        CONTRACT,
        resolver=lambda _operation_id: None,
        security_map={"bearer": Scheme},
        compiled={"getThing": operation},
    )
    return app, noted


def test_a_request_goes_by_routes_security_and_operation() -> None:
    """Options reach one middleware only, and the scope has the routing context.

    The routes are readable: base path, pattern, methods with HEAD, operationId.
    """
    app, noted = build_app()
    scope = {"type": "http", "method": "GET", "path": "/base/things/7", "headers": []}
    asyncio.run(app(scope, None, None))
    assert noted == [
        ("bearer", []),
        "/base/things/7",
        {"api_base_path": "/base", "operation_id": "getThing"},
    ]

    [route] = RecordingRouting.noted
    assert (route.base, route.operation_id) == ("/base", "getThing")
    assert route.methods == {"GET", "HEAD"}
    assert route.pattern.startswith("/things/(?P<id>")


def test_routes_of_another_shape_are_unsupported() -> None:
    """The start fails with a message that names connexion and what it lacks."""
    odd = SimpleNamespace(router=SimpleNamespace(routes=[SimpleNamespace(path="/base")]))
    with pytest.raises(UnsupportedPackageError, match=r"connexion .* no attribute 'app'"):
        compat.routes_added_last(odd)


@pytest.mark.whole
def test_the_mock_starts_without_what_it_does_not_use() -> None:
    """Neither connexion's two HTTP clients nor Starlette's test client are imported."""
    code = (
        "import mock_server.app as app, sys; app.create_app(); "
        f"print({{*{[*compat.UNUSED_MODULES]!r}}} & {{*sys.modules}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
