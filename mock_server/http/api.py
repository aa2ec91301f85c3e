"""One contract, compiled once and mounted on connexion."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import openapi
from mock_server.http import foreign_operation
from mock_server.http.body import BodyLimits
from mock_server.http.connexion_compat import (
    ConnexionMiddleware,
    RoutedAPI,
    RoutedMiddleware,
    SwaggerUIMiddleware,
    SwaggerUIOptions,
)
from mock_server.http.operation import CompiledOperation, ContractMismatchError, GetSubject, Handler
from mock_server.http.problem import ProblemWriter
from mock_server.http.routing import SERVED_METHODS, UnknownPathHandler
from mock_server.http.schemas import CompiledSchemas, UnsupportedSchemaError, resolve_reference
from mock_server.runtime.worker_processes import SharedCapacity
from openapi import iter_operations, pointer_of

log = logging.getLogger("mock_server")

READS = ("GET", "HEAD")


class MountedApi:
    """A contract with its handlers: `operations` by operationId, below the path `base`."""

    def __init__(
        self,
        contract: Mapping[str, Any],
        base: str,
        handlers: dict[str, Handler],
        *,
        subject: GetSubject,
        problems: ProblemWriter,
        limits: BodyLimits,
        capacity: SharedCapacity,
        missing: Callable[[Mapping[str, Any], CompiledSchemas], Handler],
        pages: Iterable[str] = (),
        strict: bool = True,
    ) -> None:
        """Compile every operation of a bundled contract.

        `handlers` are those by operationId, `missing` makes one for an operation that has none,
        `subject` is what they work on; `limits` are those of bodies, `capacity` is what all share
        to read them; `pages` are paths that somebody else serves. Raises ContractMismatchError when
        handlers and contract do not fit together.
        """
        self.base = base
        self.unknown = UnknownPathHandler(
            map(foreign_operation.routable_path, contract["paths"]), base, pages
        )
        self.operations: dict[str, foreign_operation.ServableOperation] = {}
        self._contract, self._problems = contract, problems
        self._subject, self._limits, self._capacity = subject, limits, capacity
        self._schemas = schemas = CompiledSchemas(contract.get("components", {}))
        if not strict:
            self._skeleton = _empty_connexion_document(contract)
            self._compile_foreign(handlers)
            return
        self._skeleton = _connexion_document(contract, base)
        for path, declared in _declared_operations(contract):
            name = declared["operationId"]
            self.operations[name] = CompiledOperation(
                base + path,
                declared,
                schemas,
                handlers[name] if name in handlers else missing(declared, schemas),
                subject=subject,
                problems=problems,
                limits=limits,
                capacity=capacity,
            )
        if left := handlers.keys() - self.operations.keys():
            raise ContractMismatchError(f"handlers without an operation: {', '.join(sorted(left))}")

    def _compile_foreign(self, handlers: Mapping[str, Handler]) -> None:
        """Compile a foreign contract: an operation that cannot be served is a 501 and a warning."""
        faults: dict[str, tuple[str, str]] | None = None
        for path in foreign_operation.in_matching_order(self._contract["paths"]):
            item = self._contract["paths"][path]
            routed = foreign_operation.routable_path(path)
            operations = self._skeleton["paths"].setdefault(routed, {})
            for method in SERVED_METHODS:
                if method not in item:
                    continue
                declared = item[method]
                name = declared["operationId"]
                operations[method] = foreign_operation.connexion_operation(routed, declared)
                try:
                    served = self._compiled(path, declared, item, handlers, operations[method])
                except (UnsupportedSchemaError, ContractMismatchError) as error:
                    pointer = pointer_of(("paths", path, method))
                    reason = str(error.__cause__ or error)
                except Exception as error:  # noqa: BLE001 - nobody knows what a contract can be
                    if faults is None:
                        faults = openapi.operation_faults(dict(self._contract))
                    pointer, reason = faults.get(
                        name,
                        (
                            pointer_of(("paths", path, method)),
                            f"{type(error).__name__}: {str(error)[:300]}",
                        ),
                    )
                else:
                    self.operations[name] = served
                    continue
                log.warning("%s is answered with 501: #%s: %s", name, pointer, reason)
                self.operations[name] = foreign_operation.UnsupportedOperation(
                    f"#{pointer}", reason, self._problems
                )

    def _compiled(
        self,
        path: str,
        declared: Mapping[str, Any],
        item: Mapping[str, Any],
        handlers: Mapping[str, Handler],
        skeleton: dict[str, Any],
    ) -> foreign_operation.ServableOperation:
        name = declared["operationId"]
        presence = foreign_operation.security_requirements(
            declared, self._contract, has_world=bool(handlers)
        )
        if presence is None:
            skeleton["security"] = declared.get("security", self._contract.get("security", []))
        declared = foreign_operation.complete_operation(declared, item, self._schemas)
        handler = handlers.get(name)
        if handler is None:
            handler = foreign_operation.contract_handler(declared, self._schemas)
            if handlers:  # ours, with an operation more
                log.warning("%s has no handler: it answers its first example", name)
        operation = CompiledOperation(
            path,
            declared,
            self._schemas,
            handler,
            subject=self._subject,
            problems=self._problems,
            limits=self._limits,
            capacity=self._capacity,
            strict=name in handlers,
        )
        if presence is None:
            return operation
        return foreign_operation.SecuredForeignOperation(operation, presence)

    def mount(self, app: ConnexionMiddleware, security: Mapping[str, Any], swagger: str) -> None:
        """Serve it with `app`, secured by connexion's `security_map`, with Swagger UI at a path."""
        app.add_api(
            self._skeleton,
            resolver=lambda _operation_id: None,
            security_map=security,
            swagger_ui_options=SwaggerUIOptions(
                serve_spec=False,
                swagger_ui_path=swagger,
                # Relative, as everything in the page: a proxy may serve it under a path of its own.
                swagger_ui_template_arguments={
                    "openapi_spec_url": "../" * swagger.count("/") + "openapi.json"
                },
            ),
            compiled=self.operations,
        )


