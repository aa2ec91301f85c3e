"""Delay before a response, which ends when the client disconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Receive = Callable[[], Awaitable[Any]]
MAX_READ_AHEAD_BYTES = 65_536
"""Bytes of a body that are received during a delay; the rest waits in the client's connection."""
DISCONNECT = "http.disconnect"


async def delay_response(seconds: float, receive: Receive) -> Receive | None:
    """Wait, and return what then receives the request; None if the client has gone.

    Nothing of the request is lost: what arrives during the delay is received again afterwards.
    """
    early: list[Any] = []
    try:
        async with asyncio.timeout(seconds):
            if await _receive_until_disconnected(early, receive):
                return None
            await asyncio.Event().wait()
    except TimeoutError:
        pass
    return _replaying(early, receive)


async def _receive_until_disconnected(early: list[Any], receive: Receive) -> bool:
    """Collect messages until the client has gone; False once the body is too long for that."""
    # Only somebody who receives gets to know that the client has gone.
    size, is_complete = 0, False
    while size <= MAX_READ_AHEAD_BYTES:
        message = await receive()
        if message["type"] == DISCONNECT:
            return True
        if is_complete:  # a server that repeats itself
            break
        early.append(message)
        size += len(message.get("body", b""))
        is_complete = not message.get("more_body", False)
    return False


def _replaying(early: list[Any], receive: Receive) -> Receive:
    """Return a `receive` that returns the messages of a list first."""
    early.reverse()

    async def receive_again() -> Any:
        return early.pop() if early else await receive()

    return receive_again
