"""Writes of one iteration of the event loop are sent together."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

from mock_server.http.write_coalescing import CoalescingTransport


def write_parts(*parts: bytes) -> list[list[bytes]]:
    """Return what reaches the transport when these parts are written in one iteration."""
    sent: list[list[bytes]] = []
    transport = Mock(is_closing=lambda: False, writelines=lambda held: sent.append(list(held)))

    async def write() -> None:
        protocol: Any = Mock(loop=asyncio.get_running_loop())
        wrapped = CoalescingTransport(transport, protocol)
        for part in parts:
            wrapped.write(part)
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(write())
    return sent


def test_parts_are_sent_in_one_call() -> None:
    """Head and body of a response become one packet."""
    assert write_parts(b"a", b"b") == [[b"a", b"b"]]


def test_an_empty_text_is_not_sent() -> None:
    """With asyncio's own transport, it would never leave the buffer (Python 3.12 and newer)."""
    assert write_parts(b"") == []
    assert write_parts(b"", b"a", b"") == [[b"a"]]
