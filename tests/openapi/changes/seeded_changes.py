"""A change of the contract whose verdict is known, and functions that make such changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from openapi.changes.change import Reader
from openapi.pointer import resolve_pointer

JsonObject = dict[str, Any]
SCHEMAS = "/components/schemas"
TASKS = "/paths/~1api~1v1~1notification-tasks"
GROUPS = "/paths/~1api~1v1~1marketing-notice~1group"


class SeededChange(NamedTuple):
    """A change of a contract: what it is, how it is made, and what has to be found.

    breaks: the readers that it breaks; level: the part of the version that has to grow;
    place: the pointer, or the operationId, that the report has to name.
    """

    name: str
    make: Callable[[JsonObject], None]
    breaks: frozenset[Reader]
    level: str
    place: str


def merging(pointer: str, **values: Any) -> Callable[[JsonObject], None]:
    """Return a change that sets keywords of an object; None removes one."""

    def make(contract: JsonObject) -> None:
        node = resolve_pointer(contract, pointer)
        for name, value in values.items():
            if value is None:
                del node[name]
            else:
                node[name] = value

    return make


def appending(pointer: str, *values: Any) -> Callable[[JsonObject], None]:
    """Return a change that appends values to a list."""
    return lambda contract: resolve_pointer(contract, pointer).extend(values)


def removing(pointer: str, value: Any) -> Callable[[JsonObject], None]:
    """Return a change that removes a value from a list, or a name from an object."""

    def make(contract: JsonObject) -> None:
        node = resolve_pointer(contract, pointer)
        node.remove(value) if isinstance(node, list) else node.pop(value)

    return make


def renaming(pointer: str, old: str, new: str) -> Callable[[JsonObject], None]:
    """Return a change that renames a name of an object."""

    def make(contract: JsonObject) -> None:
        node = resolve_pointer(contract, pointer)
        node[new] = node.pop(old)

    return make
