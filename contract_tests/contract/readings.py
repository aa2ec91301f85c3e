"""Open questions of the contract whose answers the check knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from openapi import Reading, load_readings


@lru_cache(maxsize=1)
def readings() -> Mapping[str, Reading]:
    """Return these questions by key, in the order of readings.yaml."""
    return {each.key: each for each in load_readings() if each.switchable}
