"""A transport that combines the writes of one iteration of the event loop into one packet."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Protocol

LINGER_SECONDS = 2.0
"""Seconds for which a client may continue to send after its last response."""


class LingeringProtocol(Protocol):
    """Interface of the protocol that writes to the transport."""

    loop: asyncio.AbstractEventLoop
    linger: float

    def discard_input(self) -> bool:
        """Discard further input, and return whether the client may still be sending."""


class CoalescingTransport:
    """A transport that delays writes to the end of the current iteration of the event loop."""

    def __init__(self, transport: asyncio.Transport, protocol: LingeringProtocol) -> None:
        """Wrap a transport for the protocol that writes to it."""
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
        """Send the data together with other writes of this iteration."""
        if not self._held:
            # Runs in the next iteration, after all callbacks of this one have written.
            self._protocol.loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Send the rest and close; close only this direction while the client is still sending."""
        # Closing a socket with unread input sends a reset, on which many clients discard a response
        # that they have received but not read.
        self._flush()
        if self.is_closing():
            return
        if self._protocol.discard_input():
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
