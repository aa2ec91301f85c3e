"""Head and body of an answer leave in one packet.

Uvicorn writes them one after the other; each write wakes the reader at the other end, which costs
more than most operations here do (a third of all requests a second, measured on loopback).
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class _Joining:
    """A transport that sends what is written in one turn of the event loop at the end of it."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._transport.writelines(held)


class Protocol(HttpToolsProtocol):
    """Uvicorn's HTTP/1.1, over a joining transport."""

    def connection_made(self, transport: Any) -> None:
        """Begin to serve a connection."""
        super().connection_made(_Joining(transport, self.loop))  # type: ignore[arg-type]  # it is one by duck typing
