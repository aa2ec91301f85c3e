"""Probes of what becomes of a notification task: states, termination, executions (L98-L209)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import Api, text
from contract_tests.rules.factories import LEAD, new_list, new_notification, says
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
TERMINATE = "terminateNotificationTask"
EXECUTIONS = "listNotificationTaskExecutions"
SUCCESS = ("SUCCESS", "COMPLETED")
"""Both spellings of an execution's success (N15)."""
TURNS = 10
"""Members of a task that is looked at while it runs: one every ten minutes at most."""


def detail(api: Api, task_id: int) -> dict[str, Any]:
    """The detail of a task."""
    found: dict[str, Any] = api.ok("getNotificationTask", taskId=task_id)
    return found


def rows(api: Api, task_id: int, **query: Any) -> list[dict[str, Any]]:
    """All executions of a task with up to 100 members."""
    page = api.ok(EXECUTIONS, taskId=task_id, query={"current": 0, "size": 100, **query})
    found: list[dict[str, Any]] = page["records"]
    return found


def tomorrow(api: Api, members: int = TURNS) -> int:
    """A task of tomorrow, 09:00 to 18:00."""
    window = {
        "scheduledStartTime": text(api.at(1, 9)),
        "scheduledEndTime": text(api.at(1, 18)),
    }
    people = api.people(members, nickname="张丽")
    return int(new_notification(api, members=people, **window)["id"])


@probes.accepted("NT-11")
def a_pending_task_can_be_terminated(api: Api) -> None:
    """One whose start is days ahead."""
    api.ok(TERMINATE, taskId=new_notification(api)["id"], body={"reason": "客户临时取消活动"})


@probes.refused("NT-11")
def a_terminated_task_cannot(api: Api) -> Iterator[Attempt]:
    """The second termination, with a reason and without a body."""
    task = new_notification(api)["id"]
    api.ok(TERMINATE, taskId=task, body={})
    for body in ({"reason": "再次取消"}, None):
        yield "/path/taskId", api.call(TERMINATE, taskId=task, body=body)


@probes.refused("NT-11", clock=True)
def a_completed_task_cannot_either(api: Api) -> Iterator[Attempt]:
    """One whose window is over."""
    task = tomorrow(api, 1)
    api.advance_to(api.at(1, 18))
    yield "/path/taskId", api.call(TERMINATE, taskId=task, body={})


@probes.accepted("NT-14", clock=True)
def a_task_ends_with_its_window(api: Api) -> None:
    """At its end it is COMPLETED; 30 members in a window of a second change nothing about it."""
    task = tomorrow(api)
    api.advance_to(api.at(1, 18))
    expect_equal(detail(api, task)["status"], "COMPLETED", "the status at the end")
    start = text(api.at(1, 9))
    query = {"taskType": "CUSTOMER_RESOURCE_REMINDER", "startTime": start, "endTime": start}
    listed = api.ok("listNotificationTasks", query={**query, "status": "COMPLETED", "size": 100})
    expect(task in [row["id"] for row in listed["records"]], "the ended task is not COMPLETED")
    start, end = text(api.at(2, 9)), text(api.at(2, 9, 0, 1))
    crowd = api.people(30, nickname="张丽")
    short = new_notification(api, members=crowd, scheduledStartTime=start, scheduledEndTime=end)
    api.advance_to(api.at(2, 9, 0, 1))
    expect_equal(detail(api, short["id"])["status"], "COMPLETED", "the status after one second")


@probes.accepted("NT-16")
def executions_sort_by_time_or_status(api: Api) -> None:
    """Both fields in both directions, and a direction alone."""
    task = new_notification(api)["id"]
    for direction in ("ASC", "DESC"):
        for field in ("executeTime", "status"):
            rows(api, task, orderBy=field, orderDirection=direction)
        rows(api, task, orderDirection=direction)


@probes.refused("NT-16")
def executions_sort_by_nothing_else(api: Api) -> Iterator[Attempt]:
    """A field of the rows that is not among the two, and directions in other letters."""
    task = new_notification(api)["id"]
    for field in ("memberName", "ExecuteTime"):
        yield "/query/orderBy", api.call(EXECUTIONS, taskId=task, query={"orderBy": field})
    for direction in ("asc", "UP"):
        query = {"orderBy": "status", "orderDirection": direction}
        yield "/query/orderDirection", api.call(EXECUTIONS, taskId=task, query=query)


@probes.accepted("NT-17")
def the_members_of_all_files_are_counted(api: Api) -> None:
    """Two files, of two people and of one."""
    people = api.people(3, nickname="张丽")
    files = [new_list(api, people[:2]), new_list(api, people[2:])]
    task = new_notification(api, fileIds=files)
    expect_equal(task["totalMembers"], 3, "totalMembers")
    expect_equal(detail(api, task["id"])["statistics"]["totalMembers"], 3, "the statistics")


@probes.accepted("NT-17", clock=True)
def the_statistics_agree_with_the_executions(api: Api) -> None:
    """Before it starts, while it runs and after it has ended."""
    people = api.people(TURNS, nickname="张丽")
    window = {"scheduledStartTime": text(api.at(1, 9)), "scheduledEndTime": text(api.at(1, 18))}
    created = new_notification(api, members=people, **window)
    expect_equal(created["totalMembers"], TURNS, "totalMembers")
    for moment in (api.at(0, 0), api.at(1, 9, 45), api.at(1, 18)):
        api.advance_to(moment)
        done = [row for row in rows(api, created["id"]) if row["status"] in SUCCESS]
        expected = {"totalMembers": TURNS, "successCount": len(done)}
        expect_equal(detail(api, created["id"])["statistics"], expected, "statistics")
    expect(done, "nobody was notified")


