"""OpenAPI 3.0 schemas as JSON Schema, compiled once.

An OpenAPI 3.0 schema is no JSON Schema: `nullable`, `discriminator` and `x-format` are translated
here before jsonschema-rs compiles them (draft 4: `1.0` is no integer). A keyword nobody has
translated is refused at start-up rather than silently ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import jsonschema_rs

from mock_server.domain import times
from mock_server.errors import Violation, shown

KEPT = frozenset(
    {
        "type", "enum", "required", "format", "pattern", "minLength", "maxLength", "minimum",
        "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems",
        "uniqueItems", "minProperties", "maxProperties", "x-rules",
    }
)  # fmt: skip
"""Keywords that mean the same in draft 4 (and x-rules, which it passes over)."""
DROPPED = frozenset(
    {
        "title", "description", "example", "default", "deprecated", "externalDocs", "xml",
        "readOnly", "writeOnly", "nullable", "discriminator", "examples",
    }
)  # fmt: skip
"""Keywords without a check of their own (the last two are translated with their neighbours)."""
MAX_VIOLATIONS = 100
MAX_HOPS = 50
"""References that may lead to references, one after another."""
MAX_IN_PLACE = 2_000
"""Schemas in a schema whose references are written out."""


class UnsupportedSchema(ValueError):
    """A schema, or what has one, is of a kind that is not supported, and how."""


def is_date_time(value: str) -> bool:
    """Whether this is a real `yyyy-MM-dd HH:mm:ss` (31 February is not)."""
    try:
        times.parse(value)
    except ValueError:
        return False
    return True


def is_date(value: str) -> bool:
    """Whether this is a real `yyyy-MM-dd`."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_instant(value: str) -> bool:
    """Whether this is a real RFC 3339 date-time, offset included."""
    try:
        times.instant(value)
    except ValueError:
        return False
    return True


EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
FORMATS = {
    "date-time-local": is_date_time,
    "date": is_date,
    "date-time": is_instant,
    "email": lambda value: EMAIL.fullmatch(value) is not None,
}
WRITTEN = {
    "date-time-local": "yyyy-MM-dd HH:mm:ss",
    "date": "yyyy-MM-dd",
    "date-time": "2025-04-21T09:00:00+08:00",
}
"""What a refusal calls the formats that can be spelled out."""
MARKED = ("date-time-local",)
"""Formats that only `x-format` names."""
UNCHECKED_FORMATS = frozenset({"int32", "int64", "binary", "uri", "uri-reference", "password"})
"""Formats that say how to read a value; bounds and patterns beside them do the checking."""


