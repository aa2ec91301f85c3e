"""Changes of JSON values that follow from a translated schema, compiled once.

A step takes a value and returns it changed, or the value itself. It never fails: a value of another
type than the schema's is left to the validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Step = Callable[[Any], Any]
Schema = Mapping[str, Any]
Steps = Mapping[str, Step]
"""Steps of fields by name."""
Alternative = tuple[Callable[[Any], bool], Step]


class StepCompiler:
    """Compiler of the steps of a schema; a subclass says what happens to scalars and objects.

    The schema is a draft 4 JSON Schema (`schema_translation.py`).
    """

    def __init__(self, root: Schema) -> None:
        """Take the schema with the `definitions` that its references lead to."""
        self._definitions: Mapping[str, Schema] = root.get("definitions", {})
        self._compiled: dict[str, Step | None] = {}
        self._open: set[str] = set()

    def scalar_step(self, schema: Schema) -> Step | None:
        """Return what happens to a scalar, or None for nothing."""
        raise NotImplementedError

    def object_step(
        self,
        schema: Schema,
        required: frozenset[str],
        properties: Steps,
        additional: Step | None,
    ) -> Step | None:
        """Return what happens to an object, or None for nothing.

        required: names that this schema or one beside it requires; properties, additional: steps
        of the fields, where something happens.
        """
        raise NotImplementedError

    def compile(self, schema: Schema, required: Iterable[str] = ()) -> Step | None:
        """Return the step of a schema, or None if nothing happens to any value."""
        if "$ref" in schema:
            return self._compile_reference(schema["$ref"].rpartition("/")[2])
        needed = frozenset(required).union(schema.get("required", ()))
        parts = schema.get("allOf", ())
        needed = needed.union(*(part.get("required", ()) for part in parts))
        steps = [
            self.scalar_step(schema),
            self._compile_object(schema, needed),
            self._compile_items(schema),
            *(self.compile(part, needed) for part in parts),
            *(self._compile_alternatives(schema.get(key, ())) for key in ("oneOf", "anyOf")),
        ]
        return _one_after_another([step for step in steps if step])

    def _compile_reference(self, name: str) -> Step | None:
        if name in self._open:  # a recursive schema: its step is known once it is compiled

            def change_later(value: Any) -> Any:
                step = self._compiled[name]
                return step(value) if step else value

            return change_later
        if name not in self._compiled:
            self._open.add(name)
            self._compiled[name] = self.compile(self._definitions[name])
            self._open.remove(name)
        return self._compiled[name]

    def _compile_object(self, schema: Schema, required: frozenset[str]) -> Step | None:
        if "properties" not in schema and "additionalProperties" not in schema:
            return None
        compiled = {name: self.compile(part) for name, part in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties")
        additional = self.compile(others) if isinstance(others, Mapping) else None
        known = {name: step for name, step in compiled.items() if step}
        return self.object_step(schema, required, known, additional)

    def _compile_items(self, schema: Schema) -> Step | None:
        step = self.compile(schema["items"]) if "items" in schema else None
        if step is None:
            return None

        def change_items(value: Any) -> Any:
            return [step(item) for item in value] if isinstance(value, list) else value

        return change_items

    def _compile_alternatives(self, parts: Iterable[Schema]) -> Step | None:
        found: list[Alternative] = []
        for part in parts:
            if step := self.compile(part):
                found.append((_compile_tag_test(part), step))
        if not found:
            return None

        def change_as_the_first_that_fits(value: Any) -> Any:
            for fits, step in found:
                if fits(value):
                    return step(value)
            return value

        return change_as_the_first_that_fits


def change_fields(
    value: dict[str, Any], properties: Steps, declared: Mapping[str, Any], additional: Step | None
) -> dict[str, Any]:
    """Change the fields of an object in place, and return it.

    properties: steps of declared fields; additional: that of all fields that are not `declared`.
    """
    for name, step in properties.items():
        if name in value:
            value[name] = step(value[name])
    if additional is not None:
        for name in value.keys() - declared.keys():
            value[name] = additional(value[name])
    return value


def allows_null(schema: Schema) -> bool:
    """Return whether a translated schema of a field is that of a nullable one."""
    declared = schema.get("type")
    if isinstance(declared, list):
        return "null" in declared
    return any(part.get("type") == "null" for part in schema.get("anyOf", ()))


def _one_after_another(steps: list[Step]) -> Step | None:
    if len(steps) < 2:
        return steps[0] if steps else None

    def change(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return change


def tags_of(schema: Schema) -> dict[str, list[Any]]:
    """Return the values of the fields by which an object shows that it has this schema."""
    return {
        name: part["enum"]
        for each in (schema, *schema.get("allOf", ()))
        for name, part in each.get("properties", {}).items()
        if "enum" in part and name in each.get("required", ())
    }


def _compile_tag_test(schema: Schema) -> Callable[[Any], bool]:
    """Return the test of whether an alternative is meant: an object with the values of its tags."""
    tags = tags_of(schema)

    def is_meant(value: Any) -> bool:
        return isinstance(value, dict) and all(
            value.get(name) in values for name, values in tags.items()
        )

    return is_meant
