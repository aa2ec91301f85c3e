"""A transport under which the writes of one turn of the event loop become one packet."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Protocol

LINGER_SECONDS = 2.0
"""Seconds for which a client may go on sending after its last answer."""


class LingeringProtocol(Protocol):
    """Interface of the protocol that writes to the transport."""

    loop: asyncio.AbstractEventLoop
    linger: float

    def stop_listening(self) -> bool:
        """Discard whatever the client still sends; returns whether it may be sending."""


class CoalescingTransport:
    """A transport that sends what is written in one turn of the event loop at the end of it."""

    def __init__(self, transport: asyncio.Transport, protocol: LingeringProtocol) -> None:
        """Send by this transport what its protocol writes."""
        self._transport = transport
        self._protocol = protocol
        self._held: list[bytes] = []
        self._ended = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Return whether nothing more can be sent."""
        return self._ended or self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Send with whatever else is written in this turn."""
        if not self._held:
            self._protocol.loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Close; while the client is still sending, close only this direction to avoid a reset."""
        self._flush()
        if self.is_closing():
            return
        if self._protocol.stop_listening():
            self._ended = True
            with suppress(OSError):  # the client may have gone already
                self._transport.write_eof()
            self._protocol.loop.call_later(self._protocol.linger, self._transport.abort)
        else:
            self._transport.close()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            if not self.is_closing():  # the client may have gone since
                self._transport.writelines(held)
