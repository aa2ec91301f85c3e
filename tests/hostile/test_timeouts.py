"""Timeouts for clients, which are shorter here than by default."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.http.protocol import TIMEOUT_TICKS, HttpProtocol
from tests.hostile.exchange import (
    FILES,
    GROUPS,
    TOKEN_PLACEHOLDER,
    connect,
    parse_responses,
    read_until_closed,
    request,
    response_statuses,
)
from tests.hostile.forms import END, MODULE, TYPE, file
from tests.serving import RunningMock, run_mock, serve_app

TICK = 0.05
DEADLINE_SECONDS = 3.0
"""Seconds in which a few ticks pass on any machine; uvicorn's own timeout is longer."""


@pytest.fixture(scope="module")
def impatient_mock() -> Iterator[RunningMock]:
    """A mock with short timeouts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpProtocol, "tick", TICK)
        patch.setitem(TIMEOUT_TICKS, "body", 6)
        with run_mock() as mock:
            yield mock


def port_of(address: str) -> int:
    """Return the port of an address."""
    return int(address.rsplit(":", 1)[1])


def send_and_wait(address: str, sent: bytes) -> tuple[bytes, float]:
    """Return what a client that stops after `sent` receives, and after how many seconds."""
    with connect(port_of(address)) as connection:
        begun = time.monotonic()
        connection.sendall(sent)
        return read_until_closed(connection), time.monotonic() - begun


def test_a_connection_that_asks_for_nothing_is_closed(impatient_mock: RunningMock) -> None:
    """There is no response, as there was no request."""
    received, seconds = send_and_wait(impatient_mock.address, b"")
    assert received == b""
    assert TIMEOUT_TICKS["request"] * TICK <= seconds < DEADLINE_SECONDS


def test_a_connection_that_asks_for_nothing_more_is_closed(impatient_mock: RunningMock) -> None:
    """Blank lines after a response do not keep it open."""
    sent = request(b"GET", b"/nothing", last=False) + b"\r\n"
    received, seconds = send_and_wait(impatient_mock.address, sent)
    assert response_statuses(parse_responses(received)) == [404]
    assert seconds < DEADLINE_SECONDS


@pytest.mark.parametrize("length", [1, 60])
def test_a_head_that_does_not_end_is_refused(impatient_mock: RunningMock, length: int) -> None:
    """The 408 says what was late, and the limit."""
    received, seconds = send_and_wait(impatient_mock.address, request()[:length])
    (answer,) = parse_responses(received)
    error = answer.document["errors"][0]
    assert (answer.status, error["pointer"], error["rule"]) == (408, "/header", "slow")
    assert error["accepted"] == f"{TIMEOUT_TICKS['head'] * TICK:g} s"
    assert seconds < DEADLINE_SECONDS


def test_a_head_that_dribbles_is_refused(impatient_mock: RunningMock) -> None:
    """Single bytes do not extend the time."""
    with connect(port_of(impatient_mock.address)) as connection:
        begun = time.monotonic()
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        while not has_received(connection) and time.monotonic() - begun < 2 * DEADLINE_SECONDS:
            connection.sendall(b"y")
        assert response_statuses(parse_responses(read_until_closed(connection))) == [408]
    assert time.monotonic() - begun < DEADLINE_SECONDS


def has_received(connection: socket.socket) -> bool:
    """Return whether something arrives within a fifth of a tick."""
    connection.settimeout(TICK / 5)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        connection.settimeout(DEADLINE_SECONDS)


def test_a_body_that_does_not_end_is_refused(impatient_mock: RunningMock) -> None:
    """It is a 408, too, but a body has more time than a head."""
    head = request(b"POST", GROUPS, b"Content-Length: 5", b"Content-Type: application/json")
    token = impatient_mock.client.headers["Authorization"].removeprefix("Bearer ").encode()
    received, seconds = send_and_wait(
        impatient_mock.address, head.replace(TOKEN_PLACEHOLDER, token) + b"{"
    )
    (answer,) = parse_responses(received)
    error = answer.document["errors"][0]
    assert (answer.status, error["pointer"], error["rule"]) == (408, "/body", "slow")
    assert TIMEOUT_TICKS["body"] * TICK <= seconds < DEADLINE_SECONDS


@pytest.mark.whole
def test_a_client_that_does_not_read_is_let_go(impatient_mock: RunningMock) -> None:
    """The rest of its response is discarded."""
    form = MODULE + file(content=b"x" * 30_000_000) + END
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(TIMEOUT_TICKS, "body", 600)  # a slow machine may take its time to send it
        uploaded = impatient_mock.client.post(
            FILES.decode(), content=form, headers={"Content-Type": TYPE.decode()}
        ).json()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(DEADLINE_SECONDS)
    with connection:
        connection.connect(("127.0.0.1", port_of(impatient_mock.address)))
        connection.sendall(request(b"GET", b"%b/%d" % (FILES, uploaded["id"]), token=False))
        time.sleep(20 * TICK)
        assert len(read_until_closed(connection)) < 30_000_000


def test_who_waits_for_the_mock_is_not_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow response does not cause a timeout, nor does a request behind it."""
    monkeypatch.setattr(HttpProtocol, "tick", TICK)
    with serve_app(slow_app) as address:
        received, seconds = send_and_wait(address, request(last=False) * 2 + request())
    assert response_statuses(parse_responses(received)) == [204] * 3
    assert seconds > 3 * TIMEOUT_TICKS["head"] * TICK


async def slow_app(scope: Any, receive: Any, send: Any) -> None:
    """An application with slow responses."""
    if scope["type"] == "lifespan":
        for state in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{state}.complete"})
        return
    await asyncio.sleep((TIMEOUT_TICKS["head"] + 3) * TICK)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
