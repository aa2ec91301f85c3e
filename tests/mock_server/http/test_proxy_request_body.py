"""The body of a forwarded request: read part by part, within the limit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mock_server.errors import ClientDisconnected, ContentTooLarge
from mock_server.http.proxy_request_body import RequestBody


def receive_of(*messages: dict[str, Any]) -> Any:
    """ASGI's `receive` with these messages."""
    left = [*messages]

    async def receive() -> Any:
        return left.pop(0)

    return receive


def part(body: bytes, *, more: bool = True) -> dict[str, Any]:
    """A message with a part of a body."""
    return {"type": "http.request", "body": body, "more_body": more}


async def parts_of(body: RequestBody) -> list[bytes]:
    """All parts."""
    return [each async for each in body]


def test_parts_are_passed_on_one_by_one() -> None:
    """Nothing is collected, and empty parts, which would end a chunked body, are left out."""
    seen: list[bytes] = []
    receive = receive_of(part(b"ab"), part(b""), part(b"c", more=False))
    body = RequestBody([(b"content-length", b"3")], receive, 3, seen.append)
    assert asyncio.run(parts_of(body)) == [b"ab", b"c"]
    assert seen == [b"ab", b"c"]


def test_a_body_that_is_announced_too_large_is_refused_at_once() -> None:
    """Nothing is read, and nothing is sent to the real server."""
    with pytest.raises(ContentTooLarge) as caught:
        RequestBody([(b"content-length", b"0004")], receive_of(), 3)
    assert caught.value.headers == {"Connection": "close"}


def test_a_body_without_a_length_is_refused_when_it_grows_too_large() -> None:
    """The limit also holds for chunked bodies."""
    body = RequestBody([], receive_of(part(b"ab"), part(b"cd")), 3)
    with pytest.raises(ContentTooLarge):
        asyncio.run(parts_of(body))


def test_a_client_that_disconnects_ends_the_forwarded_request() -> None:
    """The real server must not take the part of a body for the whole."""
    body = RequestBody([], receive_of(part(b"ab"), {"type": "http.disconnect"}), 3)
    with pytest.raises(ClientDisconnected):
        asyncio.run(parts_of(body))
