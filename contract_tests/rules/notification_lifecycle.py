"""Probes of the life of a notification task: states, termination, executions (L98-L209)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    LEAD_DAYS,
    new_notification,
    notification_contents,
    upload_member_list,
)
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.registry import ProbeRegistry

probes = ProbeRegistry()
TERMINATE = "terminateNotificationTask"
LIST_EXECUTIONS = "listNotificationTaskExecutions"
SUCCESS_STATUSES = ("SUCCESS", "COMPLETED")
"""Both spellings of a successful execution (N15)."""
MEMBER_COUNT = 10
"""Members of a task that is read while it runs; each takes ten minutes at most."""


def get_task_detail(api: ApiClient, task_id: int) -> dict[str, Any]:
    """Return the detail of a task."""
    found: dict[str, Any] = api.call_json("getNotificationTask", taskId=task_id)
    return found


def list_executions(api: ApiClient, task_id: int, **query: Any) -> list[dict[str, Any]]:
    """Return all executions of a task with up to 100 members."""
    page = api.call_json(
        LIST_EXECUTIONS, taskId=task_id, query={"current": 0, "size": 100, **query}
    )
    found: list[dict[str, Any]] = page["records"]
    return found


def new_task_tomorrow(api: ApiClient, members: int = MEMBER_COUNT) -> int:
    """Return the id of a task from 09:00 to 18:00 tomorrow."""
    window = {
        "scheduledStartTime": format_datetime(api.moment_at(1, 9)),
        "scheduledEndTime": format_datetime(api.moment_at(1, 18)),
    }
    people = api.new_members(members, nickname="张丽")
    return int(new_notification(api, members=people, **window)["id"])


@probes.accepted("NT-11")
def a_pending_task_can_be_terminated(api: ApiClient) -> None:
    """Terminate a task that starts days from now."""
    api.call_json(
        TERMINATE, taskId=new_notification(api)["id"], body={"reason": "客户临时取消活动"}
    )


@probes.refused("NT-11")
def a_terminated_task_cannot_be_terminated_again(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task twice, with a reason and without a body."""
    task = new_notification(api)["id"]
    api.call_json(TERMINATE, taskId=task, body={})
    for body in ({"reason": "再次取消"}, None):
        yield "/path/taskId", api.call(TERMINATE, taskId=task, body=body)


@probes.refused("NT-11", clock=True)
def a_completed_task_cannot_be_terminated(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task whose time window has passed."""
    task = new_task_tomorrow(api, 1)
    api.advance_to(api.moment_at(1, 18))
    yield "/path/taskId", api.call(TERMINATE, taskId=task, body={})


@probes.accepted("NT-14", clock=True)
def a_task_ends_with_its_window(api: ApiClient) -> None:
    """Read a task at the end of its window, and 30 members' in a one-second window."""
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 18))
    expect_equal(get_task_detail(api, task)["status"], "COMPLETED", "the status at the end")
    start = format_datetime(api.moment_at(1, 9))
    query = {"taskType": "CUSTOMER_RESOURCE_REMINDER", "startTime": start, "endTime": start}
    listed = api.call_json(
        "listNotificationTasks", query={**query, "status": "COMPLETED", "size": 100}
    )
    expect(task in [row["id"] for row in listed["records"]], "the ended task is not COMPLETED")
    start, end = format_datetime(api.moment_at(2, 9)), format_datetime(api.moment_at(2, 9, 0, 1))
    # More members than the window has seconds: its end completes the task, whoever is left.
    crowd = api.new_members(30, nickname="张丽")
    short = new_notification(api, members=crowd, scheduledStartTime=start, scheduledEndTime=end)
    api.advance_to(api.moment_at(2, 9, 0, 1))
    expect_equal(
        get_task_detail(api, short["id"])["status"], "COMPLETED", "the status after one second"
    )


@probes.accepted("NT-16")
def executions_sort_by_time_or_status(api: ApiClient) -> None:
    """Sort executions by each field in each direction, and with a direction alone."""
    task = new_notification(api)["id"]
    for direction in ("ASC", "DESC"):
        for field in ("executeTime", "status"):
            list_executions(api, task, orderBy=field, orderDirection=direction)
        list_executions(api, task, orderDirection=direction)


