"""Open questions of the contract whose answers the check knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from openapi import Reading, load_readings

PARTLY_STATED_RULES = frozenset({"MN-23"})
"""Rules of which a schema states only a part: the form of two times, not their order."""


@lru_cache(maxsize=1)
def readings() -> Mapping[str, Reading]:
    """Return these questions by key, in the order of readings.yaml."""
    return {each.key: each for each in load_readings() if each.switchable}
