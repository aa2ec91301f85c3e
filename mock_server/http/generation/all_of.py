"""Merging of the schemas of an `allOf` into one schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mock_server.http.generation.scalars import GenerationError
from mock_server.http.schema_translation import UnsupportedSchemaError


def merge_schemas(one: dict[str, Any], other: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Return a schema that accepts the values that both schemas accept.

    `at` is the JSON pointer for errors. Raises GenerationError if there are no such values, and
    UnsupportedSchemaError for two different `oneOf` or `anyOf`.
    """
    both = dict(one)
    for key, value in other.items():
        if key not in both:
            both[key] = value
        elif key in KEYWORD_MERGERS:
            both[key] = KEYWORD_MERGERS[key](both[key], value)
        elif key == "type" and both[key] != value:
            if {both[key], value} != {"integer", "number"}:
                raise GenerationError(at, f"the type must be both {both[key]} and {value}")
            both[key] = "integer"  # an integer is also a number
        elif key in ("oneOf", "anyOf") and both[key] != value:
            raise UnsupportedSchemaError(
                f"two {key} in one allOf are not supported without an example"
            )
    return both


def _merge_properties(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    # Combined by `allOf` and merged when they are generated, because they may be references.
    shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
    return {**one, **other, **shared}


def _merge_subschemas(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return one if isinstance(one, Mapping) else other
    return {"allOf": [one, other]}


KEYWORD_MERGERS: dict[str, Callable[[Any, Any], Any]] = {
    "properties": _merge_properties,
    "required": lambda one, other: [*one, *other],
    "enum": lambda one, other: [item for item in one if item in other],
    "items": _merge_subschemas,
    "additionalProperties": _merge_subschemas,
    "nullable": lambda one, other: one and other,
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), min),
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), max),
}
"""Functions that combine the values of a keyword in two schemas."""
