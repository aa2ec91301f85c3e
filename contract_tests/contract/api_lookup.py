"""Lookups in the API model, and in the contract where the model depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from contract_tests.contract.api_entry import OperationEffects, RecordKind
from contract_tests.contract.api_model import API_MODEL
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations
from openapi import combined_schemas

NO_EFFECTS = OperationEffects()
# The documents use both names, one for each list.
ROW_FIELDS = ("content", "records")
"""Names of the fields in which lists return their rows."""
EXECUTIONS_FIELD = "executions"
"""Name of the field with the rows in the other structure of the list of executions (N16)."""


def operation_effects(name: str) -> OperationEffects:
    """Return an operation's entry in the model; an entry without effects if it has none.

    An operation that is not in the model therefore never counts as a write that may be sent.
    """
    return API_MODEL.get(name, NO_EFFECTS)


@lru_cache(maxsize=1)
def reading_operation_by_kind() -> Mapping[RecordKind, str]:
    """Return the operation that reads one record, by the record's kind."""
    # A kind has one operation that reads it; reports and schemas only concern a record.
    return {entry.shows: name for name, entry in API_MODEL.items() if entry.shows}


@lru_cache(maxsize=1)
def listing_operation_by_kind() -> Mapping[RecordKind, str]:
    """Return the operation that lists records, by their kind."""
    return {entry.lists: name for name, entry in API_MODEL.items() if entry.lists}


@lru_cache(maxsize=1)
def creating_operation_by_kind() -> Mapping[RecordKind, str]:
    """Return the operation that creates a record, by its kind."""
    return {entry.creates: name for name, entry in API_MODEL.items() if entry.creates}


def path_id_name(name: str) -> str:
    """Return the name of the id in an operation's path; empty when there is none."""
    return next(
        (each["name"] for each in operations()[name].declared_parameters if each["in"] == "path"),
        "",
    )


def operations_on_kind(kind: RecordKind) -> list[str]:
    """Return the operations whose path names a record of a kind, in the model's order."""
    return [name for name, entry in API_MODEL.items() if entry.kind_in_path == kind]


def has_form_body(name: str) -> bool:
    """Return whether an operation takes a multipart form with a file."""
    return MULTIPART_FORM in operations()[name].raw.get("requestBody", {}).get("content", {})


@lru_cache(maxsize=64)
def response_fields(name: str) -> frozenset[str]:
    """Return the fields of the JSON object in an operation's response; empty for other content."""
    operation = operations()[name]
    content = operation.raw["responses"]["200"].get("content", {})
    return frozenset(
        _schema_properties(operation, content.get("application/json", {}).get("schema", {}))
    )


def rows_field(name: str) -> str:
    """Return the field in which a list returns its rows; raises StopIteration for no list."""
    return next(each for each in ROW_FIELDS if each in response_fields(name))


def listed_rows(name: str, page: Mapping[str, Any]) -> list[Any]:
    """Return the rows in a response of a list, in either structure; raises KeyError without any."""
    fields = (rows_field(name), EXECUTIONS_FIELD)
    used = next((each for each in fields if isinstance(page.get(each), list)), fields[0])
    found: list[Any] = page[used]
    return found


def keyword_search_path(name: str) -> tuple[str, ...]:
    """Return the fields that lead to records in a list where `keyWord` searches their names.

    Empty for all other operations.
    """
    entry = operation_effects(name)
    if not entry.lists or f"{entry.lists}.name" not in entry.filters.get("keyWord", ())[1:]:
        return ()
    return (rows_field(name), *([entry.grouped.inner] if entry.grouped else []))


def _schema_properties(operation: Operation, schema: dict[str, Any]) -> Iterator[str]:
    node = operation.resolve_reference(schema)
    yield from node.get("properties", {})
    for part in combined_schemas(node):
        yield from _schema_properties(operation, part)
