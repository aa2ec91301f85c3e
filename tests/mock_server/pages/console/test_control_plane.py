"""Requests of a page's thread, in process: bounded in time and size, and on the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.pages.console.control_plane import (
    MAX_MESSAGE_SIZE,
    ControlPlane,
    InProcess,
    NoResponseError,
    RefusedError,
    path_of,
)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in another thread."""
    running = asyncio.new_event_loop()
    thread = threading.Thread(target=running.run_forever)
    thread.start()
    yield running
    running.call_soon_threadsafe(running.stop)
    thread.join()
    running.close()


def mock_of(loop: asyncio.AbstractEventLoop, application: Any) -> InProcess:
    """Return an application as if a browser had asked for a page at this address."""
    return InProcess(application, loop, "https", [(b"host", b"mock.test:4010")])


async def respond(send: Any, status: int, *parts: bytes) -> None:
    """Send a response in JSON."""
    headers = [
        (b"Content-Type", b"application/problem+json" if status > 399 else b"application/json")
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for part in parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def test_a_request_has_session_language_and_token(loop: asyncio.AbstractEventLoop) -> None:
    """It is sent on the loop's thread, with the address that the browser used."""
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        seen.append((scope, message["body"], threading.get_ident()))
        await respond(send, 200, b'{"a"', b": 1}")

    plane = ControlPlane(mock_of(loop, application), "tea", "en", "a-token")
    reply = plane.ask("POST", path_of("a b", "c/d"), {"x": "ü"}, {"q": "1&2", "none": None})
    assert (reply.status, reply.body, reply.refusal) == (200, {"a": 1}, None)
    [(scope, body, thread)] = seen
    assert thread != threading.get_ident()
    assert scope["path"] == "/__admin/a b/c/d"
    assert scope["raw_path"] == b"/__admin/a%20b/c%2Fd"
    assert scope["query_string"] == b"q=1%262"
    assert scope["scheme"] == "https"
    assert body == '{"x":"ü"}'.encode()
    headers = dict(scope["headers"])
    assert headers[b"host"] == b"mock.test:4010"
    assert headers[b"x-mock-session"] == b"tea"
    assert headers[b"accept-language"] == b"en"
    assert headers[b"authorization"] == b"Bearer a-token"


def test_a_refusal_has_title_detail_and_errors(loop: asyncio.AbstractEventLoop) -> None:
    """`ask` returns it, to be shown beside a form; `read` raises it."""

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await respond(send, 409, b'{"title":"Conflict","detail":"No.","errors":[{"rule":"CP-04"}]}')

    plane = ControlPlane(mock_of(loop, application), "default", "en")
    refusal = plane.ask("POST", "/x").refusal
    assert refusal is not None
    assert (refusal.status, refusal.title, refusal.detail) == (409, "Conflict", "No.")
    assert refusal.errors == ({"rule": "CP-04"},)
    with pytest.raises(RefusedError) as raised:
        plane.read("/x")
    assert raised.value.refusal == refusal


def test_a_page_does_not_wait_for_ever(loop: asyncio.AbstractEventLoop) -> None:
    """After the time limit, the request is cancelled."""
    ended = threading.Event()

    async def application(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()
        try:
            await receive()  # the client stays: there is no second message
        finally:
            ended.set()

    with pytest.raises(NoResponseError, match=r"no response within 0\.05 s"):
        mock_of(loop, application).send("GET", "/", {}, seconds=0.05)
    assert ended.wait(5)


def test_a_page_reads_no_response_of_any_size(loop: asyncio.AbstractEventLoop) -> None:
    """A longer one is not kept in memory."""

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await respond(send, 200, *[b" " * MAX_MESSAGE_SIZE] * 2)

    with pytest.raises(NoResponseError, match=f"more than {MAX_MESSAGE_SIZE} bytes"):
        mock_of(loop, application).send("GET", "/", {})
