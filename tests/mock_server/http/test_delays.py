"""A delay holds up no other request, and ends with its client, who then has changed nothing."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import ExitStack
from typing import Any

import pytest

from mock_server.http.delays import MAX_READ_AHEAD_BYTES, delay_response
from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.serving import RunningMock

GROUPS = "/api/v1/marketing-notice/group"


def connect(mock: RunningMock) -> socket.socket:
    """A connection to the mock."""
    host, _, port = mock.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=60)


@pytest.mark.whole
def test_200_delayed_requests_do_not_slow_others(mock: RunningMock) -> None:
    """They wait at the same time, in no thread, while others are served as usual."""
    threads = threading.active_count()  # those of earlier tests may end meanwhile
    started = time.perf_counter()
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(mock)) for _ in range(200)]
        for number, client in enumerate(clients):
            client.sendall(request_bytes(mock, b'{"name": "%d"}' % number, delay=4000))
        assert time.perf_counter() - started < 4, "the machine is too slow for this test"
        durations = []
        while time.perf_counter() - started < 3:
            sent = time.perf_counter()
            assert len(mock.client.get(GROUPS).json()["content"]) == 3
            durations.append(time.perf_counter() - sent)
        assert threading.active_count() <= threads
        assert durations
        assert sorted(durations)[len(durations) // 2] < 0.1
        assert all(client.recv(12) == b"HTTP/1.1 200" for client in clients)
    # One after another, they would take 800 seconds.
    assert 4 <= time.perf_counter() - started < 40
    assert len(mock.client.get(GROUPS).json()["content"]) == 203


def request_bytes(
    mock: RunningMock, body: bytes, *, delay: int, announced: int | None = None
) -> bytes:
    """The bytes of a delayed request that creates a group."""
    lines = [
        f"POST {GROUPS} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: {mock.client.headers['Authorization']}",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if announced is None else announced}",
        f"Prefer: delay={delay}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize("missing", [0, 5])
def test_a_client_that_goes_away_during_a_delay_leaves_nothing(
    mock: RunningMock, missing: int
) -> None:
    """Neither a record nor a waiting request, whether its body had arrived or not.

    A client that has gone looks like one that only stops sending, until half a second later.
    """
    before = mock.client.get(GROUPS).json()
    body = b'{"name": "never created"}'
    started = time.monotonic()
    with connect(mock) as client:
        sent = body[: len(body) - missing]
        client.sendall(request_bytes(mock, sent, delay=10_000, announced=len(body)))
        time.sleep(0.1)
    while not found_delay(mock):
        assert time.monotonic() - started < 9, "the request still waits for its client"
        time.sleep(0.05)
    assert mock.client.get(GROUPS).json() == before


def found_delay(mock: RunningMock) -> bool:
    """Return whether a delayed request has ended; the journal has requests that have ended."""
    entries = expect_ok(mock.anonymous.get(f"{ADMIN}/requests"))["requests"]
    return any(each["faults"] for each in entries)


def test_a_delayed_write_has_its_effect_and_keeps_its_body(mock: RunningMock) -> None:
    """Data that arrives during the delay is not lost, even if the body is long."""
    created = mock.client.post(GROUPS, json={"name": "late"}, headers={"Prefer": "delay=50"})
    assert created.json()["name"] == "late"
    content = b"x" * (3 * MAX_READ_AHEAD_BYTES)
    answer = mock.client.post(
        "/api/v1/file",
        files={"file": ("long.txt", content)},
        data={"moduleName": "recipes"},
        headers={"Prefer": "delay=50"},
    )
    assert answer.json()["fileSize"] == len(content)


class Client:
    """A client, as an ASGI `receive`, that sends these messages and then nothing."""

    def __init__(self, *messages: Any) -> None:
        self.messages = list(messages)

    async def receive(self) -> Any:
        """Return the next message, or wait for ever."""
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    """A message with a part of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


def test_what_arrives_during_a_delay_is_received_afterwards_in_order() -> None:
    """And what arrives later comes after it."""
    parts = [part(b"a", more=True), part(b"b", more=True), part(b"c", more=False)]

    async def run() -> list[Any]:
        client = Client(*parts[:2])
        receive = await delay_response(0.01, client.receive)
        assert receive is not None
        client.messages.append(parts[2])
        return [await receive() for _ in parts]

    assert asyncio.run(run()) == parts


def test_a_long_body_is_not_collected_during_a_delay() -> None:
    """The rest stays with the client."""
    piece = b"x" * MAX_READ_AHEAD_BYTES

    async def run() -> int:
        client = Client(*(part(piece, more=True) for _ in range(10)))
        assert await delay_response(0.01, client.receive) is not None
        return len(client.messages)

    assert asyncio.run(run()) == 8


def test_a_disconnect_ends_the_delay_at_once() -> None:
    """The delay of a minute is over."""

    async def run() -> Any:
        client = Client(part(b"", more=False), {"type": "http.disconnect"})
        async with asyncio.timeout(5):
            return await delay_response(60, client.receive)

    assert asyncio.run(run()) is None
