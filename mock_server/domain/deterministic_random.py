"""Chance without state: the same seed and the same words always draw the same number.

Derived state (who answered, which message failed) must come out the same at every read, so it is
drawn from what identifies it rather than from a generator that remembers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
GOLDEN = (5**0.5 - 1) / 2


@lru_cache(16_384)
def unit(seed: int, *words: str | int) -> float:
    """A number in [0, 1) for these words in this seed."""
    digest = blake2b(repr((seed, *words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def spread(row: int, seed: int, *words: str | int) -> float:
    """A number in [0, 1) for each row of a list, such that every run of rows is spread evenly.

    Multiples of the golden ratio from a drawn beginning: eight rows in succession leave no gap of
    0.15, twenty-one none of 0.06. So a short list shows what a long one does.
    """
    return (unit(seed, *words) + row * GOLDEN) % 1


def between(low: int, high: int, seed: int, *words: str | int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(unit(seed, *words) * (high - low + 1))


def choice(options: Sequence[T], seed: int, *words: str | int) -> T:
    """One of `options`."""
    return options[int(unit(seed, *words) * len(options))]
