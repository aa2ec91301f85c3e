"""Records in the lists of the API, found by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    listed_rows,
    listing_operation_by_kind,
    operation_effects,
)
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.operations import operations
from contract_tests.contract.sent_fields import record_data, record_name
from contract_tests.rules.client import ApiClient
from contract_tests.rules.response import ApiResponse

Json = dict[str, Any]
NEWEST = 100
"""Number of rows in which a new record is looked up."""


def is_listed_by_name(kind: RecordKind | None) -> bool:
    """Return whether records of a kind are listed by their names."""
    return kind in listing_operation_by_kind()


def list_records_named(
    api: ApiClient, kind: RecordKind, word: str, within: int | None = None
) -> list[Json]:
    """Return the listed records of a kind whose names contain a word.

    within: the id in the path of the list, if it has one. Of a list that cannot search names, only
    the newest rows are examined.
    """
    name = listing_operation_by_kind()[kind]
    ids = {"id": within} if operation_effects(name).within else {}
    return [
        row
        for query in _name_queries(name, word)
        for row in iter_listed_records(name, api.call_json(name, query=query, **ids))
        # Compared here as well: a list that ignores its keyword breaks another rule (PG-07).
        if word in str(record_name(row))
    ]


def _name_queries(name: str, word: str) -> Iterator[Json]:
    """Yield the queries that together find all records with this name."""
    if "keyWord" in operation_effects(name).filters:
        yield {"keyWord": word}
        return
    # Notification tasks have no keyword, and their list requires a type (N21): one query for each.
    newest = {"current": 0, "size": NEWEST}
    for parameter in operations()[name].declared_parameters:
        if parameter.get("required") and parameter["in"] == "query":
            for value in operations()[name].resolve_reference(parameter["schema"])["enum"]:
                yield {**newest, parameter["name"]: value}


def iter_listed_records(name: str, page: Json) -> Iterator[Json]:
    """Yield the records in a page of a list, which may be in rows of another kind."""
    grouped = operation_effects(name).grouped
    for row in listed_rows(name, page):
        yield from row[grouped.inner] if grouped else [row]


def sent_name(answer: ApiResponse) -> str:
    """Return the name in the body of a request; empty where there is none."""
    name = record_name(record_data(parse_json_body(answer.raw.request.body)))
    return name if isinstance(name, str) else ""
