"""Operations of another contract: served from examples and schemas, or answered with a 501.

Our own contract is compiled strictly by `api.py`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from mock_server.errors import ApiError, ErrorDetail, OperationNotImplemented
from mock_server.http.address import requested_path
from mock_server.http.documented_responses import response_from_contract
from mock_server.http.error_documents import ErrorWriter
from mock_server.http.foreign_security import SecurityRequirements
from mock_server.http.operation import CompiledOperation, Handler
from mock_server.http.problem import ProblemWriter, preferred_language
from mock_server.http.response import PROBLEM_MEDIA_TYPE, RawResponse
from mock_server.http.response_sending import send_response
from mock_server.http.schema_translation import resolve_reference
from mock_server.http.schemas import CompiledSchemas

log = logging.getLogger("mock_server")
PLACEHOLDER = re.compile(r"\{([^{}/]+)\}")
WORLD_SCHEMES = ("basic", "bearer")
"""HTTP authentication schemes that our world has credentials for."""


class ServableOperation(Protocol):
    """Interface of an operation that serves requests."""

    @property
    def oauth(self) -> bool:
        """Return whether its errors have the form of RFC 6749."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""

    def error_response(
        self, refusal: ApiError, scope: Any, headers: Mapping[bytes, bytes]
    ) -> RawResponse:
        """Return an error as status, bytes and headers."""


class UnsupportedOperation:
    """An operation that cannot be served; every request gets a 501 with the reason."""

    oauth = False

    def __init__(self, pointer: str, reason: str, problems: ProblemWriter) -> None:
        """Take the operation's pointer in the contract, and the reason why it cannot be served."""
        self._refusal = OperationNotImplemented(ErrorDetail(pointer, "unsupported", found=reason))
        self._reason = reason
        self._problems = problems

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send the 501; the body is not read."""
        del receive
        await send_response(
            scope, send, *self.error_response(self._refusal, scope, dict(scope["headers"]))
        )

    def error_response(
        self, refusal: ApiError, scope: Any, headers: Mapping[bytes, bytes]
    ) -> RawResponse:
        """Return an error as status, problem document and headers."""
        document = self._problems.problem_document(
            refusal, requested_path(scope), preferred_language(headers)
        )
        # The reason is technical and is not translated, unlike the sentence before it.
        if refusal is self._refusal:
            document["detail"] = f"{document['detail']} {self._reason}"
        return ErrorWriter.encode(refusal, document, PROBLEM_MEDIA_TYPE)


class SecuredForeignOperation:
    """An operation that requires credentials."""

    def __init__(self, operation: CompiledOperation, presence: SecurityRequirements) -> None:
        """Serve `operation` if a request satisfies `presence`."""
        self._operation = operation
        self._presence = presence
        self.oauth = operation.oauth
        self.error_response = operation.error_response

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request; raises Unauthorized."""
        self._presence.check(scope)
        await self._operation(scope, receive, send)


def build_contract_handler(declared: Mapping[str, Any], schemas: CompiledSchemas) -> Handler:
    """Return a handler that returns the contract's response; raises UnsupportedSchemaError."""
    # Made once, at the start, which also shows then whether the operation can be served.
    answer = response_from_contract(declared, schemas)

    def handle(_subject: Any, /, **_arguments: Any) -> Any:
        return answer

    return handle


def build_security_requirements(
    declared: Mapping[str, Any], contract: Mapping[str, Any], *, has_world: bool
) -> SecurityRequirements | None:
    """Return the check of an operation's credentials, or None if connexion checks them.

    Connexion checks them if the handlers are ours (`has_world`) and all schemes are WORLD_SCHEMES.
    Raises UnsupportedSchemaError for an unknown scheme.
    """
    components = contract.get("components", {})
    requirements = declared.get("security", contract.get("security", [])) or []
    schemes = {
        name: resolve_reference(scheme, components, "securitySchemes")
        for name, scheme in components.get("securitySchemes", {}).items()
    }
    names = {name for requirement in requirements for name in requirement}
    # Our world has tokens and client credentials, but no API keys or cookies.
    if has_world and all(
        schemes.get(name, {}).get("type") == "http"
        and str(schemes[name].get("scheme", "")).lower() in WORLD_SCHEMES
        for name in names
    ):
        return None
    return SecurityRequirements(requirements, schemes)


def complete_operation(
    declared: Mapping[str, Any], item: Mapping[str, Any], schemas: CompiledSchemas
) -> Any:
    """Return an operation with references resolved and the parameters of its path added."""
    components = schemas.components
    # By name and place: a parameter of the operation overrides that of its path (OpenAPI 3.0.3,
    # Path Item Object).
    parameters: dict[tuple[str, str], Any] = {}
    for entry in (*item.get("parameters", ()), *declared.get("parameters", ())):
        parameter = resolve_reference(entry, components, "parameters")
        if not (
            parameter["in"] == "header" and parameter["name"].lower() in IGNORED_HEADER_PARAMETERS
        ):
            parameters[parameter["name"], parameter["in"]] = parameter
    found = {**declared, "parameters": [*parameters.values()]}
    if body := declared.get("requestBody"):
        found["requestBody"] = resolve_reference(body, components, "requestBodies")
    return found


IGNORED_HEADER_PARAMETERS = ("accept", "authorization", "content-type")
"""Header parameters that OpenAPI 3.0.3 ignores (Parameter Object, `name`)."""


def routable_path(path: str) -> str:
    """Return the path with unique placeholder names that are Python identifiers.

    Connexion's router accepts no others, such as `{pet-id}`.
    """
    taken: set[str] = set()

    def rename_placeholder(match: re.Match[str]) -> str:
        name = re.sub(r"\W", "_", match[1], flags=re.ASCII)
        if not name.isidentifier() or name in taken:
            name = f"p{len(taken)}_{name}"
        taken.add(name)
        return f"{{{name}}}"

    return PLACEHOLDER.sub(rename_placeholder, path)


def sort_in_matching_order(paths: Mapping[str, Any]) -> Iterator[str]:
    """Yield paths in the order of matching: concrete ones first, as OpenAPI requires.

    So `/pets/mine` comes before `/pets/{id}`.
    """
    # A stable sort: paths of equal rank keep the order of the contract.
    yield from sorted(paths, key=lambda path: [*map(_segment_rank, path.split("/"))])


def _segment_rank(segment: str) -> int:
    """Return 0 for a fixed segment, 1 for `{id}.json`, 2 for `{id}`."""
    return len(PLACEHOLDER.findall(segment)) and 2 - (PLACEHOLDER.sub("", segment) != "")


def connexion_operation(path: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of an operation that connexion needs for routing.

    Its security is added by the caller if connexion checks it.
    """
    return {
        "operationId": declared["operationId"],
        # Strings: CompiledOperation validates them, and reports an error instead of a 404.
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in PLACEHOLDER.findall(path)
        ],
        "responses": {"200": {"description": ""}},
    }
