"""The order of rows is judged where every server sorts alike."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.rules.row_order import (
    NEWEST_FIRST,
    is_sorted_either_way,
    misplaced_row,
    order_of,
)


def misplaced(values: list[Any], **query: list[str]) -> int | None:
    """Return the index of the first misplaced of some groups, which are sorted by `x`."""
    order = order_of("listGroups", {"orderBy": ["x"], **query})
    assert order
    return misplaced_row(order, [{} if value is ... else {"x": value} for value in values])


DESCENDING, NULLS_FIRST = {"orderDirection": ["DESC"]}, {"orderNullHandling": ["NULLS_FIRST"]}


@pytest.mark.parametrize(
    ("values", "query", "expected"),
    [
        ([1, 2, 10], {}, None),
        ([1, 10, 2], {}, 2),
        ([10, 2, 2], DESCENDING, None),
        ([2, 10], DESCENDING, 1),
        (["2025-04-01 09:00:00", "2025-03-31 23:59:59"], {}, 1),
        (["2025-03-31", "2025-04-01"], {}, None),
        (["apple", "Banana"], {}, None),
        (["banana", "apple"], {}, 1),
        # Collations differ on these.
        (["b", "Ab"], {}, 1),
        (["b", "A"], {}, None),
        (["a", "B"], {}, None),
        (["B", "a"], {}, None),
        (["丙", "甲"], {}, None),
        (["a-b", "a b"], {}, None),
        (["PENDING", "EXECUTING"], {}, None),
        ([True, False], {}, None),
        ([{}, []], {}, None),
        # Rows without a value come last, unless the query wants them first.
        ([1, None], {}, None),
        ([None, 1], {}, 1),
        ([..., 1], {}, 1),
        ([None, 1], DESCENDING, 1),
        ([None, 1], NULLS_FIRST, None),
        ([1, None], NULLS_FIRST, 1),
        ([None, None], {}, None),
        # No row shows the field.
        ([..., ...], {}, None),
        ([], {}, None),
    ],
)
def test_a_row_is_misplaced_or_not(
    values: list[Any], query: dict[str, list[str]], expected: int | None
) -> None:
    """Numbers, times and plain words; nothing else compares alike everywhere."""
    assert misplaced(values, **query) == expected


@pytest.mark.parametrize("fields", [["x", "y"], ["x,y"]])
def test_several_fields_are_compared_in_turn(fields: list[str]) -> None:
    """The second decides among equal ones; after an uncertain one nothing is judged."""
    order = order_of("listGroups", {"orderBy": fields})
    assert order
    assert misplaced_row(order, [{"x": 1, "y": 2}, {"x": 1, "y": 1}]) == 1
    assert misplaced_row(order, [{"x": 1, "y": 2}, {"x": 2, "y": 1}]) is None
    assert misplaced_row(order, [{"x": "丙", "y": 2}, {"x": "甲", "y": 1}]) is None
    assert misplaced_row(order, [{"y": 2}, {"y": 1}]) is None


def test_executions_may_have_rows_without_a_time_at_either_end() -> None:
    """Their order is open (N25), and their status sorts in an unknown way."""
    name = "listNotificationTaskExecutions"
    order = order_of(name, {"orderBy": ["executeTime"]})
    assert order
    assert order.rule == "NT-28"
    earlier, later = {"executeTime": "2025-04-21"}, {"executeTime": "2025-04-22"}
    assert misplaced_row(order, [earlier, later, {"executeTime": None}]) is None
    assert misplaced_row(order, [{"executeTime": None}, earlier, later]) is None
    assert misplaced_row(order, [later, earlier]) == 1
    assert order_of(name, {"orderBy": ["status"]}) is None
    assert order_of(name, {}) is None


def test_the_default_order_is_newest_first() -> None:
    """It applies to rows that show when they were created (PG-13)."""
    order = order_of("listGroups", {"current": ["0"]})
    assert order
    old, new = {"createTime": "2025-04-20 00:00:00"}, {"createTime": "2025-04-21 00:00:00"}
    assert misplaced_row(order, [new, old]) is None
    assert misplaced_row(order, [old, new]) == 1
    for name, (rule, _) in NEWEST_FIRST.items():
        assert rule in operations()[name].rules


def test_texts_ascend_or_descend() -> None:
    """Which, is open for daily reports."""
    assert is_sorted_either_way(["a", "b", "b"])
    assert is_sorted_either_way(["b", "a"])
    assert not is_sorted_either_way(["a", "c", "b"])
