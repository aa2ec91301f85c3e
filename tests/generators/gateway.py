"""A proxy between a generated client and the mock, which records the hosts that are asked.

The client's own HTTP library connects to it, as configured in the environment (`HTTPS_PROXY`), so
that the client is run as it was generated. TLS ends here, with a certificate of an authority made
for the run; known hosts are answered by the mock, and all others are refused. Nothing reaches a
real host.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.serving import serve_in_thread

HOP_BY_HOP = {"connection", "host", "proxy-connection", "transfer-encoding", "content-length"}
NEW_VALUE = "ADDED_LATER"
"""A value that no enum of the contract has."""
PATH_WITH_NEW_VALUE = "/api/v1/notification-tasks/501"
"""The task whose status is replaced by NEW_VALUE, if this is asked for."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@dataclass
class Gateway:
    """Settings and records of a proxy: the mock's `host:port`, known hosts, host and path asked."""

    mock: str
    known_hosts: frozenset[str]
    tls: ssl.SSLContext
    adds_value: bool = False
    address: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)

    @property
    def refused_hosts(self) -> set[str]:
        """The hosts that the client asked for and should not have."""
        return {host for host, _ in self.requests} - self.known_hosts

    def hosts_of(self, path: str) -> set[str]:
        """Return the hosts that received requests whose path begins with `path`."""
        return {host for host, asked in self.requests if asked.startswith(path)}


@contextmanager
def run_gateway(
    mock: str, known_hosts: frozenset[str], tls: ssl.SSLContext, *, adds_value: bool = False
) -> Iterator[Gateway]:
    """Run a proxy on a free port; `mock` is the mock's `host:port`."""
    gateway = Gateway(mock, known_hosts, tls, adds_value)
    handler = type("Handler", (_Handler,), {"gateway": gateway})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serve_in_thread(server) as address:
        gateway.address = f"http://{address}"
        yield gateway


class _Handler(BaseHTTPRequestHandler):
    """One connection: CONNECT, and then requests to the host that it named."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    gateway: Gateway
    host = ""

    def do_CONNECT(self) -> None:
        """Open the tunnel and end TLS in it."""
        self.host = self.path.rpartition(":")[0]
        self.send_response_only(200, "Connection established")
        self.end_headers()
        if self.host not in self.gateway.known_hosts:
            self.gateway.requests.append((self.host, ""))
            self.close_connection = True
            return
        try:
            self.connection = self.gateway.tls.wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def _forward(self) -> None:
        host, path = self.host, self.path
        if absolute := re.match(r"http://([^/:]+)(?::\d+)?(.*)", self.path):
            host, path = absolute.groups()
        self.gateway.requests.append((host, path))
        body = self._read_body()
        if host not in self.gateway.known_hosts:
            self._answer(502, {}, b"this host is not part of the test")
            return
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP}
        connection = http.client.HTTPConnection(self.gateway.mock, timeout=30)
        try:
            connection.request(self.command, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if self.gateway.adds_value and path == PATH_WITH_NEW_VALUE:
            content = _with_new_value(content)
        self._answer(response.status, dict(response.getheaders()), content)

    def _read_body(self) -> bytes | None:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            length = int(self.headers.get("Content-Length") or 0)
            return self.rfile.read(length) if length else None
        chunks = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return chunks

    def _answer(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


for _method in METHODS:
    setattr(_Handler, f"do_{_method}", _Handler._forward)


def _with_new_value(content: bytes) -> bytes:
    task = json.loads(content)
    if "status" in task:
        task["status"] = NEW_VALUE
    return json.dumps(task).encode()
