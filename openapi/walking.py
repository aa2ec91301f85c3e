"""Walking an OpenAPI 3.0 document by what stands where (`document_shape.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from openapi.document_shape import METHODS, SHAPES, is_extension
from openapi.pointer import resolve, step

COMBINING = ("allOf", "oneOf", "anyOf")
"""Keywords whose schemas describe the same value as the one that they stand in."""


class Node(NamedTuple):
    """An object of a document: its JSON pointer, its kind (a key of SHAPES) and itself."""

    pointer: str
    kind: str
    value: dict[str, Any]


class Declared(NamedTuple):
    """An operation of a document: path, method, the path's item and the operation's own object."""

    path: str
    method: str
    item: Any
    operation: Any


def nodes(
    root: Any,
    kind: str = "document",
    *,
    without: Collection[str] = (),
    document: Mapping[str, Any] | None = None,
) -> Iterator[Node]:
    """Yield every object of `root`, itself and those in data excepted, before what is in it.

    So a caller may change an object before it is looked into. Fields named in `without` are passed
    over. References are followed within `document`, each once, or not at all.
    """
    return _Walk(without, document).below(root, kind, "")


class _Walk:
    def __init__(self, without: Collection[str], document: Mapping[str, Any] | None) -> None:
        self._without = without
        self._document = document
        self._followed: set[str] = set()

    def below(self, node: Any, kind: str, pointer: str) -> Iterator[Node]:
        if kind[0] == "[":
            for index, item in enumerate(node if isinstance(node, list) else ()):
                yield from self.below(item, kind[1:], step(pointer, index))
        elif kind[0] == "{":
            for name, item in [*node.items()] if isinstance(node, dict) else ():
                if not is_extension(name, kind):
                    yield from self.below(item, kind[1:], step(pointer, name))
        elif isinstance(node, dict):
            yield Node(pointer, kind, node)
            yield from self._referred(node, kind)
            fields = SHAPES[kind]
            for name in [*node]:
                known = fields.get(name) or ("" if is_extension(name, kind) else fields.get("*"))
                if known and known != "=" and name not in self._without:
                    yield from self.below(node[name], known, step(pointer, name))

    def _referred(self, node: Mapping[str, Any], kind: str) -> Iterator[Node]:
        reference = node.get("$ref")
        if self._document is None or not isinstance(reference, str):
            return
        if reference not in self._followed:
            self._followed.add(reference)
            yield from self.below(resolve(self._document, reference), kind, reference[1:])


def each_operation(document: Mapping[str, Any]) -> Iterator[Declared]:
    """Yield every operation of a document, path by path."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield Declared(path, method, item, item[method])


def combined(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the schemas in a schema that describe the same value as it does."""
    for keyword in COMBINING:
        yield from schema.get(keyword, ())
