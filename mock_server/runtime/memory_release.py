"""Freeing of many records, and return of unused memory to the system.

The allocator of glibc keeps freed memory for reuse, and its threshold grows with the size of the
freed blocks. After a world with many files it would keep all memory of that world, in pieces that
other sizes do not fit into.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

LARGE_BLOCK_BYTES = 2**20
"""Size in bytes from which a block is mapped on its own, and unmapped when it is freed."""
RECORDS_PER_BLOCK = 1_000
"""Number of records that are freed at once."""
M_MMAP_THRESHOLD = -3
"""Number of the `mallopt` parameter, from glibc's malloc.h."""


def set_mmap_threshold() -> None:
    """Make glibc return large blocks to the system as soon as they are freed.

    Has no effect with another C library. Called in a thread after the start, because importing
    `ctypes` takes 5 ms.
    """
    if change := _glibc_function("mallopt"):
        change(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


def trim_memory() -> None:
    """Return freed memory to the system (glibc only).

    Called in a thread, because it takes long if a large world has just been freed.
    """
    if trim := _glibc_function("malloc_trim"):
        trim(0)


@cache  # each CDLL makes types of its own, which are in cycles
def _glibc_function(name: str) -> Any:
    """Return a function of glibc, or None with another C library."""
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 - slow to import

    # Other C libraries, such as musl in Alpine, lack these functions or number the parameters
    # differently.
    library = ctypes.CDLL(None)
    return getattr(library, name, None) if hasattr(library, "gnu_get_libc_version") else None


def free_in_blocks(rows: list[Any]) -> None:
    """Empty a list in blocks; runs in a thread.

    Freeing 500,000 records at once would block all threads for a second.
    """
    while rows:
        del rows[-RECORDS_PER_BLOCK:]
