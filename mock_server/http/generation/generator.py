"""Generation of valid, reproducible values from a schema."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.http.generation.all_of import merge_schemas
from mock_server.http.generation.scalars import (
    GenerationError,
    generate_number,
    generate_text,
    pick_enum_value,
)
from mock_server.http.schema_translation import UnsupportedSchemaError, resolve_reference
from mock_server.http.schemas import CompiledSchemas

MAX_DEPTH = 12
"""Depth from which optional properties are left out."""
MAX_VALUES = 2_000
"""Number of generated values from which optional properties and items are left out."""
MAX_ITEMS = 1_000
MAX_VARIANTS = 8
"""Maximum number of attempts, needed for keywords such as `not` and `oneOf`."""
NUMBER_KEYWORDS = ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")
# Tried in turn beside `not`, which may exclude any of them.
FALLBACK_TYPES = ("string", "integer", "object", "array", "boolean", "null")


class _RecursiveSchemaError(GenerationError):
    """A recursive schema cannot be expanded further."""


__all__ = ["GenerationError", "ValueGenerator"]


class ValueGenerator:
    """Generator of values for the schemas of one contract."""

    def __init__(self, schemas: CompiledSchemas) -> None:
        """Generate values that `schemas` accepts."""
        self._schemas = schemas
        self._left = 0

    def generate(self, schema: Mapping[str, Any]) -> Any:
        """Return a value that the schema accepts.

        Raises GenerationError if none is found, and UnsupportedSchemaError.
        """
        checker = self._schemas.checker_for(schema)
        # The first reason is reported, because later variants are only further attempts.
        reason: GenerationError | None = None
        for variant in range(MAX_VARIANTS):
            self._left = MAX_VALUES
            try:
                found = self._generate(schema, "", (), variant)
            except GenerationError as error:
                reason = reason or error
                continue
            # The generator ignores some keywords, such as `not`, so the value may be invalid.
            if checker.accepts(found):
                return found
            wrong = checker.violations(found, "")[0]
            reason = reason or GenerationError(
                wrong.pointer, f"no value was found that satisfies {wrong.accepted}"
            )
        raise reason or GenerationError("", "no value was found")

    def _generate(self, schema: Any, at: str, trail: tuple[str, ...], variant: int) -> Any:
        try:
            return self._generate_not_null(schema, at, trail, variant)
        except GenerationError:
            # Ends a recursive schema that is nullable.
            if self._accepts(schema, None):
                return None
            raise

    def _generate_not_null(self, schema: Any, at: str, trail: tuple[str, ...], variant: int) -> Any:
        self._left -= 1
        flat, trail = self._flatten(schema, at, trail)
        for known in _iter_examples(flat):
            if self._accepts(schema, known):
                return known
        for word in ("oneOf", "anyOf"):
            if flat.get(word):
                return self._generate_alternative(schema, flat, word, at, trail, variant)
        return self._generate_by_type(flat, at, trail, variant)

    def _accepts(self, schema: Any, value: Any) -> bool:
        try:
            return self._schemas.checker_for(schema).accepts(value)
        except UnsupportedSchemaError:
            return False

    def _generate_alternative(
        self,
        schema: Any,
        flat: dict[str, Any],
        word: str,
        at: str,
        trail: tuple[str, ...],
        variant: int,
    ) -> Any:
        """Return a value of one of the alternatives, merged with the other keywords."""
        beside = {key: value for key, value in flat.items() if key not in (word, "discriminator")}
        reason: GenerationError | None = None
        tags = _discriminator_tags(flat.get("discriminator"))
        for index, branch in enumerate(flat[word]):
            parts = [beside, branch]
            if isinstance(branch, Mapping) and (tag := tags.get(str(branch.get("$ref")))):
                parts.append(tag)
            for other in range(variant, variant + (MAX_VARIANTS if index == 0 else 2)):
                try:
                    found = self._generate({"allOf": parts}, at, trail, other)
                except GenerationError as error:
                    reason = reason or error
                    break
                if self._accepts(schema, found):
                    return found
        if flat.get("nullable") and self._accepts(schema, None):
            return None
        raise reason or GenerationError(at, f"no value was found that {word} accepts")

    def _generate_by_type(
        self, flat: dict[str, Any], at: str, trail: tuple[str, ...], variant: int
    ) -> Any:
        kind = flat.get("type") or _infer_type(flat, variant)
        if "enum" in flat:
            return pick_enum_value(flat, at, variant)
        if kind == "object":
            return self._generate_object(flat, at, trail, variant)
        if kind == "array":
            return self._generate_array(flat, at, trail, variant)
        if kind in ("integer", "number"):
            return generate_number(flat, at, kind, variant)
        return {"boolean": variant % 2 == 0, "null": None}.get(
            kind, generate_text(flat, at, variant)
        )

    def _generate_object(
        self, flat: dict[str, Any], at: str, trail: tuple[str, ...], variant: int
    ) -> Any:
        properties = flat.get("properties", {})
        others = flat.get("additionalProperties", True)
        required = frozenset(flat.get("required", ()))
        found: dict[str, Any] = {}
        for name in dict.fromkeys([*properties, *flat.get("required", ())]):
            part = properties.get(name, others if isinstance(others, Mapping) else {})
            if name not in properties and others is False:
                raise GenerationError(f"{at}/{name}", "the property is required but not allowed")
            if name not in required and (
                len(trail) > MAX_DEPTH or self._left < 0 or _is_write_only(part)
            ):
                continue
            try:
                found[name] = self._generate(part, f"{at}/{name}", trail, variant)
            except GenerationError:
                if name in required:
                    raise
        for name in [name for name in found if name not in required]:
            if len(found) > flat.get("maxProperties", math.inf):
                del found[name]
        self._add_properties(found, flat, at, trail, variant)
        return found

    def _add_properties(
        self,
        found: dict[str, Any],
        flat: dict[str, Any],
        at: str,
        trail: tuple[str, ...],
        variant: int,
    ) -> None:
        """Add properties without a declared name: the required number, or one for a map."""
        others = flat.get("additionalProperties", True)
        least, most = flat.get("minProperties", 0), flat.get("maxProperties", math.inf)
        is_map = isinstance(others, Mapping) and not flat.get("properties")
        wanted = max(least, 1 if is_map and most >= 1 else 0)
        if wanted > MAX_ITEMS or (others is False and len(found) < least):
            raise GenerationError(at, f"minProperties {least} cannot be satisfied")
        extra = others if isinstance(others, Mapping) else {"type": "string"}
        index = 0
        while len(found) < wanted:
            index += 1
            try:
                found[f"key{index}"] = self._generate(extra, f"{at}/key{index}", trail, variant)
            except GenerationError:
                if least > len(found):
                    raise
                break

    def _generate_array(
        self, flat: dict[str, Any], at: str, trail: tuple[str, ...], variant: int
    ) -> Any:
        least, most = flat.get("minItems", 0), flat.get("maxItems", math.inf)
        if least > most:
            raise GenerationError(at, f"minItems {least} is above maxItems {most}")
        if least > MAX_ITEMS:
            raise GenerationError(at, f"minItems {least} is more than the mock generates")
        found: list[Any] = []
        seen: set[str] = set()
        items = flat.get("items", {})
        wanted = max(least, 1 if most >= 1 and self._left > 0 else 0)
        for index in range(wanted * 3):
            if len(found) == wanted:
                break
            step = index if flat.get("uniqueItems") else 0
            try:
                item = self._generate(items, f"{at}/{len(found)}", trail, variant + step)
            except GenerationError:
                if len(found) >= least:  # the array may stay shorter
                    break
                raise
            said = json.dumps(item, sort_keys=True)  # items may be unhashable
            if flat.get("uniqueItems") and said in seen:
                continue
            seen.add(said)
            found.append(item)
        if len(found) < least:
            found += self._unused_enum_values(items, found, least)
        if len(found) < least:
            raise GenerationError(at, f"there are no {least} different items")
        return found

    def _unused_enum_values(self, items: Any, found: list[Any], least: int) -> list[Any]:
        """Return the values of an enum that are not used yet."""
        flat, _ = self._flatten(items, "", ())
        left = [item for item in flat.get("enum", ()) if item not in found]
        return left[: least - len(found)]

    def _flatten(
        self, schema: Any, at: str, trail: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return the schema with references and `allOf` merged, and the trail of its references."""
        if not isinstance(schema, Mapping):
            raise UnsupportedSchemaError("a schema must be an object")
        while "$ref" in schema:
            name = str(schema["$ref"])
            # Expanded twice, so that an example of a tree has children.
            if trail.count(name) > 1 or len(trail) > MAX_DEPTH * 4:
                raise _RecursiveSchemaError(
                    at, "a value of this schema always contains another one"
                )
            trail = (*trail, name)
            schema = resolve_reference({"$ref": name}, self._schemas.components, "schemas")
        flat = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema.get("allOf", ()):
            other, trail = self._flatten(part, at, trail)
            flat = merge_schemas(flat, other, at)
        return flat, trail


