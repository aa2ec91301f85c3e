"""The test client says what is no address of a mock, and which server is none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mock_server.testing import MockConnectionError, MockError, connect


def test_an_address_without_a_mock_is_reported(unused_port: int) -> None:
    """The error has the URL."""
    with pytest.raises(MockConnectionError, match=f"127.0.0.1:{unused_port}.*is a mock running"):
        connect(f"http://127.0.0.1:{unused_port}")


@pytest.mark.parametrize(
    "url",
    [
        *("", "127.0.0.1:4010", "ftp://localhost", "http://", "http://localhost:99999"),
        *("http://localhost:x", "http://[::1", "http://a b", "http://a\n", "http://u:p@localhost"),
        *("http://localhost/?x=1", "http://localhost/#x"),
    ],
)
def test_what_is_no_address_of_a_mock_is_refused(url: str) -> None:
    """The error has the URL, and what one looks like."""
    with pytest.raises(
        ValueError, match=r"not the URL of a mock, such as http://127\.0\.0\.1:4010"
    ):
        connect(url)


@pytest.mark.parametrize("token", ["", "a b", "令牌", "a\r\nb"])
def test_what_is_no_token_is_refused_without_showing_it(token: str) -> None:
    """No header field could have it."""
    with pytest.raises(ValueError, match=r"^not an admin token: it consists of visible ASCII"):
        connect("http://127.0.0.1:4010", admin_token=token)


@pytest.mark.parametrize(
    ("status", "document"),
    [(200, b"<!doctype html>"), (200, b"{}"), (200, b"null"), (302, b""), (400, b'{"errors":[1]}')],
)
def test_a_server_that_is_no_mock_is_reported(status: int, document: bytes) -> None:
    """The port is often that of the application's own development server."""
    media_type = "application/json" if document[:1] in (b"{", b"n") else "text/html"
    head = f"HTTP/1.1 {status} x\r\nContent-Type: {media_type}\r\nContent-Length: {len(document)}"
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor() as thread:

        def answer() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(4_096)
                connection.sendall(head.encode() + b"\r\n\r\n" + document)

        done = thread.submit(answer)
        with pytest.raises(MockError, match=r"another server running|not a response of a mock"):
            connect(f"http://127.0.0.1:{other.getsockname()[1]}")
        done.result()


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port that is bound, on which nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        yield nobody.getsockname()[1]
