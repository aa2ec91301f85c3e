"""Forwarding of chosen operations to a real server, whose responses are compared with the contract.

It follows routing, so that 404, 405 and the preflights of CORS stay the mock's, and precedes
security, since the mock does not know the credentials of the real server. The modules that forward
are imported when a proxy is set, because most mocks have none.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from mock_server.http.connexion_compat import ROUTING_CONTEXT
from mock_server.runtime.worker_processes import WorkerPool
from mock_server.sessions.proxy_rules import ProxyRules
from mock_server.sessions.session import SESSION_KEY
from mock_server.settings import Settings

if TYPE_CHECKING:
    from mock_server.http.proxy_forwarder import Forwarder

FORWARDER_MODULE = "mock_server.http.proxy_forwarder"


class RealServers:
    """The forwarder of a mock, from the moment when a proxy is set."""

    def __init__(self, settings: Settings, workers: WorkerPool) -> None:
        """Connect to nothing yet; `workers` read large JSON bodies."""
        self._settings = settings
        self._workers = workers
        self._forwarder: Forwarder | None = None
        self._turn = threading.Lock()

    def prepare(self, rules: ProxyRules) -> Forwarder:
        """Compile what requests under these rules need, which takes up to seconds."""
        # Under a lock, because the control plane calls it in threads.
        with self._turn:
            if self._forwarder is None:
                module = import_module(FORWARDER_MODULE)
                self._forwarder = module.Forwarder(self._settings, self._workers)
            forwarder: Forwarder = self._forwarder
            forwarder.contract.prepare(rules.operations)
            return forwarder

    async def forward(
        self, scope: Any, receive: Any, send: Any, rules: ProxyRules, operation: str
    ) -> None:
        """Forward a request; raises ApiError with the reason if there is no response."""
        forwarder = self._forwarder
        if forwarder is None or not forwarder.contract.is_prepared(operation):
            # The proxy was set while a changed contract was loaded.
            forwarder = await asyncio.to_thread(self.prepare, rules)
        await forwarder.forward(scope, receive, send, rules.server_of(operation), operation)

    async def close(self) -> None:
        """Close all connections."""
        if self._forwarder is not None:
            await self._forwarder.connections.close()


class ProxyMiddleware:
    """Middleware that forwards the operations that the request's session names."""

    def __init__(self, app: Any, servers: RealServers) -> None:
        """Wrap the next application."""
        self._app = app
        self._servers = servers

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Forward a request for a chosen operation, and pass every other request on."""
        # Not `async`: all requests of a mock without a proxy would pay for one more coroutine.
        if scope["type"] == "http" and (rules := scope[SESSION_KEY].proxy) is not None:
            routed = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
            operation = routed.get("operation_id")
            if operation in rules.operations and not routed.get("api_base_path"):
                return self._servers.forward(scope, receive, send, rules, operation)
        passed: Awaitable[None] = self._app(scope, receive, send)
        return passed
