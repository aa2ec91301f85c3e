"""Conversion of exceptions outside an operation's own code to responses."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable, Mapping, MutableMapping
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
from mock_server.http.api import MountedApi
from mock_server.http.compiled_contract import CompiledContract
from mock_server.http.connexion_compat import ROUTING_CONTEXT
from mock_server.http.recorded_exchange import note_violations
from mock_server.http.response import RawResponse
from mock_server.http.response_sending import send_response
from mock_server.runtime.worker_processes import shutdown_error

RETRY_HEADERS = {"Retry-After": "1"}
log = logging.getLogger("mock_server")


class ErrorMiddleware:
    """Middleware that turns exceptions of the applications below it into responses."""

    def __init__(self, app: Any, *, api: Callable[[str], MountedApi]) -> None:
        """Wrap the next application; `api` returns the API of a path."""
        self._app = app
        self._api = api

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

    def _error_response(self, scope: MutableMapping[str, Any], error: Exception) -> RawResponse:
        headers = dict(scope["headers"])
        routed = scope.get("extensions", {}).get(ROUTING_CONTEXT, {}).get("operation_id")
        contract = self._api(scope["path"]).current(scope)
        operation = contract.operations.get(routed)
        if isinstance(error, HTTPException):  # raised by Starlette's static files
            error = _convert_static_file_error(error, contract, scope)
        # Too many open files is a passing state and not a bug, so the client may retry.
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            error = ServiceUnavailable(
                ErrorDetail("/header", "files", "ulimit -n"), headers=RETRY_HEADERS
            )
        if isinstance(error, ApiError):
            note_violations(scope, error.violations)
            try:
                return (operation.error_response if operation else contract.errors.response)(
                    error, scope, headers
                )
            except InvalidResponse as broken:
                error = broken
        if isinstance(error, InvalidResponse):
            log.error("response does not match the contract: %s", error)
            reason = str(error)
        else:
            log.error("unexpected error in %s", routed, exc_info=error)
            reason = f"{type(error).__name__}: {error}"
        oauth = bool(operation and operation.oauth)
        return contract.errors.server_error(reason, scope, headers, oauth=oauth)


def _convert_static_file_error(
    error: HTTPException, contract: CompiledContract, scope: Mapping[str, Any]
) -> ApiError:
    """Return the error of Swagger UI's static files in the form of all other errors."""
    if error.status_code == 405:
        return MethodNotAllowed(scope["method"][:40], "GET, HEAD")
    return contract.unknown.not_found_error(scope["path"])
