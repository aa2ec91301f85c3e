"""Undeclared fields of responses are reported with their place."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.checks.undocumented_fields import undeclared_response_fields
from contract_tests.contract.operations import Operation, operations

JSON = "application/json"
NAMED_SCHEMA: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "integer"}}}


def undocumented_fields_of(schema: dict[str, Any], body: Any) -> set[str]:
    """Return the undeclared fields of a response to an operation with this schema."""
    contract = {
        "components": {"schemas": {"Named": NAMED_SCHEMA, "Tree": TREE_SCHEMA}},
        "security": [],
    }
    raw = {"operationId": "x", "responses": {"200": {"content": {JSON: {"schema": schema}}}}}
    return undeclared_response_fields(Operation(contract, "/x", "get", {}, raw), 200, JSON, body)


TREE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
}
NAMED_SCHEMA_REF = {"$ref": "#/components/schemas/Named"}


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        (NAMED_SCHEMA, {"a": 1}, set()),
        (NAMED_SCHEMA, {"a": 1, "b": 2}, {"/b"}),
        (NAMED_SCHEMA_REF, {"b": 2}, {"/b"}),
        (
            {"type": "array", "items": NAMED_SCHEMA_REF},
            [{"a": 1}, {"b": 1}, {"b": 2, "c": 3}],
            {"/*/b", "/*/c"},
        ),
        (
            {"allOf": [NAMED_SCHEMA_REF, {"properties": {"c": {}}}]},
            {"a": 1, "c": {"d": 1}, "e": 1},
            {"/e"},
        ),
        ({"oneOf": [NAMED_SCHEMA_REF, {"properties": {"c": {}}}]}, {"c": 1, "e": 1}, {"/e"}),
        ({**NAMED_SCHEMA, "additionalProperties": {"type": "string"}}, {"b": "x"}, set()),
        ({"type": "object"}, {"b": 1}, set()),
        ({"type": "string"}, {"b": 1}, set()),
        (TREE_SCHEMA, {"below": [{"below": [{"x": 1}]}]}, {"/below/*/below/*/x"}),
    ],
)
def test_what_the_schema_does_not_name(
    schema: dict[str, Any], body: Any, expected: set[str]
) -> None:
    """Fields are found through references, alternatives and arrays; open objects have none."""
    assert undocumented_fields_of(schema, body) == expected


def test_an_answer_without_a_schema_holds_none() -> None:
    """Responses with an undeclared status or media type are left to other checks."""
    operation = operations()["getGroup"]
    assert not undeclared_response_fields(operation, 418, JSON, {"b": 1})
    assert not undeclared_response_fields(operation, 200, "text/plain", {"b": 1})
    assert undeclared_response_fields(operation, 200, JSON, {"b": 1}) == {"/b"}
