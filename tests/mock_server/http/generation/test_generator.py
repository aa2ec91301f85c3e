"""Values generated from schemas are reproducible and valid, or there is an error with a reason."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.http.generation import scalars
from mock_server.http.generation.generator import GenerationError, ValueGenerator
from mock_server.http.schemas import CompiledSchemas

SCHEMA_REF_PREFIX = "#/components/schemas/"
COMPONENTS: dict[str, Any] = {
    "schemas": {
        "Tree": {
            "type": "object",
            "required": ["name", "children"],
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": f"{SCHEMA_REF_PREFIX}Tree"}},
                "parent": {"$ref": f"{SCHEMA_REF_PREFIX}Tree"},
            },
        },
        "List": {
            "type": "object",
            "required": ["next"],
            "properties": {
                "next": {"nullable": True, "allOf": [{"$ref": f"{SCHEMA_REF_PREFIX}List"}]}
            },
        },
        "Endless": {
            "type": "object",
            "required": ["next"],
            "properties": {"next": {"$ref": f"{SCHEMA_REF_PREFIX}Endless"}},
        },
        "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
        "Dog": {
            "type": "object",
            "required": ["kind", "bark"],
            "properties": {"kind": {"type": "string"}, "bark": {"type": "boolean"}},
        },
    }
}
STRING_SCHEMA = {"type": "string"}
SATISFIABLE_SCHEMAS: list[dict[str, Any]] = [
    {},
    STRING_SCHEMA,
    {"type": "string", "minLength": 20},
    {"type": "string", "maxLength": 0},
    {"type": "string", "minLength": 3, "maxLength": 3},
    {"type": "string", "enum": ["A", "B"]},
    {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
    {"type": "string", "pattern": "a+$", "minLength": 5, "maxLength": 6},
    {"type": "string", "pattern": "^(?!a)[ab]$"},
    {"type": "string", "nullable": True},
    {"type": "string", "not": {"enum": ["string"]}},
    {"not": {"type": "string"}},
    *(
        {"type": "string", "format": name}
        for name in ("date", "date-time", "email", "uuid", "ipv4", "uri", "byte", "binary", "zip")
    ),
    {"type": "integer", "minimum": 5},
    {"type": "integer", "maximum": -5, "multipleOf": 3},
    {"type": "integer", "minimum": 1, "maximum": 2, "exclusiveMinimum": True},
    {"type": "integer", "format": "int32", "minimum": 2**31 - 1},
    {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "exclusiveMinimum": True,
        "exclusiveMaximum": True,
    },
    {"type": "number", "multipleOf": 0.5, "minimum": 0.2},
    {"type": "boolean", "enum": [False]},
    {"type": "array"},
    {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 3, "uniqueItems": True},
    {"type": "array", "items": STRING_SCHEMA, "maxItems": 0},
    {"type": "object", "required": ["a"]},
    {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    {"type": "object", "additionalProperties": False},
    {"type": "object", "properties": {"a": STRING_SCHEMA, "b": STRING_SCHEMA}, "maxProperties": 1},
    {
        "allOf": [
            {"required": ["a"], "properties": {"a": {"type": "string", "minLength": 3}}},
            {"type": "object", "properties": {"a": {"maxLength": 4}, "b": {"type": "boolean"}}},
        ]
    },
    {
        "allOf": [
            {"$ref": f"{SCHEMA_REF_PREFIX}Cat"},
            {"required": ["x"], "properties": {"x": {"enum": [1]}}},
        ]
    },
    {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "integer", "maximum": 5}]},
    {"anyOf": [{"type": "integer", "minimum": 5, "maximum": 1}, {"type": "boolean"}]},
    {
        "oneOf": [{"$ref": f"{SCHEMA_REF_PREFIX}Cat"}, {"$ref": f"{SCHEMA_REF_PREFIX}Dog"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"d": f"{SCHEMA_REF_PREFIX}Dog", "c": f"{SCHEMA_REF_PREFIX}Cat"},
        },
    },
    {"$ref": f"{SCHEMA_REF_PREFIX}Tree"},
    {"$ref": f"{SCHEMA_REF_PREFIX}List"},
    {"type": "array", "items": {"$ref": f"{SCHEMA_REF_PREFIX}Endless"}},
]
UNSATISFIABLE_SCHEMAS: list[tuple[dict[str, Any], str]] = [
    ({"type": "integer", "minimum": 5, "maximum": 3}, "no integer from 5 to 3"),
    ({"type": "string", "minLength": 3, "maxLength": 2}, "minLength 3"),
    ({"type": "array", "minItems": 2, "maxItems": 1}, "minItems 2"),
    ({"type": "array", "items": {"enum": ["a"]}, "minItems": 2, "uniqueItems": True}, "different"),
    (
        {"type": "object", "required": ["a"], "additionalProperties": False},
        "/a: the property is required",
    ),
    ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "string and integer"),
    ({"type": "string", "enum": []}, "enum"),
    ({"type": "string", "pattern": "^a$", "minLength": 2}, "pattern"),
    ({"$ref": f"{SCHEMA_REF_PREFIX}Endless"}, "contains another one"),
    ({"type": "array", "minItems": 10**9}, "minItems"),
    ({"type": "string", "minLength": 10**9}, "minLength"),
]


@pytest.mark.parametrize("schema", SATISFIABLE_SCHEMAS, ids=str)
def test_a_value_is_valid_and_the_same_each_time(schema: dict[str, Any]) -> None:
    """This holds for each keyword, and for keywords together."""
    schemas = CompiledSchemas(COMPONENTS)
    value = ValueGenerator(schemas).generate(schema)
    assert schemas.checker_for(schema).accepts(value)
    assert ValueGenerator(CompiledSchemas(COMPONENTS)).generate(schema) == value


@pytest.mark.parametrize(("schema", "reason"), UNSATISFIABLE_SCHEMAS, ids=str)
def test_what_nothing_can_be_made_of_has_a_reason(schema: dict[str, Any], reason: str) -> None:
    """The error names the part of the schema and what is wrong."""
    with pytest.raises(GenerationError, match=reason):
        ValueGenerator(CompiledSchemas(COMPONENTS)).generate(schema)


def test_a_pattern_without_hypothesis_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the check lacks it; known texts that match are used all the same."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    scalars._text_matching_pattern.cache_clear()
    schema = {"type": "string", "pattern": "^[A-Z]{5}$"}
    with pytest.raises(GenerationError, match=r'install the extra "check" of hypers-contract'):
        ValueGenerator(CompiledSchemas({})).generate(schema)
    dated = {"type": "string", "format": "date", "pattern": "^[0-9-]{10}$"}
    assert ValueGenerator(CompiledSchemas({})).generate(dated)


def test_examples_of_properties_are_used_where_they_fit() -> None:
    """Examples that are not valid are ignored."""
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "example": "Rex"},
            "age": {"type": "integer", "example": "old"},
            "size": {"type": "string", "default": "L"},
            "secret": {"type": "string", "writeOnly": True},
        },
    }
    assert ValueGenerator(CompiledSchemas({})).generate(schema) == {
        "name": "Rex",
        "age": 1,
        "size": "L",
    }


@st.composite
def satisfiable_schemas(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    """A strategy for satisfiable schemas of a few keywords."""
    kind = draw(st.sampled_from(["string", "integer", "number", "boolean", "array", "object"]))
    low = draw(st.integers(0, 6))
    high = low + draw(st.integers(0, 6))
    bounds: dict[str, tuple[str, str]] = {
        "string": ("minLength", "maxLength"),
        "integer": ("minimum", "maximum"),
        "number": ("minimum", "maximum"),
    }
    found: dict[str, Any] = {"type": kind}
    if kind in bounds:
        found |= dict(zip(bounds[kind], (low, high), strict=True))
    if kind == "array" and depth:
        found |= {"items": draw(satisfiable_schemas(depth=depth - 1)), "minItems": low}
    if kind == "object" and depth:
        names = draw(st.lists(st.sampled_from("abcd"), unique=True))
        found["properties"] = {name: draw(satisfiable_schemas(depth=depth - 1)) for name in names}
        found["required"] = names[: len(names) // 2] or ["z"]
    if draw(st.booleans()):
        found["nullable"] = True
    return {"allOf": [found]} if draw(st.booleans()) else found


@given(satisfiable_schemas())
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_every_schema_that_can_be_kept_gets_a_value(schema: dict[str, Any]) -> None:
    """Every satisfiable schema gets a value."""
    schemas = CompiledSchemas({})
    assert schemas.checker_for(schema).accepts(ValueGenerator(schemas).generate(schema))
