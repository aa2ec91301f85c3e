"""Filters of lists, by what their rows show: each row has to pass those of its query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from contract_tests.contract.api_lookup import operation_effects

FilterMatch = bool | None
"""Test of a filter: True if the record passes it, None if that is uncertain."""
Json = Mapping[str, Any]


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


def has_any(values: object, wanted: object) -> FilterMatch:
    """Return whether a row has one of several values, separated by commas, or all as one text."""
    if not isinstance(values, list):
        return None
    return str(wanted) in values or any(part in values for part in str(wanted).split(","))


FILTER_TESTS: Mapping[str, Callable[[object, Any], FilterMatch]] = {
    "equals": lambda found, wanted: found == wanted,
    "contains": name_contains,
    "among": is_id_among,
    "any": has_any,
    "from": lambda found, least: str(least) <= str(found),
    "until": lambda found, most: str(found) <= str(most),
    "of": lambda found, whole: found.get(str(whole)) if isinstance(found, Mapping) else None,
}
"""Tests of a field against the value of a filter, by the filter's meaning in the API model.

For `of`, the records are named by a field of another one, and the value found for that field maps
ids of such records to whether they name this one.
"""


class RowFilter(NamedTuple):
    """A filter on a field that rows show: its rule, its meaning (`FILTER_TESTS`), the field.

    is_inner: whether the field is one of the records within a row of another kind.
    """

    rule: str
    meaning: str
    field: str
    is_inner: bool = False


ROW_FILTERS: Mapping[str, Mapping[str, RowFilter]] = {
    "listNotificationTasks": {
        "taskType": RowFilter("NT-12", "equals", "taskType"),
        "status": RowFilter("NT-12", "equals", "status"),
        "startTime": RowFilter("NT-13", "from", "scheduledStartTime"),
        "endTime": RowFilter("NT-13", "until", "scheduledStartTime"),
    },
    "listGroups": {
        "keyWord": RowFilter("PG-07", "contains", "name"),
        "ids": RowFilter("GR-05", "among", "id"),
    },
    "listScenes": {
        "keyWord": RowFilter("PG-07", "contains", "name"),
        "externalId": RowFilter("SC-05", "equals", "externalId"),
    },
    "listMarketingNotices": {
        "keyWord": RowFilter("MN-10", "contains", "name", is_inner=True),
        "groupIds": RowFilter("MN-10", "among", "groupId"),
        "status": RowFilter("MN-10", "equals", "status", is_inner=True),
    },
    "listMarketingNoticeTasks": {"keyWord": RowFilter("PG-07", "contains", "name")},
    "listMarketingNoticeTaskMembers": {
        "keyWord": RowFilter("MT-06", "contains", "memberName"),
        "status": RowFilter("MT-06", "equals", "status"),
        "moodValue": RowFilter("MT-06", "any", "moodValues"),
    },
    "listMemberDailyReports": {
        "startDate": RowFilter("ME-01", "from", "reportDate"),
        "endDate": RowFilter("ME-01", "until", "reportDate"),
        "keyword": RowFilter("ME-01", "contains", "content"),
    },
}
"""Filters by operation and query parameter; the others need more than a row to be judged."""


def row_passes(operation: str, parameter: str, row: Json, value: Any) -> FilterMatch:
    """Return whether a row, or a record within one, passes a filter; None if it lacks the field."""
    filter_ = ROW_FILTERS[operation][parameter]
    if filter_.field not in row:
        return None
    return FILTER_TESTS[filter_.meaning](row[filter_.field], value)


def judged_records(operation: str, parameter: str, rows: list[Any]) -> Iterator[tuple[str, Json]]:
    """Yield what a filter applies to, each with its pointer from the rows: `/0`, `/0/plan/1`."""
    grouped = operation_effects(operation).grouped
    inner = grouped.inner if grouped and ROW_FILTERS[operation][parameter].is_inner else ""
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            continue
        if not inner:
            yield f"/{number}", row
            continue
        records = row.get(inner)
        for position, record in enumerate(records if isinstance(records, list) else ()):
            if isinstance(record, Mapping):
                yield f"/{number}/{inner}/{position}", record
