"""Random numbers without state: the same seed and words always give the same number.

Derived values (who replied, which message failed) have to be the same at every read. They are
therefore computed from what identifies them, and not drawn from a generator.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

GOLDEN_RATIO = (5**0.5 - 1) / 2


# Cached, because every list, report and status of a task needs the same numbers again.
@lru_cache(16_384)
def random_float(seed: int, *words: str | int) -> float:
    """Return a number in [0, 1) for these words and this seed."""
    # Not hash(), which differs between processes, nor random.Random(seed), which is slow to seed.
    digest = blake2b(repr((seed, *words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def quasi_random_float(row: int, seed: int, *words: str | int) -> float:
    """Return a number in [0, 1) for a row of a list; successive rows are spread evenly.

    The numbers are multiples of the golden ratio from a random start. Eight successive rows leave
    no gap of 0.15, and twenty-one none of 0.06, so even a short list contains every outcome.
    """
    return (random_float(seed, *words) + row * GOLDEN_RATIO) % 1
