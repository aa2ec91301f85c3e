"""JSON pointers (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def escape_token(name: str) -> str:
    """Return a name escaped as one token of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def child_pointer(pointer: str, token: str | int) -> str:
    """Return the pointer extended by one token, which is escaped."""
    return f"{pointer}/{escape_token(str(token))}"


def pointer_of(path: Iterable[str | int]) -> str:
    """Return the pointer made of these tokens, which are escaped."""
    return "".join(f"/{escape_token(str(token))}" for token in path)


def split_pointer(pointer: str) -> list[str]:
    """Return the unescaped tokens of a pointer, which may begin with `#`."""
    # `~1` first: in the other order `~01` would become `/` instead of `~1` (RFC 6901, section 4).
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def resolve_pointer(document: Any, pointer: str) -> Any:
    """Return the value at a pointer.

    Raises LookupError, ValueError or TypeError if there is none.
    """
    found = document
    for token in split_pointer(pointer):
        found = found[int(token)] if isinstance(found, list) else found[token]
    return found


def follow_references(document: Any, node: Any) -> Any:
    """Return the target of a reference of a valid document, or the node itself.

    Raises LookupError, ValueError or TypeError if the reference leads nowhere.
    """
    while "$ref" in node:
        node = resolve_pointer(document, node["$ref"])
    return node
