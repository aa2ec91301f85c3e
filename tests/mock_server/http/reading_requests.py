"""Requests whose treatment depends on readings."""

from __future__ import annotations

from typing import Any

import httpx

PLANS = "/api/v1/marketing-notice"
SCENES = f"{PLANS}/scene"
GROUPS = f"{PLANS}/group"
TASKS = "/api/v1/notification-tasks"
TASK: dict[str, Any] = {
    "taskName": "提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-22 10:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
    "members": [{"userId": "U1", "nickname": "张丽"}],
}
PLAN: dict[str, Any] = {"options": "DRAFT", "data": {"name": "春季", "groupId": 101}}
MANY = 7_000
"""Members of a body that has too many values for the event loop (LARGE_TEXT_VALUES)."""


def violations(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """Return pointer, rule and accepted value of the violations in a 400."""
    assert answer.status_code == 400, answer.text
    return [(e["pointer"], e["rule"], e.get("accepted", "")) for e in answer.json()["errors"]]