class MockSwaggerMiddleware(SwaggerUIMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's Swagger UI, asked for its own paths only, not at every request."""

    def __init__(self, app: Any, pages: tuple[str, ...]) -> None:
        """Wrap the next application; `pages` are how the paths of Swagger UI begin."""
        super().__init__(app)
        self._pages = pages

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a page of Swagger UI, or pass the request on."""
        if scope["type"] == "http" and scope["path"] in self._pages and scope["method"] in READS:
            await redirect(scope["path"].rpartition("/")[2] + "/", send)
            return
        if scope["type"] == "http" and scope["path"].startswith(self._pages):
            await super().__call__(scope, receive, hold_start_until_body(send))
        else:
            await self.app(scope, receive, send)


def hold_start_until_body(send: Any) -> Any:
    """Return a `send` that keeps the start of an answer until there is a body to send.

    Starlette opens a file in between; if it cannot, the answer is another one.
    """
    start: list[Any] = []

    async def send_both(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.append(message)
            return
        while start:
            await send(start.pop())
        await send(message)

    return send_both


async def redirect(where: str, send: Any) -> None:
    """Redirect to the same page in its folder (308); `where` may be relative."""
    headers = [(b"location", where.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


class _OperationsAPI(RoutedAPI):  # type: ignore[misc]  # connexion has no types
    def __init__(
        self, *args: Any, compiled: dict[str, foreign_operation.ServableOperation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._compiled = compiled
        self.add_paths()

    def make_operation(self, operation: Any) -> foreign_operation.ServableOperation:
        return self._compiled[operation.operation_id]


class OperationsMiddleware(RoutedMiddleware):  # type: ignore[misc]  # connexion has no types
    """The application at the end: each request goes to its compiled operation."""

    api_cls = _OperationsAPI


def _empty_connexion_document(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return what connexion needs of a foreign contract, without its operations."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "mock", "version": "0"},
        "servers": [{"url": "/"}],
        "paths": {},
        "components": {
            "securitySchemes": {
                name: {"type": "http", "scheme": str(scheme.get("scheme")).lower()}
                for name, scheme in contract["components"].get("securitySchemes", {}).items()
                if isinstance(scheme, Mapping) and scheme.get("type") == "http"
            }
        },
    }


def _declared_operations(contract: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation after its path, the path's own parameters joined in."""
    for path, method, item, operation in iter_operations(contract):
        if method in SERVED_METHODS:
            joined = [*item.get("parameters", ()), *operation.get("parameters", ())]
            yield path, {**operation, "parameters": joined}


def _connexion_document(contract: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The part of the contract that connexion needs: routing and security, no texts, no schemas.

    Its servers are the mock itself, never the provider's.
    """
    components = contract.get("components", {})
    paths: dict[str, Any] = {}
    for path, item in contract["paths"].items():
        shared = _path_parameters(item, components)
        paths[path] = {}
        for method in SERVED_METHODS:
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
        "servers": [{"url": base or "/"}],
        "security": contract.get("security", []),
        "paths": paths,
        "components": {"securitySchemes": components.get("securitySchemes", {})},
    }


def _path_parameters(owner: Mapping[str, Any], components: Mapping[str, Any]) -> list[Any]:
    found = []
    for entry in owner.get("parameters", ()):
        parameter = resolve_reference(entry, components, "parameters")
        if parameter["in"] == "path":
            kind = {"type": parameter["schema"]["type"]}
            found.append(
                {"name": parameter["name"], "in": "path", "required": True, "schema": kind}
            )
    return found
