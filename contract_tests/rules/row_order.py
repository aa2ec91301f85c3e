"""Order of the rows of a list, as far as values compare the same way for every server."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

DATE_OR_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
"""A date or a moment, whose text sorts as the time does."""
PLAIN_WORD = re.compile(r"[A-Za-z0-9]+")
"""A text that every collation sorts alike, but for the case of its letters."""
CONSTANT = re.compile(r"[A-Z]+(_[A-Z]+)*")
"""A value of an enumeration, which a server may sort by name or by position."""
NEWEST_FIRST: Mapping[str, tuple[str, str]] = {
    "listGroups": ("PG-13", "createTime"),
    "listScenes": ("PG-13", "createTime"),
    "listMarketingNoticeTasks": ("PG-13", "createTime"),
}
"""Rule and field of the default order of lists whose rows show when they were created."""
Json = Mapping[str, Any]


class RowOrder(NamedTuple):
    """An order that a query asks for: its rule, the fields in turn, direction, place of nulls.

    nulls_first: None if rows without a value may stand at either end.
    """

    rule: str
    fields: Sequence[str]
    is_descending: bool
    nulls_first: bool | None


def order_of(operation: str, query: Mapping[str, Sequence[str]]) -> RowOrder | None:
    """Return the order of the rows for a query; None if rows cannot show it.

    query: all values of each parameter.
    """
    fields = [field for value in query.get("orderBy", ()) for field in value.split(",")]
    is_descending = [*query.get("orderDirection", ())] == ["DESC"]
    if operation == "listNotificationTaskExecutions":
        # Which end has the rows without a time is open (N25).
        return RowOrder("NT-28", fields, is_descending, None) if fields == ["executeTime"] else None
    if fields:
        nulls_first = [*query.get("orderNullHandling", ())] == ["NULLS_FIRST"]
        return RowOrder("PG-15", fields, is_descending, nulls_first)
    if operation in NEWEST_FIRST:
        rule, field = NEWEST_FIRST[operation]
        return RowOrder(rule, [field], True, False)
    return None


def misplaced_row(order: RowOrder, rows: Sequence[Json]) -> int | None:
    """Return the index of the first row that belongs before the one above it; None if none does."""
    # The values of a field that no row shows are unknown, and so are those of the fields after it.
    shown = []
    for field in order.fields:
        if not any(field in row for row in rows):
            break
        shown.append(field)
    for number, (above, below) in enumerate(pairwise(rows), 1):
        if _is_reversed(order, shown, above, below):
            return number
    return None


def is_sorted_either_way(values: Sequence[str]) -> bool:
    """Return whether texts ascend or descend."""
    return [*values] in (sorted(values), sorted(values, reverse=True))


def _is_reversed(order: RowOrder, fields: Sequence[str], above: Json, below: Json) -> bool:
    for field in fields:
        first, second = above.get(field), below.get(field)
        if first is None and second is None:
            continue
        if first is None or second is None:
            if order.nulls_first is None:
                return False
            return (first is None) != order.nulls_first
        compared = _compare(first, second)
        if compared is None:
            return False
        if compared:
            return (compared < 0) == order.is_descending
    return False


def _compare(first: Any, second: Any) -> int | None:
    """Return -1, 0 or 1 for values that every server sorts alike; None for others."""
    if first == second:
        return 0
    if not _is_comparable(first, second):
        return None
    return -1 if first < second else 1


def _is_comparable(*values: Any) -> bool:
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in values):
        return True
    if not all(isinstance(each, str) for each in values):
        return False
    if all(DATE_OR_TIME.fullmatch(each) for each in values):
        return True
    are_words = all(PLAIN_WORD.fullmatch(each) and not CONSTANT.fullmatch(each) for each in values)
    # In the same order with and without regard to case, since collations differ in that.
    return are_words and sorted(values) == sorted(values, key=str.lower)
