"""The composition root: the only file that sees everything."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from connexion import ConnexionMiddleware
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.abstract import ROUTING_CONTEXT, RoutedAPI, RoutedMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.lifespan import LifespanMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from connexion.options import SwaggerUIOptions
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

import openapi
from mock_server.binding import bind
from mock_server.clock import Clock
from mock_server.dispatch import ContractMismatch, Operation, example_handler
from mock_server.errors import Broken, Refusal
from mock_server.pages import Pages
from mock_server.problem import Problems, encode, language
from mock_server.routing import METHODS, Routing, UnknownPath
from mock_server.schemas import resolved
from mock_server.security import Security, security_map
from mock_server.seed import first_world
from mock_server.settings import Settings
from mock_server.world import World

log = logging.getLogger("mock_server")
SWAGGER = "/docs/swagger"
EXPOSED = (
    "Content-Disposition",
    "Content-Length",
    "ETag",
    "Preference-Applied",
    "WWW-Authenticate",
    "X-Mock-Source",
)
"""Response headers a browser may read, by name: `*` does not count with credentials."""


def create_app(settings: Settings | None = None, *, world: World | None = None) -> Application:
    """A fresh mock as an ASGI application, with a world of its own (or `world`, kept on reload).

    The world is the application's `world` attribute. Raises openapi.ContractError for a broken
    contract and ContractMismatch when contract and handlers do not fit together.
    """
    settings = settings or Settings()
    contract = openapi.load(settings.contract) if settings.contract else openapi.load()
    if world is None:
        clock = Clock(settings.frozen, frozen=settings.frozen is not None)
        world = first_world(settings.scenario, settings.seed, clock)
    mock = _Mock(contract, settings, world)
    return Application(Cors(mock.asgi) if settings.cors else mock.asgi, world)


class Application:
    """A whole mock as an ASGI application."""

    def __init__(self, asgi: Any, world: World) -> None:
        """Serve with `asgi`; `world` is what it remembers."""
        self.world = world
        self._asgi = asgi

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan."""
        await self._asgi(scope, receive, send)


