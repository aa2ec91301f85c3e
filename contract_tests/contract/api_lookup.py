"""Questions to the model of the API, and what it needs of the contract to answer them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from contract_tests.contract.api_entry import Entry, Kind
from contract_tests.contract.api_model import MODEL
from contract_tests.contract.operations import FORM, Operation, operations
from openapi import combined

UNKNOWN = Entry()
ROWS = ("content", "records")
"""The fields in which lists have their rows."""


def entry_of(name: str) -> Entry:
    """Return what the model says of an operation; of one that is not in it, that it does nothing.

    So nobody takes an unknown one for a write that may be sent.
    """
    return MODEL.get(name, UNKNOWN)


@lru_cache(maxsize=1)
def readings() -> Mapping[Kind, str]:
    """Return the operation that reads one record, by the record's kind."""
    return {entry.shows: name for name, entry in MODEL.items() if entry.shows}


@lru_cache(maxsize=1)
def lists() -> Mapping[Kind, str]:
    """Return the operation that lists records, by their kind."""
    return {entry.lists: name for name, entry in MODEL.items() if entry.lists}


@lru_cache(maxsize=1)
def creators() -> Mapping[Kind, str]:
    """Return the operation that creates a record, by its kind."""
    return {entry.creates: name for name, entry in MODEL.items() if entry.creates}


def id_name(name: str) -> str:
    """Return the name of the id in an operation's path; empty when there is none."""
    return next((each["name"] for each in operations()[name].declared if each["in"] == "path"), "")


def naming(kind: Kind) -> list[str]:
    """Return the operations whose path names a record of a kind, in the model's order."""
    return [name for name, entry in MODEL.items() if entry.named == kind]


def takes_form(name: str) -> bool:
    """Return whether an operation takes a form: a file, in parts."""
    return FORM in operations()[name].raw.get("requestBody", {}).get("content", {})


@lru_cache(maxsize=64)
def answered(name: str) -> frozenset[str]:
    """Return the fields of the JSON object that an operation answers; empty for other content."""
    operation = operations()[name]
    content = operation.raw["responses"]["200"].get("content", {})
    return frozenset(_properties(operation, content.get("application/json", {}).get("schema", {})))


def row_field(name: str) -> str:
    """Return the field in which a list has its rows; raises StopIteration for no list."""
    return next(each for each in ROWS if each in answered(name))


def searched_in(name: str) -> tuple[str, ...]:
    """Return the fields that lead to records in a list where `keyWord` searches their names.

    Empty for an operation that is no such list.
    """
    entry = entry_of(name)
    if not entry.lists or f"{entry.lists}.name" not in entry.filters.get("keyWord", ())[1:]:
        return ()
    return (row_field(name), *([entry.grouped.inner] if entry.grouped else []))


def _properties(operation: Operation, schema: dict[str, Any]) -> Iterator[str]:
    node = operation.resolved(schema)
    yield from node.get("properties", {})
    for part in combined(node):
        yield from _properties(operation, part)
