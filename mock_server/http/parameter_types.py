"""Types of parameters: which one a schema declares, and the conversion of texts to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mock_server.http.schema_translation import resolve_reference
from openapi import combined_schemas

# The digits of an int64. `int` also accepts `+1`, `1_0`, spaces and digits of other scripts.
INTEGER_PATTERN = re.compile(r"-?[0-9]{1,19}", re.ASCII)
BOOLEAN_WORDS = {"true": True, "false": False}


class ParameterSyntaxError(ValueError):
    """A text cannot be converted to the type of its parameter."""


def declared_type(schema: Mapping[str, Any], components: Mapping[str, Any]) -> str | None:
    """Return the type of a schema or of its first subschema that declares one, or None."""
    for part in _iter_subschemas(schema, components):
        if "type" in part:
            return str(part["type"])
        if "properties" in part:
            return "object"
    return None


def declared_items(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of an array's items, which a subschema may have; empty if there is none."""
    for part in _iter_subschemas(schema, components):
        if "items" in part:
            items: Mapping[str, Any] = resolve_reference(part["items"], components, "schemas")
            return items
    return {}


def _iter_subschemas(
    schema: Mapping[str, Any], components: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and the schemas that it combines, at any depth; each once."""
    left, seen = [schema], set[int]()
    while left:
        part = resolve_reference(left.pop(), components, "schemas")
        if id(part) not in seen:  # a schema may combine itself
            seen.add(id(part))
            yield part
            left += reversed([*combined_schemas(part)])


def _parse_integer(text: str) -> int:
    if INTEGER_PATTERN.fullmatch(text):
        return int(text)
    raise ParameterSyntaxError(text)


def _parse_number(text: str) -> float:
    # `float` also accepts `1e3`, `1_0`, `inf` and spaces.
    if re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?", text):
        return float(text)
    raise ParameterSyntaxError(text)


def _parse_boolean(text: str) -> bool:
    if text in BOOLEAN_WORDS:
        return BOOLEAN_WORDS[text]
    raise ParameterSyntaxError(text)


PARSERS_BY_TYPE: dict[str, Callable[[str], Any]] = {
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
    "string": str,
}
"""Functions that convert a text to a type; they raise ParameterSyntaxError."""
