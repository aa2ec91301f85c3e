"""Fields of responses that the contract does not declare: no violation, but worth a look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.operations import Operation
from openapi import child_pointer

ANY_INDEX = "*"
"""Placeholder in a pointer for any index of an array."""
MAX_DEPTH = 32
"""Maximum depth of a response that is examined; a schema may refer to itself."""
Schema = dict[str, Any]


def undeclared_response_fields(
    operation: Operation, status: int, media_type: str, body: Any
) -> set[str]:
    """Return the pointers of fields that the operation's schema for this response does not name.

    Objects are skipped if their schema names no field or allows others by `additionalProperties`.
    """
    content = operation.raw["responses"].get(str(status), {})
    found = operation.resolve_reference(content).get("content", {}).get(media_type, {})
    if "schema" not in found:
        return set()
    return undeclared_fields_of_value(operation, found["schema"], body)


def undeclared_fields_of_value(operation: Operation, schema: Schema, value: Any) -> set[str]:
    """Return the pointers of fields in a value that its schema does not name."""
    return set(_walk_value(operation, [schema], value, "", MAX_DEPTH))


def _walk_value(
    operation: Operation, schemas: list[Schema], value: Any, pointer: str, depth: int
) -> Iterator[str]:
    """Yield the pointers of undeclared fields in `value`, to which all of these schemas apply."""
    if not depth:
        return
    parts = [part for schema in schemas for part in operation.iter_subschemas(schema)]
    if isinstance(value, list):
        items = [part["items"] for part in parts if "items" in part]
        for item in value if items else ():
            yield from _walk_value(
                operation, items, item, child_pointer(pointer, ANY_INDEX), depth - 1
            )
    elif isinstance(value, dict):
        named = [part["properties"] for part in parts if "properties" in part]
        is_open = any("additionalProperties" in part for part in parts)
        # An object without `properties` is a map, whose keys are data.
        for key, below in value.items() if named else ():
            declared = [properties[key] for properties in named if key in properties]
            place = child_pointer(pointer, key)
            if declared:
                yield from _walk_value(operation, declared, below, place, depth - 1)
            elif not is_open:
                yield place
