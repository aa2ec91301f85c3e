"""Connexion's routing, and what it does not answer: 405 with a complete Allow, and OPTIONS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import starlette.convertors
from connexion.frameworks.starlette import starlettify_path
from connexion.middleware.routing import RoutingMiddleware

from mock_server.errors import MethodNotAllowed, NotFound, Violation

METHODS = ("get", "put", "post", "delete", "patch")
PLACEHOLDER = re.compile(r"\{([^}]+)\}")


class _Integer(starlette.convertors.IntegerConvertor):
    """Ids as int64 writes them.

    Connexion's own takes `+1` and any number of digits, which Python refuses to convert beyond
    4,300.
    """

    regex = "-?[0-9]{1,19}"


class Routing(RoutingMiddleware):  # type: ignore[misc]  # connexion has no types
    """Routes by path and method; a known path with another method is a 405, never a redirect."""

    def __init__(self, app: Any) -> None:
        """Wrap the next application."""
        super().__init__(app)
        starlette.convertors.register_url_convertor("int", _Integer())

    def add_api(self, specification: Any, **options: Any) -> None:
        """Route one contract, then catch every other method of its paths."""
        super().add_api(specification, **options)
        router = self.router.routes[-1].app
        router.redirect_slashes = False
        for path, item in specification["paths"].items():
            types = {p["name"]: p["schema"]["type"] for p in item.get("parameters", ())}
            for method in METHODS:
                for parameter in item.get(method, {}).get("parameters", ()):
                    types[parameter["name"]] = parameter["schema"]["type"]
            # After all operations: a route that matches fully is never looked at behind them.
            router.add_route(starlettify_path(path, types), _OtherMethods(item), methods=None)


class _OtherMethods:
    """What a path answers to the methods it does not have."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        methods = [method.upper() for method in METHODS if method in item]
        head = ["HEAD"] if "get" in item else []
        self._allow = ", ".join([*methods, *head, "OPTIONS"])

    async def __call__(self, scope: Mapping[str, Any], _receive: Any, send: Any) -> None:
        if scope["method"] != "OPTIONS":
            raise MethodNotAllowed(scope["method"][:40], self._allow)
        headers = [(b"allow", self._allow.encode())]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class UnknownPath:
    """Refuses a path that is not in the contract and says what was nearly right about it."""

    def __init__(self, paths: Mapping[str, Any]) -> None:
        """Compile the contract's paths."""
        self._shapes = [
            (re.compile(PLACEHOLDER.sub(r"(?P<\1>[^/]+)", path)), path)
            for path in paths
            if "{" in path
        ]

    def refuse(self, path: str) -> NotFound:
        """The refusal for `path`: a malformed id when everything else about it matches."""
        for shape, template in self._shapes:
            match = shape.fullmatch(path)
            if match:
                name, sent = next(iter(match.groupdict().items()))
                return NotFound(Violation(f"/path/{name}", "pathType", "type integer", sent[:80]))
            if path.endswith("/") and shape.fullmatch(path.rstrip("/")):
                return NotFound(Violation("/path", "path", template, path[:200]))
        return NotFound(Violation("/path", "path", "/openapi.yaml", path[:200]))
