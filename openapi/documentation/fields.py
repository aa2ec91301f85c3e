"""Schemas as lists of fields, with the meanings of enum values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openapi.documentation.markdown import MarkdownRenderer
from openapi.documentation.provenance import Provenance, ProvenanceReader
from openapi.enum_meanings import MEANINGS_KEY
from openapi.nullability import NULLABLE_SUFFIX
from openapi.pointer import follow_references

CONSTRAINTS = (
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "pattern",
)
JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Constraint:
    """A keyword with its value, and the rule that a request breaks with another value."""

    keyword: str
    value: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enum, as JSON, and its meaning."""

    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of a value: words with the name of a schema in the middle, if it has one."""

    before: str
    schema: str | None = None
    after: str = ""

    def __str__(self) -> str:
        """Return the type as text."""
        return f"{self.before}{self.schema or ''}{self.after}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object, a parameter, or a header.

    required_rule: that of a request without the field; rules: those that belong to no constraint
    that is shown; null_decision: the decision behind a permitted null, if it is marked; children:
    the fields of an object without a name.
    """

    name: str
    shape: Shape
    required: bool
    required_rule: str | None
    deprecated: bool
    nullable: bool
    null_decision: str | None
    description: Markup
    constraints: tuple[Constraint, ...]
    rules: tuple[str, ...]
    values: tuple[EnumValue, ...]
    open_enum: bool
    default: str | None
    example: str | None
    provenance: Provenance
    children: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class NamedSchema:
    """A schema of the contract's components.

    variants: names of the schemas of which a value matches one; free: whether other fields may be
    there; aliases: other names of the same schema that only add null.
    """

    name: str
    aliases: tuple[str, ...]
    field: Field
    fields: tuple[Field, ...]
    variants: tuple[str, ...]
    free: bool
    text: str


