"""A contract whose operations are compiled, once, for the readings that it is narrowed to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import openapi
from mock_server.http import foreign_operation
from mock_server.http.body import BodyLimits
from mock_server.http.error_documents import ErrorWriter
from mock_server.http.forced_responses import ForcedResponses
from mock_server.http.operation import CompiledOperation, ContractMismatchError, GetSubject, Handler
from mock_server.http.path_aliases import find_aliases
from mock_server.http.path_suggestion import SERVED_METHODS
from mock_server.http.problem import ProblemWriter
from mock_server.http.routing import UnknownPathErrors
from mock_server.http.schema_translation import UnsupportedSchemaError, resolve_reference
from mock_server.http.schemas import CompiledSchemas
from mock_server.http.wire_readings import DEFAULT_WIRE_READINGS, WireReadings
from mock_server.runtime.worker_processes import SharedCapacity
from openapi import iter_operations, pointer_of

log = logging.getLogger("mock_server")


@dataclass(frozen=True, slots=True)
class ApiParts:
    """Settings that all compiled forms of one contract share.

    base: the path below which it is served; handlers: by operationId; missing: returns one for an
    operation without a handler; subject: returns their first argument; pages: paths that are
    served elsewhere; strict: false for another contract, in which an operation may fail to compile;
    own_limits: those of operations whose bodies have other limits, by operationId;
    refuses_undeclared: names that the contract does not have are refused and not ignored.
    """

    base: str
    handlers: Mapping[str, Handler]
    subject: GetSubject
    limits: BodyLimits
    capacity: SharedCapacity
    missing: Callable[[Mapping[str, Any], CompiledSchemas], Handler]
    pages: tuple[str, ...] = ()
    strict: bool = True
    own_limits: Mapping[str, BodyLimits] = field(default_factory=dict)
    refuses_undeclared: bool = False


class CompiledContract:
    """A bundled contract with its operations by operationId, compiled once and never changed."""

    def __init__(
        self,
        contract: Mapping[str, Any],
        parts: ApiParts,
        problems: ProblemWriter,
        readings: WireReadings = DEFAULT_WIRE_READINGS,
    ) -> None:
        """Compile every operation; raises ContractMismatchError if handlers and contract differ.

        readings: the answers to the open questions that `contract` is narrowed to.
        """
        self.contract = contract
        self.errors = ErrorWriter(
            problems, self._present_instant if readings.spring_errors else None
        )
        self.unknown = UnknownPathErrors(
            map(foreign_operation.routable_path, contract["paths"]), parts.base, parts.pages
        )
        self.aliases = find_aliases(contract)
        self.operations: dict[str, foreign_operation.ServableOperation] = {}
        self._parts, self.problems, self._readings = parts, problems, readings
        self._schemas = CompiledSchemas(
            contract.get("components", {}), utf16=readings.utf16_lengths
        )
        self.forced = ForcedResponses(
            contract,
            self._schemas,
            self.operations,
            self.errors,
            problems,
            has_our_errors=parts.strict,
        )
        if not parts.strict:
            self.skeleton = _empty_connexion_document(contract)
            self._compile_foreign(parts.handlers)
            return
        self.skeleton = _connexion_document(contract, parts.base)
        for path, declared in _declared_operations(contract):
            name = declared["operationId"]
            handler = parts.handlers.get(name) or parts.missing(declared, self._schemas)
            self.operations[name] = self._compiled(
                parts.base + path, declared, handler, strict=True
            )
        if left := parts.handlers.keys() - self.operations.keys():
            raise ContractMismatchError(f"handlers without an operation: {', '.join(sorted(left))}")

    def _present_instant(self, scope: Any) -> datetime:
        """Return the present instant of the request's world."""
        found: datetime = self._parts.subject(scope).now()
        return found

    def _compiled(
        self, path: str, declared: Mapping[str, Any], handler: Handler, *, strict: bool
    ) -> CompiledOperation:
        return CompiledOperation(
            path,
            declared,
            self._schemas,
            handler,
            subject=self._parts.subject,
            problems=self.problems,
            errors=self.errors,
            readings=self._readings,
            limits=self._parts.own_limits.get(declared["operationId"], self._parts.limits),
            capacity=self._parts.capacity,
            strict=strict,
            refuses_undeclared=self._parts.refuses_undeclared,
        )

    def _compile_foreign(self, handlers: Mapping[str, Handler]) -> None:
        """Compile another contract; operations that cannot be served are logged and return 501."""
        faults: dict[str, tuple[str, str]] | None = None
        for path in foreign_operation.sort_in_matching_order(self.contract["paths"]):
            item = self.contract["paths"][path]
            routed = foreign_operation.routable_path(path)
            operations = self.skeleton["paths"].setdefault(routed, {})
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
                        faults = openapi.find_operation_faults(dict(self.contract))
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
                    f"#{pointer}", reason, self.problems
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
            declared, self.contract, has_world=bool(handlers)
        )
        if presence is None:
            skeleton["security"] = declared.get("security", self.contract.get("security", []))
        declared = foreign_operation.complete_operation(declared, item, self._schemas)
        handler = handlers.get(name)
        if handler is None:
            handler = foreign_operation.build_contract_handler(declared, self._schemas)
            if handlers:  # a changed copy of our contract
                log.warning("%s has no handler: it returns its first example", name)
        operation = self._compiled(path, declared, handler, strict=name in handlers)
        if presence is None:
            return operation
        return foreign_operation.SecuredForeignOperation(operation, presence)


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
            schema = resolve_reference(parameter["schema"], components, "schemas")
            kind = {"type": schema["type"]}
            found.append(
                {"name": parameter["name"], "in": "path", "required": True, "schema": kind}
            )
    return found
