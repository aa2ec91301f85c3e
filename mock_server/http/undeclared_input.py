"""The nearest declared name for an undeclared field or parameter (reading `unknown-input`)."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

MAX_NAME_LENGTH = 40
"""Longest name that is compared; the time of a comparison grows with its square."""


def suggest_names(sent: str, declared: Collection[str]) -> str:
    """Return the declared name that is nearest to `sent`, or all of them if none is similar."""
    if 0 < len(sent) <= MAX_NAME_LENGTH:
        by_lower = {name.lower(): name for name in declared}
        if close := get_close_matches(sent.lower(), by_lower, n=1):
            return by_lower[close[0]]
    return ", ".join(declared)
