"""Lists of a large world have the same rows as a scan of all records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.clock import CST
from mock_server.domain import datetime_text, notification_tasks
from mock_server.domain.notification_tasks import NotificationTask
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD
from mock_server.world.table import Table
from mock_server.world.world import World
from tests.serving import FROZEN, RunningMock, run_mock

TASKS = "/api/v1/notification-tasks"
NOTICES = "/api/v1/marketing-notice"
APPOINTMENT_TYPE = "APPOINTMENT_REMINDER"


@pytest.fixture(scope="module")
def large_mock() -> Iterator[RunningMock]:
    """A mock so large that filters run in a thread."""
    with run_mock(replace(FROZEN, scenario="large", size=MIN_ROWS_FOR_THREAD * 2 + 2_000)) as mock:
        assert sum(t.type == APPOINTMENT_TYPE for t in mock.world.notification_tasks.values()) > (
            MIN_ROWS_FOR_THREAD
        )
        yield mock


def newest_ids(rows: Any) -> list[int]:
    """Return the ids of records in the default order of lists (N25)."""
    return [row.id for row in sorted(rows, key=lambda row: (row.created, row.id), reverse=True)]


TaskFilter = Callable[[World, NotificationTask], bool]
FILTER_INSTANT = datetime(2025, 4, 1, 12, tzinfo=CST)
FILTER_CASES: list[tuple[str, dict[str, str], TaskFilter]] = [
    ("none", {}, lambda _world, _task: True),
    (
        "status",
        {"status": "TERMINATED"},
        lambda _world, task: task.terminated is not None,
    ),
    (
        "another status",
        {"status": "EXECUTING"},
        lambda world, task: (
            notification_tasks.task_status(world.seed, task, world.now()) == "EXECUTING"
        ),
    ),
    (
        "start",
        {"startTime": datetime_text.format_datetime(FILTER_INSTANT)},
        lambda _world, task: task.start >= FILTER_INSTANT,
    ),
    (
        "end",
        {"endTime": datetime_text.format_datetime(FILTER_INSTANT)},
        lambda _world, task: task.start <= FILTER_INSTANT,
    ),
    (
        "everything",
        {
            "startTime": datetime_text.format_datetime(FILTER_INSTANT),
            "endTime": datetime_text.format_datetime(FILTER_INSTANT + timedelta(days=2)),
            "status": "COMPLETED",
        },
        lambda world, task: (
            FILTER_INSTANT <= task.start <= FILTER_INSTANT + timedelta(days=2)
            and notification_tasks.task_status(world.seed, task, world.now()) == "COMPLETED"
        ),
    ),
]


@pytest.mark.parametrize(
    ("query", "passes"), [f[1:] for f in FILTER_CASES], ids=[f[0] for f in FILTER_CASES]
)
def test_a_page_of_notification_tasks_is_what_a_scan_finds(
    large_mock: RunningMock, query: dict[str, str], passes: TaskFilter
) -> None:
    """The first, a middle, the last page, and one beyond it (NT-12, NT-13, NT-15)."""
    world = large_mock.world
    rows = [
        task
        for task in world.notification_tasks.values()
        if task.type == APPOINTMENT_TYPE and passes(world, task)
    ]
    expected = newest_ids(rows)
    pages = -(-len(expected) // 20)
    assert expected
    for current in {0, pages // 2, pages - 1, pages}:
        asked = {"taskType": APPOINTMENT_TYPE, "current": str(current)} | query
        found = large_mock.client.get(TASKS, params=asked).json()
        assert found["page"] == {"current": current, "size": 20, "total": len(expected)}
        shown = [row["id"] for row in found["records"]]
        assert shown == expected[current * 20 : current * 20 + 20]


def test_a_task_created_or_terminated_is_at_its_place_at_once(mock: RunningMock) -> None:
    """A new task comes first, a changed one keeps its place (NT-15)."""
    query = {"taskType": APPOINTMENT_TYPE}

    def shown() -> list[int]:
        return [row["id"] for row in mock.client.get(TASKS, params=query).json()["records"]]

    before = shown()
    body = {
        "taskName": "提醒",
        "taskType": APPOINTMENT_TYPE,
        "scheduledStartTime": "2025-04-21 15:00:00",
        "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
        "members": [{"memberId": 1001}],
    }
    made = [mock.client.post(TASKS, json=body).json()["id"] for _ in range(2)]
    assert shown() == [made[1], made[0], *before]
    for task_id in (made[0], before[0]):
        mock.client.put(f"{TASKS}/{task_id}/termination")
    assert shown() == [made[1], made[0], *before]


@pytest.mark.parametrize("query", ["", "?current=1&size=3", "?keyWord=计划", "?ids=101,103"])
def test_groups_are_what_a_scan_finds(large_mock: RunningMock, query: str) -> None:
    """Newest first, with and without pages and filters (PG-13)."""
    rows = [
        group
        for group in large_mock.world.groups.values()
        if ("keyWord" not in query or "计划" in group.name)
        and ("ids" not in query or group.id in (101, 103))
    ]
    page = slice(3, 6) if "current" in query else slice(None)
    found = large_mock.client.get(f"{NOTICES}/group{query}").json()
    assert [row["id"] for row in found["content"]] == newest_ids(rows)[page]
    assert found["totalElements"] == len(rows)


@pytest.mark.parametrize("status", [None, "EXECUTION", "COMPLETE", "TERMINATION", "DRAFT"])
def test_plans_are_what_a_scan_finds(large_mock: RunningMock, status: str | None) -> None:
    """Groups and plans are newest first; with a status, no group is empty (MN-10)."""
    world = large_mock.world
    plans = {
        plan.id: large_mock.client.get(f"{NOTICES}/{plan.id}").json()["status"]
        for plan in world.notices.values()
    }
    expected = []
    for group_id in newest_ids(world.groups.values()):
        rows = [
            plan
            for plan in world.notices.values()
            if plan.group_id == group_id and status in (None, plans[plan.id])
        ]
        if rows or status is None:
            expected.append((group_id, newest_ids(rows)))
    query = {"status": status} if status else {}
    found = large_mock.client.get(NOTICES, params=query).json()["records"]
    shown = [(group["groupId"], [plan["id"] for plan in group["plan"]]) for group in found]
    assert shown == expected


def test_the_tasks_of_a_plan_are_what_a_scan_finds(large_mock: RunningMock) -> None:
    """The list has the tasks of the plan, newest first (PG-13)."""
    for plan in large_mock.world.notices:
        rows = [task for task in large_mock.world.notice_tasks.values() if task.notice_id == plan]
        found = large_mock.client.get(f"{NOTICES}/{plan}/task").json()["content"]
        assert [row["id"] for row in found] == newest_ids(rows)


@dataclass(frozen=True)
class TableRow:
    """A record with a kind."""

    id: int
    created: datetime
    kind: str


class TableChange(NamedTuple):
    """A change of a table: a record that is stored, or an id that is deleted."""

    id: int
    second: int
    kind: str | None


TABLE_CHANGES = st.lists(
    st.builds(
        TableChange,
        st.integers(1, 12),
        st.integers(0, 5),
        st.one_of(st.none(), st.sampled_from("abc")),
    ),
    max_size=40,
)


@given(TABLE_CHANGES)
@settings(deadline=None)
def test_a_table_is_walked_in_order_whatever_happened_to_it(steps: list[TableChange]) -> None:
    """After any changes, the order is that of a sort of the remaining records."""
    table: Table[TableRow] = Table(lambda row: row.kind)
    plain: dict[int, TableRow] = {}
    start = datetime(2025, 4, 21, tzinfo=CST)
    for step in steps:
        if step.kind is None:
            table.pop(step.id, None)
            plain.pop(step.id, None)
        else:
            row = TableRow(step.id, start + timedelta(seconds=step.second), step.kind)
            table[step.id] = plain[step.id] = row
    assert dict(table) == plain
    assert [*table.values()] == [*plain.values()]
    for kind in "abcd":
        expected = newest_ids(row for row in plain.values() if row.kind == kind)
        view = table.newest(kind)
        assert [row.id for row in view] == expected
        assert len(view) == len(expected)
        assert [row.id for row in view[1:3]] == expected[1:3]
        assert [view[at].id for at in range(-len(view), len(view))] == expected * 2


def test_records_added_together_stand_as_if_added_one_by_one() -> None:
    """The order in which they are added does not matter, nor do existing records."""
    start = datetime(2025, 4, 21, tzinfo=CST)
    rows = [
        TableRow(number, start + timedelta(seconds=number * 7 % 5), "ab"[number % 2])
        for number in range(9)
    ]
    one_by_one: Table[TableRow] = Table(lambda row: row.kind)
    together: Table[TableRow] = Table(lambda row: row.kind)
    for row in rows:
        one_by_one[row.id] = row
    together[0] = rows[0]
    together.extend(rows[1:])
    assert dict(one_by_one) == dict(together)
    for kind in "ab":
        assert [*one_by_one.newest(kind)] == [*together.newest(kind)]
