"""What the filters and pages of a list let through, where that is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.workflows.effects import PAGING, Json, Kind, as_object, rows_of

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
    if name != "listNotificationTasks" and "current" not in query:
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


Filter = Callable[[Json, Any], Fit]
FILTERS: Mapping[tuple[str, Kind], Mapping[str, Filter]] = {
    ("listGroups", "group"): {
        "keyWord": lambda fields, word: contains(fields.get("name"), word),
        "ids": lambda fields, ids: is_among(fields["id"], ids),
    },
    ("listScenes", "scene"): {
        "keyWord": lambda fields, word: contains(fields.get("name"), word),
        "externalId": lambda fields, wanted: fields.get("externalId") == wanted,
        "planId": lambda fields, plan: fields["plans"].get(str(plan)),
    },
    ("listMarketingNotices", "group"): {
        "groupIds": lambda fields, ids: is_among(fields["id"], ids),
    },
    ("listMarketingNotices", "plan"): {
        "keyWord": lambda fields, word: contains(fields.get("name"), word),
        "groupIds": lambda fields, ids: is_among(fields.get("groupId"), ids),
    },
    ("listMarketingNoticeTasks", "task"): {
        "keyWord": lambda fields, word: contains(fields.get("name"), word),
    },
    ("listNotificationTasks", "notification"): {
        "taskType": lambda fields, wanted: fields.get("taskType") == wanted,
        "startTime": lambda fields, least: str(least) <= str(fields.get("scheduledStartTime")),
        "endTime": lambda fields, most: str(fields.get("scheduledStartTime")) <= str(most),
    },
}
"""What the filters of each list mean for the things of a kind in it."""


def fits(name: str, kind: Kind, fields: Json, query: Mapping[str, Any]) -> Fit:
    """Whether a thing with these fields passes all filters of a list; an empty one is no filter."""
    known = FILTERS.get((name, kind), {})
    found: list[Fit] = [True]
    for parameter, value in query.items():
        if parameter in PAGING:
            continue
        is_plain = parameter in known and isinstance(value, str | int) and value != ""
        found.append(known[parameter](fields, value) if is_plain else None)
    return False if False in found else None if None in found else True
