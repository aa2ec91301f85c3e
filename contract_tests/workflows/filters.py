"""What the filters and pages of a list let through, where that is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.contract.api_entry import Entry, Kind
from contract_tests.contract.api_lookup import entry_of
from contract_tests.workflows.record_changes import PAGING, as_object, rows_of

Fit = bool | None
"""Whether a thing passes a filter; None when that is not for us to say."""


def total_of(said: Any) -> int | None:
    """How many rows the answer to a list says there are, on all pages."""
    document = as_object(said)
    total = document.get("totalElements", as_object(document.get("page")).get("total"))
    return total if isinstance(total, int) else None


def is_complete(name: str, query: Mapping[str, Any], said: Any, *, documented: bool) -> bool:
    """Whether an answer has all rows that pass its filters (PG-03, PG-09, PG-10).

    Where only what is documented counts, a server may page as it likes: then by its total.
    """
    rows = len(rows_of(as_object(said)))
    if documented:
        return rows == total_of(said)
    if not entry_of(name).always_paged and "current" not in query:
        return True
    size = query.get("size", 20)
    return str(query.get("current", 0)) == "0" and str(size).isdigit() and rows < int(size)


def contains(name: object, word: object) -> Fit:
    """Whether a name contains a word, whatever the case (PG-07); alphabets may differ on that."""
    if not isinstance(name, str) or not isinstance(word, str):
        return None
    if word in name:
        return True
    ways: tuple[Callable[[str], str], ...] = (str.casefold, str.lower, str.upper)
    return None if any(way(word) in way(name) for way in ways) else False


def is_among(number: object, ids: object) -> Fit:
    """Whether an id is one of several, with commas between (PG-06)."""
    parts = str(ids).split(",")
    return str(number) in parts if all(part.isdigit() for part in parts) else None


Json = Mapping[str, Any]
MEANINGS: Mapping[str, Callable[[object, Any], Fit]] = {
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


def fits(name: str, kind: Kind, fields: Json, query: Mapping[str, Any]) -> Fit:
    """Whether a thing with these fields passes all filters of a list; an empty one is no filter."""
    found = [
        _fits(entry_of(name), parameter, kind, fields, value)
        for parameter, value in query.items()
        if parameter not in PAGING
    ]
    return False if False in found else None if None in found else True


def _fits(entry: Entry, parameter: str, kind: Kind, fields: Json, value: Any) -> Fit:
    meaning, *places = entry.filters.get(parameter) or ("",)
    if not isinstance(value, str | int) or value == "":
        return None
    for place in places:
        of, _, field = place.partition(".")
        if meaning == "of":
            return MEANINGS[meaning](fields.get(place), value)
        if of == kind:
            return MEANINGS[meaning](fields.get(field), value)
    return None
