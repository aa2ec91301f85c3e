"""Other paths of the same operations, which a contract names in `x-aliases` of a path."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

PLACEHOLDER = re.compile(r"\{[^{}/]+\}")
Alias = tuple[re.Pattern[str], str]
"""Pattern of the other path, and the path's template for `str.format`."""


def find_aliases(contract: Mapping[str, Any]) -> Sequence[Alias]:
    """Return the other paths of a contract, which have the same placeholders in the same order."""
    return [
        (re.compile(PLACEHOLDER.sub("([^/]+)", other)), PLACEHOLDER.sub("{}", path))
        for path, item in contract["paths"].items()
        for other in item.get("x-aliases", ())
    ]


def resolve_alias(aliases: Sequence[Alias], path: str) -> str | None:
    """Return the contract's path for another one, or None if `path` is not one."""
    for pattern, template in aliases:
        if match := pattern.fullmatch(path):
            return template.format(*match.groups())
    return None
