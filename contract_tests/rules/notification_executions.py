"""Probes of the executions of a notification task (L156-L209)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_lookup import listed_rows
from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import new_notification
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry

probes = ProbeRegistry()
LIST_EXECUTIONS = "listNotificationTaskExecutions"
SUCCESS_STATUSES = ("SUCCESS", "COMPLETED")
"""Both spellings of a successful execution (N15)."""
MEMBER_COUNT = 10
"""Members of a task that is read while it runs; each takes ten minutes at most."""


def list_executions(api: ApiClient, task_id: int, **query: Any) -> list[dict[str, Any]]:
    """Return all executions of a task with up to 100 members."""
    page = api.call_json(
        LIST_EXECUTIONS, taskId=task_id, query={"current": 0, "size": 100, **query}
    )
    return listed_rows(LIST_EXECUTIONS, page)


def new_task_tomorrow(api: ApiClient, members: int = MEMBER_COUNT) -> int:
    """Return the id of a task from 09:00 to 18:00 tomorrow."""
    window = {
        "scheduledStartTime": format_datetime(api.moment_at(1, 9)),
        "scheduledEndTime": format_datetime(api.moment_at(1, 18)),
    }
    people = api.new_members(members, nickname="张丽")
    return int(new_notification(api, members=people, **window)["id"])


@probes.accepted("NT-16")
def executions_sort_by_time_or_status(api: ApiClient) -> None:
    """Sort executions by each field in each direction, and with a direction alone."""
    task = new_notification(api)["id"]
    for direction in ("ASC", "DESC"):
        for field in ("executeTime", "status"):
            list_executions(api, task, orderBy=field, orderDirection=direction)
        list_executions(api, task, orderDirection=direction)


@probes.refused("NT-16")
def refuses_executions_sorted_by_another_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Sort executions by another field, and in directions with other spellings."""
    task = new_notification(api)["id"]
    for field in ("memberName", "ExecuteTime"):
        yield "/query/orderBy", api.call(LIST_EXECUTIONS, taskId=task, query={"orderBy": field})
    for direction in ("asc", "UP"):
        query = {"orderBy": "status", "orderDirection": direction}
        yield "/query/orderDirection", api.call(LIST_EXECUTIONS, taskId=task, query=query)


@probes.accepted("NT-28", clock=True)
def executions_without_a_time_come_last(api: ApiClient) -> None:
    """Sort executions by time in both directions while some members are not notified.

    Those without a time may also come first.
    """
    task = new_task_tomorrow(api)
    api.advance_to(api.moment_at(1, 9, 55))
    plain = list_executions(api, task)
    times = sorted(row["executeTime"] for row in plain if row.get("executeTime"))
    expect(len({*times}) > 1, "not enough members were notified")
    nulls = [None] * (MEMBER_COUNT - len(times))
    expect(nulls, "everybody was notified")
    are_first = False
    for query, order in (({}, times), ({"orderDirection": "DESC"}, times[::-1])):
        rows = list_executions(api, task, orderBy="executeTime", **query)
        got = [row.get("executeTime") for row in rows]
        # At the same end in both directions (N25).
        are_first = got[0] is None if not query else are_first
        expected = [*nulls, *order] if are_first else [*order, *nulls]
        expect_equal(got, expected, f"executeTime with {query}")
    expect_equal(list_executions(api, task, orderDirection="DESC"), plain, "a direction alone")


@probes.accepted("NT-29", clock=True)
def each_member_of_notification_has_one_execution(api: ApiClient) -> None:
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
