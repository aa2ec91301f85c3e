"""A proxy that changes requests and responses, down to their framing.

It does not depend on the mock: any server can be behind it.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

from contract_tests.contract.operations import operations
from tests.quirks.exchange import ExchangeChange, ProxyExchange
from tests.serving import serve_in_thread

OPERATION_ROUTES = [
    (operation.method.upper(), re.compile(re.sub(r"\{\w+\}", "[0-9-]+", operation.path)), name)
    for name, operation in operations().items()
]
HOP_BY_HOP_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length"}
"""Headers of one connection, which the next has of its own."""
UPSTREAM_TIMEOUT = 30.0


@dataclass
class ProxyUpstream:
    """The server behind the proxy, the change, and what all connections share.

    prefix: the only path below which the API is found.
    """

    host: str
    change: ExchangeChange
    prefix: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def number(self) -> int:
        """Return the number of a request that has arrived."""
        with self._lock:
            return next(self._numbers)

    def alter(self, exchange: ProxyExchange) -> None:
        """Apply the change to one request at a time, since a change may count requests."""
        with self._lock:
            self.change(exchange)


@contextmanager
def run_proxy(
    address: str, change: ExchangeChange, *, tls: SSLContext | None = None, prefix: str = ""
) -> Iterator[str]:
    """Yield the address of a proxy that applies a change to the server at this address."""
    behind = ProxyUpstream(urlsplit(address).netloc, change, prefix)
    handler = type("Handler", (_ProxyHandler,), {"behind": behind})
    server = _ProxyServer(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    with serve_in_thread(server) as host:
        yield f"http{'s' if tls else ''}://{host}{prefix}"


class _ProxyServer(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that has disconnected."""
        del request, client_address


class _ProxyHandler(BaseHTTPRequestHandler):
    behind: ProxyUpstream
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self._there = http.client.HTTPConnection(self.behind.host, timeout=UPSTREAM_TIMEOUT)
        self._seen = 0

    def finish(self) -> None:
        self._there.close()
        super().finish()

    def _pass_on(self) -> None:
        exchange = self._read_exchange()
        self.behind.alter(exchange)
        if exchange.dropped:
            self.close_connection = True
            return
        if not exchange.is_answered:
            self._send_upstream(exchange)
            self.behind.alter(exchange)
        self.close_connection |= exchange.closes or exchange.dropped
        if not exchange.dropped:
            time.sleep(exchange.delay_seconds)
            self._send_response(exchange)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - its names
    do_OPTIONS = do_TRACE = do_CONNECT = _pass_on  # noqa: N815

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # a method that only a test would send
            return self._pass_on
        raise AttributeError(name)

    def _read_exchange(self) -> ProxyExchange:
        self._seen += 1
        target = self.path
        path = target.partition("?")[0]
        if self.behind.prefix:
            path = path.removeprefix(self.behind.prefix) if self._is_below() else ""
            target = path + target.partition("?")[1] + target.partition("?")[2]
        name = next(
            (
                n
                for method, route, n in OPERATION_ROUTES
                if method == self.command and route.fullmatch(path)
            ),
            "",
        )
        return ProxyExchange(
            self.behind.number(), self._seen, name, self.command, target,
            list(self.headers.items()), self._body(),
            status=0 if path else 404,
        )  # fmt: skip

    def _is_below(self) -> bool:
        return self.path.startswith(f"{self.behind.prefix}/")

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send_upstream(self, exchange: ProxyExchange) -> None:
        there = self._there
        there.putrequest(
            exchange.method, exchange.target, skip_host=True, skip_accept_encoding=True
        )
        for name, value in exchange.headers:
            if name.lower() not in HOP_BY_HOP_HEADERS | {"accept-encoding"}:
                there.putheader(name, value.encode("latin-1"))
        if exchange.body or exchange.request_header("Content-Length"):
            there.putheader("Content-Length", str(len(exchange.body)))
        there.endheaders(exchange.body or None)
        answer = there.getresponse()
        exchange.content = answer.read()
        exchange.status, exchange.reason = answer.status, answer.reason
        length = answer.getheader("Content-Length")
        exchange.response_headers = [
            pair for pair in answer.getheaders() if pair[0].lower() not in HOP_BY_HOP_HEADERS
        ]
        if exchange.method == "HEAD" and length is not None:
            exchange.response_headers.append(("Content-Length", length))

    def _send_response(self, exchange: ProxyExchange) -> None:
        write = self.wfile.write
        if exchange.sends_100_continue:
            write(b"HTTP/1.1 100 Continue\r\n\r\n")
        has_body = exchange.method != "HEAD" and exchange.status not in (204, 304)
        headers = [*exchange.response_headers]
        if has_body and exchange.framing == "length" and not exchange.get("Content-Length"):
            headers.append(("Content-Length", str(len(exchange.content))))
        if has_body and exchange.framing == "chunked":
            headers.append(("Transfer-Encoding", "chunked"))
        if exchange.framing == "close":
            self.close_connection = True
        reason = http.client.responses.get(exchange.status, "") if exchange.reason is None else ""
        first = f"{exchange.version} {exchange.status} {exchange.reason or reason}\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        write(f"{first}{lines}\r\n".encode("utf-8", "surrogateescape"))
        with suppress(OSError):  # the client may have let go
            if has_body:
                self._send_body(exchange)

    def _send_body(self, exchange: ProxyExchange) -> None:
        content, step = exchange.content, exchange.chunk
        if exchange.max_bytes_sent >= 0:
            content = content[: exchange.max_bytes_sent]
            self.close_connection = True
        is_chunked = exchange.framing == "chunked"
        for begin in range(0, len(content), step):
            part = content[begin : begin + step]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if is_chunked else part)
            if exchange.chunk_delay_seconds:
                time.sleep(exchange.chunk_delay_seconds)
        if is_chunked and exchange.max_bytes_sent < 0:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: Any) -> None:
        """Log nothing."""
