"""When Python looks for garbage: neither while the mock starts nor all the time afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: what is imported stays, and to look takes a tenth longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def settle() -> None:
    """From now on look seldom, and never at what exists now: it lives as long as the process.

    Requests make too little garbage in cycles to be collected every 700 allocations. What little
    the start left behind stays: to look for it takes longer than to make the first world.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
