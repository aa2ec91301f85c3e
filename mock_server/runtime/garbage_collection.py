"""Garbage collection: none while the mock starts, and seldom afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def tune_garbage_collection() -> None:
    """Enable the collector with high thresholds, and exempt the objects that exist now.

    A collection stops all requests. Python's default, one for every 700 allocations, is too often
    for requests that leave few cycles: a list of 100,000 members allocates 300,000 objects. The
    thresholds keep the frequent collections short: the first examines 5,000 objects, the second the
    25,000 that survived five of the first. All others are examined once per 8,000,000 allocations.
    """
    # Objects of the start live as long as the process. Its little garbage is kept: a search for it
    # would take longer than building the first world.
    gc.freeze()
    gc.set_threshold(5_000, 5, 320)
    gc.enable()


@contextmanager
def exempt_new_objects(*, many: bool) -> Iterator[None]:
    """Collect no garbage during the block if it creates many objects, and exempt these afterwards.

    A collection that examines the records of a large world takes hundreds of milliseconds. Garbage
    of other requests that is left at the end of the block is kept, so it has to be a rare one.
    """
    if not many or not gc.isenabled():
        yield
        return
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
