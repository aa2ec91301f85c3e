"""Each keyword of a schema is compared by what it does to the allowed values."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.changes.change import Effect
from openapi.changes.schema_changes import SchemaComparison
from openapi.changes.schema_merging import Located

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
NARROWED, WIDENED, REPLACED = Effect.NARROWED, Effect.WIDENED, Effect.REPLACED
JsonObject = dict[str, Any]


def changes_between(old: JsonObject, new: JsonObject, **components: JsonObject) -> list[Effect]:
    """Return the effects of what changed between two schemas."""
    document = {"components": {"schemas": components}}
    comparison = SchemaComparison(document, document)
    found = comparison.compare(Located("/old", old), Located("/new", new))
    return [change.effect for change in found]


@pytest.mark.parametrize(
    ("old", "new", "effects"),
    [
        (TEXT, NUMBER, [REPLACED]),
        (NUMBER, {"type": "number"}, [WIDENED]),
        ({}, TEXT, [NARROWED]),
        ({"allOf": [NUMBER, {"type": "number"}]}, TEXT, [REPLACED]),
        (TEXT, {**TEXT, "description": "a", "x-source": ["L1"]}, []),
        (TEXT, {**TEXT, "format": "date"}, [NARROWED]),
        ({**NUMBER, "format": "int64"}, {**NUMBER, "format": "int32"}, [NARROWED]),
        ({**TEXT, "pattern": "a"}, {**TEXT, "pattern": "b"}, [REPLACED]),
        ({**TEXT, "maxLength": 5}, {**TEXT, "maxLength": 6}, [WIDENED]),
        ({**TEXT, "minLength": 5}, {**TEXT, "minLength": 6}, [NARROWED]),
        (NUMBER, {**NUMBER, "maximum": 6}, [NARROWED]),
        ({**NUMBER, "minimum": 6}, NUMBER, [WIDENED]),
        ({**NUMBER, "maximum": 6}, {**NUMBER, "maximum": 6, "exclusiveMaximum": True}, [NARROWED]),
        ({**NUMBER, "multipleOf": 2}, {**NUMBER, "multipleOf": 3}, [REPLACED]),
        (TEXT, {**TEXT, "nullable": True}, [WIDENED]),
        ({**TEXT, "nullable": False}, TEXT, []),
        ({**TEXT, "enum": ["a"]}, {**TEXT, "enum": ["b"]}, [NARROWED, WIDENED]),
        ({**TEXT, "enum": ["a"]}, TEXT, [WIDENED]),
        (
            {**TEXT, "x-extensible-enum": ["a"]},
            {**TEXT, "x-extensible-enum": ["a", "b"]},
            [Effect.ADDED],
        ),
        (TEXT, {**TEXT, "default": "a"}, [Effect.ADDED]),
        ({**TEXT, "default": "a"}, TEXT, [Effect.DEFAULT]),
        (TEXT, {**TEXT, "readOnly": True}, [REPLACED]),
        (TEXT, {**TEXT, "deprecated": True}, [Effect.ADDED]),
        ({"properties": {"a": TEXT}}, {"properties": {}}, [Effect.REMOVED]),
        (
            {"properties": {"a": TEXT}, "required": ["a"]},
            {"properties": {}, "required": ["a"]},
            [Effect.REMOVED],
        ),
        ({"properties": {}}, {"properties": {"a": TEXT}}, [Effect.ADDED]),
        ({"properties": {}}, {"properties": {"a": TEXT}, "required": ["a"]}, [NARROWED]),
        (
            {"properties": {}, "additionalProperties": False},
            {"properties": {"a": TEXT}, "additionalProperties": False},
            [WIDENED],
        ),
        ({}, {"additionalProperties": False}, [NARROWED]),
        ({"additionalProperties": False}, {"additionalProperties": True}, [WIDENED]),
        ({"additionalProperties": TEXT}, {"additionalProperties": NUMBER}, [REPLACED]),
        ({"type": "array", "items": TEXT}, {"type": "array", "items": NUMBER}, [REPLACED]),
        ({"oneOf": [TEXT, NUMBER]}, {"oneOf": [TEXT]}, [NARROWED]),
        ({"anyOf": [TEXT]}, {"anyOf": [TEXT, NUMBER]}, [WIDENED]),
        ({"oneOf": [TEXT]}, {}, [WIDENED]),
        ({"not": TEXT}, {"not": NUMBER}, [REPLACED]),
    ],
)
def test_a_changed_keyword_has_its_effect(
    old: JsonObject, new: JsonObject, effects: list[Effect]
) -> None:
    """Fewer, more or other values are allowed, or something is added or removed."""
    assert changes_between(old, new) == effects


def test_references_and_all_of_are_compared_by_what_they_mean() -> None:
    """A schema that is written in another way is the same schema."""
    parts = {"Named": {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}}
    flat = {"type": "object", "properties": {"name": TEXT, "id": NUMBER}, "required": ["name"]}
    split = {"allOf": [{"$ref": "#/components/schemas/Named"}, {"properties": {"id": NUMBER}}]}
    assert changes_between(split, flat, **parts) == []
    assert changes_between(flat, split, **parts) == []
    narrower = {**split, "required": ["id"]}
    assert changes_between(flat, narrower, **parts) == [NARROWED]


def test_of_two_limits_in_all_of_the_stricter_one_holds() -> None:
    """Maxima, minima and enums of all parts hold together."""
    both = {
        "allOf": [
            {"type": "string", "maxLength": 9, "minLength": 1, "enum": ["a", "b"]},
            {"maxLength": 5, "minLength": 2, "enum": ["b", "c"]},
        ]
    }
    assert changes_between(both, {**TEXT, "maxLength": 5, "minLength": 2, "enum": ["b"]}) == []


def test_a_schema_that_contains_itself_is_compared_once() -> None:
    """The comparison ends."""
    tree = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}}
    reference = {"$ref": "#/components/schemas/Tree"}
    assert changes_between(reference, tree, Tree=tree) == []
