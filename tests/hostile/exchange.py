"""Requests as bytes, and responses read from the socket."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

TOKEN_PLACEHOLDER = b"{access_token}"
"""Placeholder for the token, which is known only when the request is sent."""
RESPONSE_TIMEOUT = 10.0
"""Seconds after which a test fails."""
MAX_BODY_SIZE = 1024 * 1024
"""The mock's limit for bodies in these tests."""
API = b"/api/v1"
GROUPS = API + b"/marketing-notice/group"
TASKS = API + b"/notification-tasks"
TASK = TASKS + b"/501"
FILES = API + b"/file"
JSON = b"application/json"


@dataclass(frozen=True)
class SocketResponse:
    """A response: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """Return the body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


def request(
    method: bytes = b"GET",
    path: bytes = TASK,
    *headers: bytes,
    body: bytes | None = None,
    kind: bytes | None = JSON,
    token: bool = True,
    last: bool = True,
) -> bytes:
    """Return a request with the right Content-Length; `last` closes the connection."""
    lines = [b"%b %b HTTP/1.1" % (method, path), b"Host: localhost"]
    lines += [b"Connection: close"] if last else []
    lines += [b"Authorization: Bearer " + TOKEN_PLACEHOLDER] if token else []
    if body is not None:
        lines += [b"Content-Length: %d" % len(body)]
        lines += [b"Content-Type: " + kind] if kind is not None else []
    return b"\r\n".join([*lines, *headers, b"", body or b""])


def chunked_body(*chunks: bytes, trailers: bytes = b"") -> bytes:
    """Return a complete body in chunks."""
    framed = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
    return b"".join([*framed, b"0\r\n", trailers, b"\r\n"])


def connect(port: int) -> socket.socket:
    """Open a connection with the timeout RESPONSE_TIMEOUT."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=RESPONSE_TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def send_and_receive(
    port: int, pieces: Iterable[bytes], *, pause: float = 0, end: bool = False
) -> list[SocketResponse]:
    """Send pieces and read until the mock closes; `end` half-closes after the last one."""
    with connect(port) as connection:
        for piece in pieces:
            connection.sendall(piece)
            if pause:
                time.sleep(pause)
        if end:
            connection.shutdown(socket.SHUT_WR)
        return parse_responses(read_until_closed(connection))


def read_until_closed(connection: socket.socket) -> bytes:
    """Return what arrives until the other side closes."""
    found = b""
    while chunk := connection.recv(1 << 20):
        found += chunk
    return found


def parse_responses(raw: bytes) -> list[SocketResponse]:
    """Return the responses in received bytes, which are complete and without gaps."""
    found: list[SocketResponse] = []
    while raw:
        head, end, raw = raw.partition(b"\r\n\r\n")
        assert end, f"an answer without an end: {head[:200]!r}"
        status, *lines = head.decode("latin-1").split("\r\n")
        protocol, code, *_ = status.split(" ")
        assert protocol == "HTTP/1.1", status
        fields = (line.partition(": ") for line in lines)
        headers = {name.lower(): value for name, _, value in fields}
        length = int(headers.get("content-length", 0))
        assert len(raw) >= length, f"an answer cut short: {head!r}"
        found.append(SocketResponse(int(code), headers, raw[:length]))
        raw = raw[length:]
    return found


def response_statuses(found: Sequence[SocketResponse]) -> list[int]:
    """Return the statuses of the responses."""
    return [answer.status for answer in found]
