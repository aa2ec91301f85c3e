"""Error documents list all violations, each with pointer, rule and accepted values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serving import RunningMock

TASKS = "/api/v1/notification-tasks"


def rules_by_pointer(answer: Any) -> dict[str, str]:
    """Return the rule of each violation in a problem document, by pointer."""
    return {error["pointer"]: error["rule"] for error in answer.json()["errors"]}


def test_all_schema_violations_come_at_once(shared_mock: RunningMock) -> None:
    """Violations in path, query and body are in one response."""
    body = {
        "taskName": "长" * 121,
        "taskType": "OTHER",
        "scheduledStartTime": "2025-02-31 09:00:00",
        "contents": [{"contentType": "TEXT"}],
        "members": [{"memberId": 0}],
    }
    answer = shared_mock.client.post(TASKS, json=body)
    assert answer.status_code == 400
    assert rules_by_pointer(answer) == {
        "/body/taskName": "NT-01",
        "/body/taskType": "NT-19",
        "/body/scheduledStartTime": "NT-22",
        "/body/contents/0/contentValue": "NT-18",
        "/body/members/0/memberId": "minimum",
    }
    errors = {error["pointer"]: error for error in answer.json()["errors"]}
    assert errors["/body/taskName"]["accepted"] == "maxLength 120"
    assert errors["/body/taskName"]["message"] == "任务名称必须为 1 到 120 个字符。"
    assert (
        errors["/body/taskType"]["accepted"] == "APPOINTMENT_REMINDER, CUSTOMER_RESOURCE_REMINDER"
    )
    assert errors["/body/taskType"]["found"] == "OTHER"


@pytest.mark.parametrize(
    ("query", "pointer", "rule"),
    [
        ("", "/query/taskType", "NT-12"),
        ("taskType=X", "/query/taskType", "NT-19"),
        ("taskType=APPOINTMENT_REMINDER&current=-1", "/query/current", "PG-01"),
        ("taskType=APPOINTMENT_REMINDER&current=1_0", "/query/current", "type"),
        ("taskType=APPOINTMENT_REMINDER&current=%2B1", "/query/current", "type"),
        ("taskType=APPOINTMENT_REMINDER&current=+1", "/query/current", "type"),
        ("taskType=APPOINTMENT_REMINDER&current=%EF%BC%91", "/query/current", "type"),
        ("taskType=", "/query/taskType", "NT-19"),
        ("taskType=APPOINTMENT_REMINDER&current=" + "9" * 30, "/query/current", "type"),
        ("taskType=APPOINTMENT_REMINDER&current=0&current=1", "/query/current", "repeated"),
        ("taskType=APPOINTMENT_REMINDER&startTime=2025-04-21", "/query/startTime", "NT-22"),
        ("taskType=APPOINTMENT_REMINDER&x=%FF", "/query/x", "utf8"),
        ("taskType=APPOINTMENT_REMINDER&x=%00", "/query/x", "nul"),
    ],
)
def test_a_query_parameter_is_read_strictly(
    shared_mock: RunningMock, query: str, pointer: str, rule: str
) -> None:
    """Forms that int() accepts (`1_0`, `+1`, full-width digits) are not integers."""
    answer = shared_mock.client.get(f"{TASKS}?{query}")
    assert answer.status_code == 400
    assert rules_by_pointer(answer)[pointer] == rule


@pytest.mark.parametrize(
    ("language", "message"),
    [
        (None, "分组必须有名称。"),
        ("en", "A group must have a name."),
        ("en-GB,zh;q=0.5", "A group must have a name."),
        ("fr", "分组必须有名称。"),
        ("zh-CN,en;q=0.9", "分组必须有名称。"),
        (";;;q=x", "分组必须有名称。"),
    ],
)
def test_a_refusal_speaks_the_callers_language(
    shared_mock: RunningMock, language: str | None, message: str
) -> None:
    """Accept-Language decides; the default is Chinese."""
    headers = {"Accept-Language": language} if language else {}
    answer = shared_mock.client.post("/api/v1/marketing-notice/group", json={}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == message


@pytest.mark.parametrize(
    ("content", "media_type", "status", "rule"),
    [
        (b"", None, 400, "required"),
        (b"", "application/json", 400, "json"),
        (b"{", "application/json", 400, "json"),
        (b'{"name":"a","name":"b"}', "application/json", 400, "json"),
        (b'{"name":NaN}', "application/json", 400, "json"),
        (b'{"name":"a","n":1e999}', "application/json", 400, "json"),
        (b'{"name":"\\ud800"}', "application/json", 400, "json"),
        (b'{"name":"\xff"}', "application/json", 400, "json"),
        (b"9" * 5000, "application/json", 400, "json"),
        (b"[" * 100_000, "application/json", 400, "json"),
        (b"[]", "application/json", 400, "type"),
        (b"null", "application/json; charset=utf-8", 400, "type"),
        (b"{}", None, 415, "contentType"),
        (b"{}", "text/plain", 415, "contentType"),
        (b"{}", "application/json; charset=gbk", 415, "contentType"),
        (b"{}", "application/x-www-form-urlencoded", 415, "contentType"),
    ],
)
def test_a_body_that_is_no_json_says_why(
    shared_mock: RunningMock, content: bytes, media_type: str | None, status: int, rule: str
) -> None:
    """Malformed JSON is 400, another media type 415; never a 500."""
    headers = {"Content-Type": media_type} if media_type else {}
    answer = shared_mock.client.post(
        "/api/v1/marketing-notice/group", content=content, headers=headers
    )
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["rule"] == rule


@pytest.mark.parametrize(
    ("body", "status", "error", "rule"),
    [
        ({}, 400, "invalid_request", "AU-07"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type", "AU-07"),
        (
            {"grant_type": "password", "username": "demo@example.com"},
            400,
            "invalid_request",
            "AU-08",
        ),
        (
            {"grant_type": "password", "username": "demo@example.com", "password": "wrong"},
            400,
            "invalid_grant",
            "AU-03",
        ),
        ({"grant_type": "refresh_token", "refresh_token": "wrong"}, 400, "invalid_grant", "AU-05"),
    ],
)
def test_the_token_operation_refuses_as_rfc_6749_does(
    shared_mock: RunningMock, body: dict[str, str], status: int, error: str, rule: str
) -> None:
    """Errors have `error`, `error_description` and the same list of violations (A12)."""
    answer = shared_mock.anonymous.post(
        "/oauth/token", json=body, auth=("demo-client", "demo-secret")
    )
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]
    assert answer.json()["errors"][0]["rule"] == rule
