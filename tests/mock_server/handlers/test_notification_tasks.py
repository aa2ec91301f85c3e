"""Notification tasks over HTTP: what their details hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serving import RunningMock

TASKS = "/api/v1/notification-tasks"
BODY: dict[str, Any] = {
    "taskName": "到店提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 10:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
}
MEMBERS = [{"userId": "U1001", "nickname": "张丽"}]


@pytest.mark.parametrize(
    ("sent", "file_ids", "members"),
    [
        ({"members": MEMBERS}, [], MEMBERS),
        ({"members": MEMBERS, "fileIds": []}, [], MEMBERS),
        ({"fileIds": [601]}, [601], []),
        ({"members": [], "fileIds": [601]}, [601], []),
    ],
)
def test_the_details_have_files_and_members(
    mock: RunningMock, sent: dict[str, Any], file_ids: list[int], members: list[dict[str, Any]]
) -> None:
    """NT-25 (N4): both, and the one that was not used is an empty array."""
    made = mock.client.post(TASKS, json=BODY | sent)
    assert made.status_code == 200, made.text
    found = mock.client.get(f"{TASKS}/{made.json()['id']}").json()
    assert [*found][-2:] == ["fileIds", "members"]
    assert (found["fileIds"], found["members"]) == (file_ids, members)
