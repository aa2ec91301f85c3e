"""Values of a JSON body as a server may read them: of the type of the schema, null left out.

Jackson and its like take "301" for an integer, 42 for a text and null for a field that is not sent,
unless they are told otherwise. Which of these a server does is an open question.
"""

from __future__ import annotations

import json
import re
from typing import Any

from contract_tests.contract.operations import Operation

INTEGER_PATTERN = re.compile(r"-?[0-9]+")
NUMBER_PATTERN = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
# Python refuses to parse more than 4300 digits by default.
MAX_DIGITS = 4000
"""Maximum number of digits that are parsed as a number."""
BOOLEAN_BY_TEXT = {"true": True, "false": False}
MAX_DEPTH = 32
"""Maximum depth of a body that is converted; a schema may refer to itself."""
Schema = dict[str, Any]


def convert_to_schema_types(
    operation: Operation, schema: Schema, value: Any, depth: int = MAX_DEPTH
) -> Any:
    """Return a body of an operation as a server may read it by the answers that are open."""
    parts = [*operation.iter_subschemas(schema)] if depth else []
    if isinstance(value, list):
        items = next((part["items"] for part in parts if "items" in part), None)
        if items is None:
            return value
        return [convert_to_schema_types(operation, items, each, depth - 1) for each in value]
    if isinstance(value, dict):
        nullable = operation.strictness.may_follow("null-in-requests", "absent")
        found = {
            name: _convert_member(operation, parts, name, each, depth)
            for name, each in value.items()
        }
        return {name: each for name, each in found.items() if each is not None or not nullable}
    if operation.strictness.may_follow("number-as-text", "coerced"):
        return _convert_scalar(value, {part["type"] for part in parts if "type" in part} - {"null"})
    return value


def parse_text_as_type(text: str, kind: str | None) -> Any:
    """Return a text as a server would parse it for this type; unchanged if it does not fit."""
    if kind == "integer" and INTEGER_PATTERN.fullmatch(text):
        return int(text) if len(text) < MAX_DIGITS else text
    if kind == "number" and NUMBER_PATTERN.fullmatch(text):
        return float(text)
    return BOOLEAN_BY_TEXT.get(text, text) if kind == "boolean" else text


def _convert_member(
    operation: Operation, parts: list[Schema], name: str, value: Any, depth: int
) -> Any:
    declared = [part["properties"][name] for part in parts if name in part.get("properties", {})]
    return convert_to_schema_types(operation, declared[0], value, depth - 1) if declared else value


def _convert_scalar(value: Any, kinds: set[str]) -> Any:
    """Return a scalar, converted if it has none of these types and one of them fits."""
    numbers = sorted(kinds & {"integer", "number", "boolean"})
    if isinstance(value, str) and numbers and "string" not in kinds:
        # An empty text counts as null for a number.
        return parse_text_as_type(value.strip(), numbers[0]) if value.strip() else None
    if isinstance(value, bool | int | float) and kinds == {"string"}:
        return json.dumps(value)
    is_fraction = isinstance(value, float) and "number" not in kinds and abs(value) < 2**63
    return int(value) if is_fraction and "integer" in kinds else value
