"""A complete use of the API: everything that is created can be found again."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import httpx

from mock_server.member_files.xlsx_writer import write_workbook
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT, RunningMock

NOTICES = "/api/v1/marketing-notice"
TASKS = "/api/v1/notification-tasks"
TASK_MEMBERS = [
    {"memberId": 1001, "nickname": "张丽", "gift": "面膜"},
    {"userId": "U9001", "nickname": "赵敏", "gift": "精华"},
    {"ciq": "C9002", "nickname": "周芷若", "gift": "精华"},
]


def expect_ok(answer: httpx.Response) -> Any:
    """Return the body of a 200 response."""
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_token_is_issued_used_refreshed_and_expires(mock: RunningMock) -> None:
    """L12-L61: a used refresh token is refused, and an access token expires when it should."""
    first = expect_ok(
        mock.anonymous.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    )
    assert first["token_type"] == "bearer"
    bearer = {"Authorization": f"Bearer {first['access_token']}"}
    assert mock.anonymous.get(f"{TASKS}/501", headers=bearer).status_code == 200

    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = expect_ok(mock.anonymous.post("/oauth/token", json=refresh, auth=CLIENT_CREDENTIALS))
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    again = mock.anonymous.post("/oauth/token", json=refresh, auth=CLIENT_CREDENTIALS)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert again.json()["errors"][0]["rule"] == "AU-05"

    mock.advance(first["expires_in"] - 1)
    assert mock.anonymous.get(f"{TASKS}/501", headers=bearer).status_code == 200
    mock.advance(1)
    late = mock.anonymous.get(f"{TASKS}/501", headers=bearer)
    assert (late.status_code, late.json()["errors"][0]["rule"]) == (401, "AU-04")


def test_uploaded_bytes_come_back_identical(mock: RunningMock) -> None:
    """L211-L246: signature, size and headers of the download match the upload."""
    content = bytes(range(256)) * 300
    sent = {"file": ("季度 报告.pdf", content, "application/pdf")}
    made = expect_ok(
        mock.client.post("/api/v1/file", files=sent, data={"moduleName": "notification"})
    )
    assert made["fileName"] == "季度 报告.pdf"
    assert made["fileSize"] == len(content)
    assert made["signature"].lower() == sha256(content).hexdigest()

    got = mock.anonymous.get(f"/api/v1/file/{made['id']}")
    assert got.content == content
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Length"] == str(len(content))
    assert got.headers["Content-Disposition"].startswith("inline;")
    assert "%E5%AD%A3%E5%BA%A6" in got.headers["Content-Disposition"]
    assert got.headers["Cache-Control"] == "public, max-age=31536000"
    assert got.headers["Last-Modified"] == "Mon, 21 Apr 2025 01:00:00 GMT"
    assert made["createTime"] == 1745197200000

    part = mock.anonymous.get(f"/api/v1/file/{made['id']}", headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, content[1:4])
    assert part.headers["Content-Range"] == f"bytes 1-3/{len(content)}"
    tag = {"If-None-Match": got.headers["ETag"]}
    unchanged = mock.anonymous.get(f"/api/v1/file/{made['id']}", headers=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    beyond = mock.anonymous.get(f"/api/v1/file/{made['id']}", headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416

    same = expect_ok(
        mock.client.post("/api/v1/file", files=sent, data={"moduleName": "notification"})
    )
    assert same["signature"] == made["signature"]
    assert same["id"] != made["id"]


def test_a_notification_task_is_created_runs_and_is_terminated(mock: RunningMock) -> None:
    """L66-L209: PENDING, EXECUTING from its start, terminated, and found in the list."""
    made = expect_ok(
        mock.client.post(
            TASKS,
            json={
                "taskName": "五一到店礼领取提醒",
                "taskType": "CUSTOMER_RESOURCE_REMINDER",
                "scheduledStartTime": "2025-04-21 10:00:00",
                "contents": [
                    {"contentType": "TEXT", "contentValue": "{{nickname}},您的{{gift}}已备好。"}
                ],
                "members": TASK_MEMBERS,
            },
        )
    )
    task = f"{TASKS}/{made['id']}"
    assert (made["status"], made["totalMembers"]) == ("PENDING", 3)
    assert made["scheduledEndTime"] == "2025-04-21 22:00:00"

    detail = expect_ok(mock.client.get(task))
    assert detail["contents"][0]["contentValue"] == "{{nickname}},您的{{gift}}已备好。"
    assert detail["members"] == TASK_MEMBERS
    newest = expect_ok(mock.client.get(f"{TASKS}?taskType=CUSTOMER_RESOURCE_REMINDER"))
    assert newest["records"][0]["id"] == made["id"]
    other = expect_ok(mock.client.get(f"{TASKS}?taskType=APPOINTMENT_REMINDER"))
    assert made["id"] not in [row["id"] for row in other["records"]]

    rows = expect_ok(mock.client.get(f"{task}/executions"))
    assert [row["status"] for row in rows["records"]] == ["PENDING"] * 3
    assert rows["page"] == {"current": 0, "size": 20, "total": 3}

    mock.advance(3600)
    assert expect_ok(mock.client.get(task))["status"] == "EXECUTING"
    assert (
        expect_ok(mock.client.get(f"{TASKS}?taskType=CUSTOMER_RESOURCE_REMINDER&status=EXECUTING"))[
            "records"
        ][0]["id"]
        == made["id"]
    )
    ended = expect_ok(mock.client.put(f"{task}/termination", json={"reason": "客户临时取消活动"}))
    assert ended == {"previousStatus": "EXECUTING", "currentStatus": "TERMINATED"}
    again = mock.client.put(f"{task}/termination", json={})
    assert (again.status_code, again.json()["errors"][0]["rule"]) == (400, "NT-11")
    mock.advance(86400)
    assert (
        expect_ok(mock.client.get(task, headers=fresh_token_headers(mock)))["status"]
        == "TERMINATED"
    )


def test_a_plan_gets_a_scene_and_a_task_runs_and_is_reported(mock: RunningMock) -> None:
    """L247-L1630: group, plan, scene, member list, task, members, report, deletion."""
    group = expect_ok(mock.client.post(f"{NOTICES}/group", json={"name": "夏季防晒预热"}))
    data = {"name": "防晒新品体验邀约", "groupId": group["id"], "replyDelay": 30}
    plan = expect_ok(mock.client.post(NOTICES, json={"options": "DRAFT", "data": data}))
    assert plan["status"] == "DRAFT"
    scene = expect_ok(
        mock.client.post(
            f"{NOTICES}/scene",
            json={
                "name": "询问防晒指数",
                "statisticalMethod": "ONLY",
                "prompt": "会员询问防晒指数时",
                "externalId": "EXT-SPF",
                "planId": plan["id"],
            },
        )
    )
    assert scene["sceneType"] == "CUSTOM"
    listed = expect_ok(mock.client.get(f"{NOTICES}/scene?planId={plan['id']}"))
    assert [row["id"] for row in listed["content"]] == [scene["id"]]
    loose = expect_ok(mock.client.patch(f"{NOTICES}/scene/{scene['id']}/unbundled-externalId"))
    assert loose["externalId"] is None

    data["sceneIds"] = [scene["id"]]
    released = {"options": "RELEASE", "data": data}
    plan = expect_ok(mock.client.put(f"{NOTICES}/{plan['id']}", json=released))
    assert plan["status"] == "EXECUTION"

    workbook = write_workbook(
        ["memberId", "nickname"], [[1001, "张丽"], [1002, "王芳"], [2001, "新会员"]]
    )
    file = expect_ok(
        mock.client.post(
            "/api/v1/file",
            files={"file": ("名单.xlsx", workbook)},
            data={"moduleName": "marketing_notice"},
        )
    )
    task = expect_ok(
        mock.client.post(
            f"{NOTICES}/{plan['id']}/task",
            json={"name": "首批", "startTime": "2025-04-21 09:30", "fileIds": [file["id"]]},
        )
    )
    assert (task["status"], task["totalMember"]) == ("NOT_STARTED", 3)
    assert (task["startDate"], task["startTime"]) == ("2025-04-21", "09:30")
    columns = {c["key"] for c in expect_ok(mock.client.get(f"{NOTICES}/{plan['id']}/task/schema"))}
    rows = expect_ok(mock.client.get(f"{NOTICES}/{plan['id']}/task"))
    assert [row["id"] for row in rows["content"]] == [task["id"]]
    assert set(rows["content"][0]) <= columns

    mock.advance(2 * 86400)
    client = fresh_token_headers(mock)
    path = f"{NOTICES}/task/{task['id']}"
    assert expect_ok(mock.client.get(path, headers=client))["status"] == "COMPLETE"
    members = expect_ok(mock.client.get(f"{path}/members", headers=client))
    assert [row["memberId"] for row in members["content"]] == [1001, 1002, 2001]
    report = expect_ok(mock.client.get(f"{path}/report", headers=client))
    assert report["plannedNumberOfPeopl"] == 3
    assert report == expect_ok(mock.client.get(f"{NOTICES}/{plan['id']}/report", headers=client))

    refusal = mock.client.delete(f"{NOTICES}/group/{group['id']}", headers=client)
    assert refusal.json()["errors"][0]["rule"] == "GR-02"
    assert expect_ok(mock.client.patch(f"{NOTICES}/{plan['id']}/termination", headers=client)) == {}
    assert expect_ok(mock.client.delete(f"{NOTICES}/{plan['id']}", headers=client)) == {}
    assert mock.client.get(path, headers=client).status_code == 404
    assert expect_ok(mock.client.get(f"{NOTICES}/scene/{scene['id']}", headers=client))
    assert expect_ok(mock.client.delete(f"{NOTICES}/group/{group['id']}", headers=client)) == {}


def fresh_token_headers(mock: RunningMock) -> dict[str, str]:
    """Return headers with a new token, after the clock was moved."""
    token = expect_ok(
        mock.anonymous.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    )
    return {"Authorization": f"Bearer {token['access_token']}"}
