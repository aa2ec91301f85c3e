"""The journal shows requests with everything that is known of them, and without secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mock_server.sessions.journal import MAX_RECORDED_BODY
from tests.mock_server.control.journal_requests import (
    JOURNAL,
    TASK_LIST,
    TASKS,
    clear_journal,
    last_request,
    list_requests,
)
from tests.serving import PASSWORD_GRANT, RunningMock

SECRETS = ("demo-password", "demo-secret")


@pytest.fixture
def mock(shared_mock: RunningMock) -> RunningMock:
    """A mock with an empty journal."""
    return clear_journal(shared_mock)


def test_a_request_is_shown_with_everything_that_is_known_of_it(mock: RunningMock) -> None:
    """Time, operation, session, caller, status, duration, request and response."""
    answer = mock.client.get(TASK_LIST, headers={"X-Test": "7"})
    found = last_request(mock)
    assert found["time"] == "2025-04-21T09:00:00+08:00"
    assert found["realTime"] > "2026"
    assert 0 < found["durationMs"] < 10_000
    assert (found["method"], found["path"], found["status"]) == ("GET", TASK_LIST, 200)
    assert (found["operationId"], found["session"]) == ("listNotificationTasks", "default")
    assert (found["caller"], found["accepted"]) == ("demo@example.com", True)
    assert (found["violations"], found["ignored"], found["faults"]) == ([], [], [])
    assert found["request"]["url"] == str(answer.url)
    assert {"name": "x-test", "value": "7"} in found["request"]["headers"]
    assert found["response"]["body"] == {
        "text": answer.text,
        "bytes": len(answer.content),
        "cut": False,
    }


def test_a_refusal_is_shown_as_the_client_got_it(mock: RunningMock) -> None:
    """With the violations, in its language, and what was ignored besides."""
    sent = {"nmae": "x", "description": "y" * 3_000}
    answer = mock.client.post(
        "/api/v1/marketing-notice/group", json=sent, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 400
    found = last_request(mock)
    assert (found["accepted"], found["violations"]) == (False, answer.json()["errors"])
    assert found["ignored"][0] == {"pointer": "/body/nmae", "nearest": "name"}
    assert json.loads(found["request"]["body"]["text"]) == sent
    [listed] = list_requests(mock, refused=True)
    assert listed["requestBody"]["cut"]
    assert len(listed["requestBody"]["text"]) == 2_000


@pytest.mark.parametrize(
    ("method", "path", "status", "nearest"),
    [
        ("GET", "/api/v1/notification-task/501", 404, "getNotificationTask"),
        ("PUT", TASKS, 405, "listNotificationTasks"),
    ],
)
def test_a_wrong_path_is_shown_with_the_nearest_operations(
    mock: RunningMock, method: str, path: str, status: int, nearest: str
) -> None:
    """A request without an operation has near misses."""
    assert mock.client.request(method, path).status_code == status
    found = last_request(mock)
    assert "operationId" not in found
    assert found["nearMisses"][0]["operationId"] == nearest
    assert found["violations"]


def test_a_missing_record_is_no_near_miss(mock: RunningMock) -> None:
    """Its path has an operation."""
    assert mock.client.get(f"{TASKS}/999").status_code == 404
    found = last_request(mock)
    assert found["operationId"] == "getNotificationTask"
    assert "nearMisses" not in found


def test_requests_without_valid_credentials_have_no_caller(mock: RunningMock) -> None:
    """A wrong login shows the client; a wrong token shows nobody."""
    wrong = {**PASSWORD_GRANT, "password": "wrong"}
    mock.anonymous.post("/oauth/token", json=wrong, auth=("demo-client", "demo-secret"))
    assert last_request(mock)["caller"] == "demo-client"
    mock.anonymous.get(TASK_LIST, headers={"Authorization": "Bearer wrong"})
    found = last_request(mock)
    assert (found["status"], found.get("caller")) == (401, None)
    assert found["violations"][0]["rule"] == "AU-01"


def test_no_secret_is_shown_anywhere(mock: RunningMock) -> None:
    """Neither in the list, nor in the details, nor in an export."""
    login = mock.anonymous.post(
        "/oauth/token", json=PASSWORD_GRANT, auth=("demo-client", "demo-secret")
    )
    tokens = [login.json()["access_token"], login.json()["refresh_token"]]
    headers = {"Cookie": "id=cookie-value", "X-Mock-Admin-Token": "admin-value"}
    mock.client.get(f"{TASK_LIST}&access_token={tokens[0]}", headers=headers)
    mock.client.post(TASKS, json={"taskName": {"client_secret": "demo-secret"}})
    mock.client.post(TASKS, data={"password": "demo-password"})
    files: Any = {"password": (None, "demo-password"), "file": ("a", b"\xff\x00")}
    mock.client.post("/api/v1/file", files=files)
    mock.anonymous.post("/oauth/token", json={**PASSWORD_GRANT, "password": ["demo-password"]})
    shown = [json.dumps(list_requests(mock))]
    shown += [
        mock.anonymous.get(f"{JOURNAL}/{each['id']}").raise_for_status().text
        for each in list_requests(mock)
    ]
    for form in ("har", "curl"):
        answer = mock.anonymous.get(f"{JOURNAL}/export", params={"format": form})
        shown.append(answer.raise_for_status().text)
    own = mock.client.headers["Authorization"].removeprefix("Bearer ")
    for secret in (*SECRETS, *tokens, own, "cookie-value", "admin-value"):
        assert secret not in "\n".join(shown)


def test_large_bodies_are_cut(mock: RunningMock) -> None:
    """Their whole size is shown; a character is never cut in two."""
    text = "x" + "张" * MAX_RECORDED_BODY
    mock.client.post(TASKS, json={"taskName": text})
    body = last_request(mock)["request"]["body"]
    assert body["cut"]
    assert MAX_RECORDED_BODY - 4 < len(body["text"].encode()) <= MAX_RECORDED_BODY
    assert body["bytes"] > MAX_RECORDED_BODY * 3


def test_a_body_that_is_not_text_is_shown_in_base64(mock: RunningMock) -> None:
    """An upload can be read back."""
    mock.client.post("/api/v1/file", files={"file": ("a.bin", b"\xff\xfe\x00")})
    body = last_request(mock)["request"]["body"]
    assert "text" not in body
    assert body["base64"]
