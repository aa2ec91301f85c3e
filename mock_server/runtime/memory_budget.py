"""Memory for large bodies of requests and of answers under way, shared by all requests."""

from __future__ import annotations

import asyncio

MAX_BODY_MEMORY = 2**25
"""Bytes of all large bodies, beside that of the one that came first."""
MAX_RESPONSE_MEMORY = 2**26
"""Bytes of long lists that clients have not taken yet; beyond that, no further one is made."""


class MemoryBudget:
    """Room for the bodies of all requests.

    When it is used up, only the first request goes on reading, so that one of them always
    completes; the others pause, and so do their clients.
    """

    def __init__(self, room: int = MAX_BODY_MEMORY) -> None:
        """Room for so many bytes."""
        self._room = room
        self._held: dict[object, int] = {}
        self._waiting: list[asyncio.Future[None]] = []

    async def reserve(self, holder: object, size: int) -> None:
        """Hold so many bytes, and wait until `holder` may hold more."""
        self._held[holder] = size
        while sum(self._held.values()) > self._room and next(iter(self._held)) is not holder:
            freed = asyncio.get_running_loop().create_future()
            self._waiting.append(freed)
            await freed

    def record(self, holder: object, size: int) -> None:
        """Hold so many bytes without waiting: there they are."""
        self._held[holder] = size

    def release(self, holder: object) -> None:
        """Hold nothing more for this request."""
        if self._held.pop(holder, None) is not None:
            waiting, self._waiting = self._waiting, []
            for freed in waiting:
                if not freed.done():
                    freed.set_result(None)
