"""A contract that is compiled once and mounted on connexion."""

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
from mock_server.http.routing import SERVED_METHODS, UnknownPathErrors
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

        handlers: by operationId; missing: returns one for an operation without a handler;
        subject: returns their first argument; pages: paths that are served elsewhere;
        strict: false for another contract, in which an operation may fail to compile.
        Raises ContractMismatchError if handlers and contract do not match.
        """
        self.base = base
        self.unknown = UnknownPathErrors(
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
        """Compile another contract; operations that cannot be served are logged and return 501."""
        faults: dict[str, tuple[str, str]] | None = None
        for path in foreign_operation.sort_in_matching_order(self._contract["paths"]):
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
                    served = self._compile_operation(
                        path, declared, item, handlers, operations[method]
                    )
                except (UnsupportedSchemaError, ContractMismatchError) as error:
                    pointer = pointer_of(("paths", path, method))
                    reason = str(error.__cause__ or error)
                except Exception as error:  # noqa: BLE001 - a contract may be invalid in any way
                    # Validated only now, because most contracts have no such operation.
                    if faults is None:
                        faults = openapi.find_operation_faults(dict(self._contract))
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
                log.warning("%s returns 501: #%s: %s", name, pointer, reason)
                self.operations[name] = foreign_operation.UnsupportedOperation(
                    f"#{pointer}", reason, self._problems
                )

    def _compile_operation(
        self,
        path: str,
        declared: Mapping[str, Any],
        item: Mapping[str, Any],
        handlers: Mapping[str, Handler],
        skeleton: dict[str, Any],
    ) -> foreign_operation.ServableOperation:
        name = declared["operationId"]
        presence = foreign_operation.build_security_requirements(
            declared, self._contract, has_world=bool(handlers)
        )
        if presence is None:
            skeleton["security"] = declared.get("security", self._contract.get("security", []))
        declared = foreign_operation.complete_operation(declared, item, self._schemas)
        handler = handlers.get(name)
        if handler is None:
            handler = foreign_operation.build_contract_handler(declared, self._schemas)
            if handlers:  # a changed copy of our contract
                log.warning("%s has no handler: it returns its first example", name)
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
        """Add the contract to `app`, with connexion's `security_map` and the path of Swagger UI."""
        app.add_api(
            self._skeleton,
            resolver=lambda _operation_id: None,  # our handlers are bound already
            security_map=security,
            swagger_ui_options=SwaggerUIOptions(
                serve_spec=False,  # the pages serve it, with the mock as its only server
                swagger_ui_path=swagger,
                # Relative, because a proxy may serve the page under another path.
                swagger_ui_template_arguments={
                    "openapi_spec_url": "../" * swagger.count("/") + "openapi.json"
                },
            ),
            compiled=self.operations,
        )


class MockSwaggerMiddleware(SwaggerUIMiddleware):  # type: ignore[misc]  # connexion has no types
    """Connexion's Swagger UI, called only for its own paths instead of for every request."""

    def __init__(self, app: Any, pages: tuple[str, ...]) -> None:
        """Wrap the next application; `pages` are the prefixes of the paths of Swagger UI."""
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
    """Return a `send` that delays the start of a response until its body begins."""
    # Starlette opens a file after the start; if this fails, a 503 can still be sent.
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
    """Send a 308 to `where`, which may be relative."""
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
    """The last application, which passes each request to its compiled operation."""

    api_cls = _OperationsAPI


def _empty_connexion_document(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of another contract that connexion needs, without operations."""
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
    """Yield path and operation, with the parameters of the path item included."""
    for path, method, item, operation in iter_operations(contract):
        if method in SERVED_METHODS:
            joined = [*item.get("parameters", ()), *operation.get("parameters", ())]
            yield path, {**operation, "parameters": joined}


def _connexion_document(contract: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Return the part of the contract that connexion needs for routing and security."""
    # Connexion mounts the API below the path of the server's URL, so the provider's are left out.
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
