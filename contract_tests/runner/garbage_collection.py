"""Garbage collection in a process that checks."""

from __future__ import annotations

import gc

GC_THRESHOLDS = (100_000, 50, 100)
"""Allocations per collection, and collections of a younger generation per collection of the next.
"""


def reduce_garbage_collection() -> None:
    """Collect garbage less often until the process ends.

    The contract and the strategies made from it are large and permanent. With Python's defaults,
    scanning them takes a third of the time of a run.
    """
    gc.set_threshold(*GC_THRESHOLDS)
