"""Probes of the life of a notification task: states, termination, executions (L98-L209)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    LEAD_DAYS,
    new_notification,
    notification_body,
    notification_contents,
    upload_member_list,
)
from contract_tests.rules.notification_executions import (
    MEMBER_COUNT,
    SUCCESS_STATUSES,
    list_executions,
    new_task_tomorrow,
)
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    is_accepted_or_observe_refusal,
    shown_field,
)
from contract_tests.rules.record_removal import TERMINATION_BODY

probes = ProbeRegistry()
TERMINATE = "terminateNotificationTask"


def get_task_detail(api: ApiClient, task_id: int) -> dict[str, Any]:
    """Return the detail of a task."""
    found: dict[str, Any] = api.call_json("getNotificationTask", taskId=task_id)
    return found


@probes.accepted("NT-11")
def terminates_pending_notification(api: ApiClient) -> None:
    """Terminate a task that starts days from now."""
    api.call_json(
        TERMINATE, taskId=new_notification(api)["id"], body={"reason": "客户临时取消活动"}
    )


@probes.refused("NT-11")
def refuses_second_termination_of_notification(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task twice, and a third time."""
    task = new_notification(api)["id"]
    api.call_json(TERMINATE, taskId=task, body=TERMINATION_BODY)
    for reason in ("再次取消", TERMINATION_BODY["reason"]):
        yield "/path/taskId", api.call(TERMINATE, taskId=task, body={"reason": reason})


@probes.refused("NT-11", clock=True)
def refuses_termination_of_completed_notification(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Terminate a task whose time window has passed."""
    task = new_task_tomorrow(api, 1)
    api.advance_to(api.moment_at(1, 18))
    yield "/path/taskId", api.call(TERMINATE, taskId=task, body=TERMINATION_BODY)


@probes.accepted("NT-14", clock=True)
def notification_is_completed_at_end_of_its_window(api: ApiClient) -> None:
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


@probes.accepted("NT-17")
def notification_counts_members_of_all_files(api: ApiClient) -> None:
    """Create a task with two files and read its number of members."""
    people = api.new_members(3, nickname="张丽")
    files = [upload_member_list(api, people[:2]), upload_member_list(api, people[2:])]
    task = new_notification(api, fileIds=files)
    expect_equal(task["totalMembers"], 3, "totalMembers")
    expect_equal(
        get_task_detail(api, task["id"])["statistics"]["totalMembers"], 3, "the statistics"
    )


@probes.accepted("NT-17", clock=True)
def notification_statistics_agree_with_executions(api: ApiClient) -> None:
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


@probes.accepted("NT-24", clock=True, observes=("start-in-the-past", "end-time-adjusted"))
def notification_status_follows_the_clock(api: ApiClient) -> None:
    """Read and list a task before, during and after its window, and create one for yesterday.

    A server may refuse the latter, and return the time of the last notification as the end of the
    other one.
    """
    task = new_task_tomorrow(api)
    over = {
        "scheduledStartTime": format_datetime(api.moment_at(-1, 9)),
        "scheduledEndTime": format_datetime(api.moment_at(-1, 10)),
    }
    answer = api.call("createNotificationTask", body=notification_body(api, **over))
    if is_accepted_or_observe_refusal(api, "start-in-the-past", answer):
        expect_equal(
            shown_field(answer, "status"), "COMPLETED", "the status of a task of yesterday"
        )
        api.observe("start-in-the-past", "accepted", answer)
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
    observe_end_of_complete_task(api, task, format_datetime(api.moment_at(1, 18)))


def observe_end_of_complete_task(api: ApiClient, task: int, sent: str) -> None:
    """Observe whether the end of a task that is complete is the one that was sent (N13)."""
    end = get_task_detail(api, task)["scheduledEndTime"]
    answer = api.answers[-1]
    last = max(row.get("executeTime") or "" for row in list_executions(api, task))
    expect(last <= end <= sent, f"scheduledEndTime is {end}; {last} is the last, {sent} was sent")
    api.observe("end-time-adjusted", "kept" if end == sent else "adjusted", answer)


@probes.accepted("NT-25")
def notification_returns_the_fields_that_were_sent(api: ApiClient) -> None:
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


@probes.accepted("NT-26", observes=("termination-reason",))
def termination_of_notification_returns_both_statuses(api: ApiClient) -> None:
    """Terminate tasks with a reason, with an empty body, and without one.

    A server may require the reason.
    """
    expected = {"previousStatus": "PENDING", "currentStatus": "TERMINATED"}
    found = api.call_json(TERMINATE, taskId=new_notification(api)["id"], body=TERMINATION_BODY)
    expect_equal(found, expected, "the response to a termination")
    without: tuple[dict[str, str] | None, ...] = ({}, None)
    for body in without:
        answer = api.call(TERMINATE, taskId=new_notification(api)["id"], body=body)
        if is_accepted_or_observe_refusal(api, "termination-reason", answer, refused="required"):
            expect_equal(answer.json, expected, "the response to a termination")
            api.observe("termination-reason", "optional", answer)


@probes.accepted("NT-26", clock=True)
def termination_returns_that_notification_was_running(api: ApiClient) -> None:
    """Terminate a running task."""
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 9, 15))
    answer = api.call_json(TERMINATE, taskId=task, body=TERMINATION_BODY)
    expected = {"previousStatus": "EXECUTING", "currentStatus": "TERMINATED"}
    expect_equal(answer, expected, "the response to a termination")


@probes.accepted("NT-27", clock=True)
def terminated_notification_notifies_nobody_else(api: ApiClient) -> None:
    """Terminate a running task and list its executions a day later."""
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 9, 35))
    api.call_json(TERMINATE, taskId=task, body=TERMINATION_BODY)
    before = list_executions(api, task)
    expect("PENDING" in [row["status"] for row in before], "nobody is left to be notified")
    api.advance_to(api.moment_at(2, 9))
    expect_equal(get_task_detail(api, task)["status"], "TERMINATED", "the status a day later")
    expect_equal(list_executions(api, task), before, "the executions a day later")
