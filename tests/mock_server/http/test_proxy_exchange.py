"""Forwarded bodies: limits, back-pressure, and clients that go away."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from mock_server.http.proxy_exchange import KeptBodies, ProxyExchange
from mock_server.http.proxy_verdict import MAX_CHECKED_BYTES
from mock_server.sessions.proxy_rules import RealServer
from tests.mock_server.http.real_servers import (
    LIST_PATH,
    ForwardingMock,
    RealHandler,
    replies,
    run_forwarding_mock,
    run_real_server,
)
from tests.serving import FROZEN


def test_a_request_that_is_too_large_never_arrives() -> None:
    """--max-body-size holds for forwarded requests too, whether announced or not."""
    settings = replace(FROZEN, max_body_size=1000)
    with run_real_server(replies(200, {})) as server, run_forwarding_mock(
        server.url, "notice-groups", settings=settings
    ) as mock:  # fmt: skip
        announced = mock.client.post(LIST_PATH, content=b"x" * 1001)
        chunked = mock.client.post(LIST_PATH, content=iter([b"x" * 600, b"x" * 600]))
        assert [announced.status_code, chunked.status_code] == [413, 413]
        assert server.requests == []


def endless(handler: RealHandler) -> None:
    """Send a body without an end, until the other side closes the connection."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/octet-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    sent: list[int] = handler.server.requests[0].__dict__.setdefault("sent", [])
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        sent.append(0x10000)


@pytest.fixture
def endless_mock() -> Iterator[tuple[ForwardingMock, Any]]:
    """A mock that forwards downloads to a server that never ends."""
    with run_real_server(endless) as server, run_forwarding_mock(server.url, "files") as mock:
        yield mock, server


@pytest.mark.whole
def test_a_client_that_reads_slowly_slows_the_real_server_down(
    endless_mock: tuple[ForwardingMock, Any],
) -> None:
    """Back-pressure: the mock keeps no more than the buffers of the connections."""
    mock, server = endless_mock
    host, port = mock.address.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)))) as client:
        client.sendall(b"GET /api/v1/file/abc HTTP/1.1\r\nHost: x\r\n\r\n")
        client.recv(100)
        time.sleep(1)
        sent = server.requests[0].__dict__["sent"]
        before = len(sent)
        time.sleep(0.5)
        assert len(sent) == before
        assert sum(sent) < 20_000_000
    deadline = time.monotonic() + 5
    while not mock.finished and time.monotonic() < deadline:
        time.sleep(0.02)
    assert mock.finished  # the client went away, and the download ended


def test_an_upload_that_the_client_breaks_off_never_completes() -> None:
    """The real server must not take the beginning of a file for the whole of it."""
    with run_real_server(replies(200, {})) as server, run_forwarding_mock(
        server.url, "files"
    ) as mock:  # fmt: skip
        host, port = mock.address.removeprefix("http://").split(":")
        with closing(socket.create_connection((host, int(port)))) as client:
            head = b"POST /api/v1/file HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
            client.sendall(head + b"x" * 500_000)
            time.sleep(0.3)
        deadline = time.monotonic() + 5
        while not mock.finished and time.monotonic() < deadline:
            time.sleep(0.02)
        assert mock.finished
        time.sleep(0.1)
        # A server that reads to the end of the connection has a body that is too short.
        assert all(len(request.body) < 1_000_000 for request in server.requests)


def test_bodies_that_are_kept_at_the_same_time_are_limited() -> None:
    """A body beyond the limit is sent on without a comparison; kept bytes are released."""
    bodies = KeptBodies(10)
    assert bodies.reserve(10)
    assert not bodies.reserve(1)
    bodies.release(10)
    assert bodies.reserve(1)


def test_a_body_that_is_not_kept_to_its_end_leaves_its_room_to_others() -> None:
    """A download of minutes would keep the responses of others from being compared."""
    bodies = KeptBodies(MAX_CHECKED_BYTES)
    room: list[bool] = []
    sent: list[Any] = []

    async def parts() -> AsyncGenerator[bytes]:
        yield bytes(MAX_CHECKED_BYTES)
        room.append(bodies.reserve(1))
        yield b"x"
        room.append(bodies.reserve(MAX_CHECKED_BYTES))

    async def send(message: Any) -> None:
        sent.append(message)

    async def scene() -> None:
        response: Any = SimpleNamespace(
            status=200,
            headers=[(b"content-type", b"application/json")],
            parts=parts,
            close=partial(asyncio.sleep, 0),
        )
        verdict: Any = SimpleNamespace(
            head_violations=lambda *_: [], body_checker=lambda *_: (object(), [])
        )
        scope = {"method": "GET", "headers": []}
        server = RealServer.from_url("http://127.0.0.1:9")
        workers: Any = None
        exchange = ProxyExchange(scope, server, "x", response, verdict, workers, bodies)
        await exchange.answer(asyncio.Event().wait, send, None)

    asyncio.run(scene())
    assert room == [False, True]
    assert sum(len(message.get("body", b"")) for message in sent) == MAX_CHECKED_BYTES + 1
    assert not bodies.reserve(1)  # the room was returned once