class SchemaReader:
    """Reads the schemas of one contract."""

    def __init__(
        self, contract: JsonObject, markdown: MarkdownRenderer, provenance: ProvenanceReader
    ) -> None:
        """Take the contract and what renders its texts and marks."""
        self._contract, self._markdown, self._provenance = contract, markdown, provenance
        self._schemas: JsonObject = contract["components"]["schemas"]

    def named_schemas(self) -> Iterator[NamedSchema]:
        """Yield the schemas of the components by name, those that only add null under another."""
        for name, schema in sorted(self._schemas.items()):
            if self.base_name(name) != name:
                continue
            aliases = tuple(each for each in self._schemas if self.base_name(each) == name != each)
            fields = self.fields_of(schema)
            yield NamedSchema(
                name,
                aliases,
                self.field("", schema),
                fields,
                tuple(_schema_name(each) for each in schema.get("oneOf", ()) if "$ref" in each),
                any(part.get("additionalProperties") is True for part in self._parts(schema)),
                schema.get("description", ""),
            )

    def base_name(self, name: str) -> str:
        """Return the name of the schema that is shown for a schema."""
        base = name.removesuffix(NULLABLE_SUFFIX)
        return base if base in self._schemas else name

    def resolve(self, node: JsonObject) -> JsonObject:
        """Return an object of the contract, or the one that it refers to."""
        found: JsonObject = follow_references(self._contract, node)
        return found

    def fields_of(self, schema: JsonObject) -> tuple[Field, ...]:
        """Return the fields of an object schema, with those of the schemas that it combines."""
        fields: dict[str, Field] = {}
        for part in self._parts(schema):
            required = part.get("required", ())
            rule = part.get("x-rules", {}).get("required")
            for name, child in part.get("properties", {}).items():
                fields[name] = self.field(
                    name, child, required=name in required, required_rule=rule, parent=part
                )
        return tuple(fields.values())

    def _parts(self, schema: JsonObject) -> Iterator[JsonObject]:
        found = self.resolve(schema)
        for each in found.get("allOf", ()):
            yield from self._parts(each)
        yield found

    def field(
        self,
        name: str,
        schema: JsonObject,
        *,
        required: bool = False,
        required_rule: str | None = None,
        parent: JsonObject | None = None,
    ) -> Field:
        """Return a field with this schema, which may be a reference.

        required_rule: the rule of a request without the field; parent: the object with its marks.
        """
        found = self.resolve(schema)
        items = self.resolve(found["items"]) if "items" in found else {}
        constraints = tuple(_constraints_of(found))
        shown = {each.rule for each in constraints} | ({required_rule} if required else set())
        rules = [rule for key, rule in found.get("x-rules", {}).items() if key != "required"]
        described = found if "$ref" in schema else schema
        item_constraints = _constraints_of(items) if "$ref" not in found.get("items", {}) else ()
        return Field(
            name,
            self._shape(schema),
            required,
            required_rule if required else None,
            bool(schema.get("deprecated") or found.get("deprecated")),
            bool(found.get("nullable")),
            _decision_behind(found, "nullable"),
            self._markdown.render(described.get("description", "")),
            (*constraints, *item_constraints),
            tuple(dict.fromkeys(rule for rule in rules if rule not in shown)),
            (*enum_values(found), *enum_values(items)),
            bool(found.get("x-extensible-enum") or items.get("x-extensible-enum")),
            _json(found["default"]) if "default" in found else None,
            _json(found["example"]) if _is_plain_example(found) else None,
            self._provenance_of(schema, parent, name),
            self._children(schema),
        )

    def _provenance_of(
        self, schema: JsonObject, parent: JsonObject | None, name: str
    ) -> Provenance:
        """Return what a field rests on, with what is shown with it: nameless items and parts."""
        own = self._provenance.read(
            {} if "$ref" in schema else schema, parent, f"properties/{name}"
        )
        inner = [*schema.get("allOf", ()), *([schema["items"]] if "items" in schema else ())]
        marks = [
            mark
            for each in inner
            if "$ref" not in each
            for mark in self._provenance_of(each, None, "").marks
        ]
        return own.with_marks(marks)

    def _children(self, schema: JsonObject) -> tuple[Field, ...]:
        """Return the fields of an object that has no name, also as the items of an array."""
        inner = schema.get("items", schema)
        if "$ref" in inner or "$ref" in schema:
            return ()
        return self.fields_of(inner)

    def _shape(self, schema: JsonObject) -> Shape:
        if "$ref" in schema:
            name = self.base_name(_schema_name(schema))
            kind = self.resolve(schema).get("type", "object")
            return Shape("" if kind == "object" else f"{kind} ", name)
        if "items" in schema:
            inner = self._shape(schema["items"])
            return Shape(f"array<{inner.before}", inner.schema, f"{inner.after}>")
        if "oneOf" in schema:
            return Shape("oneOf")
        kind = schema.get("type", "object" if "allOf" in schema else "any")
        detail = schema.get("format") or schema.get("x-format")
        return Shape(f"{kind}({detail})" if detail else kind)


def enum_values(schema: JsonObject) -> Iterator[EnumValue]:
    """Yield the values of an enum except null, with their meanings as far as they are given."""
    allowed = schema.get("enum") or schema.get("x-extensible-enum") or ()
    meanings = schema.get(MEANINGS_KEY, {})
    for value in allowed:
        if value is not None:
            yield EnumValue(plain_value(value), meanings.get(value, ""))


def _schema_name(node: JsonObject) -> str:
    return str(node["$ref"]).rpartition("/")[2]


def _constraints_of(schema: JsonObject) -> Iterator[Constraint]:
    rules = schema.get("x-rules", {})
    for keyword in CONSTRAINTS:
        if keyword in schema:
            yield Constraint(keyword, plain_value(schema[keyword]), rules.get(keyword))


def _decision_behind(schema: JsonObject, keyword: str) -> str | None:
    marks = schema.get("x-inferred", {})
    return next((name for name, keywords in marks.items() if keyword in keywords), None)


def _is_plain_example(schema: JsonObject) -> bool:
    """Return whether an example is short; examples of objects stand beside the operations."""
    return "example" in schema and not isinstance(schema["example"], dict | list)


def plain_value(value: Any) -> str:
    """Return a value in one line: JSON, or the text itself."""
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
