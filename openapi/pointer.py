"""JSON pointers (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def escape_token(name: str) -> str:
    """Return a name as one token of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def child_pointer(pointer: str, token: str | int) -> str:
    """Return the pointer one token deeper."""
    return f"{pointer}/{escape_token(str(token))}"


def pointer_of(path: Iterable[str | int]) -> str:
    """Return the pointer of these tokens, which are not escaped yet."""
    return "".join(f"/{escape_token(str(token))}" for token in path)


def split_pointer(pointer: str) -> list[str]:
    """Return the tokens of a pointer, which may begin with `#`."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def resolve_pointer(document: Any, pointer: str) -> Any:
    """Return what a pointer leads to; raises LookupError, ValueError or TypeError for nothing."""
    found = document
    for token in split_pointer(pointer):
        found = found[int(token)] if isinstance(found, list) else found[token]
    return found
