"""Updates of a plan under each answer to the open questions."""

from __future__ import annotations

import pytest

from tests.mock_server.handlers.plan_requests import (
    PLANS,
    get_json,
    listed_plans,
    plan_body,
    put_plan,
    scene_ids,
)
from tests.serving import RunningMock, mock_with

pytestmark = pytest.mark.whole


def test_an_update_replaces_all_data_by_default(mock: RunningMock) -> None:
    """MN-19 (M29): neither optional fields nor scenes are kept."""
    assert "description" not in put_plan(mock, 301, plan_body())
    assert scene_ids(mock, 301) == set()


def test_an_update_keeps_what_is_not_sent() -> None:
    """MN-19 with `merge`: optional fields and scenes; what is sent replaces, an empty list too."""
    with mock_with(plan_update="merge") as mock:
        before = get_json(mock, f"{PLANS}/301")
        after = put_plan(mock, 301, plan_body(replyDelay=99))
        changed = {"name": "计划", "replyDelay": 99, "lastUpdateTime": after["lastUpdateTime"]}
        assert get_json(mock, f"{PLANS}/301") == before | changed
        assert scene_ids(mock, 301) == {204, 205}
        put_plan(mock, 301, plan_body(sceneIds=[], greetings=[]))
        assert scene_ids(mock, 301) == set()
        assert get_json(mock, f"{PLANS}/301")["greetings"] == []


@pytest.mark.parametrize(
    ("sent", "pointer", "accepted"),
    [
        ({"startTime": "2025-05-06 09:00:00"}, "startTime", "<= 2025-05-05 21:00:00"),
        ({"endTime": "2025-04-27 09:00:00"}, "endTime", ">= 2025-04-28 09:00:00"),
    ],
)
def test_the_period_of_a_merged_plan_is_compared(
    sent: dict[str, str], pointer: str, accepted: str
) -> None:
    """MN-23: with what is kept, and the error names the field that was sent."""
    with mock_with(plan_update="merge") as mock:
        answer = mock.client.put(f"{PLANS}/304", json=plan_body(**sent))
        assert answer.status_code == 400
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["rule"]) == (f"/body/data/{pointer}", "MN-23")
        assert (error["accepted"], error["found"]) == (accepted, sent[pointer])


def test_an_update_gives_a_plan_another_id() -> None:
    """MN-20 with `new`: tasks, report and scenes have it, and nothing has the old one."""
    with mock_with(plan_id_after_update="new", plan_update="merge") as mock:
        report, tasks = (get_json(mock, f"{PLANS}/301/{path}") for path in ("report", "task"))
        first = put_plan(mock, 301, plan_body(sceneIds=[204]))["id"]
        assert first == 306
        second = put_plan(mock, first, plan_body())["id"]
        assert second == 307
        for old in (301, first):
            for path in ("", "/report", "/task", "/task/schema"):
                assert mock.client.get(f"{PLANS}/{old}{path}").status_code == 404
            assert mock.client.put(f"{PLANS}/{old}", json=plan_body()).status_code == 404
            assert scene_ids(mock, old) == set()
        assert get_json(mock, f"{PLANS}/{second}/task") == tasks
        after = get_json(mock, f"{PLANS}/{second}/report")
        counts = {key: value for key, value in after.items() if key != "sceneStatistics"}
        assert counts == {key: value for key, value in report.items() if key != "sceneStatistics"}
        assert scene_ids(mock, second) == {204}
        assert 301 not in listed_plans(mock)
        assert listed_plans(mock)[second] == 101
        scenes = get_json(mock, f"{PLANS}/scene")["content"]
        assert {row["id"]: row.get("planId") for row in scenes}[204] == second
        # What belongs to the plan still does, and goes with it.
        assert get_json(mock, f"{PLANS}/task/401")["status"] == "EXECUTION"
        assert mock.client.patch(f"{PLANS}/{second}/termination").status_code == 200
        assert get_json(mock, f"{PLANS}/task/402")["status"] == "TERMINATION"
        assert mock.client.delete(f"{PLANS}/{second}").status_code == 200
        assert mock.client.get(f"{PLANS}/task/401").status_code == 404


def test_tasks_and_scenes_are_added_to_a_plan_with_another_id() -> None:
    """They belong to the plan after later updates, too, and so do its members' reports."""
    with mock_with(plan_id_after_update="new") as mock:
        plan = put_plan(mock, 304, plan_body())["id"]
        task = {"name": "任务", "startTime": "2025-04-21 08:00:00", "fileIds": [603]}
        created = mock.client.post(f"{PLANS}/{plan}/task", json=task).json()
        scene = {"name": "场景", "prompt": "", "statisticalMethod": "ONLY", "planId": plan}
        number = mock.client.post(f"{PLANS}/scene", json=scene).json()["id"]
        last = put_plan(mock, plan, plan_body(name="新的计划名称", sceneIds=[number]))["id"]
        listed = get_json(mock, f"{PLANS}/{last}/task")["content"]
        assert [row["id"] for row in listed] == [created["id"]]
        assert scene_ids(mock, last) == {number}
        assert get_json(mock, f"{PLANS}/task/{created['id']}/report")["plannedNumberOfPeopl"] == 12
        mock.advance(1800)
        members = get_json(mock, f"{PLANS}/task/{created['id']}/members")["content"]
        said = ""
        for member in members:
            path = f"/api/v1/members/{member['memberId']}/daily-reports"
            said += str(get_json(mock, path))
        assert ("新的计划名称" in said) is any(member["moodValues"] for member in members)


def test_a_null_in_an_update_keeps_the_value() -> None:
    """With `plan-update: merge`, a null that counts as absent is not sent, and is not stored."""
    readings = {"plan_update": "merge", "null_in_requests": "absent", "absent_values": "null"}
    with mock_with(**readings) as mock:
        before = get_json(mock, f"{PLANS}/301")
        after = put_plan(mock, 301, plan_body(prompt=None, sceneIds=None))
        assert after["prompt"] == before["prompt"]
        assert scene_ids(mock, 301) == {204, 205}
        assert get_json(mock, f"{PLANS}/304")["prompt"] is None


def test_a_plan_that_was_sent_with_nulls_can_be_sent_back() -> None:
    """With `plan-time-format: full`, times without a value are sent and taken as null."""
    readings = {"plan_time_format": "full", "null_in_requests": "absent", "absent_values": "null"}
    with mock_with(**readings, plan_id_after_update="new") as mock:
        plan = get_json(mock, f"{PLANS}/302")
        assert plan["startTime"] is None
        left_out = ("id", "createTime", "lastUpdateTime", "status")
        data = {key: value for key, value in plan.items() if key not in left_out}
        again = put_plan(mock, 302, {"options": "DRAFT", "data": data})
        assert {key: value for key, value in again.items() if key not in left_out} == data
