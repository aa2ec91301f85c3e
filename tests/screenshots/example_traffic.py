"""Requests that fill the journal for its picture."""

from __future__ import annotations

from tests.serving import RunningMock

TASKS = "/api/v1/notification-tasks"


def send_example_requests(mock: RunningMock) -> None:
    """Send a refused request with a misspelled field, and some that succeed."""
    body = {
        "taskName": "春季护肤节返场提醒",
        "taskType": "APPOINTMENT_REMINDER",
        "scheduledStartTime": "2025-04-21 10:30:00",
        "scheduledEndtime": "2025-04-21 18:00:00",
        "contents": [{"contentType": "TEXT", "contentValue": "尊敬的{{nickname}},期待您的光临。"}],
        "members": [{"userId": "U1001"}],
    }
    mock.client.post(TASKS, json=body)
    body["members"] = [{"userId": "U1001", "nickname": "张丽"}]
    mock.client.post(TASKS, json=body).raise_for_status()
    mock.client.get(f"{TASKS}/501").raise_for_status()
