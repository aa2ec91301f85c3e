"""When Python looks for garbage: not while the mock starts, and seldom afterwards."""

from __future__ import annotations

import gc


def tune_garbage_collection() -> None:
    """From now on look, but seldom, and never at what exists now: it lives as long as the process.

    Requests make too little garbage in cycles to be collected every 700 allocations. What little
    the start left behind stays: to look for it takes longer than to make the first world.

    All requests wait meanwhile, so the first two looks are short: through 5,000 new objects, and
    through the 25,000 that outlived five of them. A list of 100,000 members makes 300,000. Those
    that outlive that are looked through once in 8,000,000.
    """
    gc.freeze()
    gc.set_threshold(5_000, 5, 320)
    gc.enable()
