"""Memory for large request and response bodies, shared by all requests."""

from __future__ import annotations

import asyncio

MAX_BODY_MEMORY = 2**25
"""Maximum size of all large bodies, in bytes; the first one may be larger."""
MAX_RESPONSE_MEMORY = 2**26
"""Maximum size of long lists that wait for slow clients; above it, no further one is encoded."""


class MemoryBudget:
    """A number of bytes that the bodies of all requests share.

    When it is used up, only the first request continues to read, so that one always completes. The
    others stop reading, and TCP flow control pauses their clients.
    """

    def __init__(self, room: int = MAX_BODY_MEMORY) -> None:
        """Share `room` bytes."""
        self._room = room
        self._held: dict[object, int] = {}
        self._waiting: list[asyncio.Future[None]] = []

    async def reserve(self, holder: object, size: int) -> None:
        """Record that `holder` uses `size` bytes, and wait until it may use more."""
        self._held[holder] = size
        # A dict keeps its order, so the first key is the oldest request that holds memory.
        while sum(self._held.values()) > self._room and next(iter(self._held)) is not holder:
            freed = asyncio.get_running_loop().create_future()
            self._waiting.append(freed)
            await freed

    def record(self, holder: object, size: int) -> None:
        """Record that `holder` uses `size` bytes, which exist already, without waiting."""
        self._held[holder] = size

    def release(self, holder: object) -> None:
        """Release the memory of `holder`, and let the others check again."""
        if self._held.pop(holder, None) is not None:
            waiting, self._waiting = self._waiting, []
            for freed in waiting:
                if not freed.done():
                    freed.set_result(None)
