"""Notification tasks under each answer to the open questions about them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from tests.serving import RunningMock, mock_with

pytestmark = pytest.mark.whole

TASKS = "/api/v1/notification-tasks"
EXECUTING, COMPLETED, TERMINATED = 501, 503, 504
TIME_OF = {"orderBy": "executeTime"}
BODY: dict[str, Any] = {
    "taskName": "到店提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 10:00:00",
    "contents": [
        {"contentType": "TEXT", "contentValue": "{{nickname}},您好"},
        {"contentType": "IMAGE", "contentValue": "https://example.com/a.png"},
    ],
    "members": [{"userId": "U1001", "ciq": "C1001", "memberId": 1001, "nickname": "张丽"}],
}


def get(mock: RunningMock, path: str = "", **query: Any) -> dict[str, Any]:
    """Return the body of a successful GET below TASKS."""
    response = mock.client.get(f"{TASKS}{path}", params=query)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def executions(mock: RunningMock, task: int, **query: Any) -> list[dict[str, Any]]:
    """Return the executions of a task in either envelope."""
    page = get(mock, f"/{task}/executions", **query)
    found: list[dict[str, Any]] = page["records" if "records" in page else "executions"]
    return found


@pytest.mark.parametrize(
    ("reading", "names"),
    [("contentType", ("contentType", "contentValue")), ("type", ("type", "value"))],
)
def test_details_name_the_fields_of_contents_by_the_reading(
    reading: str, names: tuple[str, str]
) -> None:
    """N1: the details return what was submitted with these names; the list never renames."""
    with mock_with(content_names=reading) as mock:
        made = mock.client.post(TASKS, json=BODY).raise_for_status().json()
        found = get(mock, f"/{made['id']}")["contents"]
        listed = get(mock, taskType=BODY["taskType"], size=1)["records"][0]["contents"]
        poster = get(mock, f"/{EXECUTING}")["contents"][1]
        address = mock.address
    assert found == [
        {names[0]: sent["contentType"], names[1]: sent["contentValue"]} for sent in BODY["contents"]
    ]
    assert listed == BODY["contents"]
    assert poster == {names[0]: "IMAGE", names[1]: f"{address}/api/v1/file/602"}


def test_fields_beyond_the_contract_do_not_replace_renamed_ones() -> None:
    """N1: a content that also has a field `type` keeps its type, and its other fields."""
    content = {**BODY["contents"][0], "type": "note", "more": 1}
    with mock_with(content_names="type") as mock:
        made = (
            mock.client.post(TASKS, json=BODY | {"contents": [content]}).raise_for_status().json()
        )
        [found] = get(mock, f"/{made['id']}")["contents"]
    assert found == {"type": "TEXT", "value": content["contentValue"], "more": 1}


@pytest.mark.parametrize("word", ["SUCCESS", "COMPLETED"])
def test_a_successful_execution_has_the_word_of_the_reading(word: str) -> None:
    """N15: in both orders of the list, and the details count it (NT-17)."""
    with mock_with(execution_success_word=word) as mock:
        rows = executions(mock, COMPLETED)
        by_status = executions(mock, COMPLETED, orderBy="status")
        count = get(mock, f"/{COMPLETED}")["statistics"]["successCount"]
    words = [row["status"] for row in rows]
    assert {*words} == {word, "FAILED"}
    assert [row["status"] for row in by_status] == sorted(words)
    assert count == words.count(word) > 0


@pytest.mark.parametrize("null_order", ["last", "first"])
@pytest.mark.parametrize("envelope", ["page", "task"])
def test_pages_of_executions_are_parts_of_the_ordered_list(envelope: str, null_order: str) -> None:
    """N16, N25: both envelopes have the rows of the page, and rows without a time have one end."""
    readings = {"executions_envelope": envelope, "null_order": null_order}
    with mock_with(**readings, execution_success_word="COMPLETED") as mock:
        for direction in ("ASC", "DESC"):
            order = {**TIME_OF, "orderDirection": direction}
            whole = executions(mock, COMPLETED, **order)
            pages = [executions(mock, COMPLETED, **order, size=3, current=at) for at in range(4)]
            assert [len(page) for page in pages] == [3, 3, 2, 0]
            assert [*chain.from_iterable(pages)] == whole
            sent = [row["executeTime"] for row in whole if row["executeTime"]]
            assert sent == sorted(sent, reverse=direction == "DESC")
            empty = [row["executeTime"] is None for row in whole]
            assert empty == sorted(empty, reverse=null_order == "first")
        shown = get(mock, f"/{COMPLETED}/executions", size=3, current=1)
    if envelope == "page":
        assert [*shown] == ["page", "records"]
        assert shown["page"] == {"current": 1, "size": 3, "total": 8}
    else:
        assert [*shown] == ["task_id", "total_members", "executions"]
        assert (shown["task_id"], shown["total_members"]) == (COMPLETED, 8)


def test_a_long_list_of_executions_has_the_envelope_of_the_reading() -> None:
    """N16: also where the rows are rendered in blocks; a page has at most 100 rows."""
    members = [{"memberId": 5000 + index, "nickname": "张丽"} for index in range(1500)]
    with mock_with(executions_envelope="task") as mock:
        made = mock.client.post(TASKS, json=BODY | {"members": members}).raise_for_status().json()
        page = get(mock, f"/{made['id']}/executions", size=100, current=14)
    assert page["total_members"] == 1500
    assert [row["memberId"] for row in page["executions"]] == [*range(6400, 6500)]


def test_the_details_of_a_completed_task_have_its_real_end() -> None:
    """N13: the turn of the last member, and only in the details of a task that is COMPLETED."""
    asked = {COMPLETED: "2025-04-03 19:00:00", TERMINATED: "2025-04-18 19:00:00"}
    asked[EXECUTING] = "2025-04-21 12:00:00"
    for reading in ("kept", "adjusted"):
        with mock_with(end_time_adjusted=reading) as mock:
            shown = {task: get(mock, f"/{task}")["scheduledEndTime"] for task in asked}
            rows = get(mock, taskType="APPOINTMENT_REMINDER")["records"]
            last = max(row["executeTime"] or "" for row in executions(mock, COMPLETED))
        listed = {row["id"]: row["scheduledEndTime"] for row in rows}
        assert listed[COMPLETED] == asked[COMPLETED]
        expected = last if reading == "adjusted" else asked[COMPLETED]
        assert shown == asked | {COMPLETED: expected}


def test_a_task_whose_window_was_over_ends_as_asked() -> None:
    """N13: nobody was processed in it, so there is no earlier end; its creation returns the end."""
    window = {
        "scheduledStartTime": "2025-04-20 10:00:00",
        "scheduledEndTime": "2025-04-20 11:00:00",
    }
    with mock_with(end_time_adjusted="adjusted") as mock:
        made = mock.client.post(TASKS, json=BODY | window).raise_for_status().json()
        found = get(mock, f"/{made['id']}")
    assert (found["status"], found["scheduledEndTime"]) == ("COMPLETED", "2025-04-20 11:00:00")
    assert made["scheduledEndTime"] == "2025-04-20 11:00:00"


def test_a_task_that_is_terminated_keeps_the_end_that_was_asked_for() -> None:
    """N13: also after the time at which its last member would have been processed."""
    with mock_with(end_time_adjusted="adjusted") as mock:
        mock.client.put(f"{TASKS}/{EXECUTING}/termination", json={}).raise_for_status()
        mock.advance(10_000)
        found = get(mock, f"/{EXECUTING}")
    assert (found["status"], found["scheduledEndTime"]) == ("TERMINATED", "2025-04-21 12:00:00")
