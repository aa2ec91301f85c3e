"""Work that would hold up every other request goes to a thread; the rest stays on the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
MANY_ROWS = 10_000
LARGE_FILE = 256 * 1024
"""From this many rows, or bytes of workbook, on."""


async def offload(heavy: bool, work: Callable[[], T]) -> T:
    """The result of `work`, which looks only at records (they never change) and changes nothing."""
    return await asyncio.to_thread(work) if heavy else work()
