"""Operations that a request to an unknown path may have meant."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from mock_server.http.path_suggestion import (
    API_PREFIX,
    MAX_PATH_LENGTH,
    PLACEHOLDER,
    SERVED_METHODS,
)

MAX_NEAR_MISSES = 3
MIN_SIMILARITY = 0.6
"""Minimum `SequenceMatcher.ratio` of a near miss; lower than that of the one in the refusal."""


class NearMiss(NamedTuple):
    """An operation, and how similar its path is to the one that was requested (0 to 1)."""

    operation: str
    method: str
    path: str
    similarity: float


def find_near_misses(paths: Mapping[str, Any], method: str, path: str) -> list[NearMiss]:
    """Return the nearest operations of a contract's `paths`, the most similar first.

    Of operations with the same path, that with the requested method comes first.
    """
    sent = _shape(path[:MAX_PATH_LENGTH])
    found = []
    for template, item in paths.items():
        similarity = _similarity(sent, _shape(PLACEHOLDER.sub("0", template)))
        if similarity < MIN_SIMILARITY:
            continue
        found += [
            NearMiss(item[name]["operationId"], name.upper(), template, round(similarity, 3))
            for name in SERVED_METHODS
            if name in item
        ]
    found.sort(key=lambda each: (-each.similarity, each.method != method))
    return found[:MAX_NEAR_MISSES]


def _shape(path: str) -> str:
    """Return what distinguishes a path: without prefix and extra slashes, 0 for each number."""
    words = [word for word in path.lower().split("/") if word]
    return "".join(f"/{'0' if word.isdigit() else word}" for word in words).removeprefix(API_PREFIX)


def _similarity(sent: str, template: str) -> float:
    matcher = SequenceMatcher(a=sent, b=template, autojunk=False)
    # An upper bound, which takes much less time.
    return matcher.ratio() if matcher.real_quick_ratio() >= MIN_SIMILARITY else 0.0
