"""Rules that one response shows; those of lists are proved with recordings."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.rules.shown_rules import ShownRule, SuccessfulAnswer, shown_rules

MEMBER = {"userId": "U1"}
NEW_TASK = "createNotificationTask"
SUCCESS = {"status": "SUCCESS", "executeTime": "2025-04-21 09:00:00"}


def look_at(
    operation: str, document: Any, body: Any = None, **query: list[str]
) -> dict[str, ShownRule]:
    """Return what a response shows, by the id of the rule; each is one of the operation."""
    found = [*shown_rules(SuccessfulAnswer(operation, query, body, document))]
    assert {one.rule for one in found} <= operations()[operation].rules
    return {one.rule: one for one in found}


@pytest.mark.parametrize(
    ("operation", "document", "body", "rule", "expected"),
    [
        (NEW_TASK, {"totalMembers": 1}, {"members": [MEMBER]}, "NT-17", None),
        (NEW_TASK, {"totalMembers": 2}, {"members": [MEMBER]}, "NT-17", "/totalMembers"),
        ("getNotificationTask", {"statistics": {"totalMembers": 1, "successCount": 2}}, None,
         "NT-17", "/statistics/successCount"),
        ("terminateNotificationTask",
         {"previousStatus": "PENDING", "currentStatus": "TERMINATED"}, None, "NT-26", None),
        ("terminateNotificationTask",
         {"previousStatus": "COMPLETED", "currentStatus": "TERMINATED"}, None, "NT-26", ""),
        ("createScene", {"sceneType": "CUSTOM"}, None, "SC-07", None),
        ("createScene", {"sceneType": "SYSTEM"}, None, "SC-07", "/sceneType"),
        ("listNotificationTaskExecutions", {"records": [SUCCESS]}, None, "NT-29", None),
        ("listNotificationTaskExecutions", {"records": [SUCCESS, {"status": "COMPLETED"}]}, None,
         "NT-29", "/records/1"),
        ("listNotificationTaskExecutions", {"records": [{"status": "FAILED"}]}, None, "NT-29",
         "/records/0"),
        ("listGroups", {"content": [{"id": 1}, {"id": 1}]}, None, "PG-17", "/content/1/id"),
        ("listGroups", {"content": [{"id": 1}, {"id": 2}]}, None, "PG-17", None),
    ],
)  # fmt: skip
def test_a_response_shows_a_rule(
    operation: str, document: Any, body: Any, rule: str, expected: str | None
) -> None:
    """It is kept, or broken at a pointer."""
    fault = look_at(operation, document, body)[rule].fault
    assert (fault.pointer if fault else None) == expected


@pytest.mark.parametrize(
    ("operation", "document", "body"),
    [
        # Members of a file are not in the request, and one who is named twice may count once.
        (NEW_TASK, {"totalMembers": 9}, {"members": [MEMBER], "fileIds": [1]}),
        (NEW_TASK, {"totalMembers": 1}, {"members": [MEMBER, MEMBER]}),
        (NEW_TASK, {"totalMembers": 9}, None),
        (NEW_TASK, [], {"members": [MEMBER]}),
        ("listGroups", {"content": "x"}, None),
        ("listGroups", {"content": ["x"]}, None),
        ("listGroups", None, None),
        ("getMarketingNoticeReport", "x", None),
        ("createScene", "x", None),
    ],
)
def test_a_response_need_not_show_anything(operation: str, document: Any, body: Any) -> None:
    """Nor one of another form, which the schema finds."""
    assert look_at(operation, document, body) == {}


def test_an_empty_filter_leaves_groups_without_plans() -> None:
    """`status=` may count as no filter (MN-10)."""
    row = {"groupId": 1, "plan": []}
    assert look_at("listMarketingNotices", {"records": [row]}, status=["DRAFT"])["MN-10"].fault
    assert "MN-10" not in look_at("listMarketingNotices", {"records": [row]}, status=[""])
