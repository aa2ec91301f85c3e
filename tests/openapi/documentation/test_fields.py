"""Schemas as the fields that the reference shows."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.documentation.decisions import Decision
from openapi.documentation.fields import EnumValue, Field, SchemaReader
from openapi.documentation.markdown import MarkdownRenderer
from openapi.documentation.provenance import ProvenanceReader

COLOUR = {"type": "string", "enum": ["RED", None], "x-enumDescriptions": {"RED": "Red"}}
SCHEMAS: dict[str, Any] = {
    "Colour": COLOUR,
    "ColourOrNull": {**COLOUR, "nullable": True},
    "Base": {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer", "format": "int64", "minimum": 1}},
        "x-rules": {"required": "AA-01"},
        "x-inferred": {"N1": ["properties/id"]},
    },
    "Car": {
        "allOf": [
            {"$ref": "#/components/schemas/Base"},
            {
                "type": "object",
                "properties": {
                    "name": {
                        "type": "string",
                        "maxLength": 5,
                        "pattern": r"^\w+$",
                        "description": "The *name*.",
                        "nullable": True,
                        "x-rules": {"maxLength": "AA-02", "nul": "AA-03"},
                        "x-inferred": {"X4": ["nullable"], "N1": ["maxLength"]},
                    },
                    "colours": {
                        "type": "array",
                        "items": {"$ref": "#/components/schemas/ColourOrNull"},
                    },
                    "parts": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"size": {"type": "number", "example": 2}},
                            "x-inferred": {"N2": ["properties"]},
                        },
                        "x-inferred": {"N2": ["minItems"]},
                    },
                },
            },
        ]
    },
}


@pytest.fixture
def reader() -> SchemaReader:
    """A reader of these schemas, which knows the decisions that they name."""
    decisions = {name: Decision(name, name, "inferred", "", "") for name in ("N1", "N2", "X4")}
    markdown = MarkdownRenderer({}, {}, ("Copy", "Copied"))
    contract = {"components": {"schemas": SCHEMAS}}
    return SchemaReader(contract, markdown, ProvenanceReader(decisions, ()))


def car_fields(reader: SchemaReader) -> dict[str, Field]:
    """Return the fields of a car by name."""
    return {field.name: field for field in reader.fields_of(SCHEMAS["Car"])}


def test_combined_schemas_are_shown_as_one_list_of_fields(reader: SchemaReader) -> None:
    """A required field has the rule of a request without it, and the marks of its object."""
    fields = car_fields(reader)
    assert list(fields) == ["id", "name", "colours", "parts"]
    assert (fields["id"].required, fields["id"].required_rule) == (True, "AA-01")
    assert [mark.decision for mark in fields["id"].provenance.marks] == ["N1"]
    assert str(fields["id"].shape) == "integer(int64)"


def test_constraints_have_their_rules_and_a_permitted_null_its_decision(
    reader: SchemaReader,
) -> None:
    """Backslashes of a pattern are not doubled; a rule without a constraint is shown as well."""
    name = car_fields(reader)["name"]
    shown = [(each.keyword, each.value, each.rule) for each in name.constraints]
    assert shown == [("maxLength", "5", "AA-02"), ("pattern", r"^\w+$", None)]
    assert name.rules == ("AA-03",)
    assert (name.nullable, name.null_decision) == (True, "X4")
    assert [(mark.decision, mark.keywords) for mark in name.provenance.marks] == [
        ("N1", ("maxLength",))
    ]
    assert name.description == "<p>The <em>name</em>.</p>\n"


def test_items_of_an_array_show_their_values_under_the_name_without_null(
    reader: SchemaReader,
) -> None:
    """The schema that only adds null has no entry of its own."""
    colours = car_fields(reader)["colours"]
    assert str(colours.shape) == "array<string Colour>"
    assert colours.values == (EnumValue("RED", "Red"),)
    names = {each.name: each.aliases for each in reader.named_schemas()}
    assert names == {"Base": (), "Car": (), "Colour": ("ColourOrNull",)}


def test_items_without_a_name_are_shown_below_their_array(reader: SchemaReader) -> None:
    """Their marks are added to the array's, each decision once."""
    parts = car_fields(reader)["parts"]
    assert [(child.name, child.example) for child in parts.children] == [("size", "2")]
    assert [(mark.decision, mark.keywords) for mark in parts.provenance.marks] == [
        ("N2", ("minItems", "properties"))
    ]
