"""Sending of responses by ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mock_server.http.response import EMPTY_STATUSES, BodyBytes

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
SEND_CHUNK_BYTES = 2**18
"""Maximum number of bytes of a body that are sent in one step."""


def _has_length(headers: list[tuple[bytes, bytes]]) -> bool:
    for name, _ in headers:  # noqa: SIM110 - `any()` takes twice as long, for every response
        if name == b"content-length":
            return True
    return False


async def send_response(
    scope: Scope, send: Send, status: int, content: BodyBytes, headers: list[tuple[bytes, bytes]]
) -> None:
    """Send a response; one to HEAD has the headers of GET, including Content-Length.

    A large body is sent in pieces, as fast as the client receives them.
    """
    if status not in EMPTY_STATUSES and not _has_length(headers):
        headers.append((b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else content
    if len(body) > SEND_CHUNK_BYTES:
        body = memoryview(body)
        while len(body) > SEND_CHUNK_BYTES:
            piece = bytes(body[:SEND_CHUNK_BYTES])
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            # The transport collects the writes of one iteration of the event loop into one packet.
            await asyncio.sleep(0)
            body = body[SEND_CHUNK_BYTES:]
    await send({"type": "http.response.body", "body": bytes(body)})
