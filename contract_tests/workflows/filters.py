"""Filters and paging of lists, as far as their effect is certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.contract.api_entry import OperationEffects, RecordKind
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.workflows.record_changes import PAGING_PARAMETERS, as_object, list_rows

FilterMatch = bool | None
"""Test of a filter: True if the record passes it, None if that is uncertain."""


def total_rows(said: Any) -> int | None:
    """Return the total number of rows that a list reports; None if it reports none."""
    document = as_object(said)
    total = document.get("totalElements", as_object(document.get("page")).get("total"))
    return total if isinstance(total, int) else None


def is_complete_list(name: str, query: Mapping[str, Any], said: Any, *, documented: bool) -> bool:
    """Return whether a response contains all rows that pass its filters (PG-03, PG-09, PG-10).

    documented: whether only the documents bind. The server may then page as it likes, and the total
    decides.
    """
    rows = len(list_rows(as_object(said)))
    if documented:
        return rows == total_rows(said)
    if not operation_effects(name).always_paged and "current" not in query:
        return True
    size = query.get("size", 20)
    # Fewer rows than the page can hold: none can be missing.
    return str(query.get("current", 0)) == "0" and str(size).isdigit() and rows < int(size)


def name_contains(name: object, word: object) -> FilterMatch:
    """Return whether a name contains a word in any case (PG-07); None if case rules may differ."""
    if not isinstance(name, str) or not isinstance(word, str):
        return None
    if word in name:
        return True
    # "ß" and "İ" compare differently in each of these.
    ways: tuple[Callable[[str], str], ...] = (str.casefold, str.lower, str.upper)
    return None if any(way(word) in way(name) for way in ways) else False


def is_id_among(number: object, ids: object) -> FilterMatch:
    """Return whether an id is among several, separated by commas (PG-06)."""
    parts = str(ids).split(",")
    return str(number) in parts if all(part.isdigit() for part in parts) else None


Json = Mapping[str, Any]
FILTER_TESTS: Mapping[str, Callable[[object, Any], FilterMatch]] = {
    "equals": lambda found, wanted: found == wanted,
    "contains": name_contains,
    "among": is_id_among,
    "from": lambda found, least: str(least) <= str(found),
    "until": lambda found, most: str(found) <= str(most),
    "of": lambda found, whole: found.get(str(whole)) if isinstance(found, Mapping) else None,
}
"""Tests of a field against the value of a filter, by the filter's meaning in the API model.

For `of`, the records are named by a field of another one, and the value found for that field maps
ids of such records to whether they name this one.
"""


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
