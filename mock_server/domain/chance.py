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


@lru_cache(16_384)
def unit(seed: int, *words: str | int) -> float:
    """A number in [0, 1) for these words in this seed."""
    digest = blake2b(repr((seed, *words)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def between(low: int, high: int, seed: int, *words: str | int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(unit(seed, *words) * (high - low + 1))


def choice(options: Sequence[T], seed: int, *words: str | int) -> T:
    """One of `options`."""
    return options[int(unit(seed, *words) * len(options))]
