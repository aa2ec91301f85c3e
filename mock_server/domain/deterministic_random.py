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
GOLDEN_RATIO = (5**0.5 - 1) / 2


@lru_cache(16_384)
def random_float(seed: int, *words: str | int) -> float:
    """A number in [0, 1) for these words in this seed."""
    digest = blake2b(repr((seed, *words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def quasi_random_float(row: int, seed: int, *words: str | int) -> float:
    """A number in [0, 1) for each row of a list, such that every run of rows is spread evenly.

    Multiples of the golden ratio from a drawn beginning: eight rows in succession leave no gap of
    0.15, twenty-one none of 0.06. So a short list shows what a long one does.
    """
    return (random_float(seed, *words) + row * GOLDEN_RATIO) % 1


def random_int(low: int, high: int, seed: int, *words: str | int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(random_float(seed, *words) * (high - low + 1))


def random_choice(options: Sequence[T], seed: int, *words: str | int) -> T:
    """One of `options`."""
    return options[int(random_float(seed, *words) * len(options))]
