"""Plans, their groups and their tasks over HTTP under the answers to open questions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.handlers.plan_requests import (
    PLANS,
    get_json,
    listed_plans,
    plan_body,
    put_plan,
)
from tests.serving import RunningMock, mock_with

pytestmark = pytest.mark.whole

RATES = (
    ("contactSuccessRate", "contactSuccessOfPeopl", "plannedNumberOfPeopl"),
    ("completeServiceRate", "completeServiceOfPeopl", "contactSuccessOfPeopl"),
    ("effectiveCommunicationRate", "effectiveCommunicationOfPeopl", "contactSuccessOfPeopl"),
    ("invitationSuccessfulRate", "invitationSuccessfulOfPeopl", "contactSuccessOfPeopl"),
)


@pytest.mark.parametrize(("reading", "whole", "places"), [("fraction", 1, 4), ("percent", 100, 2)])
def test_rates_are_fractions_or_percentages(reading: str, whole: int, places: int) -> None:
    """RP-01: in the reports of plans and of tasks, which follow from the counts; 0 without any."""
    with mock_with(rates=reading) as mock:
        for path in ("/301", "/304", "/task/401", "/task/402"):
            report = get_json(mock, f"{PLANS}{path}/report")
            for rate, part, of in RATES:
                expected = round(report[part] * whole / report[of], places) if report[of] else 0
                assert report[rate] == expected, (path, rate)
        assert get_json(mock, f"{PLANS}/301/report")["contactSuccessRate"] == 0.45 * whole


def test_a_group_is_deleted_and_its_plans_stay() -> None:
    """GR-03 with `deleted`: they are read by id, with its id, and are in no list of a group."""
    with mock_with(group_with_plans="deleted") as mock:
        before, report = get_json(mock, f"{PLANS}/301"), get_json(mock, f"{PLANS}/301/report")
        assert mock.client.delete(f"{PLANS}/group/101").json() == {}
        assert mock.client.get(f"{PLANS}/group/101").status_code == 404
        assert get_json(mock, f"{PLANS}/301") == before
        assert before["groupId"] == 101
        assert get_json(mock, f"{PLANS}/301/report") == report
        assert 301 not in listed_plans(mock)
        assert get_json(mock, PLANS, groupIds="101")["records"] == []
        assert get_json(mock, PLANS, keyWord=before["name"])["records"] == []
        # An update names a group that exists, and the plan is listed there.
        refused = mock.client.put(f"{PLANS}/301", json=plan_body())
        assert [each["rule"] for each in refused.json()["errors"]] == ["MN-02"]
        put_plan(mock, 301, plan_body(groupId=103))
        assert listed_plans(mock)[301] == 103
        assert mock.client.delete(f"{PLANS}/304").status_code == 200


def test_a_group_with_plans_is_not_deleted_by_default(shared_mock: RunningMock) -> None:
    """GR-02 (M45)."""
    assert shared_mock.client.delete(f"{PLANS}/group/101").status_code == 400


@pytest.mark.parametrize(
    ("data", "pointers"),
    [
        ({"groupId": 9999}, ["/groupId"]),
        ({"sceneIds": [204, 9999]}, ["/sceneIds/1"]),
        (
            {"monitoringStrategy": [{"sceneId": 9999, "strategy": []}], "groupId": 9999},
            ["/groupId", "/monitoringStrategy/0/sceneId"],
        ),
    ],
)
@pytest.mark.parametrize("status", ["400", "404"])
def test_unknown_ids_of_a_plan(status: str, data: dict[str, Any], pointers: list[str]) -> None:
    """MN-02 and MN-03 (X1): the status is that of the reading; all of them are named."""
    with mock_with(unknown_id_in_body=status) as mock:
        for answer in (
            mock.client.post(PLANS, json=plan_body(**data)),
            mock.client.put(f"{PLANS}/301", json=plan_body(**data)),
        ):
            assert answer.status_code == int(status), answer.text
            errors = answer.json()["errors"]
            assert [each["pointer"] for each in errors] == [f"/body/data{at}" for at in pointers]


def test_an_unknown_id_is_one_of_several_violations() -> None:
    """X1 with `404`: a request that is refused anyway is refused with 400, and says everything."""
    with mock_with(unknown_id_in_body="404") as mock:
        answer = mock.client.put(f"{PLANS}/303", json=plan_body(groupId=9999))
        assert answer.status_code == 400
        assert [each["rule"] for each in answer.json()["errors"]] == ["MN-07", "MN-02"]


@pytest.mark.parametrize("written", ["2025-05-01", "2025-05-01 09:00", "09:00", "五月", ""])
def test_other_times_than_full_ones_are_refused(written: str) -> None:
    """MN-23 and MT-02 with `full` (M25, M26), by their sentences."""
    task = {"name": "任务", "fileIds": [603], "startTime": written}
    with mock_with(plan_time_format="full") as mock:
        client, sent = mock.client, plan_body(endTime=written)
        for answer, pointer, rule in (
            (client.post(PLANS, json=plan_body(startTime=written)), "/data/startTime", "MN-23"),
            (client.post(PLANS, json=sent), "/data/endTime", "MN-23"),
            (client.put(f"{PLANS}/304", json=sent), "/data/endTime", "MN-23"),
            (client.post(f"{PLANS}/301/task", json=task), "/startTime", "MT-02"),
        ):
            assert answer.status_code == 400, answer.text
            error = answer.json()["errors"][0]
            assert (error["pointer"], error["rule"]) == (f"/body{pointer}", rule)
            assert "yyyy-MM-dd HH:mm:ss" in error["message"]
            assert error["accepted"] == "yyyy-MM-dd HH:mm:ss"


def test_full_times_are_accepted_and_plans_that_were_sent_come_back() -> None:
    """With `full`; a day that does not exist is no time."""
    task = {"name": "任务", "fileIds": [603], "startTime": "2025-05-01 09:00:00"}
    with mock_with(plan_time_format="full") as mock:
        assert mock.client.post(f"{PLANS}/301/task", json=task).status_code == 200
        impossible = task | {"startTime": "2025-02-29 09:00:00"}
        assert mock.client.post(f"{PLANS}/301/task", json=impossible).status_code == 400
        for number in (301, 302, 304, 305):
            plan = get_json(mock, f"{PLANS}/{number}")
            left_out = ("id", "createTime", "lastUpdateTime", "status")
            data = {key: value for key, value in plan.items() if key not in left_out}
            put_plan(mock, number, {"options": "RELEASE", "data": data})


def test_empty_names_are_accepted_in_every_chapter() -> None:
    """N6: they are stored, listed, sorted, found and part of reports."""
    with mock_with(empty_names="accepted") as mock:
        post = mock.client.post
        group = post(f"{PLANS}/group", json={"name": ""}).json()
        plan = post(PLANS, json=plan_body(name="", groupId=group["id"])).json()
        scene_body = {"name": "", "prompt": "", "statisticalMethod": "ONLY", "planId": plan["id"]}
        scene = post(f"{PLANS}/scene", json=scene_body).json()
        task_body = {"name": "", "startTime": "2025-04-21 08:00:00", "fileIds": [603]}
        task = post(f"{PLANS}/{plan['id']}/task", json=task_body).json()
        notification = post(
            "/api/v1/notification-tasks",
            json={
                "taskName": "",
                "taskType": "APPOINTMENT_REMINDER",
                "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
                "scheduledStartTime": "2025-04-21 15:00:00",
                "members": [{"memberId": 1001}],
            },
        ).json()
        assert [each["name"] for each in (group, plan, scene, task)] == [""] * 4
        assert notification["taskName"] == ""
        groups = get_json(mock, f"{PLANS}/group", orderBy="name")["content"]
        assert groups[0] == group
        scenes = get_json(mock, f"{PLANS}/scene", orderBy="name", orderDirection="ASC")["content"]
        assert scenes[0]["id"] == scene["id"]
        assert group not in get_json(mock, f"{PLANS}/group", keyWord="焕肤")["content"]
        rows = get_json(mock, PLANS, orderBy="groupName")["records"]
        assert (rows[0]["groupName"], rows[0]["plan"][0]["name"]) == ("", "")
        tasks = get_json(mock, f"{PLANS}/{plan['id']}/task", orderBy="name")["content"]
        assert tasks[0]["name"] == ""
        shown = get_json(mock, f"{PLANS}/{plan['id']}/report")["sceneStatistics"]
        assert (shown[-1]["id"], shown[-1]["name"]) == (scene["id"], "")
        renamed = mock.client.put(f"{PLANS}/group/103", json={"name": ""})
        assert renamed.json()["name"] == ""
        changed = mock.client.put(f"{PLANS}/scene/204", json={"name": "", "prompt": ""})
        assert changed.json()["name"] == ""
        mock.advance(1800)
        members = get_json(mock, f"{PLANS}/task/{task['id']}/members")["content"]
        answered = next(each["memberId"] for each in members if each["moodValues"])
        reports = get_json(mock, f"/api/v1/members/{answered}/daily-reports")["records"]
        assert any(each.get("content", "").startswith("：") for each in reports)


@pytest.mark.parametrize("absent", ["omitted", "null"])
def test_the_member_template_is_an_empty_object(absent: str) -> None:
    """M15: JSON in place of a workbook."""
    with mock_with(member_template="object", absent_values=absent) as mock:
        answer = mock.client.get(f"{PLANS}/members/template")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert "Content-Disposition" not in answer.headers
        assert answer.json() == {}
