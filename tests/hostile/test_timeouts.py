"""How long a client may take, in ticks that are shorter here than in life."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.http.protocol import PATIENCE, Protocol
from tests.hostile.exchange import (
    FILES,
    GROUPS,
    TOKEN,
    answers,
    connect,
    everything,
    request,
    statuses,
)
from tests.hostile.forms import END, MODULE, TYPE, file
from tests.serving import Mock, listening, running

TICK = 0.05
SOON = 3.0
"""Seconds within which a few ticks have passed on any machine; uvicorn's own patience is longer."""


@pytest.fixture(scope="module")
def hasty() -> Iterator[Mock]:
    """A mock that loses its patience soon."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Protocol, "tick", TICK)
        patch.setitem(PATIENCE, "body", 6)
        with running() as mock:
            yield mock


def port(address: str) -> int:
    """The port of an address."""
    return int(address.rsplit(":", 1)[1])


def wait_and_see(address: str, sent: bytes) -> tuple[bytes, float]:
    """What a client receives that stops after `sent`, and for how many seconds it is kept."""
    with connect(port(address)) as connection:
        begun = time.monotonic()
        connection.sendall(sent)
        return everything(connection), time.monotonic() - begun


def test_a_connection_that_asks_for_nothing_is_closed(hasty: Mock) -> None:
    """Without a word, as nothing was asked."""
    received, seconds = wait_and_see(hasty.address, b"")
    assert received == b""
    assert PATIENCE["request"] * TICK <= seconds < SOON


def test_a_connection_that_asks_for_nothing_more_is_closed(hasty: Mock) -> None:
    """Blank lines after an answer do not keep it open."""
    sent = request(b"GET", b"/nothing", last=False) + b"\r\n"
    received, seconds = wait_and_see(hasty.address, sent)
    assert statuses(answers(received)) == [404]
    assert seconds < SOON


@pytest.mark.parametrize("length", [1, 60])
def test_a_head_that_does_not_end_is_refused(hasty: Mock, length: int) -> None:
    """With 408, which says what was late and how long it may take."""
    received, seconds = wait_and_see(hasty.address, request()[:length])
    (answer,) = answers(received)
    error = answer.document["errors"][0]
    assert (answer.status, error["pointer"], error["rule"]) == (408, "/header", "slow")
    assert error["accepted"] == f"{PATIENCE['head'] * TICK:g} s"
    assert seconds < SOON


def test_a_head_that_dribbles_is_refused(hasty: Mock) -> None:
    """A byte now and then does not buy time."""
    with connect(port(hasty.address)) as connection:
        begun = time.monotonic()
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")
        while not answered(connection) and time.monotonic() - begun < 2 * SOON:
            connection.sendall(b"y")
        assert statuses(answers(everything(connection))) == [408]
    assert time.monotonic() - begun < SOON


def answered(connection: socket.socket) -> bool:
    """Whether something arrives within a fifth of a tick."""
    connection.settimeout(TICK / 5)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False
    finally:
        connection.settimeout(SOON)


def test_a_body_that_does_not_end_is_refused(hasty: Mock) -> None:
    """With 408 too; it has more time than a head."""
    head = request(b"POST", GROUPS, b"Content-Length: 5", b"Content-Type: application/json")
    token = hasty.client.headers["Authorization"].removeprefix("Bearer ").encode()
    received, seconds = wait_and_see(hasty.address, head.replace(TOKEN, token) + b"{")
    (answer,) = answers(received)
    error = answer.document["errors"][0]
    assert (answer.status, error["pointer"], error["rule"]) == (408, "/body", "slow")
    assert PATIENCE["body"] * TICK <= seconds < SOON


def test_a_client_that_does_not_read_is_let_go(hasty: Mock) -> None:
    """Its answer is given up, after what the system had buffered."""
    form = MODULE + file(content=b"x" * 30_000_000) + END
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PATIENCE, "body", 600)  # a slow machine may take its time to send it
        uploaded = hasty.client.post(
            FILES.decode(), content=form, headers={"Content-Type": TYPE.decode()}
        ).json()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(SOON)
    with connection:
        connection.connect(("127.0.0.1", port(hasty.address)))
        connection.sendall(request(b"GET", b"%b/%d" % (FILES, uploaded["id"]), token=False))
        time.sleep(20 * TICK)
        assert len(everything(connection)) < 30_000_000


def test_who_waits_for_the_mock_is_not_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer may take longer than any patience, and a request behind it is not late."""
    monkeypatch.setattr(Protocol, "tick", TICK)
    with listening(slow) as address:
        received, seconds = wait_and_see(address, request(last=False) * 2 + request())
    assert statuses(answers(received)) == [204] * 3
    assert seconds > 3 * PATIENCE["head"] * TICK


async def slow(scope: Any, receive: Any, send: Any) -> None:
    """An application that takes its time."""
    if scope["type"] == "lifespan":
        for state in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{state}.complete"})
        return
    await asyncio.sleep((PATIENCE["head"] + 3) * TICK)
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})
