"""What answers hold beside what the contract declares: no fault, but something to look into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.operations import Operation
from openapi import child_pointer, combined_schemas

ANY_INDEX = "*"
"""Stands in a pointer for any index of an array."""
MAX_DEPTH = 32
"""Levels of an answer that are looked into; a schema may refer to itself."""
Schema = dict[str, Any]


def find_undeclared_fields(
    operation: Operation, status: int, media_type: str, body: Any
) -> set[str]:
    """The pointers of fields that the operation's schema for this answer does not name.

    An object for which the schema names no field, or says what others may be, holds none.
    """
    content = operation.raw["responses"].get(str(status), {})
    found = operation.resolve_reference(content).get("content", {}).get(media_type, {})
    if "schema" not in found:
        return set()
    return set(_walk_response(operation, [found["schema"]], body, "", MAX_DEPTH))


def _walk_response(
    operation: Operation, schemas: list[Schema], value: Any, pointer: str, depth: int
) -> Iterator[str]:
    """What is not declared in `value`, which all of these schemas describe together."""
    if not depth:
        return
    parts = [part for schema in schemas for part in _subschemas(operation, schema)]
    if isinstance(value, list):
        items = [part["items"] for part in parts if "items" in part]
        for item in value if items else ():
            yield from _walk_response(
                operation, items, item, child_pointer(pointer, ANY_INDEX), depth - 1
            )
    elif isinstance(value, dict):
        named = [part["properties"] for part in parts if "properties" in part]
        is_open = any("additionalProperties" in part for part in parts)
        for key, below in value.items() if named else ():
            declared = [properties[key] for properties in named if key in properties]
            place = child_pointer(pointer, key)
            if declared:
                yield from _walk_response(operation, declared, below, place, depth - 1)
            elif not is_open:
                yield place


def _subschemas(operation: Operation, schema: Schema) -> Iterator[Schema]:
    """A schema and all that it is made of, whichever alternative the value is."""
    found = operation.resolve_reference(schema)
    yield found
    for part in combined_schemas(found):
        yield from _subschemas(operation, part)
