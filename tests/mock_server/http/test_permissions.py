"""403 for users whose scenario allows them some operations only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mock_server.domain.tokens import DEMO_CREDENTIALS
from tests.serving import PASSWORD_GRANT, RunningMock, run_mock

GROUPS = "/api/v1/marketing-notice/group"
TASKS = "/api/v1/notification-tasks?taskType=APPOINTMENT_REMINDER"


@pytest.fixture
def mock() -> Iterator[RunningMock]:
    """A mock whose user may list the notification tasks only."""
    with run_mock() as mock:
        allowed = {PASSWORD_GRANT["username"]: frozenset(["listNotificationTasks"])}
        mock.world.tokens.credentials = replace(DEMO_CREDENTIALS, allowed=allowed)
        yield mock


def test_a_user_gets_403_for_an_operation_that_is_not_allowed(mock: RunningMock) -> None:
    """CP-30, in the form of the contract's 403; the error names operation and user."""
    answer = mock.client.get(GROUPS, headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["title"]) == (403, "Forbidden")
    assert body["errors"] == [
        {
            "pointer": "/header/Authorization",
            "rule": "CP-30",
            "message": "The scenario must allow the user to call the operation.",
            "accepted": "listNotificationTasks",
            "found": "demo@example.com: listGroups",
        }
    ]


def test_a_user_may_call_what_is_allowed(mock: RunningMock) -> None:
    """The operations that the scenario names; HEAD counts as GET."""
    assert mock.client.get(TASKS).status_code == 200
    assert mock.client.head(TASKS).status_code == 200


def test_an_invalid_token_is_refused_before_the_permission(mock: RunningMock) -> None:
    """Without a valid token the user is unknown: 401 and not 403."""
    answer = mock.anonymous.get(GROUPS, headers={"Authorization": "Bearer unknown"})
    assert answer.status_code == 401


def test_files_are_downloaded_without_a_permission(mock: RunningMock) -> None:
    """The download needs no token, so it cannot be forbidden."""
    assert mock.anonymous.get("/api/v1/file/601").status_code == 200
