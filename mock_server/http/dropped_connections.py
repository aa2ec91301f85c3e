"""Connections that the mock closes, by a fault rule, before or in the middle of a response."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mock_server.http.delays import DISCONNECT, Receive

TRANSPORT_KEY = "mock_server.transport"
"""Key of a scope with the transport of its connection; servers other than ours have none."""
MAX_WAIT_SECONDS = 5.0
"""Seconds after which a client that does not read its response is given up."""


async def drop_connection(scope: Mapping[str, Any], receive: Receive) -> None:
    """Close the connection of a request, after what has been sent; returns when it is closed."""
    transport = scope.get(TRANSPORT_KEY)
    if transport is None:
        return
    transport.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_WAIT_SECONDS):
            while (await receive())["type"] != DISCONNECT:
                pass


class HalfResponse:
    """An ASGI `send` that sends half of a response's body; nothing of one without a body."""

    def __init__(self, send: Any) -> None:
        """Send the messages to `send`."""
        self._send = send
        self._start: Any = None
        self._is_done = False

    async def __call__(self, message: Any) -> None:
        """Send the first half of the first part of the body, and nothing after it."""
        if message["type"] == "http.response.start":
            self._start = message
        elif not self._is_done and (body := message.get("body", b"")):
            self._is_done = True
            await self._send(self._start)
            half = body[: len(body) // 2]
            await self._send({"type": "http.response.body", "body": half, "more_body": True})
