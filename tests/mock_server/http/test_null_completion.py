"""Null for each optional field of a response without a value."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mock_server.http.null_completion import compile_null_completion
from mock_server.http.schema_translation import translate_schema
from tests.mock_server.http.test_body_preparation import (
    COMPONENTS,
    MAYBE_TEXT,
    MEMBER,
    TAGGED,
    TEXT,
)

PAGE = {
    "allOf": [
        {"type": "object", "properties": {"total": {"type": "integer", "nullable": True}}},
        {"type": "object", "properties": {"rows": {"type": "array", "items": MEMBER}}},
    ]
}


@pytest.mark.parametrize(
    ("schema", "value", "complete"),
    [
        (MEMBER, {"id": 1, "gift": "x"}, {"id": 1, "gift": "x", "name": None, "score": None}),
        (MEMBER, {"id": 1, "name": "a", "score": 2}, {"id": 1, "name": "a", "score": 2}),
        (
            PAGE,
            {"rows": [{"id": 1}]},
            {"rows": [{"id": 1, "name": None, "score": None}], "total": None},
        ),
        (TAGGED, {"kind": "text"}, {"kind": "text", "value": None}),
        (
            {
                "type": "object",
                "properties": {"map": {"type": "object", "additionalProperties": MEMBER}},
            },
            {"map": {"a": {"id": 1}}},
            {"map": {"a": {"id": 1, "name": None, "score": None}}},
        ),
        (
            {
                "type": "object",
                "properties": {"part": {**MEMBER, "nullable": True}, "note": MAYBE_TEXT},
            },
            {},
            {"part": None, "note": None},
        ),
        (MEMBER, "text", "text"),
    ],
)
def test_optional_fields_are_completed_at_any_depth(
    schema: dict[str, Any], value: Any, complete: Any
) -> None:
    """Values are kept, undeclared fields too, and the handler's own objects are not changed."""
    before = copy.deepcopy(value)
    step = compile_null_completion(translate_schema(schema, COMPONENTS))
    assert step
    assert step(value) == complete
    assert value == before


def test_a_schema_without_nullable_fields_needs_no_step() -> None:
    """So responses under the default reading are not walked."""
    schema = {"type": "object", "properties": {"a": TEXT, "b": {"type": "array", "items": TEXT}}}
    assert compile_null_completion(translate_schema(schema, {})) is None
