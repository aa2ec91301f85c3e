"""Translation of OpenAPI 3.0 schemas to JSON Schema.

An OpenAPI 3.0 schema is not a JSON Schema: `nullable`, `discriminator` and `x-format` have to be
translated before jsonschema-rs compiles it. Draft 4 is used, in which `1.0` is not an integer and
`exclusiveMinimum` is a boolean, as in OpenAPI 3.0. An unknown keyword is an error at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.errors import display_text
from mock_server.http.formats import FORMAT_CHECKS, X_FORMAT_ONLY
from mock_server.http.text_length import UTF16_KEYWORDS
from openapi import COMBINING_KEYWORDS

UNCHANGED_KEYWORDS = frozenset(
    {
        "type", "enum", "required", "format", "pattern", "minLength", "maxLength", "minimum",
        "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems",
        "uniqueItems", "minProperties", "maxProperties", "x-rules",
    }
)  # fmt: skip
"""Keywords with the same meaning in draft 4 (and x-rules, which it ignores)."""
DROPPED_KEYWORDS = frozenset(
    {
        "title", "description", "example", "default", "deprecated", "externalDocs", "xml",
        "readOnly", "writeOnly", "nullable", "discriminator", "examples",
    }
)  # fmt: skip
"""Keywords without a check of their own; `nullable` and `discriminator` change other keywords."""
MAX_REFERENCE_HOPS = 50
"""Maximum length of a chain of references that lead to references."""
MAX_INLINED_SCHEMAS = 2_000
"""Maximum number of schemas in a schema whose references are inlined."""


class UnsupportedSchemaError(ValueError):
    """A schema, or a parameter or response with one, is not supported."""


def translate_schema(
    schema: Mapping[str, Any], components: Mapping[str, Any], *, utf16: bool = False
) -> dict[str, Any]:
    """Return an OpenAPI 3.0 schema as a draft 4 JSON Schema.

    References are inlined, or lead to `definitions` if the schema is recursive or very long. With
    `utf16`, lengths count UTF-16 units (UTF16_KEYWORDS). Raises UnsupportedSchemaError for an
    unknown keyword and for a reference without a target.
    """
    try:
        return _SchemaTranslator(components, in_place=True, utf16=utf16).translate(schema, ())
    except _CannotInlineError:
        translation = _SchemaTranslator(components, in_place=False, utf16=utf16)
        result = translation.translate(schema, ())
        return {**result, "definitions": translation.definitions}


def resolve_reference(node: Mapping[str, Any], components: Mapping[str, Any], section: str) -> Any:
    """Return a node of a bundled contract, or the target of its reference.

    Raises UnsupportedSchemaError for a reference without a target, or to itself.
    """
    for _ in range(MAX_REFERENCE_HOPS):
        if not isinstance(node, Mapping) or "$ref" not in node:
            return node
        name = str(node["$ref"]).rsplit("/", 1)[-1]
        if name not in components.get(section, {}):
            raise UnsupportedSchemaError(f"{node['$ref']} does not exist")
        node = components[section][name]
    raise UnsupportedSchemaError(f"{node['$ref']} refers back to itself")


class _CannotInlineError(Exception):
    """References cannot be inlined, because the schema is recursive or too long."""


class _SchemaTranslator:
    """Translator of one schema."""

    def __init__(self, components: Mapping[str, Any], *, in_place: bool, utf16: bool) -> None:
        self.definitions: dict[str, Any] = {}
        self._components = components
        self._in_place = in_place
        self._renamed: Mapping[Any, str] = UTF16_KEYWORDS if utf16 else {}
        self._names: dict[str, str] = {}
        self._left = MAX_INLINED_SCHEMAS

    def translate(self, schema: Any, trail: tuple[str, ...]) -> dict[str, Any]:
        self._left -= 1
        if self._in_place and self._left < 0:
            raise _CannotInlineError
        if not isinstance(schema, Mapping):
            raise UnsupportedSchemaError(f"a schema must be an object, not {display_text(schema)}")
        if "$ref" in schema:
            return self._translate_reference(str(schema["$ref"]), trail)
        result: dict[str, Any] = {}
        for key, value in schema.items():
            if key == "x-format" and value in (*FORMAT_CHECKS,):
                result["format"] = value
            elif key == "format" and value in X_FORMAT_ONLY:  # another contract's own format
                continue
            elif key == "x-rules" and isinstance(value, Mapping):
                result[key] = {
                    "format" if w == "x-format" else self._renamed.get(w, w): value[w]
                    for w in value
                }
            elif key in UNCHANGED_KEYWORDS:
                result[self._renamed.get(key, key)] = value
            elif key not in DROPPED_KEYWORDS and not key.startswith("x-"):
                result[key] = self._translate_subschemas(key, value, trail)
                result[key] = self._tag_alternatives(key, schema, result[key])
        return _make_nullable(result) if schema.get("nullable") is True else result

    def _translate_reference(self, ref: str, trail: tuple[str, ...]) -> dict[str, Any]:
        name = ref.rsplit("/", 1)[-1]
        resolve_reference({"$ref": ref}, self._components, "schemas")  # raises if it has no target
        target = self._components["schemas"][name]
        if self._in_place:
            if name in trail:
                raise _CannotInlineError
            return self.translate(target, (*trail, name))
        if name not in self._names:
            made = self._names[name] = f"s{len(self._names)}"
            self.definitions[made] = {}  # reserves its position before nested definitions
            self.definitions[made] = self.translate(target, trail)
        return {"$ref": f"#/definitions/{self._names[name]}"}

    def _tag_alternatives(self, key: str, schema: Mapping[str, Any], parts: Any) -> Any:
        """Return the alternatives, each restricted to its values of the discriminator."""
        # Otherwise one that does not restrict the field accepts values meant for another one.
        discriminator: Any = schema.get("discriminator")
        if key not in ("oneOf", "anyOf") or not isinstance(discriminator, Mapping):
            return parts
        if not discriminator.get("mapping"):
            return parts
        name, found = discriminator.get("propertyName"), []
        for written, part in zip(schema[key], parts, strict=True):
            ref = written.get("$ref")
            values = [value for value, to in discriminator["mapping"].items() if to == ref]
            target = resolve_reference(written, self._components, "schemas")
            own = target.get("properties", {}).get(name, {})
            tag = {"required": [name], "properties": {name: {"enum": values}}}
            found.append({"allOf": [part, tag]} if values and "enum" not in own else part)
        return found

    def _translate_subschemas(self, key: str, value: Any, trail: tuple[str, ...]) -> Any:
        if key in COMBINING_KEYWORDS and isinstance(value, list):
            return [self.translate(part, trail) for part in value]
        if key in ("items", "not"):
            return self.translate(value, trail)
        if key == "properties" and isinstance(value, Mapping):
            return {name: self.translate(part, trail) for name, part in value.items()}
        if key == "additionalProperties":
            return value if isinstance(value, bool) else self.translate(value, trail)
        raise UnsupportedSchemaError(f"the keyword {key} is not supported")


def _make_nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" not in schema:  # 3.0.3 ignores `nullable` here, but authors mean it beside `allOf`
        return {"anyOf": [{"type": "null"}, schema]}
    schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema
