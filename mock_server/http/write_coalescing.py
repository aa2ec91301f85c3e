"""A transport that combines the writes of one iteration of the event loop into one packet."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

LINGER_SECONDS = 2.0
"""Seconds for which a client may continue to send after its last response."""


FORWARDED_METHODS = (
    *("abort", "can_write_eof", "get_extra_info", "get_protocol", "get_write_buffer_limits"),
    *("get_write_buffer_size", "is_reading", "pause_reading", "resume_reading", "set_protocol"),
    *("set_write_buffer_limits", "write_eof"),
)
"""Methods of a transport that are called directly."""


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
        self._loop = protocol.loop
        self._protocol: LingeringProtocol | None = protocol
        self._held: list[bytes] = []
        self._ended = False
        # Not `__getattr__`, which would make every access to an attribute slower.
        for name in FORWARDED_METHODS:
            setattr(self, name, getattr(transport, name))

    def is_closing(self) -> bool:
        """Return whether nothing more can be sent."""
        return self._ended or self._transport.is_closing()

    def write(self, data: bytes) -> None:
        """Send the data together with other writes of this iteration."""
        # From Python 3.12 on, asyncio's own transport (not uvloop's) keeps an empty text, tries to
        # send it again and again, and never closes.
        if not data:
            return
        if not self._held:
            # Runs in the next iteration, after all callbacks of this one have written.
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Send the rest and close; close only this direction while the client is still sending."""
        # Closing a socket with unread input sends a reset, on which many clients discard a response
        # that they have received but not read.
        self._flush()
        protocol = self._protocol
        if protocol is None or self.is_closing():
            return
        if protocol.discard_input():
            self._ended = True
            with suppress(OSError):  # the client may have gone already
                self._transport.write_eof()
            self._loop.call_later(protocol.linger, self._transport.abort)
        else:
            self._transport.close()

    def forget_protocol(self) -> None:
        """Release the protocol after the end of the connection.

        Without a cycle, a connection is freed at once, while garbage collections are rare.
        """
        self._protocol = None

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            if not self.is_closing():  # the client may have gone since
                self._transport.writelines(held)
