"""Garbage collection of a checking process."""

from __future__ import annotations

import gc

GC_THRESHOLDS = (100_000, 50, 100)
"""Allocations, and collections of the young, after which garbage is collected."""


def reduce_garbage_collection() -> None:
    """Collect garbage seldom, until this process ends.

    The contract and what is generated from it are large and stay: to look through them for garbage
    as often as Python does takes a third of the time of a run.
    """
    gc.set_threshold(*GC_THRESHOLDS)
