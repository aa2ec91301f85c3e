"""The values of a row pass the filters of its query; uncertain ones are not judged."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.rules.row_filters import (
    FILTER_TESTS,
    ROW_FILTERS,
    judged_records,
    name_contains,
    row_passes,
)


def test_alphabets_may_differ_on_case() -> None:
    """Case rules differ between alphabets, so the match is uncertain."""
    assert name_contains("Spring", "Spr") is True
    assert name_contains("Spring", "xyz") is False
    assert name_contains("Straße", "STRASSE") is None
    assert name_contains(None, "x") is None


@pytest.mark.parametrize(
    ("operation", "parameter", "row", "value", "expected"),
    [
        ("listNotificationTasks", "status", {"status": "PENDING"}, "PENDING", True),
        ("listNotificationTasks", "status", {"status": "PENDING"}, "COMPLETED", False),
        ("listNotificationTasks", "startTime", {}, "2025-04-21 09:00:00", None),
        ("listGroups", "ids", {"id": 102}, "101,102", True),
        ("listGroups", "ids", {"id": 103}, "101,102", False),
        ("listMarketingNoticeTaskMembers", "moodValue", {"moodValues": ["a", "b"]}, "b,c", True),
        ("listMarketingNoticeTaskMembers", "moodValue", {"moodValues": ["a"]}, "b", False),
        ("listMemberDailyReports", "endDate", {"reportDate": "2025-04-21"}, "2025-04-20", False),
        ("listMemberDailyReports", "endDate", {"reportDate": "2025-04-20"}, "2025-04-20", True),
    ],
)
def test_a_row_passes_or_not(
    operation: str, parameter: str, row: dict[str, Any], value: str, expected: bool | None
) -> None:
    """A row without the field of a filter is uncertain."""
    assert row_passes(operation, parameter, row, value) is expected


def test_a_filter_applies_to_rows_or_to_the_records_in_them() -> None:
    """In the plan list, groupIds is about groups and status about their plans (MN-10)."""
    rows = [{"groupId": 1, "plan": [{"id": 2}, {"id": 3}]}, {"groupId": 4, "plan": []}, "x"]
    groups = judged_records("listMarketingNotices", "groupIds", rows)
    assert [pointer for pointer, _ in groups] == ["/0", "/1"]
    plans = judged_records("listMarketingNotices", "status", rows)
    assert [pointer for pointer, _ in plans] == ["/0/plan/0", "/0/plan/1"]


def test_each_filter_exists_and_has_a_rule_of_its_operation() -> None:
    """Names in the table are those of the contract."""
    for name, filters in ROW_FILTERS.items():
        for parameter, each in filters.items():
            assert f"query/{parameter}" in operations()[name].parameter_names
            assert each.rule in operations()[name].rules
            assert each.meaning in FILTER_TESTS
