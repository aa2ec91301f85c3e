"""Texts of a contract, which explain it and bind neither clients nor servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openapi.pointer import child_pointer

TEXT_KEYWORDS = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "contact", "license"}
)
NAME_EXTENSION = "x-enum-varnames"
"""Names of the values of an enum in generated source."""
BINDING_EXTENSIONS = frozenset({"x-format", "x-extensible-enum", NAME_EXTENSION})
"""Extensions that bind clients, servers or generators; all others explain."""
_MAPS_OF_NAMES = frozenset(
    {
        "properties",
        "paths",
        "responses",
        "content",
        "headers",
        "schemas",
        "parameters",
        "requestBodies",
        "securitySchemes",
        "links",
        "variables",
        "encoding",
        "mapping",
        "callbacks",
    }
)
"""Keywords of objects whose names are free, so that one may be called `description`."""


def is_text(keyword: str) -> bool:
    """Return whether a keyword only explains, as descriptions, examples and most extensions do."""
    if keyword.startswith("x-"):
        return keyword not in BINDING_EXTENSIONS
    return keyword in TEXT_KEYWORDS


def changed_texts(old: Any, new: Any, pointer: str = "", *, named: bool = False) -> Iterator[str]:
    """Yield the pointers of the texts that differ, in the parts that both documents have.

    named: the keys of this object are free names instead of keywords.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            below = child_pointer(pointer, key)
            if not named and is_text(key):
                if old.get(key) != new.get(key):
                    yield below
            elif key in old and key in new:
                names_follow = not named and key in _MAPS_OF_NAMES
                yield from changed_texts(old[key], new[key], below, named=names_follow)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from changed_texts(before, after, child_pointer(pointer, index))
