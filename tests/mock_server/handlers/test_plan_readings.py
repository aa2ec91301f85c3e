"""Plans, their groups and their tasks over HTTP under the answers to open questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.serving import FROZEN, RunningMock, run_mock

PLANS = "/api/v1/marketing-notice"
RATES = (
    ("contactSuccessRate", "contactSuccessOfPeopl", "plannedNumberOfPeopl"),
    ("completeServiceRate", "completeServiceOfPeopl", "contactSuccessOfPeopl"),
    ("effectiveCommunicationRate", "effectiveCommunicationOfPeopl", "contactSuccessOfPeopl"),
    ("invitationSuccessfulRate", "invitationSuccessfulOfPeopl", "contactSuccessOfPeopl"),
)


@contextmanager
def mock_with(**readings: str) -> Iterator[RunningMock]:
    """Run a mock with these readings, whose keys are written with underscores."""
    chosen = {key.replace("_", "-"): value for key, value in readings.items()}
    with run_mock(replace(FROZEN, readings=chosen)) as mock:
        yield mock


def plan_body(options: str = "RELEASE", **data: Any) -> dict[str, Any]:
    """Return the body of a plan in group 101."""
    return {"options": options, "data": {"name": "计划", "groupId": 101, **data}}


def get_json(mock: RunningMock, path: str, **query: Any) -> Any:
    """Return the JSON of a response with status 200."""
    answer = mock.client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put_plan(mock: RunningMock, number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Return the plan after an update."""
    answer = mock.client.put(f"{PLANS}/{number}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def scene_ids(mock: RunningMock, plan: int) -> set[int]:
    """Return the scenes that are related to a plan."""
    return {row["id"] for row in get_json(mock, f"{PLANS}/scene", planId=plan)["content"]}


def listed_plans(mock: RunningMock) -> dict[int, int]:
    """Return the group of each plan in the list."""
    records = get_json(mock, PLANS)["records"]
    return {plan["id"]: group["groupId"] for group in records for plan in group["plan"]}


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
        assert any(each.get("content", "").startswith(":") for each in reports)


@pytest.mark.parametrize("absent", ["omitted", "null"])
def test_the_member_template_is_an_empty_object(absent: str) -> None:
    """M15: JSON in place of a workbook."""
    with mock_with(member_template="object", absent_values=absent) as mock:
        answer = mock.client.get(f"{PLANS}/members/template")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert "Content-Disposition" not in answer.headers
        assert answer.json() == {}


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
