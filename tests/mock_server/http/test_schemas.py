"""OpenAPI 3.0 schemas are translated into equivalent JSON Schemas."""

from __future__ import annotations

from typing import Any

import pytest

from mock_server.http import schemas
from mock_server.http.formats import FORMAT_CHECKS, UNCHECKED_FORMATS
from mock_server.http.schema_translation import UnsupportedSchemaError, translate_schema
from mock_server.http.schemas import CompiledSchemas, SchemaChecker
from tests.openapi.walking import value_schemas

KEYWORD_CASES: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("type", {"type": "integer"}, 1, "1"),
    ("type", {"type": "integer"}, 1, 1.0),
    ("type", {"type": "number"}, 1.5, True),
    ("type", {"type": "boolean"}, True, "true"),
    ("enum", {"type": "string", "enum": ["A"]}, "A", "B"),
    ("nullable", {"type": "string", "nullable": True}, None, 1),
    ("nullable", {"type": "string"}, "", None),
    ("nullable", {"type": "string", "nullable": True, "enum": ["A"]}, None, "B"),
    ("required", {"type": "object", "required": ["a"]}, {"a": 1}, {}),
    ("properties", {"type": "object", "properties": {"a": {"type": "string"}}}, {}, {"a": 1}),
    (
        "additionalProperties",
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"a": ""},
        {"a": 1},
    ),
    ("additionalProperties", {"type": "object", "additionalProperties": True}, {"a": 1}, []),
    ("items", {"type": "array", "items": {"type": "string"}}, ["a"], [1]),
    ("minItems", {"type": "array", "items": {}, "minItems": 1}, [1], []),
    ("minLength", {"type": "string", "minLength": 1}, "a", ""),
    ("maxLength", {"type": "string", "maxLength": 1}, "好", "好的"),
    ("minimum", {"type": "integer", "minimum": 1}, 1, 0),
    ("maximum", {"type": "integer", "maximum": 2**63 - 1}, 2**63 - 1, 2**63),
    ("exclusiveMinimum", {"type": "number", "minimum": 1, "exclusiveMinimum": True}, 1.1, 1),
    ("exclusiveMaximum", {"type": "number", "maximum": 1, "exclusiveMaximum": True}, 0.9, 1),
    ("pattern", {"type": "string", "pattern": "^[0-9]+$"}, "1", "\u0661"),
    (
        "format",
        {"type": "string", "x-format": "date-time-local"},
        "2025-02-28 00:00:00",
        "2025-02-31 00:00:00",
    ),
    (
        "format",
        {"type": "string", "x-format": "date-time-local"},
        "2024-02-29 23:59:59",
        "2025-2-1 0:0:0",
    ),
    ("format", {"type": "string", "format": "date"}, "2025-04-21", "2025-04-31"),
    ("format", {"type": "string", "format": "date"}, "2025-04-21", "20250421"),
    ("format", {"type": "string", "format": "email"}, "demo@example.com", "demo"),
    ("format", {"type": "integer", "format": "int64"}, 1, "1"),
    ("format", {"type": "integer", "format": "int32"}, 1, "1"),
    ("format", {"type": "string", "format": "binary"}, "x", 1),
    ("format", {"type": "string", "format": "uri-reference"}, "about:blank", 1),
    ("allOf", {"allOf": [{"type": "object"}, {"required": ["a"]}]}, {"a": 1}, {}),
    (
        "oneOf",
        {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
        {"t": "a", "x": 1},
        {"t": "a", "y": 1},
    ),
    ("$ref", {"$ref": "#/components/schemas/A"}, {"t": "a", "x": 1}, {"t": "b", "x": 1}),
]
COMPONENTS = {
    "schemas": {
        "A": {
            "type": "object",
            "required": ["t", "x"],
            "properties": {"t": {"type": "string", "enum": ["a"]}},
        },
        "B": {
            "type": "object",
            "required": ["t", "y"],
            "properties": {"t": {"type": "string", "enum": ["b"]}},
        },
        "Loop": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}},
    }
}
DISCRIMINATOR_SCHEMA = {
    "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
    "discriminator": {
        "propertyName": "t",
        "mapping": {"a": "#/components/schemas/A", "b": "#/components/schemas/B"},
    },
}


@pytest.mark.parametrize(("keyword", "schema", "good", "bad"), KEYWORD_CASES)
def test_a_keyword_means_what_openapi_says(
    keyword: str, schema: dict[str, Any], good: Any, bad: Any
) -> None:
    """For each keyword and format, one value is valid and one is not."""
    checker = SchemaChecker(schema, COMPONENTS)
    assert checker.accepts(good), keyword
    assert not checker.violations(good, "")
    assert not checker.accepts(bad), keyword
    assert checker.violations(bad, "")


def test_the_table_has_every_keyword_and_format_of_the_contract(contract: dict[str, Any]) -> None:
    """The test above covers all that the contract uses."""
    proved = {keyword for keyword, *_ in KEYWORD_CASES} | {"discriminator"}
    formats = {
        schema[key]
        for _, schema, *_ in KEYWORD_CASES
        for key in ("format", "x-format")
        if key in schema
    }
    texts = {"description", "example", "default", "title"}
    for pointer, schema in value_schemas(contract):
        used = {key for key in schema if not key.startswith("x-")} - texts
        assert used <= proved, (pointer, used - proved)
        for key in {"format", "x-format"} & schema.keys():
            assert schema[key] in formats, pointer
    assert formats <= FORMAT_CHECKS.keys() | UNCHECKED_FORMATS


