"""Changes of JSON bodies before their validation, as the readings say.

A null for an optional field counts as absent (`null-in-requests`, decision X4), and a number may be
written as a text (`number-as-text`, decision X5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mock_server.http.parameter_types import PARSERS_BY_TYPE, ParameterSyntaxError
from mock_server.http.value_walks import (
    Schema,
    Step,
    StepCompiler,
    Steps,
    allows_null,
    change_fields,
)

NULL_TOKEN = b"null"


class BodyPreparation:
    """Changes of the bodies of one schema, compiled once in each process."""

    def __init__(self, schema: Schema, *, drops_nulls: bool, coerces: bool) -> None:
        """Compile a translated schema.

        drops_nulls: a null for an optional nullable field is removed; coerces: scalars become
        what the schema has, where Jackson converts them.
        """
        self.definition = {"drops_nulls": drops_nulls, "coerces": coerces}
        """The arguments, as JSON values for another process."""
        compiler = _PreparationCompiler
        self._step = compiler(schema, drops=False, coerces=coerces).compile(schema)
        self._step_with_nulls = (
            compiler(schema, drops=True, coerces=coerces).compile(schema)
            if drops_nulls
            else self._step
        )

    def apply(self, value: Any, raw: bytes) -> Any:
        """Return the value of the JSON text `raw`, prepared."""
        # Nearly every body has no null anywhere, which a search in its text shows at once.
        step = self._step_with_nulls if NULL_TOKEN in raw else self._step
        return value if step is None else step(value)


class _PreparationCompiler(StepCompiler):
    def __init__(self, root: Schema, *, drops: bool, coerces: bool) -> None:
        super().__init__(root)
        self._drops = drops
        self._coerces = coerces

    def scalar_step(self, schema: Schema) -> Step | None:
        if not self._coerces:
            return None
        declared = schema.get("type")
        types = {declared} if isinstance(declared, str) else {*(declared or ())}
        types.discard("null")
        return COERCIONS.get(types.pop()) if len(types) == 1 else None

    def object_step(
        self,
        schema: Schema,
        required: frozenset[str],
        properties: Steps,
        additional: Step | None,
    ) -> Step | None:
        declared = schema.get("properties", {})
        optional = frozenset(
            name for name in declared if name not in required and allows_null(declared[name])
        )
        droppable = optional if self._drops else frozenset()
        if not droppable and not properties and additional is None:
            return None

        def change_object(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            if droppable and None in value.values():
                value = {n: v for n, v in value.items() if v is not None or n not in droppable}
            return change_fields(value, properties, declared, additional)

        return change_object


def _coerce_to_string(value: Any) -> Any:
    """Return a number or boolean as Jackson reads it for a text: as it is written."""
    return (
        orjson.dumps(value).decode()
        if isinstance(value, float | bool)
        else (str(value) if isinstance(value, int) else value)
    )


def _coerce_to_integer(value: Any) -> Any:
    return _parse_or_leave(value, "integer")


def _coerce_to_number(value: Any) -> Any:
    found = _parse_or_leave(value, "integer")
    return found if found is not value else _parse_or_leave(value, "number")


def _coerce_to_boolean(value: Any) -> Any:
    return _parse_or_leave(value, "boolean")


def _parse_or_leave(value: Any, type_: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return PARSERS_BY_TYPE[type_](value.strip())
    except ParameterSyntaxError:
        return value


COERCIONS: Mapping[str, Step] = {
    "string": _coerce_to_string,
    "integer": _coerce_to_integer,
    "number": _coerce_to_number,
    "boolean": _coerce_to_boolean,
}
"""Conversions by the type that a schema declares; a value that cannot be converted is left."""
