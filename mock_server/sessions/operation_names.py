"""Operations that rules name: by operationId, by tag, or `*` for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

ALL_OPERATIONS = "*"
MAX_SUGGESTIONS = 3
OperationTags = Mapping[str, Collection[str]]
"""The tags of each operation, by operationId."""


def named_operations(name: str, tags: OperationTags) -> frozenset[str]:
    """Return the operationIds that a name stands for; none if it is unknown."""
    if name == ALL_OPERATIONS:
        return frozenset(tags)
    if name in tags:
        return frozenset((name,))
    return frozenset(each for each, own in tags.items() if name in own)


def suggest_operations(name: str, tags: OperationTags) -> str:
    """Return the operationIds and tags that are most like a name, or `*` and all tags."""
    known = list(dict.fromkeys(tag for own in tags.values() for tag in own))
    nearest = get_close_matches(name, [*tags, *known], MAX_SUGGESTIONS)
    return ", ".join(nearest or [ALL_OPERATIONS, *known])