@probes.refused("NT-16")
def executions_sort_by_no_other_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Sort executions by another field, and in directions with other spellings."""
    task = new_notification(api)["id"]
    for field in ("memberName", "ExecuteTime"):
        yield "/query/orderBy", api.call(LIST_EXECUTIONS, taskId=task, query={"orderBy": field})
    for direction in ("asc", "UP"):
        query = {"orderBy": "status", "orderDirection": direction}
        yield "/query/orderDirection", api.call(LIST_EXECUTIONS, taskId=task, query=query)


@probes.accepted("NT-17")
def the_members_of_all_files_are_counted(api: ApiClient) -> None:
    """Create a task with two files and read its number of members."""
    people = api.new_members(3, nickname="张丽")
    files = [upload_member_list(api, people[:2]), upload_member_list(api, people[2:])]
    task = new_notification(api, fileIds=files)
    expect_equal(task["totalMembers"], 3, "totalMembers")
    expect_equal(
        get_task_detail(api, task["id"])["statistics"]["totalMembers"], 3, "the statistics"
    )


@probes.accepted("NT-17", clock=True)
def the_statistics_agree_with_the_executions(api: ApiClient) -> None:
    """Compare the statistics with the executions before, during and after a task."""
    people = api.new_members(MEMBER_COUNT, nickname="张丽")
    window = {
        "scheduledStartTime": format_datetime(api.moment_at(1, 9)),
        "scheduledEndTime": format_datetime(api.moment_at(1, 18)),
    }
    created = new_notification(api, members=people, **window)
    expect_equal(created["totalMembers"], MEMBER_COUNT, "totalMembers")
    for moment in (api.moment_at(0, 0), api.moment_at(1, 9, 45), api.moment_at(1, 18)):
        api.advance_to(moment)
        done = [
            row for row in list_executions(api, created["id"]) if row["status"] in SUCCESS_STATUSES
        ]
        expected = {"totalMembers": MEMBER_COUNT, "successCount": len(done)}
        expect_equal(get_task_detail(api, created["id"])["statistics"], expected, "statistics")
    # Without a success, the statistics would be zero in any case.
    expect(done, "nobody was notified")


@probes.accepted("NT-24", clock=True)
def a_notification_task_goes_through_its_states(api: ApiClient) -> None:
    """Read and list a task before, during and after its window, and create one for yesterday."""
    # A start in the past is accepted (X1).
    over = {
        "scheduledStartTime": format_datetime(api.moment_at(-1, 9)),
        "scheduledEndTime": format_datetime(api.moment_at(-1, 10)),
    }
    expect_equal(new_notification(api, **over)["status"], "COMPLETED", "a task of yesterday")
    task = new_task_tomorrow(api)
    start = format_datetime(api.moment_at(1, 9))
    query = {"taskType": "CUSTOMER_RESOURCE_REMINDER", "startTime": start, "size": 100}
    for moment, status in (
        (api.moment_at(1, 8, 59, 59), "PENDING"),
        (api.moment_at(1, 9), "EXECUTING"),
        # Before the end of the window: a task is complete once all members are processed (NT-24).
        (api.moment_at(1, 17, 59, 59), "COMPLETED"),
    ):
        api.advance_to(moment)
        expect_equal(get_task_detail(api, task)["status"], status, f"the status at {moment}")
        listed = {
            row["id"]: row for row in api.call_json("listNotificationTasks", query=query)["records"]
        }
        expect_equal(listed[task]["status"], status, f"the listed status at {moment}")


@probes.accepted("NT-25")
def the_task_detail_returns_what_was_sent(api: ApiClient) -> None:
    """Create tasks and compare their details: name, type, start, contents (N1), members, files."""
    contents = notification_contents("{{nickname}},您好。") + notification_contents(
        "https://example.com/a.png", "IMAGE"
    )
    start = format_datetime(api.moment_at(LEAD_DAYS, 9))
    members = api.new_members(1, nickname="张丽", gift="面膜")
    sent = {"taskName": api.unique_name(), "scheduledStartTime": start}
    task = new_notification(api, contents=contents, members=members, **sent)
    # A later task, so that a server which returns its newest one is noticed.
    new_notification(api, members=api.new_members(2, nickname="王芳"))
    found = get_task_detail(api, task["id"])
    for name, value in sent.items():
        expect_equal(found[name], value, name)
    expect_equal(found["taskType"], task["taskType"], "taskType")
    told = [
        # A server may return either spelling (N1).
        (one.get("contentType", one.get("type")), one.get("contentValue", one.get("value")))
        for one in found["contents"]
    ]
    expect_equal(told, [(c["contentType"], c["contentValue"]) for c in contents], "contents")
    # The list that was not used is an empty array (N4).
    expect_equal((found.get("fileIds"), found["members"]), ([], members), "fileIds and members")
    file = upload_member_list(api, members)
    listed = get_task_detail(api, new_notification(api, fileIds=[file])["id"])
    expect_equal((listed["fileIds"], listed.get("members")), ([file], []), "fileIds and members")


@probes.accepted("NT-26")
def a_termination_returns_both_statuses(api: ApiClient) -> None:
    """Terminate tasks with a reason, with an empty body, and without one."""
    expected = {"previousStatus": "PENDING", "currentStatus": "TERMINATED"}
    for body in ({"reason": "门店临时停业"}, {}, None):
        answer = api.call_json(TERMINATE, taskId=new_notification(api)["id"], body=body)
        expect_equal(answer, expected, "the response to a termination")


@probes.accepted("NT-26", clock=True)
def a_termination_returns_that_the_task_was_running(api: ApiClient) -> None:
    """Terminate a running task."""
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 9, 15))
    answer = api.call_json(TERMINATE, taskId=task)
    expected = {"previousStatus": "EXECUTING", "currentStatus": "TERMINATED"}
    expect_equal(answer, expected, "the response to a termination")


@probes.accepted("NT-27", clock=True)
def a_terminated_task_notifies_nobody_else(api: ApiClient) -> None:
    """Terminate a running task and list its executions a day later."""
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 9, 35))
    api.call_json(TERMINATE, taskId=task, body={})
    before = list_executions(api, task)
    expect("PENDING" in [row["status"] for row in before], "nobody is left to be notified")
    api.advance_to(api.moment_at(2, 9))
    expect_equal(get_task_detail(api, task)["status"], "TERMINATED", "the status a day later")
    expect_equal(list_executions(api, task), before, "the executions a day later")


@probes.accepted("NT-28", clock=True)
def executions_without_a_time_come_last(api: ApiClient) -> None:
    """Sort executions by time in both directions while some members are not notified."""
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 9, 55))
    plain = list_executions(api, task)
    times = sorted(row["executeTime"] for row in plain if row["executeTime"])
    expect(len({*times}) > 1, "not enough members were notified")
    nulls = [None] * (MEMBER_COUNT - len(times))
    expect(nulls, "everybody was notified")
    # Rows without a time come last in both directions (N25).
    for query, order in (({}, times), ({"orderDirection": "DESC"}, times[::-1])):
        got = [
            row["executeTime"] for row in list_executions(api, task, orderBy="executeTime", **query)
        ]
        expect_equal(got, [*order, *nulls], f"executeTime with {query}")
    expect_equal(list_executions(api, task, orderDirection="DESC"), plain, "a direction alone")


@probes.accepted("NT-29", clock=True)
def every_member_has_one_execution(api: ApiClient) -> None:
    """List the executions of a task before, during and after it, and compare its members."""
    task = new_task_tomorrow(api)
    people = [member["memberId"] for member in api.new_members(MEMBER_COUNT)]
    for moment in (api.moment_at(0, 0), api.moment_at(1, 9, 45), api.moment_at(1, 18)):
        api.advance_to(moment)
        found = list_executions(api, task)
        expect_equal([row["memberId"] for row in found], people, "the members")
        expect_equal({row["memberName"] for row in found}, {"张丽"}, "memberName")
        for row in found:
            done, failed = row["status"] in SUCCESS_STATUSES, row["status"] == "FAILED"
            expect_equal(bool(row.get("executeTime")), done, f"a time in {row}")
            expect_equal(bool(row.get("failureReason")), failed, f"a reason in {row}")
    expect(any(row["status"] in SUCCESS_STATUSES for row in found), "nobody was notified")
