"""An error response reports all violations of the schema or, without any, of the rules."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.serving import RunningMock

NOTICES = "/api/v1/marketing-notice"
TASKS = "/api/v1/notification-tasks"
UNKNOWN_ID = 2**62
TEXT_CONTENT = {"contentType": "TEXT", "contentValue": "{{gift}}"}
TASK_BODY = {
    "taskName": "提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-22 10:00:00",
    "contents": [TEXT_CONTENT],
}
MONITORING_STRATEGY = [{"sceneId": UNKNOWN_ID, "strategy": []}]
PLAN_DATA = {
    "name": "计划",
    "groupId": UNKNOWN_ID,
    "sceneIds": [UNKNOWN_ID],
    "monitoringStrategy": MONITORING_STRATEGY,
}


def violated_rules(answer: httpx.Response) -> set[tuple[str, str]]:
    """Return pointer and rule of all violations in an error response."""
    assert answer.status_code == 400, answer.text
    return {(error["pointer"], error["rule"]) for error in answer.json()["errors"]}


def upload_file(mock: RunningMock, name: str, content: bytes, module: str) -> httpx.Response:
    """Return the response to an upload."""
    files = {"file": (name, content)}
    return mock.client.post("/api/v1/file", files=files, data={"moduleName": module})


def test_a_notification_task_that_breaks_every_rule(shared_mock: RunningMock) -> None:
    """All of NT-04 to NT-10 are reported in one response."""
    body = {
        **TASK_BODY,
        "scheduledEndTime": "2025-04-21 09:00:00",
        "members": [{"nickname": "张丽"}, {"userId": "U1", "gift": 5}],
        "fileIds": [UNKNOWN_ID, 602],
    }
    assert violated_rules(shared_mock.client.post(TASKS, json=body)) == {
        ("/body", "NT-04"),
        ("/body/members/0", "NT-05"),
        ("/body/members/1/gift", "NT-06"),
        ("/body/members/0/gift", "NT-07"),
        ("/body/scheduledEndTime", "NT-08"),
        ("/body/scheduledEndTime", "NT-09"),
        ("/body/fileIds/0", "NT-10"),
        ("/body/fileIds/1", "NT-10"),
    }


def test_a_plan_that_breaks_every_rule(shared_mock: RunningMock) -> None:
    """Ids of group and scenes, and the state of a running plan, are reported."""
    body = {"options": "DRAFT", "data": PLAN_DATA}
    unknown = {
        ("/body/data/groupId", "MN-02"),
        ("/body/data/sceneIds/0", "MN-03"),
        ("/body/data/monitoringStrategy/0/sceneId", "MN-03"),
    }
    assert violated_rules(shared_mock.client.post(NOTICES, json=body)) == unknown
    state = ("/body/options", "MN-07")
    assert violated_rules(shared_mock.client.put(f"{NOTICES}/301", json=body)) == {*unknown, state}


def test_a_plan_task_that_breaks_every_rule(shared_mock: RunningMock) -> None:
    """Its start and both of its files are reported."""
    body = {"name": "首批", "startTime": "明天", "fileIds": [602, UNKNOWN_ID]}
    assert violated_rules(shared_mock.client.post(f"{NOTICES}/301/task", json=body)) == {
        ("/body/startTime", "MT-02"),
        ("/body/fileIds/0", "MT-03"),
        ("/body/fileIds/1", "MT-03"),
    }


def test_an_upload_that_breaks_every_rule(shared_mock: RunningMock) -> None:
    """Missing name and content are both reported."""
    answer = upload_file(shared_mock, "", b"", "notification")
    assert violated_rules(answer) == {("/body/file", "FI-01"), ("/body/file", "FI-02")}


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        (f"{NOTICES}/group", "ids"),
        (NOTICES, "groupIds"),
        (f"{NOTICES}/task/401/members", "sceneIds"),
    ],
)
def test_a_query_that_breaks_every_rule(shared_mock: RunningMock, path: str, ids: str) -> None:
    """Two sort fields break the schema; then a list of ids breaks a rule."""
    query: dict[str, Any] = {"orderBy": ["color", "size"], ids: "1,x"}
    assert violated_rules(shared_mock.client.get(path, params=query)) == {
        ("/query/orderBy/0", "PG-04"),
        ("/query/orderBy/1", "PG-04"),
    }
    assert violated_rules(shared_mock.client.get(path, params={ids: "1,x"})) == {
        (f"/query/{ids}", "PG-06")
    }


def test_the_schema_of_path_query_and_body_comes_first(shared_mock: RunningMock) -> None:
    """All violations of the schema are reported at once, and none of the rules."""
    client = shared_mock.client
    body: dict[str, Any] = {
        **TASK_BODY,
        "taskName": "",
        "members": [{"nickname": "张丽"}],
        "fileIds": [UNKNOWN_ID],
    }
    assert violated_rules(client.post(TASKS, json=body)) == {("/body/taskName", "NT-01")}
    body = {"options": "PUBLISH", "data": {**PLAN_DATA, "timeout": -1}}
    assert violated_rules(client.put(f"{NOTICES}/0", json=body)) == {
        ("/path/id", "ID-01"),
        ("/body/options", "MN-12"),
        ("/body/data/timeout", "MN-17"),
    }
    task = {"startTime": "明天", "fileIds": []}
    assert violated_rules(client.post(f"{NOTICES}/301/task", json=task)) == {
        ("/body/name", "MT-01"),
        ("/body/fileIds", "MT-01"),
    }
    assert violated_rules(upload_file(shared_mock, "", b"", "a-b")) == {
        ("/body/moduleName", "FI-03")
    }
    query = "current=-1&size=0&orderDirection=asc&orderBy=color&ids=x"
    assert violated_rules(client.get(f"{NOTICES}/group?{query}")) == {
        ("/query/current", "PG-01"),
        ("/query/size", "PG-08"),
        ("/query/orderDirection", "PG-14"),
        ("/query/orderBy/0", "PG-04"),
    }


def test_an_id_that_nothing_has_comes_before_the_rules(shared_mock: RunningMock) -> None:
    """An unknown id is 404, whatever rules are broken as well."""
    body = {"options": "DRAFT", "data": PLAN_DATA}
    answer = shared_mock.client.put(f"{NOTICES}/{UNKNOWN_ID}", json=body)
    assert answer.status_code == 404
    assert [error["rule"] for error in answer.json()["errors"]] == ["ID-02"]
    assert answer.json()["errors"][0]["accepted"].startswith("301, ")
