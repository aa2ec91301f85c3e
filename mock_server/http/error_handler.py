"""Whatever goes wrong outside an operation's own code, as the document it calls for."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from starlette.exceptions import HTTPException

from mock_server.errors import Broken, MethodNotAllowed, Refusal, Unavailable, Violation
from mock_server.http.address import path
from mock_server.http.api import Api
from mock_server.http.connexion_compat import ROUTING_CONTEXT
from mock_server.http.foreign_operation import Served
from mock_server.http.operation import JSON, PROBLEM, Answered, fields, write
from mock_server.http.problem import Problems, encode, language
from mock_server.runtime.worker_processes import leaving

LATER = {"Retry-After": "1"}
log = logging.getLogger("mock_server")


class Failures:
    """Answers what the applications below it raise; a request that goes well only passes by."""

    def __init__(self, app: Any, *, api: Callable[[str], Api], problems: Problems) -> None:
        """Wrap the next application; `api` tells to which API a path belongs."""
        self._app = app
        self._api = api
        self._problems = problems

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan, in which nothing is caught."""
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            # The mock ends, and this took too long; an answer that has begun is only cut short.
            with suppress(RuntimeError):
                await write(scope, send, *self._answered(scope, leaving()))
        except Exception as error:
            if scope["type"] != "http":
                raise
            await write(scope, send, *self._answered(scope, error))

    def _answered(self, scope: Mapping[str, Any], error: Exception) -> Answered:
        headers = dict(scope["headers"])
        routed = scope.get("extensions", {}).get(ROUTING_CONTEXT, {}).get("operation_id")
        api = self._api(scope["path"])
        operation = api.operations.get(routed)
        if isinstance(error, HTTPException):
            error = _no_file(error, api, scope)
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            error = Unavailable(Violation("/header", "files", "ulimit -n"), headers=LATER)
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
        return self._server_error(operation, reason, path(scope), language(headers))

    def _refused(
        self, refusal: Refusal, operation: Served | None, scope: Any, headers: Any
    ) -> Answered:
        if operation:
            return operation.refused(refusal, scope, headers)
        document = self._problems.document(refusal, path(scope), language(headers))
        sent = [*fields(refusal.headers), (b"content-type", PROBLEM.encode())]
        return refusal.status, encode(document), sent

    def _server_error(
        self, operation: Served | None, reason: str, where: str, lang: int
    ) -> Answered:
        document: dict[str, Any] = self._problems.broken(reason, where, lang)
        media_type = PROBLEM
        if operation and operation.oauth:
            document = {"error": "server_error", "error_description": document["detail"]}
            media_type = JSON
        return 500, encode(document), [(b"content-type", media_type.encode())]


def _no_file(error: HTTPException, api: Api, scope: Mapping[str, Any]) -> Refusal:
    """What Swagger UI's static files refuse, as everything else is refused."""
    if error.status_code == 405:
        return MethodNotAllowed(scope["method"][:40], "GET, HEAD")
    return api.unknown.refuse(scope["path"])
