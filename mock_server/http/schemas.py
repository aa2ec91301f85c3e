"""Translation of OpenAPI 3.0 schemas to JSON Schema, and validation.

An OpenAPI 3.0 schema is not a JSON Schema: `nullable`, `discriminator` and `x-format` have to be
translated before jsonschema-rs compiles it. Draft 4 is used, in which `1.0` is not an integer and
`exclusiveMinimum` is a boolean, as in OpenAPI 3.0. An unknown keyword is an error at the start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import jsonschema_rs

from mock_server.errors import ErrorDetail, display_text
from mock_server.http.bounded_validation import (
    SchemaWalker,
    extra_field_errors,
    is_small,
    keyword_error,
)
from mock_server.http.formats import FORMAT_CHECKS, X_FORMAT_ONLY
from openapi import COMBINING_KEYWORDS, escape_token, pointer_of

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
MAX_VIOLATIONS = 100
MAX_REFERENCE_HOPS = 50
"""Maximum length of a chain of references that lead to references."""
MAX_INLINED_SCHEMAS = 2_000
"""Maximum number of schemas in a schema whose references are inlined."""


class UnsupportedSchemaError(ValueError):
    """A schema, or a parameter or response with one, is not supported."""


def translate_schema(schema: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.0 schema as a draft 4 JSON Schema.

    References are inlined, or lead to `definitions` if the schema is recursive or very long. Raises
    UnsupportedSchemaError for an unknown keyword and for a reference without a target.
    """
    try:
        return _SchemaTranslator(components, in_place=True).translate(schema, ())
    except _CannotInlineError:
        translation = _SchemaTranslator(components, in_place=False)
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

    def __init__(self, components: Mapping[str, Any], *, in_place: bool) -> None:
        self.definitions: dict[str, Any] = {}
        self._components = components
        self._in_place = in_place
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
                result[key] = {"format" if w == "x-format" else w: value[w] for w in value}
            elif key in UNCHANGED_KEYWORDS:
                result[key] = value
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


class SchemaChecker:
    """A compiled schema."""

    def __init__(self, schema: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        """Compile an OpenAPI 3.0 schema; raises UnsupportedSchemaError."""
        self._compile(translate_schema(schema, components), _compile_branches(schema, components))

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> SchemaChecker:
        """Return the checker with this value of `plain`."""
        branches = None
        if "tag" in plain:
            branches = plain["tag"], {tag: cls.from_plain(part) for tag, part in plain["branches"]}
        made = cls.__new__(cls)
        made._compile(plain["schema"], branches)  # noqa: SLF001 - its own class
        return made

    @property
    def plain(self) -> dict[str, Any]:
        """Return the checker's definition as JSON values, for another process."""
        if self._branches is None:
            return {"schema": self._schema}
        tag, branches = self._branches
        parts = [(value, branch.plain) for value, branch in branches.items()]
        return {"schema": self._schema, "tag": tag, "branches": parts}

    def _compile(self, translated: dict[str, Any], branches: Branches | None) -> None:
        self._schema = translated
        self._validator = _compile_validator(translated)
        self.accepts = self._validator.is_valid
        self._branches = branches
        self._walk: SchemaWalker | None = None

    def violations(self, value: Any, base: str) -> list[ErrorDetail]:
        """Return at most MAX_VIOLATIONS violations of `value`; their pointers begin with `base`.

        A rule that several keywords express, such as length and pattern, is reported once.
        """
        branch = self._select_branch(value)
        if branch is not None:
            return branch.violations(value, base)
        found: dict[tuple[str, str], ErrorDetail] = {}
        for violation in self._iter_violations(value, base):
            found.setdefault((violation.pointer, violation.rule), violation)
            if len(found) == MAX_VIOLATIONS:
                break
        return list(found.values())

    def _select_branch(self, value: Any) -> SchemaChecker | None:
        """Return the alternative that the discriminator selects; other errors would not help."""
        if self._branches is None or not isinstance(value, dict):
            return None
        name, branches = self._branches
        chosen = value.get(name)
        return branches.get(chosen if isinstance(chosen, str) else None, branches[None])

    def _iter_violations(self, value: Any, base: str) -> Iterator[ErrorDetail]:
        if is_small(value):
            return chain.from_iterable(
                self._error_violations(error, base) for error in self._validator.iter_errors(value)
            )
        if self._walk is None:
            self._walk = SchemaWalker(self._schema, lambda part: _compile_validator(part).is_valid)
        return self._walk.violations(value, base)

    def _error_violations(self, error: Any, base: str) -> Iterator[ErrorDetail]:
        pointer = base + pointer_of(error.instance_path)
        keyword = str(error.schema_path[-1]) if error.schema_path else "schema"
        at: Any = self._schema
        for token in error.schema_path[:-1]:
            at = at[token] if isinstance(at, list) else at[str(token)]  # a name may be `200`
        at = at if isinstance(at, dict) else {}
        if keyword == "required":
            missing = error.kind.property
            yield keyword_error(at, keyword, None, f"{pointer}/{escape_token(missing)}", missing)
        elif keyword == "additionalProperties":
            yield from extra_field_errors(at, error.instance, pointer)
        else:
            yield keyword_error(at, keyword, error.instance, pointer)


Branches = tuple[str, dict[str | None, SchemaChecker]]
"""The discriminator, and the checkers by its value; None is for all other values."""


def _compile_validator(translated: dict[str, Any]) -> jsonschema_rs.Draft4Validator:
    # Another contract may have formats of its own, which are only hints.
    return jsonschema_rs.Draft4Validator(
        translated, formats=FORMAT_CHECKS, validate_formats=True, ignore_unknown_formats=True
    )


class CompiledSchemas:
    """The schemas of one contract, each compiled once, because nine of ten occur repeatedly."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        """Take the components of a bundled contract, to which references lead."""
        self.components = components
        self._compiled: dict[str, SchemaChecker] = {}

    def checker_for(self, schema: Mapping[str, Any]) -> SchemaChecker:
        """Return the checker of an OpenAPI 3.0 schema; raises UnsupportedSchemaError."""
        said = json.dumps(schema)
        if said not in self._compiled:
            self._compiled[said] = SchemaChecker(schema, self.components)
        return self._compiled[said]


def _compile_branches(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Branches | None:
    choice = resolve_reference(schema, components, "schemas")
    discriminator = choice.get("discriminator")
    if not discriminator or not {"oneOf", "anyOf"} & choice.keys():
        return None
    name, mapping = discriminator.get("propertyName"), discriminator.get("mapping")
    if not name or not mapping:
        raise UnsupportedSchemaError(
            "a discriminator without propertyName or mapping is not supported"
        )
    branches: dict[str | None, SchemaChecker] = {
        value: SchemaChecker({"$ref": ref}, components) for value, ref in mapping.items()
    }
    # The rule of `oneOf` itself: the discriminator is present and has a known value.
    rule = choice.get("x-rules", {}).get("oneOf")
    rules = {"x-rules": {"required": rule, "enum": rule}} if rule else {}
    tag = {"type": "string", "enum": list(mapping), **rules}
    untagged = {"type": "object", "required": [name], "properties": {name: tag}, **rules}
    branches[None] = SchemaChecker(untagged, components)
    return name, branches
