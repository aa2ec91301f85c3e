"""Return of unused memory to the system.

The allocator of glibc keeps freed memory for later requests, and its threshold grows with the size
of the freed blocks. After a world with many files it would keep as much as that world took, in
pieces that other sizes do not fit into.
"""

from __future__ import annotations

import sys
from typing import Any

LARGE_BLOCK_BYTES = 2**20
"""Bytes of a block that is asked of the system and given back by itself."""
M_MMAP_THRESHOLD = -3
"""The name of that bound in glibc's malloc.h."""


def set_mmap_threshold() -> None:
    """Make the C library return large blocks to the system as soon as they are freed, if it can.

    For a thread, after the start: what it needs takes 5 ms to import.
    """
    if change := _glibc_function("mallopt"):
        change(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


def trim_memory() -> None:
    """Return freed memory to the system, where the C library can; for a thread."""
    if trim := _glibc_function("malloc_trim"):
        trim(0)


def _glibc_function(name: str) -> Any:
    """A function of glibc's; None anywhere else."""
    if sys.platform != "linux":
        return None
    import ctypes  # noqa: PLC0415 - not while the mock starts

    library = ctypes.CDLL(None)
    return getattr(library, name, None) if hasattr(library, "gnu_get_libc_version") else None
