"""Null for each optional field of a response that has no value (reading `absent-values`)."""

from __future__ import annotations

from typing import Any

from mock_server.http.value_walks import (
    Schema,
    Step,
    StepCompiler,
    Steps,
    allows_null,
    change_fields,
)


def compile_null_completion(schema: Schema) -> Step | None:
    """Return the function that completes a response, or None if it has no nullable field.

    schema: a translated schema. The function returns new objects: what a handler returns may be
    part of a record. Fields that the schema does not declare are kept.
    """
    return _CompletionCompiler(schema).compile(schema)


class _CompletionCompiler(StepCompiler):
    def scalar_step(self, schema: Schema) -> Step | None:
        del schema
        return None

    def object_step(
        self,
        schema: Schema,
        required: frozenset[str],
        properties: Steps,
        additional: Step | None,
    ) -> Step | None:
        del required
        declared = schema.get("properties", {})
        nulls = {name: None for name, part in declared.items() if allows_null(part)}
        if not nulls and not properties and additional is None:
            return None

        def complete(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return change_fields({**nulls, **value}, properties, declared, additional)

        return complete
