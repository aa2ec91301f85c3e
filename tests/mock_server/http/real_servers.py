"""A mock that forwards operations, and real servers whose responses a test chooses."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from mock_server.app import create_app
from mock_server.errors import ErrorDetail
from mock_server.http.application import Application
from mock_server.http.recorded_exchange import VERDICT_KEY
from mock_server.settings import Settings
from tests.serving import FROZEN, client_for, serve_app, serve_in_thread

LIST = "listGroups"
LIST_PATH = "/api/v1/marketing-notice/group"


@dataclass
class ForwardedRequest:
    """A request as a real server got it; names of fields are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Respond = Callable[["RealHandler"], None]


class RealHandler(BaseHTTPRequestHandler):
    """Records a request, and calls the server's `respond`."""

    protocol_version = "HTTP/1.1"
    server: _RecordingServer

    def handle_one_request(self) -> None:
        """Serve one request of a connection, which may be cut off."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def __getattr__(self, name: str) -> Any:
        """Serve all methods in the same way."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        if headers.get("transfer-encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size + 2)[:-2]
            self.rfile.readline()
        self.server.requests.append(ForwardedRequest(self.command, self.path, headers, body))
        self.server.clients.add(self.client_address)
        self.server.respond(self)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        """Send a response; underscores in names of fields stand for hyphens."""
        self.send_response(status)
        fields = {"content_type": "application/json", "content_length": str(len(body)), **headers}
        for name, value in fields.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Keep quiet."""


class _RecordingServer(ThreadingHTTPServer):
    def __init__(self, respond: Respond) -> None:
        super().__init__(("127.0.0.1", 0), RealHandler)
        self.respond = respond
        self.requests: list[ForwardedRequest] = []
        self.clients: set[Any] = set()


@dataclass
class RealServer:
    """A running real server."""

    url: str
    requests: list[ForwardedRequest]
    clients: set[Any]


@contextmanager
def run_real_server(respond: Respond, tls: ssl.SSLContext | None = None) -> Iterator[RealServer]:
    """Run a real server on loopback, behind TLS if there is a context."""
    server = _RecordingServer(respond)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    scheme = "https" if tls else "http"
    with serve_in_thread(server) as place:
        yield RealServer(f"{scheme}://{place}", server.requests, server.clients)


def replies(status: int, document: Any, **headers: str) -> Respond:
    """Return the same response to every request; `document` is JSON or bytes."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return lambda handler: handler.reply(status, body, **headers)


@dataclass
class ForwardingMock:
    """A mock that forwards operations, with the scopes of all its requests."""

    address: str
    client: httpx.Client
    app: Application
    scopes: list[Any]
    finished: list[Any]

    @property
    def verdicts(self) -> list[list[ErrorDetail] | None]:
        """Return the verdict of each request, None if it was not forwarded."""
        return [scope.get(VERDICT_KEY) for scope in self.scopes]

    def rules(self) -> list[str]:
        """Return the pointers and rules of the last verdict."""
        return [f"{v.pointer} {v.rule}" for v in self.verdicts[-1] or ()]


@contextmanager
def run_forwarding_mock(
    url: str, *operations: str, settings: Settings = FROZEN
) -> Iterator[ForwardingMock]:
    """Run a mock that forwards these operations to the server at `url`."""
    app = create_app(replace(settings, proxy=url, proxy_operations=operations or (LIST,)))
    scopes: list[Any] = []
    finished: list[Any] = []

    async def observed(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scopes.append(scope)
        await app(scope, receive, send)
        finished.append(scope)

    with serve_app(observed) as address, client_for(address) as client:
        yield ForwardingMock(address, client, app, scopes, finished)
