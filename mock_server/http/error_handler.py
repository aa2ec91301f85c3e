"""Conversion of exceptions outside an operation's own code to responses."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from starlette.exceptions import HTTPException

from mock_server.errors import (
    ApiError,
    ErrorDetail,
    InvalidResponse,
    MethodNotAllowed,
    ServiceUnavailable,
)
from mock_server.http.address import requested_path
from mock_server.http.api import MountedApi
from mock_server.http.connexion_compat import ROUTING_CONTEXT
from mock_server.http.foreign_operation import ServableOperation
from mock_server.http.operation import (
    JSON_MEDIA_TYPE,
    PROBLEM_MEDIA_TYPE,
    RawResponse,
    encode_headers,
    send_response,
)
from mock_server.http.problem import ProblemWriter, encode_json, preferred_language
from mock_server.runtime.worker_processes import shutdown_error

RETRY_HEADERS = {"Retry-After": "1"}
log = logging.getLogger("mock_server")


class ErrorMiddleware:
    """Middleware that turns exceptions of the applications below it into responses."""

    def __init__(
        self, app: Any, *, api: Callable[[str], MountedApi], problems: ProblemWriter
    ) -> None:
        """Wrap the next application; `api` returns the API of a path."""
        self._app = app
        self._api = api
        self._problems = problems

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan, whose exceptions are not caught."""
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            # The request took longer than the shutdown allows. RuntimeError: its response has
            # begun, and can only be cut off.
            with suppress(RuntimeError):
                await send_response(scope, send, *self._error_response(scope, shutdown_error()))
        except Exception as error:
            if scope["type"] != "http":
                raise
            await send_response(scope, send, *self._error_response(scope, error))

    def _error_response(self, scope: Mapping[str, Any], error: Exception) -> RawResponse:
        headers = dict(scope["headers"])
        routed = scope.get("extensions", {}).get(ROUTING_CONTEXT, {}).get("operation_id")
        api = self._api(scope["path"])
        operation = api.operations.get(routed)
        if isinstance(error, HTTPException):  # raised by Starlette's static files
            error = _convert_static_file_error(error, api, scope)
        # Too many open files is a passing state and not a bug, so the client may retry.
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            error = ServiceUnavailable(
                ErrorDetail("/header", "files", "ulimit -n"), headers=RETRY_HEADERS
            )
        if isinstance(error, ApiError):
            try:
                return self._api_error_response(error, operation, scope, headers)
            except InvalidResponse as broken:
                error = broken
        if isinstance(error, InvalidResponse):
            log.error("response does not match the contract: %s", error)
            reason = str(error)
        else:
            log.error("unexpected error in %s", routed, exc_info=error)
            reason = f"{type(error).__name__}: {error}"
        return self._server_error_response(
            operation, reason, requested_path(scope), preferred_language(headers)
        )

    def _api_error_response(
        self, refusal: ApiError, operation: ServableOperation | None, scope: Any, headers: Any
    ) -> RawResponse:
        if operation:
            return operation.error_response(refusal, scope, headers)
        document = self._problems.problem_document(
            refusal, requested_path(scope), preferred_language(headers)
        )
        sent = [*encode_headers(refusal.headers), (b"content-type", PROBLEM_MEDIA_TYPE.encode())]
        return refusal.status, encode_json(document), sent

    def _server_error_response(
        self, operation: ServableOperation | None, reason: str, where: str, lang: int
    ) -> RawResponse:
        document: dict[str, Any] = self._problems.server_error_document(reason, where, lang)
        media_type = PROBLEM_MEDIA_TYPE
        if operation and operation.oauth:
            document = {"error": "server_error", "error_description": document["detail"]}
            media_type = JSON_MEDIA_TYPE
        return 500, encode_json(document), [(b"content-type", media_type.encode())]


def _convert_static_file_error(
    error: HTTPException, api: MountedApi, scope: Mapping[str, Any]
) -> ApiError:
    """Return the error of Swagger UI's static files in the form of all other errors."""
    if error.status_code == 405:
        return MethodNotAllowed(scope["method"][:40], "GET, HEAD")
    return api.unknown.not_found_error(scope["path"])