@probes.accepted("NT-24", clock=True)
def a_task_goes_through_its_states(api: Api) -> None:
    """PENDING, EXECUTING, COMPLETED; COMPLETED at once when its window is over."""
    over = {"scheduledStartTime": text(api.at(-1, 9)), "scheduledEndTime": text(api.at(-1, 10))}
    expect_equal(new_notification(api, **over)["status"], "COMPLETED", "a task of yesterday")
    task = tomorrow(api)
    start = text(api.at(1, 9))
    query = {"taskType": "CUSTOMER_RESOURCE_REMINDER", "startTime": start, "size": 100}
    for moment, status in (
        (api.at(1, 8, 59, 59), "PENDING"),
        (api.at(1, 9), "EXECUTING"),
        (api.at(1, 17, 59, 59), "COMPLETED"),
    ):
        api.advance_to(moment)
        expect_equal(detail(api, task)["status"], status, f"the status at {moment}")
        listed = {row["id"]: row for row in api.ok("listNotificationTasks", query=query)["records"]}
        expect_equal(listed[task]["status"], status, f"the listed status at {moment}")


@probes.accepted("NT-25")
def the_detail_repeats_what_was_sent(api: Api) -> None:
    """Name, type, start, contents (under either name, N1), members with their parameters."""
    contents = says("{{nickname}},您好。") + says("https://example.com/a.png", "IMAGE")
    start = text(api.at(LEAD, 9))
    members = api.people(1, nickname="张丽", gift="面膜")
    sent = {"taskName": api.name(), "scheduledStartTime": start}
    task = new_notification(api, contents=contents, members=members, **sent)
    new_notification(api, members=api.people(2, nickname="王芳"))
    found = detail(api, task["id"])
    for name, value in sent.items():
        expect_equal(found[name], value, name)
    expect_equal(found["taskType"], task["taskType"], "taskType")
    told = [
        (one.get("contentType", one.get("type")), one.get("contentValue", one.get("value")))
        for one in found["contents"]
    ]
    expect_equal(told, [(c["contentType"], c["contentValue"]) for c in contents], "contents")
    expect_equal(found["members"], members, "members")


@probes.accepted("NT-26")
def a_termination_tells_both_states(api: Api) -> None:
    """With a reason, with an empty body, and without one."""
    expected = {"previousStatus": "PENDING", "currentStatus": "TERMINATED"}
    for body in ({"reason": "门店临时停业"}, {}, None):
        answer = api.ok(TERMINATE, taskId=new_notification(api)["id"], body=body)
        expect_equal(answer, expected, "what a termination answers")


@probes.accepted("NT-26", clock=True)
def a_termination_tells_that_a_task_was_running(api: Api) -> None:
    """One that is under way."""
    task = tomorrow(api)
    api.advance_to(api.at(1, 9, 15))
    answer = api.ok(TERMINATE, taskId=task)
    expected = {"previousStatus": "EXECUTING", "currentStatus": "TERMINATED"}
    expect_equal(answer, expected, "what a termination answers")


@probes.accepted("NT-27", clock=True)
def a_terminated_task_notifies_nobody_else(api: Api) -> None:
    """Terminated while it runs, looked at again a day later."""
    task = tomorrow(api)
    api.advance_to(api.at(1, 9, 35))
    api.ok(TERMINATE, taskId=task, body={})
    before = rows(api, task)
    expect("PENDING" in [row["status"] for row in before], "nobody is left to be notified")
    api.advance_to(api.at(2, 9))
    expect_equal(detail(api, task)["status"], "TERMINATED", "the status a day later")
    expect_equal(rows(api, task), before, "the executions a day later")


@probes.accepted("NT-28", clock=True)
def executions_without_a_time_come_last(api: Api) -> None:
    """In both directions, while some members have been notified and others not."""
    task = tomorrow(api)
    api.advance_to(api.at(1, 9, 55))
    plain = rows(api, task)
    times = sorted(row["executeTime"] for row in plain if row["executeTime"])
    expect(len({*times}) > 1, "not enough members were notified")
    nulls = [None] * (TURNS - len(times))
    expect(nulls, "everybody was notified")
    for query, order in (({}, times), ({"orderDirection": "DESC"}, times[::-1])):
        got = [row["executeTime"] for row in rows(api, task, orderBy="executeTime", **query)]
        expect_equal(got, [*order, *nulls], f"executeTime with {query}")
    expect_equal(rows(api, task, orderDirection="DESC"), plain, "a direction alone")


@probes.accepted("NT-29", clock=True)
def every_member_has_one_row(api: Api) -> None:
    """Under its nickname; what the row holds follows from its status."""
    task = tomorrow(api)
    people = [member["memberId"] for member in api.people(TURNS)]
    for moment in (api.at(0, 0), api.at(1, 9, 45), api.at(1, 18)):
        api.advance_to(moment)
        found = rows(api, task)
        expect_equal([row["memberId"] for row in found], people, "the members")
        expect_equal({row["memberName"] for row in found}, {"张丽"}, "memberName")
        for row in found:
            done, failed = row["status"] in SUCCESS, row["status"] == "FAILED"
            expect_equal(bool(row.get("executeTime")), done, f"a time in {row}")
            expect_equal(bool(row.get("failureReason")), failed, f"a reason in {row}")
    expect(any(row["status"] in SUCCESS for row in found), "nobody was notified")