@pytest.mark.parametrize(
    ("value", "pointer", "rule", "accepted"),
    [
        ("full", "/body", "enum", "demo, empty"),
        ({"bas": 1}, "/body/bas", "additionalProperties", "base"),
        (5, "/body", "type", "type string|object"),
    ],
)
def test_of_alternatives_the_one_of_the_same_type_is_meant(
    value: Any, pointer: str, rule: str, accepted: str
) -> None:
    """Without a discriminator, the JSON type says which; if none has it, the types are named."""
    named = {"type": "string", "enum": ["demo", "empty"]}
    inline = {"type": "object", "properties": {"base": named}, "additionalProperties": False}
    checker = SchemaChecker({"oneOf": [named, inline]}, COMPONENTS)
    (found,) = checker.violations(value, "/body")
    assert (found.pointer, found.rule, found.accepted) == (pointer, rule, accepted)


def test_two_alternatives_of_the_same_type_are_named_together() -> None:
    """The value alone does not say which of them was meant."""
    checker = SchemaChecker(
        {"anyOf": [{"maximum": 1, "type": "integer"}, {"type": "integer", "minimum": 9}]}, {}
    )
    assert [each.rule for each in checker.violations(5, "/body")] == ["anyOf"]


def test_the_discriminator_names_the_branch_whose_errors_are_told() -> None:
    """Only the errors of the chosen alternative are reported."""
    checker = SchemaChecker(DISCRIMINATOR_SCHEMA, COMPONENTS)
    assert checker.accepts({"t": "b", "y": 1})
    (violation,) = checker.violations({"t": "b"}, "/body")
    assert (violation.pointer, violation.rule) == ("/body/y", "required")
    (violation,) = checker.violations({"t": "c"}, "/body")
    assert (violation.pointer, violation.accepted) == ("/body/t", "a, b")
    (violation,) = checker.violations({}, "/body")
    assert (violation.pointer, violation.rule) == ("/body/t", "required")


def test_a_violation_carries_the_rule_that_its_keyword_expresses() -> None:
    """`x-rules` beside the keyword; a rule of several keywords is reported once."""
    schema = {
        "type": "string",
        "minLength": 1,
        "pattern": "^[a-z]+$",
        "x-rules": {"minLength": "FI-03", "pattern": "FI-03"},
    }
    (violation,) = SchemaChecker(schema, {}).violations("", "/body/moduleName")
    assert violation.rule == "FI-03"


def test_what_is_said_twice_is_compiled_once() -> None:
    """Equal schemas share a validator, unless their rules differ."""
    said = CompiledSchemas({})
    schema = {"type": "string", "maxLength": 5, "x-rules": {"maxLength": "GR-01"}}
    assert said.checker_for(schema) is said.checker_for(dict(schema))
    other = said.checker_for(schema | {"x-rules": {"maxLength": "XX-01"}})
    assert [violation.rule for violation in other.violations("abcdef", "")] == ["XX-01"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "patternProperties": {}},
        {"type": "object", "properties": {"a": {"const": 1}}},
        {"$ref": "#/components/schemas/Gone"},
    ],
)
def test_what_is_not_translated_is_refused_at_start_up(schema: dict[str, Any]) -> None:
    """An unknown keyword would have no effect, so it is an error."""
    with pytest.raises(UnsupportedSchemaError):
        translate_schema(schema, COMPONENTS)


def test_an_unknown_format_constrains_nothing() -> None:
    """It is an annotation, as in JSON Schema; nullable without a type allows null."""
    assert SchemaChecker({"type": "string", "format": "uuid7"}, {}).accepts("x")
    nullable = SchemaChecker({"nullable": True, "allOf": [{"type": "string"}]}, {})
    assert nullable.accepts(None)
    assert not nullable.accepts(1)


def test_a_schema_that_contains_itself_is_understood() -> None:
    """Recursive schemas work to any depth, directly or through others."""
    checker = SchemaChecker(
        {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}, COMPONENTS
    )
    assert checker.accepts([{"next": {"next": {}}}])
    (violation,) = checker.violations([{"next": {"next": {"next": 1}}}], "/body")
    assert (violation.pointer, violation.rule) == ("/body/0/next/next/next", "type")


def test_a_schema_that_is_long_when_written_out_is_not() -> None:
    """Thirty schemas that each refer to the next one twice would expand to 2^30."""
    chain: dict[str, Any] = {
        f"S{n}": {"properties": {side: {"$ref": f"#/components/schemas/S{n + 1}"} for side in "ab"}}
        for n in range(30)
    }
    chain["S30"] = {"type": "integer"}
    checker = SchemaChecker({"$ref": "#/components/schemas/S0"}, {"schemas": chain})
    assert checker.accepts({"a": {"b": {}}})


def test_a_property_may_have_the_name_of_a_number() -> None:
    """Names such as 200 are possible."""
    schema = {"type": "object", "properties": {"200": {"type": "string"}}}
    (violation,) = SchemaChecker(schema, {}).violations({"200": 1}, "")
    assert violation.pointer == "/200"


def test_a_second_refusal_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validators of an alternative are kept, as those of the schema are."""
    compiled = []
    compile_validator = schemas._compile_validator

    def count(translated: dict[str, Any]) -> Any:
        compiled.append(translated)
        return compile_validator(translated)

    monkeypatch.setattr(schemas, "_compile_validator", count)
    named = {"type": "object", "properties": {"a": {"type": "integer"}}}
    checker = SchemaChecker({"oneOf": [{"type": "string"}, named]}, {})
    first = checker.violations({"a": "x"}, "/body")
    assert [(each.pointer, each.rule) for each in first] == [("/body/a", "type")]
    before = len(compiled)
    assert [each.pointer for each in checker.violations({"a": "y"}, "/body")] == ["/body/a"]
    assert len(compiled) == before > 1
