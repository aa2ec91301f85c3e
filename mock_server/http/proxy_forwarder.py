"""Forwarding of a request: to a real server, and its response back."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from mock_server.errors import ApiError, BadGateway, ClientDisconnected, ErrorDetail, NotFound
from mock_server.http.proxy_connections import (
    FAILURE_HEADERS,
    ServerConnections,
    ServerResponse,
)
from mock_server.http.proxy_contract import VerdictContract
from mock_server.http.proxy_exchange import KeptBodies, ProxyExchange
from mock_server.http.proxy_headers import (
    forwarded_path_and_query,
    has_body,
    has_dot_segment,
    is_loop,
    request_headers,
)
from mock_server.http.proxy_request_body import RequestBody
from mock_server.http.proxy_tokens import TokenKeeper
from mock_server.http.recorded_exchange import VERDICT_KEY
from mock_server.runtime.worker_processes import WorkerPool
from mock_server.sessions.proxy_rules import TOKEN_OPERATION, RealServer
from mock_server.sessions.session import session_of
from mock_server.settings import Settings

REPEATABLE_METHODS = ("GET", "HEAD")
BROKEN_OFF = "proxyHttp"


class Forwarder:
    """Shared parts of a mock's forwarded requests: connections, limits, the compiled contract."""

    def __init__(self, settings: Settings, workers: WorkerPool) -> None:
        """Connect to nothing yet, but read certificates; `workers` read large JSON bodies."""
        self.connections = ServerConnections(settings.proxy_ca, settings.proxy_timeout)
        self.contract = VerdictContract(settings.contract)
        self._workers = workers
        self._bodies = KeptBodies()
        self._max_body_size = settings.max_body_size
        self._secrets = (settings.admin_token.encode(),) if settings.admin_token else ()
        # Not from a world's seed: two mocks of one seed may be in one chain of proxies.
        self._via = b"hypers-mock-" + secrets.token_hex(6).encode()

    async def forward(
        self, scope: Any, receive: Any, send: Any, server: RealServer, operation: str
    ) -> None:
        """Forward a request for a prepared operation; raises ApiError if there is no response."""
        _refuse_unforwardable(scope, server, self._via)
        keeper = TokenKeeper(session_of(scope).world) if operation == TOKEN_OPERATION else None
        body = None
        if has_body(scope["headers"]):
            observe = keeper.observe if keeper else None
            body = RequestBody(scope["headers"], receive, self._max_body_size, observe)
        send_request = partial(
            self.connections.send,
            server,
            scope["method"],
            forwarded_path_and_query(scope, server),
            request_headers(scope, server, self._via, self._secrets),
            body,
        )
        try:
            response = await _send_repeatedly(send_request, scope["method"])
        except ClientDisconnected:
            return
        except ApiError as failure:
            scope[VERDICT_KEY] = [*failure.violations]
            raise
        verdict = self.contract.verdict_of(operation)
        exchange = ProxyExchange(
            scope, server, operation, response, verdict, self._workers, self._bodies
        )
        await exchange.answer(receive, send, keeper)


async def _send_repeatedly(
    send_request: Callable[[], Awaitable[ServerResponse]], method: str
) -> ServerResponse:
    """Send a request, a second time if it may be repeated and the connection broke off."""
    try:
        return await send_request()
    except BadGateway as failure:
        # An idle connection may be closed by the server at the moment when it is used again.
        is_broken_off = failure.violations[0].rule == BROKEN_OFF
        if not is_broken_off or method not in REPEATABLE_METHODS:
            raise
    return await send_request()


def _refuse_unforwardable(scope: Any, server: RealServer, via: bytes) -> None:
    if is_loop(scope, via):
        loop = ErrorDetail("/header", "proxyLoop", "", server.url)
        scope[VERDICT_KEY] = [loop]
        raise BadGateway(loop, headers=FAILURE_HEADERS)
    if has_dot_segment(scope["path"]):
        # A server that resolves it would receive a request for an operation that was not chosen.
        raise NotFound(ErrorDetail("/path", "path", "", scope["path"][:200]))
