"""Names of a schema's fields, compiled once, to find undeclared ones in the bodies of requests.

An object that allows other fields explicitly, as members with parameters of their own do, has no
undeclared ones; nor has one that refuses them, because its violations name them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_server.http.undeclared_input import MAX_UNDECLARED, UndeclaredName
from mock_server.http.value_walks import Schema, tags_of
from openapi import escape_token

MAX_SCHEMAS = 2_000
"""Maximum number of schemas that are compiled; what is beyond is not compared."""
MAX_ITEMS = (1_000, 50, 5)
"""Items that are compared of a list, of a list within a list, and so on; then one."""
MAX_RECURSION = 2
"""Depth to which a schema within itself is compared."""
Accepts = Callable[[Any], bool]
Trail = tuple[str, ...]
Tags = dict[str, list[Any]]
"""Values of the fields by which an alternative is recognized."""


@dataclass(slots=True)
class _Shape:
    """Constraints of several schemas on a value: the names of its fields, and their schemas.

    names: None if nothing is said, or if other fields are allowed or refused explicitly.
    """

    names: frozenset[str] | None = None
    is_open: bool = False
    fields: dict[str, list[Schema]] = field(default_factory=dict)
    items: list[Schema] = field(default_factory=list)
    choices: list[tuple[Tags, Schema]] = field(default_factory=list)
    chosen: bool = False

    def add_own(self, schema: Schema) -> None:
        """Add what a schema says without its references and alternatives."""
        if "additionalProperties" in schema:
            self.is_open = True
        if properties := schema.get("properties"):
            self.names = (self.names or frozenset()).union(properties)
            for name, part in properties.items():
                self.fields.setdefault(name, []).append(part)
        if "items" in schema:
            self.items.append(schema["items"])


class KnownNames:
    """The names that a schema has for the fields of a body."""

    def __init__(self, schema: Schema) -> None:
        """Compile a translated schema (`schema_translation.py`)."""
        compiler = _Compiler(schema.get("definitions", {}))
        self._node = compiler.compile([schema], 0, ())
        self.has_all_of: Accepts = self._node.is_clean if self._node else _accept
        """Return whether the schema has all names of a value."""

    def undeclared(self, value: Any, base: str) -> list[UndeclaredName]:
        """Return at most MAX_UNDECLARED names of a value that the schema does not have."""
        found: list[UndeclaredName] = []
        if self._node:
            self._node.find(value, base, found)
        return found[:MAX_UNDECLARED]


class _Node:
    """The names at one place of a value. `is_clean` is fast, and `find` is for the rest."""

    def __init__(
        self,
        names: frozenset[str] | None,
        fields: Mapping[str, _Node],
        items: _Node | None,
        choices: list[tuple[Tags, _Node]],
        max_items: int,
    ) -> None:
        self._names = names
        self._fields = fields
        self._items = items
        self._choices = choices
        self._max_items = max_items
        plain = items is None and not choices
        self.is_clean: Accepts = self._compile_object_test() if plain else self._is_clean

    def _compile_object_test(self) -> Accepts:
        has_all = self._names.issuperset if self._names is not None else _accept
        fields = [(name, node.is_clean) for name, node in self._fields.items()]

        def is_clean(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            if not has_all(value):
                return False
            for name, is_clean_field in fields:
                if name in value and not is_clean_field(value[name]):
                    return False
            return True

        return is_clean

    def _is_clean(self, value: Any) -> bool:
        if isinstance(value, list):
            items = self._items
            return items is None or all(map(items.is_clean, value[: self._max_items]))
        found: list[UndeclaredName] = []
        self.find(value, "", found)
        return not found

    def find(self, value: Any, pointer: str, found: list[UndeclaredName]) -> None:
        """Add the undeclared names in a value to `found`."""
        if isinstance(value, dict):
            self._find_in_object(value, pointer, found)
        elif isinstance(value, list) and self._items:
            for index, item in enumerate(value[: self._max_items]):
                if len(found) < MAX_UNDECLARED and not self._items.is_clean(item):
                    self._items.find(item, f"{pointer}/{index}", found)

    def _find_in_object(self, value: Any, pointer: str, found: list[UndeclaredName]) -> None:
        if self._choices:  # the names of an alternative include those of the schema around it
            for tags, node in self._choices:
                if all(value.get(name) in values for name, values in tags.items()):
                    node.find(value, pointer, found)
            return
        if self._names is not None and not self._names.issuperset(value):
            found += [
                UndeclaredName.at(pointer, n, self._names) for n in value if n not in self._names
            ][:MAX_UNDECLARED]
        for name, node in self._fields.items():
            if name in value and len(found) < MAX_UNDECLARED:
                node.find(value[name], f"{pointer}/{escape_token(name)}", found)


class _Compiler:
    """Compiler of one schema."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._left = MAX_SCHEMAS

    def compile(
        self, schemas: list[Schema], depth: int, trail: Trail, *, chosen: bool = False
    ) -> _Node | None:
        """Return the node of a value that has all these schemas; None if nothing is compared.

        depth: number of lists around it; trail: names of the definitions around it; chosen: one of
        its alternatives is among the schemas, and no others are distinguished.
        """
        shape = _Shape(chosen=chosen)
        for schema in schemas:
            trail = self._add(schema, shape, trail)
        names = None if shape.is_open else shape.names
        fields = {}
        for name, parts in shape.fields.items():
            if node := self.compile(parts, depth, trail):
                fields[name] = node
        items = self.compile(shape.items, depth + 1, trail) if shape.items else None
        choices = self._compile_choices(shape, schemas, depth, trail)
        if names is None and not fields and items is None and not choices:
            return None
        return _Node(names, fields, items, choices, (*MAX_ITEMS, *([1] * depth))[depth])

    def _compile_choices(
        self, shape: _Shape, schemas: list[Schema], depth: int, trail: Trail
    ) -> list[tuple[Tags, _Node]]:
        """Return the nodes of the alternatives of the first choice by their tags."""
        if not shape.choices:
            return []
        rest = [{k: v for k, v in s.items() if k not in ("oneOf", "anyOf")} for s in schemas]
        found = []
        for tags, part in shape.choices:
            node = self.compile([*rest, part], depth, trail, chosen=True)
            found.append((tags, node or _Node(None, {}, None, [], 1)))
        return found

    def _add(self, schema: Schema, shape: _Shape, trail: Trail) -> Trail:
        """Add what a schema says to a shape, and return the trail within it."""
        self._left -= 1
        if self._left < 0:
            shape.is_open = True
            return trail
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if trail.count(name) == MAX_RECURSION:
                shape.is_open = True
                return trail
            return self._add(self._definitions[name], shape, (*trail, name))
        shape.add_own(schema)
        for part in schema.get("allOf", ()):
            trail = self._add(part, shape, trail)
        for key in ("oneOf", "anyOf"):
            if parts := [each for each in schema.get(key, ()) if _is_structure(each)]:
                trail = self._add_alternatives(parts, shape, trail)
        return trail

    def _add_alternatives(self, parts: list[Schema], shape: _Shape, trail: Trail) -> Trail:
        tagged = [(tags_of(part), part) for part in parts]
        distinct = len(parts) > 1 and all(tags for tags, _ in tagged)
        if distinct and not shape.choices and not shape.chosen:
            shape.choices = tagged
            return trail
        # Which one is meant is not known, so a name of any of them is known.
        for part in parts:
            trail = self._add(part, shape, trail)
        return trail


def _is_structure(schema: Schema) -> bool:
    declared = schema.get("type", "object")
    return not {"object", "array"}.isdisjoint([declared] if isinstance(declared, str) else declared)


def _accept(_value: Any) -> bool:
    return True
