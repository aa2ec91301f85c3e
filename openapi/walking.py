"""Walks over an OpenAPI 3.0 document by the kinds of its objects (`document_shape.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from openapi.document_shape import FIELD_KINDS, OPERATION_METHODS, is_extension
from openapi.pointer import child_pointer, resolve_pointer

COMBINING_KEYWORDS = ("allOf", "oneOf", "anyOf")
"""Keywords whose subschemas apply to the same value as the schema that contains them."""


class DocumentNode(NamedTuple):
    """An object of a document, with its JSON pointer and its kind (a key of FIELD_KINDS)."""

    pointer: str
    kind: str
    value: dict[str, Any]


class DeclaredOperation(NamedTuple):
    """An operation of a document: path, method, path item and operation object."""

    path: str
    method: str
    item: Any
    operation: Any


def walk_nodes(
    root: Any,
    kind: str = "document",
    *,
    without: Collection[str] = (),
    document: Mapping[str, Any] | None = None,
) -> Iterator[DocumentNode]:
    """Yield `root` and the objects below it, except those in plain data.

    An object is yielded before its children, so the caller may change it first. Fields named in
    `without` are skipped. With `document`, references in it are followed, each once.
    """
    return _DocumentWalker(without, document).walk(root, kind, "")


class _DocumentWalker:
    def __init__(self, without: Collection[str], document: Mapping[str, Any] | None) -> None:
        self._without = without
        self._document = document
        self._followed: set[str] = set()

    def walk(self, node: Any, kind: str, pointer: str) -> Iterator[DocumentNode]:
        if kind[0] == "[":
            for index, item in enumerate(node if isinstance(node, list) else ()):
                yield from self.walk(item, kind[1:], child_pointer(pointer, index))
        elif kind[0] == "{":
            for name, item in [*node.items()] if isinstance(node, dict) else ():
                if not is_extension(name, kind):
                    yield from self.walk(item, kind[1:], child_pointer(pointer, name))
        elif isinstance(node, dict):
            yield DocumentNode(pointer, kind, node)
            yield from self._walk_reference(node, kind)
            fields = FIELD_KINDS[kind]
            for name in [*node]:  # a copy: the caller may have removed keys, or remove them later
                known = fields.get(name) or ("" if is_extension(name, kind) else fields.get("*"))
                if known and known != "=" and name not in self._without:
                    yield from self.walk(node[name], known, child_pointer(pointer, name))

    def _walk_reference(self, node: Mapping[str, Any], kind: str) -> Iterator[DocumentNode]:
        reference = node.get("$ref")
        if self._document is None or not isinstance(reference, str):
            return
        if reference not in self._followed:  # a schema may refer to itself
            self._followed.add(reference)
            yield from self.walk(resolve_pointer(self._document, reference), kind, reference[1:])


def iter_operations(document: Mapping[str, Any]) -> Iterator[DeclaredOperation]:
    """Yield the operations of a document in the order of its paths."""
    for path, item in document.get("paths", {}).items():
        for method in OPERATION_METHODS:
            if method in item:
                yield DeclaredOperation(path, method, item, item[method])


def combined_schemas(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the subschemas in `allOf`, `oneOf` and `anyOf` of a schema."""
    for keyword in COMBINING_KEYWORDS:
        yield from schema.get(keyword, ())


def iter_references(node: Any) -> Iterator[str]:
    """Yield the references in a node, at any depth, also those in plain data."""
    if isinstance(node, list | tuple):
        for each in node:
            yield from iter_references(each)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for each in node.values():
            yield from iter_references(each)
