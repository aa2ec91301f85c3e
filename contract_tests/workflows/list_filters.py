"""Filters and paging of lists, as far as their effect is certain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract_tests.contract.api_entry import OperationEffects, RecordKind
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.rules.row_filters import FILTER_TESTS, FilterMatch
from contract_tests.workflows.record_changes import PAGING_PARAMETERS, as_object, list_rows

Json = Mapping[str, Any]


def total_rows(answered: Any) -> int | None:
    """Return the total number of rows that a list reports; None if it reports none."""
    document = as_object(answered)
    total = document.get("totalElements", as_object(document.get("page")).get("total"))
    return total if isinstance(total, int) else None


def is_complete_list(
    name: str, query: Mapping[str, Any], answered: Any, *, documented: bool
) -> bool:
    """Return whether a response contains all rows that pass its filters (PG-03, PG-09, PG-10).

    documented: whether only the documents bind. The server may then page as it likes, and the total
    decides.
    """
    rows = len(list_rows(as_object(answered)))
    if documented:
        return rows == total_rows(answered)
    if not operation_effects(name).always_paged and "current" not in query:
        return True
    size = query.get("size", 20)
    # Fewer rows than the page can hold: none can be missing.
    return str(query.get("current", 0)) == "0" and str(size).isdigit() and rows < int(size)


def passes_filters(
    name: str, kind: RecordKind, fields: Json, query: Mapping[str, Any]
) -> FilterMatch:
    """Return whether a record with these fields passes all filters of a list.

    An empty value is uncertain.
    """
    found = [
        _passes_filter(operation_effects(name), parameter, kind, fields, value)
        for parameter, value in query.items()
        if parameter not in PAGING_PARAMETERS
    ]
    return False if False in found else None if None in found else True


def _passes_filter(
    entry: OperationEffects, parameter: str, kind: RecordKind, fields: Json, value: Any
) -> FilterMatch:
    meaning, *places = entry.filters.get(parameter) or ("",)
    if not isinstance(value, str | int) or value == "":
        return None
    for place in places:
        of, _, field = place.partition(".")
        if meaning == "of":
            return FILTER_TESTS[meaning](fields.get(place), value)
        if of == kind:
            return FILTER_TESTS[meaning](fields.get(field), value)
    return None
