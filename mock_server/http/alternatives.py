"""Violations of `oneOf` and `anyOf`: those of the alternative that a value is meant to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]
JSON_TYPES: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    dict: ("object",),
    list: ("array",),
    type(None): ("null",),
}


def meant_alternatives(
    parts: Sequence[Schema], value: Any, definitions: Mapping[str, Schema]
) -> list[Schema]:
    """Return the alternatives of a translated schema that allow the JSON type of a value."""
    wanted = {*JSON_TYPES.get(type(value), ())}
    return [part for part in parts if wanted & {*declared_types(part, definitions)}]


def declared_types(part: Schema, definitions: Mapping[str, Schema]) -> list[str]:
    """Return the JSON types that a schema allows; empty if it declares none."""
    if "$ref" in part:
        part = definitions.get(part["$ref"].rpartition("/")[2], {})
    declared = part.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)