def _iter_examples(flat: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the examples and the default of a schema."""
    for word in ("example", "default"):
        if word in flat:
            yield flat[word]
    examples = flat.get("examples")
    if isinstance(examples, list):
        yield from examples[:MAX_VARIANTS]


def _discriminator_tags(discriminator: Any) -> dict[str, Any]:
    """Return the schema that the discriminator adds to an alternative, by its reference.

    If several values lead to the same alternative, the first is used.
    """
    if not isinstance(discriminator, Mapping) or not discriminator.get("mapping"):
        return {}
    name = discriminator["propertyName"]
    return {
        ref: {"required": [name], "properties": {name: {"type": "string", "enum": [value]}}}
        for value, ref in reversed([*discriminator["mapping"].items()])
    }


def _infer_type(flat: Mapping[str, Any], variant: int) -> str:
    if {"properties", "required", "additionalProperties", "minProperties"} & flat.keys():
        return "object"
    if {"items", "minItems", "uniqueItems"} & flat.keys():
        return "array"
    if {*NUMBER_KEYWORDS} & flat.keys():
        return "number"
    return FALLBACK_TYPES[variant % len(FALLBACK_TYPES)] if "not" in flat else "string"


def _is_write_only(part: Any) -> bool:
    """Return whether a property may only be sent in requests."""
    return isinstance(part, Mapping) and part.get("writeOnly") is True
