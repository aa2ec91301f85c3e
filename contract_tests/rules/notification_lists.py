"""Probes of the list of notification tasks, and of the order of executions (L147-L209)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import LEAD_DAYS, TASK_TYPES, new_notification
from contract_tests.rules.notification_executions import list_executions
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.record_removal import TERMINATION_BODY

probes = ProbeRegistry()
LIST = "listNotificationTasks"


def list_task_ids(api: ApiClient, task_type: str, **query: Any) -> list[int]:
    """Return the ids of the tasks that a query finds, in its order."""
    page = api.call_json(LIST, query={"taskType": task_type, "size": 100, **query})
    return [row["id"] for row in page["records"]]


@probes.accepted("NT-12")
def notifications_filter_by_type_and_status(api: ApiClient) -> None:
    """Filter two tasks of each type, one of them terminated, by type and status."""
    # Each probe of this list has a day of its own: the start is the only filter that can be narrow.
    start = format_datetime(api.moment_at(LEAD_DAYS + 3, 9))
    window = {"startTime": start, "endTime": start, "current": 0}
    for task_type in TASK_TYPES:
        times = {
            "scheduledStartTime": start,
            "scheduledEndTime": format_datetime(api.moment_at(LEAD_DAYS + 3, 18)),
        }
        ended, open_ = (new_notification(api, taskType=task_type, **times)["id"] for _ in "ab")
        api.call_json("terminateNotificationTask", taskId=ended, body=TERMINATION_BODY)
        other = next(name for name in TASK_TYPES if name != task_type)
        # A shared server may have other tasks in the same window.
        mine = {ended, open_}
        expect_equal(
            mine & {*list_task_ids(api, task_type, **window)},
            mine,
            f"the tasks of the type {task_type}",
        )
        expect_equal(
            mine & {*list_task_ids(api, other, **window)}, set(), f"the tasks of the type {other}"
        )
        for status, task in (("PENDING", open_), ("TERMINATED", ended), ("COMPLETED", None)):
            ids = mine & {*list_task_ids(api, task_type, status=status, **window)}
            expect_equal(ids, {task} - {None}, f"the tasks with the status {status}")


@probes.refused("NT-12")
def refuses_notification_list_without_task_type(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """List tasks without any parameter, and with all but the type."""
    for query in ({}, {"status": "PENDING", "current": 0, "size": 20}):
        yield "/query/taskType", api.call(LIST, query=query)


@probes.accepted("NT-13")
def notification_start_filters_include_both_ends(api: ApiClient) -> None:
    """Filter three tasks, one second apart, by their start."""
    at = [format_datetime(api.moment_at(LEAD_DAYS + 4, 9, 0, second)) for second in range(3)]
    end = format_datetime(api.moment_at(LEAD_DAYS + 4, 18))
    kind = TASK_TYPES[0]
    ids = [
        new_notification(api, taskType=kind, scheduledStartTime=one, scheduledEndTime=end)["id"]
        for one in at
    ]
    for first, last, expected in ((0, 2, ids), (1, 1, ids[1:2]), (1, 2, ids[1:]), (2, 0, [])):
        window = {"startTime": at[first], "endTime": at[last]}
        # Reversed, since the list begins with the newest task (N25).
        got = [task for task in reversed(list_task_ids(api, kind, **window)) if task in ids]
        expect_equal(got, expected, f"the tasks with {window}")


@probes.accepted("NT-15")
def notifications_are_newest_first_executions_in_order(api: ApiClient) -> None:
    """List three tasks created one second apart, and the executions of three members."""
    kind = TASK_TYPES[0]
    start, end = (
        format_datetime(api.moment_at(LEAD_DAYS + 5, 9)),
        format_datetime(api.moment_at(LEAD_DAYS + 5, 18)),
    )
    ids = []
    for _ in range(3):
        times = {"scheduledStartTime": start, "scheduledEndTime": end}
        ids.append(new_notification(api, taskType=kind, **times)["id"])
        api.wait_one_second()
    got = [task for task in list_task_ids(api, kind, startTime=start, endTime=start) if task in ids]
    expect_equal(got, ids[::-1], "the order of the tasks")
    # In reverse, since a server that sorts them by id would otherwise look right.
    people = api.new_members(3, nickname="张丽")[::-1]
    task = new_notification(api, members=people)["id"]
    order = [row["memberId"] for row in list_executions(api, task)]
    expect_equal(order, [member["memberId"] for member in people], "the order of the executions")


@probes.accepted("NT-21")
def notifications_filter_by_every_status(api: ApiClient) -> None:
    """Filter tasks by each status."""
    for status in ("PENDING", "EXECUTING", "COMPLETED", "TERMINATED"):
        page = api.call_json(LIST, query={"taskType": TASK_TYPES[0], "status": status})
        got = {row["status"] for row in page["records"]}
        expect_equal(got - {status}, set(), f"other statuses among {status}")


@probes.refused("NT-21")
def refuses_unknown_status_as_notification_filter(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter tasks by an unknown status, and by one in lower case."""
    for status in ("RUNNING", "pending"):
        answer = api.call(LIST, query={"taskType": TASK_TYPES[0], "status": status})
        yield "/query/status", answer
