"""Nulls and texts in bodies, changed as the readings say before the validation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_server.http.body_preparation import BodyPreparation
from mock_server.http.schema_translation import translate_schema

TEXT = {"type": "string"}
MAYBE_TEXT = {"type": "string", "nullable": True}
MAYBE_NUMBER = {"type": "number", "nullable": True}
MEMBER = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "name": MAYBE_TEXT, "score": MAYBE_NUMBER},
    "additionalProperties": TEXT,
}
TAGGED = {
    "oneOf": [{"$ref": "#/components/schemas/Text"}, {"$ref": "#/components/schemas/Image"}],
    "discriminator": {
        "propertyName": "kind",
        "mapping": {"text": "#/components/schemas/Text", "image": "#/components/schemas/Image"},
    },
}
COMPONENTS = {
    "schemas": {
        "Text": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string", "enum": ["text"]}, "value": MAYBE_TEXT},
        },
        "Image": {
            "type": "object",
            "required": ["kind", "value"],
            "properties": {
                "kind": {"type": "string", "enum": ["image"]},
                "value": MAYBE_TEXT,
                "width": {"type": "integer", "nullable": True},
            },
        },
        "Tree": {
            "type": "object",
            "properties": {
                "name": MAYBE_TEXT,
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            },
        },
    }
}


def prepare(
    schema: dict[str, Any], value: Any, *, drops: bool = False, coerces: bool = False
) -> Any:
    """Return a value as a body of this schema is prepared."""
    translated = translate_schema(schema, COMPONENTS)
    raw = json.dumps(value).encode()
    return BodyPreparation(translated, drops_nulls=drops, coerces=coerces).apply(value, raw)


@pytest.mark.parametrize(
    ("schema", "sent", "meant"),
    [
        (MEMBER, {"id": 1, "name": None, "score": None}, {"id": 1}),
        (MEMBER, {"id": None, "name": "a"}, {"id": None, "name": "a"}),
        (MEMBER, {"id": 1, "gift": None}, {"id": 1, "gift": None}),
        (
            {"type": "array", "items": MEMBER},
            [{"id": 1, "name": None}, None, 3],
            [{"id": 1}, None, 3],
        ),
        (
            {"type": "object", "properties": {"member": {**MEMBER, "nullable": True}}},
            {"member": {"id": 1, "name": None}},
            {"member": {"id": 1}},
        ),
        ({"type": "object", "properties": {"a": TEXT}}, {"a": None}, {"a": None}),
        (TAGGED, {"kind": "text", "value": None}, {"kind": "text"}),
        (TAGGED, {"kind": "image", "value": None, "width": None}, {"kind": "image", "value": None}),
        (
            {"$ref": "#/components/schemas/Tree"},
            {"parts": [{"name": None, "parts": [{"name": None}]}]},
            {"parts": [{"parts": [{}]}]},
        ),
        (
            {"allOf": [MEMBER, {"type": "object", "required": ["name"]}]},
            {"id": 1, "name": None, "score": None},
            {"id": 1, "name": None},
        ),
        (MEMBER, [None], [None]),
        (MEMBER, None, None),
    ],
)
def test_a_null_for_an_optional_nullable_field_is_dropped(
    schema: dict[str, Any], sent: Any, meant: Any
) -> None:
    """At any depth; required, undeclared and not nullable fields keep theirs (decision X4)."""
    assert prepare(schema, sent, drops=True) == meant


def test_nulls_are_kept_where_they_are_refused() -> None:
    """The other answer: the validation sees what was sent."""
    assert prepare(MEMBER, {"id": 1, "name": None}) == {"id": 1, "name": None}


@pytest.mark.parametrize(
    ("schema", "sent", "meant"),
    [
        ({"type": "integer"}, "301", 301),
        ({"type": "integer"}, " -7 ", -7),
        ({"type": "integer"}, "abc", "abc"),
        ({"type": "integer"}, "1.5", "1.5"),
        ({"type": "integer"}, "", ""),
        ({"type": "integer"}, "9" * 20, "9" * 20),
        ({"type": "integer"}, 1.5, 1.5),
        ({"type": "number"}, "0.25", 0.25),
        ({"type": "number"}, "3", 3),
        ({"type": "number"}, "nan", "nan"),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "yes", "yes"),
        (TEXT, 42, "42"),
        (TEXT, 2**70, str(2**70)),
        (TEXT, 1.5, "1.5"),
        (TEXT, True, "true"),
        (TEXT, None, None),
        (TEXT, [1], [1]),
        (MAYBE_TEXT, 42, "42"),
        (MAYBE_NUMBER, None, None),
        ({}, 42, 42),
        ({"type": "array", "items": {"type": "integer"}}, ["1", 2, "x"], [1, 2, "x"]),
        (MEMBER, {"id": "7", "name": 5, "gift": 8}, {"id": 7, "name": "5", "gift": "8"}),
        (
            TAGGED,
            {"kind": "image", "value": 1, "width": "2"},
            {"kind": "image", "value": "1", "width": 2},
        ),
    ],
)
def test_scalars_are_converted_as_jackson_converts_them(
    schema: dict[str, Any], sent: Any, meant: Any
) -> None:
    """A value that cannot be converted is left to the validation (decision X5)."""
    found = prepare(schema, sent, coerces=True)
    assert (found, type(found)) == (meant, type(meant))


def test_both_readings_combine() -> None:
    """A null is dropped, and what stays is converted."""
    assert prepare(MEMBER, {"id": "1", "name": None, "score": "2"}, drops=True, coerces=True) == {
        "id": 1,
        "score": 2,
    }