class Swagger(SwaggerUIMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's Swagger UI, asked for its own paths only, not at every request."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a page of Swagger UI, or pass the request on."""
        is_page = scope["type"] == "http" and scope["path"].startswith(SWAGGER)
        await (super().__call__ if is_page else self.app)(scope, receive, send)


class Cors(CORSMiddleware):
    """CORS for browsers: any origin, with credentials; a preflight is 204."""

    def __init__(self, app: Any) -> None:
        """Wrap the application."""
        super().__init__(
            app,
            allow_origin_regex=".*",
            allow_methods=("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"),
            allow_credentials=True,
            expose_headers=EXPOSED,
        )
        self.allow_all_headers = True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request; one without an Origin, from no browser, only gets `Vary: Origin`."""
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def varying(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"vary", b"Origin"))
            await send(message)

        await self.app(scope, receive, varying)

    def preflight_response(self, request_headers: Any) -> Response:
        """Starlette's answer, as 204 without a body."""
        answer = super().preflight_response(request_headers)
        if answer.status_code != 200:
            return answer
        kept = {n: v for n, v in answer.headers.items() if not n.startswith("content-")}
        return Response(status_code=204, headers=kept)


class _Mock:
    """Everything of one mock, joined."""

    def __init__(self, contract: dict[str, Any], settings: Settings, world: World) -> None:
        self._problems = Problems(contract["x-rules"])
        self._unknown = UnknownPath(contract["paths"])
        self._operations = _compile(contract, settings, world, self._problems)
        self._pages = Pages(contract, settings)
        self.asgi = ConnexionMiddleware(
            _Operations(self._fallback),
            lifespan=self._lifespan,
            middlewares=[
                ExceptionMiddleware,
                Swagger,
                Routing,
                Security,
                LifespanMiddleware,
            ],
        )
        self.asgi.add_api(
            _skeleton(contract),
            resolver=lambda _operation_id: None,
            security_map=security_map(world),
            swagger_ui_options=SwaggerUIOptions(
                serve_spec=False, spec_path="/openapi.json", swagger_ui_path=SWAGGER
            ),
            compiled=self._operations,
        )
        self.asgi.add_error_handler(Exception, self._failed)

    @asynccontextmanager
    async def _lifespan(self, _app: Any) -> AsyncIterator[None]:
        yield
        self._pages.close()

    async def _fallback(self, scope: Any, receive: Any, send: Any) -> None:
        if self._pages.has(scope["path"]):
            await self._pages(scope, receive, send)
        else:
            raise self._unknown.refuse(scope["path"])

    async def _failed(self, request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        """Whatever went wrong outside an operation's own code, as the document it calls for."""
        scope = request.scope
        headers = dict(scope["headers"])
        routed = scope.get("extensions", {}).get(ROUTING_CONTEXT, {}).get("operation_id")
        operation = self._operations.get(routed)
        if isinstance(error, Refusal):
            try:
                return self._refused(error, operation, scope, headers)
            except Broken as broken:
                error = broken
        if isinstance(error, Broken):
            log.error("the mock broke its contract: %s", error)
            reason = str(error)
        else:
            log.error("unexpected error in %s", routed, exc_info=error)
            reason = f"{type(error).__name__}: {error}"
        return self._server_error(operation, [reason], scope["path"], language(headers))

    def _refused(
        self, refusal: Refusal, operation: Operation | None, scope: Any, headers: Any
    ) -> ConnexionResponse:
        if operation:
            return _response(*operation.refused(refusal, scope, headers))
        document = self._problems.document(refusal, scope["path"], language(headers))
        sent = [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
        sent.append((b"content-type", b"application/problem+json"))
        return _response(refusal.status, encode(document), sent)

    def _server_error(
        self, operation: Operation | None, reasons: list[str], path: str, lang: int
    ) -> ConnexionResponse:
        document: dict[str, Any] = self._problems.broken(reasons, path, lang)
        media_type = b"application/problem+json"
        if operation and operation.oauth:
            document = {"error": "server_error", "error_description": document["detail"]}
            media_type = b"application/json"
        return _response(500, encode(document), [(b"content-type", media_type)])


def _response(status: int, content: bytes, headers: list[tuple[bytes, bytes]]) -> ConnexionResponse:
    return ConnexionResponse(
        status_code=status,
        body=content,
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in headers},
    )


def _compile(
    contract: Mapping[str, Any], settings: Settings, world: World, problems: Problems
) -> dict[str, Operation]:
    """Every operation of the contract with its handler; raises ContractMismatch."""
    written = bind(contract)
    compiled: dict[str, Operation] = {}
    for path, item in contract["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            declared = dict(item[method])
            joined = [*item.get("parameters", ()), *declared.get("parameters", ())]
            declared["parameters"] = joined
            name = declared["operationId"]
            handler: Callable[..., Any] | None = written.pop(name, None)
            if handler is None:
                log.warning("%s has no handler: it answers its first example", name)
                handler = example_handler(declared)
            compiled[name] = Operation(
                path,
                declared,
                contract.get("components", {}),
                handler,
                world=world,
                problems=problems,
                limit=settings.max_body_size,
            )
    if written:
        raise ContractMismatch(f"handlers without an operation: {', '.join(sorted(written))}")
    return compiled


def _skeleton(contract: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the contract that connexion needs: routing and security, no texts, no schemas.

    Its servers are the mock itself, never the provider's.
    """
    components = contract.get("components", {})
    paths: dict[str, Any] = {}
    for path, item in contract["paths"].items():
        shared = _path_parameters(item, components)
        paths[path] = {}
        for method in METHODS:
            if method not in item:
                continue
            operation = {
                "operationId": item[method]["operationId"],
                "parameters": shared + _path_parameters(item[method], components),
                "responses": {"200": {"description": ""}},
            }
            if "security" in item[method]:
                operation["security"] = item[method]["security"]
            paths[path][method] = operation
    return {
        "openapi": contract["openapi"],
        "info": {"title": contract["info"]["title"], "version": contract["info"]["version"]},
        "servers": [{"url": "/"}],
        "security": contract.get("security", []),
        "paths": paths,
        "components": {"securitySchemes": components.get("securitySchemes", {})},
    }


def _path_parameters(owner: Mapping[str, Any], components: Mapping[str, Any]) -> list[Any]:
    found = []
    for entry in owner.get("parameters", ()):
        parameter = resolved(entry, components, "parameters")
        if parameter["in"] == "path":
            kind = {"type": parameter["schema"]["type"]}
            found.append(
                {"name": parameter["name"], "in": "path", "required": True, "schema": kind}
            )
    return found


class _OperationsAPI(RoutedAPI):  # type: ignore[misc]  # connexion has no types
    def __init__(self, *args: Any, compiled: dict[str, Operation], **options: Any) -> None:
        super().__init__(*args, **options)
        self._compiled = compiled
        self.add_paths()

    def make_operation(self, operation: Any) -> Operation:
        return self._compiled[operation.operation_id]


class _Operations(RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    api_cls = _OperationsAPI
