"""Errors of scenarios that only a world shows: unknown ids, impossible times."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.seed.scenarios import find_violations, notification_task

PLAN = {"id": 301, "groupId": 101, "name": "计划"}
PLAN_TASK = {"planId": 301, "name": "首批", "startTime": "-2h", "members": [{"memberId": 2001}]}
SCENE = {"name": "场景", "statisticalMethod": "ONLY", "prompt": "x"}

REFERENCES: dict[str, tuple[dict[str, Any], str]] = {
    "a group": ({"plans": [PLAN | {"groupId": 9}]}, "/plans/0/groupId"),
    "a plan": ({"planTasks": [PLAN_TASK | {"planId": 9}]}, "/planTasks/0/planId"),
    "the plan of a scene": ({"scenes": [SCENE | {"planId": 9}]}, "/scenes/0/planId"),
    "a scene": ({"plans": [PLAN | {"sceneIds": [9]}]}, "/plans/0/sceneIds/0"),
    "the scene of a task": (
        {"planTasks": [PLAN_TASK | {"sceneIds": [9]}]},
        "/planTasks/0/sceneIds/0",
    ),
    "a monitored scene": (
        {"plans": [PLAN | {"monitoringStrategy": [{"sceneId": 9, "strategy": []}]}]},
        "/plans/0/monitoringStrategy/0/sceneId",
    ),
    "a file": (
        {
            "notificationTasks": [
                notification_task(contents=[{"contentType": "IMAGE", "fileId": 9}])
            ]
        },
        "/notificationTasks/0/contents/0/fileId",
    ),
    "a greeting's file": (
        {"plans": [PLAN | {"greetings": [{"type": "IMAGE", "fileId": 9}]}]},
        "/plans/0/greetings/0/fileId",
    ),
    "a member of a task": (
        {
            "notificationTasks": [
                notification_task(outcomes=[{"memberId": 1002, "status": "FAILED"}])
            ]
        },
        "/notificationTasks/0/outcomes/0/memberId",
    ),
    "a member of a plan task": (
        {"planTasks": [PLAN_TASK | {"outcomes": [{"userId": "U9", "status": "NOT_REACHED"}]}]},
        "/planTasks/0/outcomes/0/userId",
    ),
    "a reason of a success": (
        {
            "notificationTasks": [
                notification_task(
                    outcomes=[{"memberId": 1001, "status": "SUCCESS", "failureReason": "x"}]
                )
            ]
        },
        "/notificationTasks/0/outcomes/0/failureReason",
    ),
}


@pytest.mark.parametrize("case", REFERENCES)
def test_an_id_of_no_record_is_refused(case: str) -> None:
    """The error names the ids that would be accepted."""
    document, pointer = REFERENCES[case]
    [violation] = find_violations(document)
    assert (violation.pointer, violation.rule) == (pointer, "CP-32")
    assert violation.accepted


TIMES: dict[str, tuple[dict[str, Any], str]] = {
    "a day that does not exist": (
        {"groups": [{"name": "x", "createTime": "2025-02-31 00:00:00"}]},
        "/groups/0/createTime",
    ),
    "an end on another day": (
        {
            "notificationTasks": [
                notification_task(
                    scheduledStartTime="2025-04-21 09:00:00", scheduledEndTime="2025-04-22 09:00:00"
                )
            ]
        },
        "/notificationTasks/0/scheduledEndTime",
    ),
    "an end before the start": (
        {"notificationTasks": [notification_task(scheduledEndTime="-1h")]},
        "/notificationTasks/0/scheduledEndTime",
    ),
    "a daily window that ends before it begins": (
        {"planTasks": [PLAN_TASK | {"dailyWindow": [5, 5]}]},
        "/planTasks/0/dailyWindow",
    ),
    "a daily window of one number": (
        {"planTasks": [PLAN_TASK | {"dailyWindow": [5]}]},
        "/planTasks/0/dailyWindow",
    ),
}


@pytest.mark.parametrize("case", TIMES)
def test_an_impossible_time_is_refused(case: str) -> None:
    """The error names what would be accepted."""
    document, pointer = TIMES[case]
    [violation] = find_violations(document)
    assert (violation.pointer, violation.rule) == (pointer, "CP-33")
    assert violation.accepted


def test_a_file_that_is_no_member_list_is_refused() -> None:
    """With the rule of a request and the place in the scenario."""
    task = {k: v for k, v in notification_task(fileIds=[602]).items() if k != "members"}
    [violation] = find_violations({"notificationTasks": [task]})
    assert (violation.pointer, violation.rule) == ("/notificationTasks/0/fileIds/0", "NT-10")
    assert violation.found.endswith(" (format-image)")


def test_a_member_of_the_base_cannot_be_added_again() -> None:
    """Its tasks keep their members."""
    [violation] = find_violations({"members": [{"memberId": 1001, "nickname": "x"}]})
    assert (violation.pointer, violation.rule) == ("/members/0/memberId", "repeated")
