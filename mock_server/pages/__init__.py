"""What people look at: the landing page, and the contract as the mock serves it.

A Flask application beside the event loop. It never touches a world from its own threads.
"""

from __future__ import annotations

import base64
import copy
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.routing import RequestRedirect

from mock_server.errors import MethodNotAllowed
from mock_server.settings import Settings
from openapi.__main__ import dump

DEMO = {
    "client": "demo-client:demo-secret",
    "basic": base64.b64encode(b"demo-client:demo-secret").decode(),
    "username": "demo@example.com",
    "password": "demo-password",
}
METHODS = ("get", "put", "post", "delete", "patch")


class Pages:
    """The pages of one mock, as an ASGI application."""

    def __init__(self, contract: Mapping[str, Any], settings: Settings) -> None:
        """Pages about this contract, as this mock serves it."""
        self._flask = _flask(contract, settings)
        self._urls = self._flask.url_map.bind("localhost")
        self._asgi = WSGIMiddleware(self._flask.wsgi_app, workers=2)

    def has(self, path: str) -> bool:
        """Whether a page has this path (with whatever method)."""
        if path.startswith("//"):  # werkzeug would read it as "/"
            return False
        try:
            self._urls.match(path)
        except (NoPage, RequestRedirect):
            return False
        except WrongMethod:
            pass
        return True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a page; raises MethodNotAllowed for a method that it does not have."""
        allowed = sorted(self._urls.allowed_methods(scope["path"]))
        if scope["method"] not in allowed:
            raise MethodNotAllowed(scope["method"][:40], ", ".join(allowed))
        await self._asgi(scope, receive, send)

    def close(self) -> None:
        """Let go of the worker threads."""
        self._asgi.executor.shutdown(wait=False)


def served(contract: Mapping[str, Any], address: str) -> dict[str, Any]:
    """A copy of the contract in which every `servers` is `address`, the mock's own.

    With the provider's hosts in it, "Execute" in Swagger UI would send credentials there.
    """
    document: dict[str, Any] = copy.deepcopy(dict(contract))
    servers = [{"url": address, "description": "模拟服务"}]
    document["servers"] = servers
    for item in document["paths"].values():
        for owner in (item, *(item[method] for method in METHODS if method in item)):
            owner.pop("servers", None)
    return document


def _flask(contract: Mapping[str, Any], settings: Settings) -> Flask:
    flask = Flask(__name__)
    flask.url_map.merge_slashes = False

    @lru_cache(maxsize=8)
    def text(address: str, form: str) -> str:
        return dump(served(contract, address), form)

    def contract_file(form: str, media_type: str) -> Response:
        response = Response(text(request.host_url.rstrip("/"), form), mimetype=media_type)
        response.add_etag()
        return response.make_conditional(request)

    @flask.get("/")
    def landing() -> str:
        return render_template(
            "landing.html",
            address=request.host_url.rstrip("/"),
            demo=DEMO,
            settings=settings,
            contract=contract,
        )

    @flask.get("/openapi.json")
    def openapi_json() -> Response:
        return contract_file("json", "application/json")

    @flask.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        return contract_file("yaml", "application/yaml")

    return flask
