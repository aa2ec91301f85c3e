"""Files and daily reports under each answer to the open questions about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.mock_server.uploads import send_upload
from tests.serving import FROZEN, RunningMock, mock_with

pytestmark = pytest.mark.whole

MEMBER_LIST_ID = 601
TASKS, PLANS = "/api/v1/notification-tasks", "/api/v1/marketing-notice"
CONTENT = b"memberId,nickname\n9001,\xe5\xbc\xa0\xe4\xb8\xbd\n"


def upload(mock: RunningMock, content: bytes, name: str) -> dict[str, Any]:
    """Return the response to an upload."""
    found: dict[str, Any] = send_upload(mock, content, name).raise_for_status().json()
    return found


def reports(mock: RunningMock, member: object, **query: str) -> list[dict[str, Any]]:
    """Return the daily reports of a member."""
    path = f"/api/v1/members/{member}/daily-reports"
    response = mock.client.get(path, params=query)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["records"]
    return found


def test_the_same_bytes_get_a_new_id() -> None:
    """F12: by default, with the same signature and their own name."""
    with mock_with(same_file_twice="new-id") as mock:
        first, second = upload(mock, CONTENT, "a.csv"), upload(mock, CONTENT, "b.csv")
    assert second == first | {"id": first["id"] + 1, "fileName": "b.csv"}


def test_the_same_bytes_get_the_first_file() -> None:
    """F12: its id, name and time; other bytes get the next id, and a task can use the file."""
    with mock_with(same_file_twice="same-id") as mock:
        first = upload(mock, CONTENT, "a.csv")
        mock.advance(60)
        assert upload(mock, CONTENT, "b.txt") == first
        other = upload(mock, CONTENT + b"9002,\xe7\x8e\x8b\xe8\x8a\xb3\n", "a.csv")
        assert other["id"] == first["id"] + 1
        stored = mock.anonymous.get(f"/api/v1/file/{MEMBER_LIST_ID}").raise_for_status().content
        assert upload(mock, stored, "名单.xlsx")["id"] == MEMBER_LIST_ID
        download = mock.anonymous.get(f"/api/v1/file/{first['id']}")
        assert 'filename="a.csv"' in download.headers["Content-Disposition"]


def test_a_file_without_a_name_is_refused_though_its_bytes_are_known() -> None:
    """FI-01: the reading changes the id of a valid upload only."""
    with mock_with(same_file_twice="same-id") as mock:
        upload(mock, CONTENT, "a.csv")
        response = send_upload(mock, CONTENT, " ")
    assert response.status_code == 400
    assert [error["rule"] for error in response.json()["errors"]] == ["FI-01"]


def test_a_known_file_needs_no_room() -> None:
    """FI-14, F12: nothing more is stored, so a full mock still returns the first file."""
    statuses = {}
    for reading in ("new-id", "same-id"):
        with mock_with(same_file_twice=reading) as mock:
            used = mock.world.used_bytes()
        with mock_with(replace(FROZEN, max_storage=used + 1500), same_file_twice=reading) as mock:
            content = bytes(1000)
            statuses[reading] = [send_upload(mock, content, f"{n}.bin").status_code for n in (1, 2)]
    assert statuses == {"new-id": [200, 413], "same-id": [200, 200]}


def test_reports_are_listed_in_the_order_of_the_reading() -> None:
    """ME-02, D7: with filters, too."""
    found = {}
    for order in ("newest-first", "oldest-first"):
        with mock_with(daily_reports_order=order) as mock:
            found[order] = reports(mock, 1001), reports(mock, 1001, endDate="2025-04-20")
    for newest, oldest in zip(*found.values(), strict=True):
        assert len(newest) > 1
        assert [row["reportDate"] for row in newest] == sorted(
            (row["reportDate"] for row in newest), reverse=True
        )
        assert oldest == newest[::-1]


@pytest.mark.parametrize("order", ["newest-first", "oldest-first"])
def test_reports_are_those_of_the_member_with_the_user_id(order: str) -> None:
    """D4: the userId leads to the reports that the memberId leads to under the other reading."""
    with mock_with(daily_reports_order=order) as mock:
        expected = reports(mock, 1001)
    with mock_with(daily_reports_id="userId", daily_reports_order=order) as mock:
        assert reports(mock, "U1001") == expected
        missing = mock.client.get("/api/v1/members/1001/daily-reports")
        misnamed = mock.client.get("/api/v1/members/U1001/daily-reports", params={"startDate": "x"})
    assert missing.status_code == 404
    [error] = missing.json()["errors"]
    assert (error["rule"], error["found"]) == ("ID-02", "1001")
    assert error["accepted"] == "U1001, U1002, U1003, U1004, U1005, ..."
    assert misnamed.status_code == 400


def test_a_user_id_may_be_any_text_of_a_segment() -> None:
    """D4: text that is no number, Chinese, or a number below 1 is looked up, and not refused."""
    with mock_with(daily_reports_id="userId") as mock:
        names = ["会员 七号", "0", "-1"]
        body = {
            "taskName": "提醒",
            "taskType": "APPOINTMENT_REMINDER",
            "scheduledStartTime": "2025-04-21 10:00:00",
            "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
            "members": [{"userId": name, "nickname": "张丽"} for name in names],
        }
        mock.client.post(TASKS, json=body).raise_for_status()
        assert [reports(mock, name) for name in names] == [[], [], []]


def test_a_member_without_a_user_id_has_no_reports_to_list() -> None:
    """D4: under userId, a member who was named by memberId alone cannot be named in the path."""
    upload_name = "名单.csv"
    for reading, expected in (("memberId", 200), ("userId", 404)):
        with mock_with(daily_reports_id=reading) as mock:
            file = upload(mock, CONTENT, upload_name)
            task = {"name": "名单", "startTime": "2025-04-21 10:00", "fileIds": [file["id"]]}
            mock.client.post(f"{PLANS}/301/task", json=task).raise_for_status()
            response = mock.client.get("/api/v1/members/9001/daily-reports")
            assert response.status_code == expected, response.text
