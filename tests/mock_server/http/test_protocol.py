"""HTTP at the level of the socket, which HTTP clients hide."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.serving import RunningMock

REQUEST_TEMPLATE = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
UNAUTHORIZED_TEMPLATE = b"GET /api/v1/notification-tasks/501 HTTP/1.1\r\nHost: localhost\r\n%s\r\n"


@contextmanager
def open_connection(mock: RunningMock) -> Iterator[socket.socket]:
    """Open a connection to the mock with a timeout of 5 seconds."""
    port = int(mock.address.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        yield connection


def read_response(connection: socket.socket, rest: bytes = b"") -> tuple[bytes, bytes, bytes]:
    """Return head and body of a response, and the bytes read after it."""
    while b"\r\n\r\n" not in rest:
        chunk = connection.recv(65536)
        assert chunk, "closed before the head was complete"
        rest += chunk
    head, _, rest = rest.partition(b"\r\n\r\n")
    lines = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
    length = int(lines.get(b"content-length", b"0"))
    while len(rest) < length:
        chunk = connection.recv(65536)
        assert chunk, "closed before the body was complete"
        rest += chunk
    return head, rest[:length], rest[length:]


def test_head_and_body_of_an_answer_arrive_in_one_packet(shared_mock: RunningMock) -> None:
    """A second packet for a small response would wake the client twice."""
    with open_connection(shared_mock) as connection:
        for _ in range(20):
            connection.sendall(UNAUTHORIZED_TEMPLATE % b"")
            head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 401 ")
            assert body.endswith(b"}")


def test_pipelined_requests_are_answered_in_order(shared_mock: RunningMock) -> None:
    """Two requests in one packet get two responses in the same order."""
    with open_connection(shared_mock) as connection:
        connection.sendall(REQUEST_TEMPLATE % b"" + UNAUTHORIZED_TEMPLATE % b"")
        head, body, rest = read_response(connection)
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body.startswith(b"{")
        head, _, _ = read_response(connection, rest)
        assert head.startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("request_line", [REQUEST_TEMPLATE, UNAUTHORIZED_TEMPLATE])
def test_a_connection_that_is_to_close_closes_after_the_whole_answer(
    shared_mock: RunningMock, request_line: bytes
) -> None:
    """With `Connection: close`, a response of any length is complete."""
    with open_connection(shared_mock) as connection:
        connection.sendall(request_line % b"Connection: close\r\n")
        _, body, rest = read_response(connection)
        assert body.strip().endswith(b"}")
        assert rest + connection.recv(1) == b""


def test_a_caller_that_waits_for_100_continue_gets_it(shared_mock: RunningMock) -> None:
    """`Expect: 100-continue`, which curl sends for large files, is answered before the body."""
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc\r\n'
    form += b'--x\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nMEMBER\r\n--x--\r\n'
    token = shared_mock.client.headers["Authorization"].encode()
    with open_connection(shared_mock) as connection:
        connection.sendall(
            b"POST /api/v1/file HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\nAuthorization: %s\r\n"
            b"Content-Length: %d\r\n\r\n" % (token, len(form))
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(form)
        head, _, _ = read_response(connection)
        assert head.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("version", "hosts", "rule"),
    [
        ("1.1", [], "required"),
        ("1.1", ["localhost", "localhost"], "repeated"),
        ("1.0", ["localhost", "localhost"], "repeated"),
        ("1.1", ["localhost, localhost"], "format"),
        ("1.1", [""], "format"),
        ("1.1", ["a b"], "format"),
        ("1.1", ["user@localhost"], "format"),
        ("1.1", ["localhost:port"], "format"),
        ("1.1", ["localhost:65536"], "format"),
        ("1.0", ["localhost/"], "format"),
        ("1.1", ["[::1"], "format"),
        ("1.1", ["[1]"], "format"),
        ("1.1", ["[::1::]:80"], "format"),
    ],
)
def test_a_request_names_its_host_once(
    shared_mock: RunningMock, version: str, hosts: list[str], rule: str
) -> None:
    """A missing or repeated Host is 400 and closes the connection (RFC 9112, 3.2)."""
    lines = [f"GET /api/v1/file/601 HTTP/{version}", *(f"Host: {host}" for host in hosts), "", ""]
    with open_connection(shared_mock) as connection:
        connection.sendall("\r\n".join(lines).encode())
        head, body, rest = read_response(connection)
        assert head.startswith(b"HTTP/1.1 400 ")
        (error,) = json.loads(body)["errors"]
        assert (error["pointer"], error["rule"]) == ("/header/Host", rule)
        assert rest + connection.recv(1) == b""


@pytest.mark.parametrize(
    ("version", "hosts"),
    [
        ("1.0", []),
        ("1.0", ["localhost"]),
        ("1.1", ["my_box.local"]),
        ("1.1", ["[::1]:80"]),
        ("1.1", ["xn--fiq228c.example:65535"]),
        ("1.1", ["localhost:"]),
    ],
)
def test_every_host_is_served(shared_mock: RunningMock, version: str, hosts: list[str]) -> None:
    """The API accepts any host name; HTTP/1.0 has no Host."""
    lines = [f"GET /api/v1/file/601 HTTP/{version}", *(f"Host: {host}" for host in hosts), "", ""]
    with open_connection(shared_mock) as connection:
        connection.sendall("\r\n".join(lines).encode())
        assert read_response(connection)[0].startswith(b"HTTP/1.1 200 ")


def test_requests_before_one_without_a_host_are_answered(shared_mock: RunningMock) -> None:
    """They are answered in order, and nothing after it is read."""
    with open_connection(shared_mock) as connection:
        connection.sendall(
            UNAUTHORIZED_TEMPLATE % b"" + b"GET / HTTP/1.1\r\n\r\n" + UNAUTHORIZED_TEMPLATE % b""
        )
        head, _, rest = read_response(connection)
        assert head.startswith(b"HTTP/1.1 401 ")
        head, _, rest = read_response(connection, rest)
        assert head.startswith(b"HTTP/1.1 400 ")
        assert rest + connection.recv(1) == b""
