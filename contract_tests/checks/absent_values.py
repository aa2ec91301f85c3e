"""Observer of optional response fields without a value: they are left out, or null."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import openapi
from contract_tests.checks.exchange import Exchange
from contract_tests.contract.operations import Operation, operations_of_contract
from contract_tests.contract.statuses import is_success
from contract_tests.contract.strictness import CURATED
from openapi import combined_schemas

READING = "absent-values"
MAX_ROWS = 100
"""Maximum number of rows of a list that are examined."""
MAX_DEPTH = 8
"""Maximum depth of a response that is examined; a schema may refer to itself."""
Schema = dict[str, Any]


@dataclass
class ObjectShape:
    """An object, or a list of them, in the responses of one operation.

    optional: fields that may be left out, without those for which the documents decide what stands
    for no value; inner: the shapes of fields with objects; sent: optional fields that the server
    has sent with a value.
    """

    optional: frozenset[str]
    inner: Mapping[str, ObjectShape]
    sent: set[str] = field(default_factory=set)


class AbsentValueObserver:
    """Observer of the responses of one run.

    A null shows the reading at once. A missing field does so only if the server has sent it with a
    value before, since a server need not have every optional field.
    """

    def __init__(self, has: Callable[[str], bool]) -> None:
        """Begin without responses; `has` returns whether a value has been observed."""
        self._has = has
        self._shapes: dict[str, ObjectShape | None] = {}

    def observe(self, exchange: Exchange) -> Iterator[str]:
        """Yield `null` or `omitted` if a response shows it."""
        if not is_success(exchange.status) or not exchange.media_type.endswith("json"):
            return
        # The usual response shows what is known already, and is not even parsed.
        if self._has("omitted") and b"null" not in exchange.content:
            return
        name = exchange.operation.name
        if name not in self._shapes:
            self._shapes[name] = response_shape(operations_with_default_readings()[name])
        shape = self._shapes[name]
        if shape:
            yield from _values_in(shape, exchange.body)


@lru_cache(maxsize=1)
def operations_with_default_readings() -> dict[str, Operation]:
    """Return the operations of the contract with default readings, by operationId.

    In it, only those fields of responses are nullable for which the documents say so.
    """
    # The named form is kept on disk, a choice is built each time. Nulls in requests, which it
    # allows, change no schema of a response.
    return operations_of_contract(openapi.load(readings="exact"), CURATED)


def response_shape(operation: Operation) -> ObjectShape | None:
    """Return the shape of an operation's successful JSON; None if nothing in it is optional."""
    content = operation.declared_response(200).get("content", {}).get("application/json", {})
    return _shape_of(operation, content["schema"], MAX_DEPTH) if "schema" in content else None


def _shape_of(operation: Operation, schema: Schema, depth: int) -> ObjectShape | None:
    """Return the shape of the objects in a value; None for open objects and for alternatives."""
    parts = [*_parts(operation, schema)]
    # An open object is a map, whose keys are data; of alternatives it is unknown which one applies.
    if not depth or any(
        keyword in part for part in parts for keyword in ("oneOf", "anyOf", "additionalProperties")
    ):
        return None
    for part in parts:
        if "items" in part:
            return _shape_of(operation, part["items"], depth - 1)
    declared = {name: node for part in parts for name, node in part.get("properties", {}).items()}
    required = {name for part in parts for name in part.get("required", ())}
    optional = frozenset(
        name
        for name, node in declared.items()
        if name not in required and not _is_nullable(operation, node)
    )
    found = {name: _shape_of(operation, node, depth - 1) for name, node in declared.items()}
    inner = {name: shape for name, shape in found.items() if shape}
    return ObjectShape(optional, inner) if optional or inner else None


def _parts(operation: Operation, schema: Schema) -> Iterator[Schema]:
    node = operation.resolve_reference(schema)
    yield node
    for part in combined_schemas(node):
        yield from _parts(operation, part)


def _is_nullable(operation: Operation, schema: Schema) -> bool:
    return any(part.get("nullable") for part in _parts(operation, schema))


def _values_in(shape: ObjectShape, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value[:MAX_ROWS]:
            yield from _values_in(shape, each)
    elif isinstance(value, dict):
        if shape.sent and not shape.sent <= value.keys():
            yield "omitted"
        for name in shape.optional & value.keys():
            if value[name] is None:
                yield "null"
            else:
                shape.sent.add(name)
        for name, below in shape.inner.items():
            if name in value:
                yield from _values_in(below, value[name])
