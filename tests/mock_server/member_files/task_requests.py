"""Requests shared by these tests: an upload, and a task of either kind created from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from tests.serving import RunningMock

TASKS = "/api/v1/notification-tasks"
PLAN_TASKS_PATH = "/api/v1/marketing-notice/301/task"
ReportedViolation = tuple[str, str, str, str]
"""Pointer, rule, code and found value of a violation."""


def upload_file(mock: RunningMock, name: str, content: bytes, kind: str = "") -> int:
    """Upload a file; return its id."""
    part = (name, content, kind) if kind else (name, content)
    answer = mock.client.post("/api/v1/file", data={"moduleName": "m"}, files={"file": part})
    return int(answer.raise_for_status().json()["id"])


def task_body(file_ids: Sequence[int], text: str = "您好") -> dict[str, Any]:
    """Return the body of a notification task with these files."""
    return {
        "taskName": "名单",
        "taskType": "APPOINTMENT_REMINDER",
        "scheduledStartTime": "2025-04-21 10:00:00",
        "contents": [{"contentType": "TEXT", "contentValue": text}],
        "fileIds": list(file_ids),
    }


def create_task(mock: RunningMock, file_ids: Sequence[int], text: str = "您好") -> httpx.Response:
    """Return the response to a notification task with these files."""
    return mock.client.post(TASKS, json=task_body(file_ids, text))


def create_plan_task(mock: RunningMock, file_ids: Sequence[int]) -> httpx.Response:
    """Return the response to a plan task with these files."""
    body = {"name": "名单", "startTime": "2025-04-22 10:00", "fileIds": list(file_ids)}
    return mock.client.post(PLAN_TASKS_PATH, json=body)


def violations_of(answer: httpx.Response) -> list[ReportedViolation]:
    """Return the violations in an error response."""
    assert answer.status_code == 400, answer.text
    return [
        (error["pointer"], error["rule"], error.get("code", ""), error.get("found", ""))
        for error in answer.json()["errors"]
    ]


def mistakes_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the fields of the mistakes in member files that an error response has."""
    assert answer.status_code == 400, answer.text
    others = ("pointer", "rule", "message", "accepted", "found")
    return [
        {name: value for name, value in error.items() if name not in others}
        for error in answer.json()["errors"]
    ]


def task_members(mock: RunningMock, answer: httpx.Response) -> list[tuple[int, str]]:
    """Return id and name of every member of a notification task, in order."""
    assert answer.status_code == 200, answer.text
    path = f"{TASKS}/{answer.json()['id']}/executions"
    rows: list[tuple[int, str]] = []
    while len(rows) < answer.json()["totalMembers"]:
        query = {"current": len(rows) // 100, "size": 100}
        page = mock.client.get(path, params=query).raise_for_status().json()["records"]
        rows += [(row["memberId"], row["memberName"]) for row in page]
    return rows
