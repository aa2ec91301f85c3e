"""The mock with a fault: a wrapper that changes the responses of one operation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mock_server.app import create_app
from tests.serving import FROZEN, serve_app


@dataclass
class MockExchange:
    """A request and the mock's response, which a fault may change."""

    method: str
    path: str
    request_headers: dict[str, str]
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """Body of the response as JSON."""
        return json.loads(self.body)

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


ResponseFault = Callable[[MockExchange], None]


class ResponseFaultApp:
    """ASGI application that applies a fault to the responses of another."""

    def __init__(self, app: Any, method: str, path: str, fault: ResponseFault) -> None:
        """Alter what `app` responds to a method on the paths that match entirely."""
        self._app = app
        self._method = method
        self._path = re.compile(path)
        self._fault = fault

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not self._matches(scope):
            await self._app(scope, receive, send)
            return
        sent = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        exchange = MockExchange(scope["method"], scope["path"], sent)

        async def keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                pairs = message["headers"]
                exchange.headers = {n.decode().lower(): v.decode("latin-1") for n, v in pairs}
            else:
                exchange.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        self._fault(exchange)
        exchange.headers["content-length"] = str(len(exchange.body))
        pairs = [(n.encode(), v.encode("latin-1")) for n, v in exchange.headers.items()]
        await send({"type": "http.response.start", "status": exchange.status, "headers": pairs})
        await send({"type": "http.response.body", "body": exchange.body})

    def _matches(self, scope: Any) -> bool:
        is_method = self._method in ("*", scope["method"])
        return is_method and self._path.fullmatch(scope["path"]) is not None


@contextmanager
def run_faulty_mock(method: str, path: str, fault: ResponseFault) -> Iterator[str]:
    """Run a mock with a fault, and yield its URL."""
    with serve_app(ResponseFaultApp(create_app(FROZEN), method, path, fault)) as address:
        yield address
