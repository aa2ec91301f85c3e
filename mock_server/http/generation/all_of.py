"""Merging of two schemas into one that requires what both do, as `allOf` means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mock_server.http.generation.scalars import Impossible
from mock_server.http.schemas import UnsupportedSchema


def joined(one: dict[str, Any], other: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Return a schema that requires what both schemas do."""
    both = dict(one)
    for key, value in other.items():
        if key not in both:
            both[key] = value
        elif key in MERGED:
            both[key] = MERGED[key](both[key], value)
        elif key == "type" and both[key] != value:
            if {both[key], value} != {"integer", "number"}:
                raise Impossible(at, f"the type must be both {both[key]} and {value}")
            both[key] = "integer"
        elif key in ("oneOf", "anyOf") and both[key] != value:
            raise UnsupportedSchema(f"two {key} in one allOf are not supported without an example")
    return both


def _properties(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
    return {**one, **other, **shared}


def _both(one: Any, other: Any) -> Any:
    if one is False or other is False:
        return False
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return one if isinstance(one, Mapping) else other
    return {"allOf": [one, other]}


MERGED: dict[str, Callable[[Any, Any], Any]] = {
    "properties": _properties,
    "required": lambda one, other: [*one, *other],
    "enum": lambda one, other: [item for item in one if item in other],
    "items": _both,
    "additionalProperties": _both,
    "nullable": lambda one, other: one and other,
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), min),
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), max),
}
"""What two schemas ask for together, by keyword."""
