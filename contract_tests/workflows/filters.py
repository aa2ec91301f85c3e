"""What the filters and pages of a list let through, where that is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.contract.api_entry import OperationEffects, RecordKind
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.workflows.record_changes import PAGING_PARAMETERS, as_object, list_rows

FilterMatch = bool | None
"""Whether a thing passes a filter; None when that is not for us to say."""


def total_rows(said: Any) -> int | None:
    """How many rows the answer to a list says there are, on all pages."""
    document = as_object(said)
    total = document.get("totalElements", as_object(document.get("page")).get("total"))
    return total if isinstance(total, int) else None


def is_complete_list(name: str, query: Mapping[str, Any], said: Any, *, documented: bool) -> bool:
    """Whether an answer has all rows that pass its filters (PG-03, PG-09, PG-10).

    Where only what is documented counts, a server may page as it likes: then by its total.
    """
    rows = len(list_rows(as_object(said)))
    if documented:
        return rows == total_rows(said)
    if not operation_effects(name).always_paged and "current" not in query:
        return True
    size = query.get("size", 20)
    return str(query.get("current", 0)) == "0" and str(size).isdigit() and rows < int(size)


def contains(name: object, word: object) -> FilterMatch:
    """Whether a name contains a word, whatever the case (PG-07); alphabets may differ on that."""
    if not isinstance(name, str) or not isinstance(word, str):
        return None
    if word in name:
        return True
    ways: tuple[Callable[[str], str], ...] = (str.casefold, str.lower, str.upper)
    return None if any(way(word) in way(name) for way in ways) else False


def is_among(number: object, ids: object) -> FilterMatch:
    """Whether an id is one of several, with commas between (PG-06)."""
    parts = str(ids).split(",")
    return str(number) in parts if all(part.isdigit() for part in parts) else None


Json = Mapping[str, Any]
FILTER_TESTS: Mapping[str, Callable[[object, Any], FilterMatch]] = {
    "equals": lambda found, wanted: found == wanted,
    "contains": contains,
    "among": is_among,
    "from": lambda found, least: str(least) <= str(found),
    "until": lambda found, most: str(found) <= str(most),
    "of": lambda found, whole: found.get(str(whole)) if isinstance(found, Mapping) else None,
}
"""What a filter of the API's model says of a field and the value that is asked for.

`of` is for records that a field of another one names; `fields` has, at the place of that field,
which records do so, by their ids.
"""


def passes_filters(
    name: str, kind: RecordKind, fields: Json, query: Mapping[str, Any]
) -> FilterMatch:
    """Whether a thing with these fields passes all filters of a list; an empty one is no filter."""
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
