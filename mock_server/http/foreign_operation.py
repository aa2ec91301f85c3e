"""Operations of a foreign contract: served from its examples and schemas, or answered with 501.

Our own contract is compiled strictly by `api.py`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from mock_server.errors import NotServed, Refusal, Violation
from mock_server.http.address import path
from mock_server.http.documented_responses import answer_of
from mock_server.http.foreign_security import Presence
from mock_server.http.operation import PROBLEM, Answered, Handler, Operation, fields, write
from mock_server.http.problem import Problems, encode, language
from mock_server.http.schemas import Schemas, resolved

log = logging.getLogger("mock_server")
PLACEHOLDER = re.compile(r"\{([^{}/]+)\}")
WORLDLY = ("basic", "bearer")
"""HTTP schemes that our handlers' world has credentials for."""


class Served(Protocol):
    """Interface of an operation that serves requests."""

    @property
    def oauth(self) -> bool:
        """Return whether it refuses as RFC 6749 says."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""

    def refused(self, refusal: Refusal, scope: Any, headers: Mapping[bytes, bytes]) -> Answered:
        """A refusal as status, bytes and headers."""


class Unserved:
    """An operation that cannot be served: every request gets a 501 that says why."""

    oauth = False

    def __init__(self, pointer: str, reason: str, problems: Problems) -> None:
        """`pointer` is where it stands in the contract."""
        self._refusal = NotServed(Violation(pointer, "unsupported", found=reason))
        self._reason = reason
        self._problems = problems

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; the body is not read."""
        del receive
        await write(scope, send, *self.refused(self._refusal, scope, dict(scope["headers"])))

    def refused(self, refusal: Refusal, scope: Any, headers: Mapping[bytes, bytes]) -> Answered:
        """A refusal as a problem document; whatever is wrong, it is 501 in the end."""
        document = self._problems.document(refusal, path(scope), language(headers))
        if refusal is self._refusal:
            document["detail"] = f"{document['detail']} {self._reason}"
        sent = [*fields(refusal.headers), (b"content-type", PROBLEM.encode())]
        return refusal.status, encode(document), sent


class Secured:
    """An operation that requires credentials."""

    def __init__(self, operation: Operation, presence: Presence) -> None:
        """Serve `operation` to whom `presence` lets in."""
        self._operation = operation
        self._presence = presence
        self.oauth = operation.oauth
        self.refused = operation.refused

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request; raises Unauthorized."""
        self._presence.check(scope)
        await self._operation(scope, receive, send)


def from_contract(declared: Mapping[str, Any], schemas: Schemas) -> Handler:
    """Return a handler that answers as the contract describes; raises UnsupportedSchema."""
    answer = answer_of(declared, schemas)

    def handle(_subject: Any, /, **_arguments: Any) -> Any:
        return answer

    return handle


def presence_of(
    declared: Mapping[str, Any], contract: Mapping[str, Any], *, has_world: bool
) -> Presence | None:
    """Return the check of an operation's credentials; None where connexion checks our world's.

    Raises UnsupportedSchema for a scheme that is not known.
    """
    components = contract.get("components", {})
    requirements = declared.get("security", contract.get("security", [])) or []
    schemes = {
        name: resolved(scheme, components, "securitySchemes")
        for name, scheme in components.get("securitySchemes", {}).items()
    }
    names = {name for requirement in requirements for name in requirement}
    if has_world and all(
        schemes.get(name, {}).get("type") == "http"
        and str(schemes[name].get("scheme", "")).lower() in WORLDLY
        for name in names
    ):
        return None
    return Presence(requirements, schemes)


def complete(declared: Mapping[str, Any], item: Mapping[str, Any], schemas: Schemas) -> Any:
    """Return an operation with references resolved and its path's parameters merged in by name."""
    components = schemas.components
    parameters: dict[tuple[str, str], Any] = {}
    for entry in (*item.get("parameters", ()), *declared.get("parameters", ())):
        parameter = resolved(entry, components, "parameters")
        if not (parameter["in"] == "header" and parameter["name"].lower() in UNREAD):
            parameters[parameter["name"], parameter["in"]] = parameter
    found = {**declared, "parameters": [*parameters.values()]}
    if body := declared.get("requestBody"):
        found["requestBody"] = resolved(body, components, "requestBodies")
    return found


UNREAD = ("accept", "authorization", "content-type")
"""Header parameters that OpenAPI says nothing with."""


def routable(path: str) -> str:
    """Return the path with placeholder names that a router accepts, each of them once."""
    taken: set[str] = set()

    def renamed(match: re.Match[str]) -> str:
        name = re.sub(r"\W", "_", match[1], flags=re.ASCII)
        if not name.isidentifier() or name in taken:
            name = f"p{len(taken)}_{name}"
        taken.add(name)
        return f"{{{name}}}"

    return PLACEHOLDER.sub(renamed, path)


def in_order(paths: Mapping[str, Any]) -> Iterator[str]:
    """Yield paths in the order of matching: `/pets/mine` before `/pets/{id}`."""
    yield from sorted(paths, key=lambda path: [*map(_freedom, path.split("/"))])


def _freedom(segment: str) -> int:
    """0 for a segment that is fixed, 1 for `{id}.json`, 2 for `{id}`."""
    return len(PLACEHOLDER.findall(segment)) and 2 - (PLACEHOLDER.sub("", segment) != "")


def skeleton_of(path: str, declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return what connexion needs to route an operation; `Presence` handles its security."""
    return {
        "operationId": declared["operationId"],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in PLACEHOLDER.findall(path)
        ],
        "responses": {"200": {"description": ""}},
    }