def translate(schema: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """The draft 4 JSON Schema of an OpenAPI 3.0 schema, its references written out.

    One that contains itself, or would be very long, has references to `definitions` instead.
    Raises UnsupportedSchema for an unknown keyword and for a reference that leads nowhere.
    """
    try:
        return _Translation(components, in_place=True).of(schema, ())
    except _NotInPlace:
        translation = _Translation(components, in_place=False)
        result = translation.of(schema, ())
        return {**result, "definitions": translation.definitions}


def resolved(node: Mapping[str, Any], components: Mapping[str, Any], section: str) -> Any:
    """What a bundled reference stands for in the end, or the node itself.

    Raises UnsupportedSchema for a reference that leads nowhere.
    """
    for _ in range(MAX_HOPS):
        if not isinstance(node, Mapping) or "$ref" not in node:
            return node
        name = str(node["$ref"]).rsplit("/", 1)[-1]
        if name not in components.get(section, {}):
            raise UnsupportedSchema(f"{node['$ref']} leads nowhere")
        node = components[section][name]
    raise UnsupportedSchema(f"{node['$ref']} leads back to itself")


class _NotInPlace(Exception):
    """References cannot be written out: a schema contains itself, or is too long."""


class _Translation:
    """One schema on its way."""

    def __init__(self, components: Mapping[str, Any], *, in_place: bool) -> None:
        self.definitions: dict[str, Any] = {}
        self._components = components
        self._in_place = in_place
        self._names: dict[str, str] = {}
        self._left = MAX_IN_PLACE

    def of(self, schema: Any, trail: tuple[str, ...]) -> dict[str, Any]:
        self._left -= 1
        if self._in_place and self._left < 0:
            raise _NotInPlace
        if not isinstance(schema, Mapping):
            raise UnsupportedSchema(f"a schema is an object, not {shown(schema)}")
        if "$ref" in schema:
            return self._reference(str(schema["$ref"]), trail)
        result: dict[str, Any] = {}
        for key, value in schema.items():
            if key == "x-format" and value in (*FORMATS,):
                result["format"] = value
            elif key == "format" and value in MARKED:  # elsewhere it means something else
                continue
            elif key == "x-rules" and isinstance(value, Mapping):
                result[key] = {"format" if w == "x-format" else w: value[w] for w in value}
            elif key in KEPT:
                result[key] = value
            elif key not in DROPPED and not key.startswith("x-"):
                result[key] = self._nested(key, value, trail)
        return _nullable(result) if schema.get("nullable") is True else result

    def _reference(self, ref: str, trail: tuple[str, ...]) -> dict[str, Any]:
        name = ref.rsplit("/", 1)[-1]
        target = self._components.get("schemas", {}).get(name)
        if target is None:
            raise UnsupportedSchema(f"{ref} leads nowhere")
        if self._in_place:
            if name in trail:
                raise _NotInPlace
            return self.of(target, (*trail, name))
        if name not in self._names:
            made = self._names[name] = f"s{len(self._names)}"
            self.definitions[made] = {}  # holds the place, so that it may refer to itself
            self.definitions[made] = self.of(target, trail)
        return {"$ref": f"#/definitions/{self._names[name]}"}

    def _nested(self, key: str, value: Any, trail: tuple[str, ...]) -> Any:
        if key in ("allOf", "oneOf", "anyOf") and isinstance(value, list):
            return [self.of(part, trail) for part in value]
        if key in ("items", "not"):
            return self.of(value, trail)
        if key == "properties" and isinstance(value, Mapping):
            return {name: self.of(part, trail) for name, part in value.items()}
        if key == "additionalProperties":
            return value if isinstance(value, bool) else self.of(value, trail)
        raise UnsupportedSchema(f"the keyword {key} is not supported")


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "type" not in schema:  # as people mean it beside allOf or oneOf, though 3.0.3 says otherwise
        return {"anyOf": [{"type": "null"}, schema]}
    schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return schema


class Checker:
    """One compiled schema."""

    def __init__(self, schema: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        """Compile an OpenAPI 3.0 schema; raises UnsupportedSchema."""
        self._schema = translate(schema, components)
        self._validator = jsonschema_rs.Draft4Validator(
            self._schema, formats=FORMATS, validate_formats=True, ignore_unknown_formats=True
        )
        self.accepts = self._validator.is_valid
        self._branches = _branches(schema, components)

    def violations(self, value: Any, base: str) -> list[Violation]:
        """Everything wrong with `value`, each at `base` + its JSON pointer; at most 100.

        A rule that several keywords express (length and pattern of one field) is said once.
        """
        branch = self._branch(value)
        if branch is not None:
            return branch.violations(value, base)
        found: dict[tuple[str, str], Violation] = {}
        for error in self._validator.iter_errors(value):
            for violation in self._violations(error, base):
                found.setdefault((violation.pointer, violation.rule), violation)
            if len(found) >= MAX_VIOLATIONS:
                break
        return list(found.values())

    def _branch(self, value: Any) -> Checker | None:
        """The one alternative that the discriminator names: only its errors help the caller."""
        if self._branches is None or not isinstance(value, dict):
            return None
        name, branches = self._branches
        chosen = value.get(name)
        return branches.get(chosen if isinstance(chosen, str) else None, branches[None])

    def _violations(self, error: Any, base: str) -> Iterator[Violation]:
        pointer = base + "".join(f"/{_escaped(token)}" for token in error.instance_path)
        keyword = str(error.schema_path[-1]) if error.schema_path else "schema"
        at: Any = self._schema
        for token in error.schema_path[:-1]:
            at = at[token] if isinstance(at, list) else at[str(token)]  # a name may be `200`
        limit = at.get(keyword) if isinstance(at, dict) else None
        rule = (at.get("x-rules") or {}).get(keyword, keyword) if isinstance(at, dict) else keyword
        if keyword == "required":
            missing = error.kind.property
            yield Violation(f"{pointer}/{_escaped(missing)}", rule, f"required {missing}")
        elif keyword == "additionalProperties":
            known = ", ".join(at.get("properties", ()))
            for name in error.kind.unexpected[:MAX_VIOLATIONS]:
                value = shown(error.instance[name])
                yield Violation(f"{pointer}/{_escaped(name)}", rule, known, value)
        else:
            yield Violation(pointer, rule, _accepted(keyword, limit), shown(error.instance))


class Schemas:
    """The schemas of one contract, each compiled once: nine of ten are said again elsewhere."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        """Compile schemas of a bundled contract that has these components."""
        self.components = components
        self._compiled: dict[str, Checker] = {}

    def checker(self, schema: Mapping[str, Any]) -> Checker:
        """The compiled form of an OpenAPI 3.0 schema; raises UnsupportedSchema."""
        said = json.dumps(schema)
        if said not in self._compiled:
            self._compiled[said] = Checker(schema, self.components)
        return self._compiled[said]


def _branches(
    schema: Mapping[str, Any], components: Mapping[str, Any]
) -> tuple[str, dict[str | None, Checker]] | None:
    choice = resolved(schema, components, "schemas")
    discriminator = choice.get("discriminator")
    if not discriminator or not {"oneOf", "anyOf"} & choice.keys():
        return None
    name, mapping = discriminator.get("propertyName"), discriminator.get("mapping")
    if not name or not mapping:
        raise UnsupportedSchema("a discriminator without propertyName or mapping is not supported")
    branches: dict[str | None, Checker] = {
        value: Checker({"$ref": ref}, components) for value, ref in mapping.items()
    }
    # The rule beside `oneOf` is about the choice itself: a tag that is there and known.
    rule = choice.get("x-rules", {}).get("oneOf")
    rules = {"x-rules": {"required": rule, "enum": rule}} if rule else {}
    tag = {"type": "string", "enum": list(mapping), **rules}
    untagged = {"type": "object", "required": [name], "properties": {name: tag}, **rules}
    branches[None] = Checker(untagged, components)
    return name, branches


def _accepted(keyword: str, limit: Any) -> str:
    if keyword == "enum":
        return ", ".join("null" if item is None else str(item) for item in limit)
    if keyword == "format":
        return WRITTEN.get(limit, f"format {limit}")
    if isinstance(limit, list):
        return f"{keyword} {'|'.join(map(str, limit))}"
    return keyword if isinstance(limit, dict) or limit is None else f"{keyword} {limit}"


def _escaped(token: str | int) -> str:
    return str(token).replace("~", "~0").replace("/", "~1")
