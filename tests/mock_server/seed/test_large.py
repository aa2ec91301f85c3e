"""What a list shows of a large world is what a scan of all its records would find."""

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
from mock_server.runtime.threads import MANY_ROWS
from mock_server.world.table import Table
from mock_server.world.world import World
from tests.serving import FROZEN, Mock, running

TASKS = "/api/v1/notification-tasks"
NOTICES = "/api/v1/marketing-notice"
APPOINTMENTS = "APPOINTMENT_REMINDER"


@pytest.fixture(scope="module")
def grown() -> Iterator[Mock]:
    """So large that filters go to a thread."""
    with running(replace(FROZEN, scenario="large", size=MANY_ROWS * 2 + 2_000)) as mock:
        assert sum(t.type == APPOINTMENTS for t in mock.world.notification_tasks.values()) > (
            MANY_ROWS
        )
        yield mock


def newest(rows: Any) -> list[int]:
    """Their ids, as lists show them by default (N25)."""
    return [row.id for row in sorted(rows, key=lambda row: (row.created, row.id), reverse=True)]


Passes = Callable[[World, NotificationTask], bool]
BOUND = datetime(2025, 4, 1, 12, tzinfo=CST)
FILTERS: list[tuple[str, dict[str, str], Passes]] = [
    ("none", {}, lambda _world, _task: True),
    (
        "status",
        {"status": "TERMINATED"},
        lambda _world, task: task.terminated is not None,
    ),
    (
        "another status",
        {"status": "EXECUTING"},
        lambda world, task: notification_tasks.status(world.seed, task, world.now()) == "EXECUTING",
    ),
    ("start", {"startTime": datetime_text.text(BOUND)}, lambda _world, task: task.start >= BOUND),
    ("end", {"endTime": datetime_text.text(BOUND)}, lambda _world, task: task.start <= BOUND),
    (
        "everything",
        {
            "startTime": datetime_text.text(BOUND),
            "endTime": datetime_text.text(BOUND + timedelta(days=2)),
            "status": "COMPLETED",
        },
        lambda world, task: (
            BOUND <= task.start <= BOUND + timedelta(days=2)
            and notification_tasks.status(world.seed, task, world.now()) == "COMPLETED"
        ),
    ),
]


@pytest.mark.parametrize(("query", "passes"), [f[1:] for f in FILTERS], ids=[f[0] for f in FILTERS])
def test_a_page_of_notification_tasks_is_what_a_scan_finds(
    grown: Mock, query: dict[str, str], passes: Passes
) -> None:
    """First page, one in the middle, the last, one beyond it (NT-12, NT-13, NT-15)."""
    world = grown.world
    rows = [
        task
        for task in world.notification_tasks.values()
        if task.type == APPOINTMENTS and passes(world, task)
    ]
    expected = newest(rows)
    pages = -(-len(expected) // 20)
    assert expected
    for current in {0, pages // 2, pages - 1, pages}:
        asked = {"taskType": APPOINTMENTS, "current": str(current)} | query
        found = grown.client.get(TASKS, params=asked).json()
        assert found["page"] == {"current": current, "size": 20, "total": len(expected)}
        shown = [row["id"] for row in found["records"]]
        assert shown == expected[current * 20 : current * 20 + 20]


def test_a_task_created_or_terminated_is_at_its_place_at_once(mock: Mock) -> None:
    """A new one comes first; one that was changed stays where it was (NT-15)."""
    query = {"taskType": APPOINTMENTS}

    def shown() -> list[int]:
        return [row["id"] for row in mock.client.get(TASKS, params=query).json()["records"]]

    before = shown()
    body = {
        "taskName": "提醒",
        "taskType": APPOINTMENTS,
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
def test_groups_are_what_a_scan_finds(grown: Mock, query: str) -> None:
    """Newest first, paged or not, filtered or not (PG-13)."""
    rows = [
        group
        for group in grown.world.groups.values()
        if ("keyWord" not in query or "计划" in group.name)
        and ("ids" not in query or group.id in (101, 103))
    ]
    page = slice(3, 6) if "current" in query else slice(None)
    found = grown.client.get(f"{NOTICES}/group{query}").json()
    assert [row["id"] for row in found["content"]] == newest(rows)[page]
    assert found["totalElements"] == len(rows)


@pytest.mark.parametrize("status", [None, "EXECUTION", "COMPLETE", "TERMINATION", "DRAFT"])
def test_plans_are_what_a_scan_finds(grown: Mock, status: str | None) -> None:
    """Within their groups, both newest first; with a status no group without a plan (MN-10)."""
    world = grown.world
    plans = {
        plan.id: grown.client.get(f"{NOTICES}/{plan.id}").json()["status"]
        for plan in world.notices.values()
    }
    expected = []
    for group_id in newest(world.groups.values()):
        rows = [
            plan
            for plan in world.notices.values()
            if plan.group_id == group_id and status in (None, plans[plan.id])
        ]
        if rows or status is None:
            expected.append((group_id, newest(rows)))
    query = {"status": status} if status else {}
    found = grown.client.get(NOTICES, params=query).json()["records"]
    shown = [(group["groupId"], [plan["id"] for plan in group["plan"]]) for group in found]
    assert shown == expected


def test_the_tasks_of_a_plan_are_what_a_scan_finds(grown: Mock) -> None:
    """Of that plan, newest first (PG-13)."""
    for plan in grown.world.notices:
        rows = [task for task in grown.world.notice_tasks.values() if task.notice_id == plan]
        found = grown.client.get(f"{NOTICES}/{plan}/task").json()["content"]
        assert [row["id"] for row in found] == newest(rows)


@dataclass(frozen=True)
class Row:
    """A record with a kind."""

    id: int
    created: datetime
    kind: str


class Step(NamedTuple):
    """One change of a table: a record that is put, or an id that is deleted."""

    id: int
    second: int
    kind: str | None


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(1, 12),
        st.integers(0, 5),
        st.one_of(st.none(), st.sampled_from("abc")),
    ),
    max_size=40,
)


@given(STEPS)
@settings(deadline=None)
def test_a_table_is_walked_in_order_whatever_happened_to_it(steps: list[Step]) -> None:
    """Put, put again with another time or kind, deleted: as a sort of what is left."""
    table: Table[Row] = Table(lambda row: row.kind)
    plain: dict[int, Row] = {}
    start = datetime(2025, 4, 21, tzinfo=CST)
    for step in steps:
        if step.kind is None:
            table.pop(step.id, None)
            plain.pop(step.id, None)
        else:
            row = Row(step.id, start + timedelta(seconds=step.second), step.kind)
            table[step.id] = plain[step.id] = row
    assert dict(table) == plain
    assert [*table.values()] == [*plain.values()]
    for kind in "abcd":
        expected = newest(row for row in plain.values() if row.kind == kind)
        view = table.newest(kind)
        assert [row.id for row in view] == expected
        assert len(view) == len(expected)
        assert [row.id for row in view[1:3]] == expected[1:3]
        assert [view[at].id for at in range(-len(view), len(view))] == expected * 2


def test_records_added_together_stand_as_if_added_one_by_one() -> None:
    """In any order, among others that were there."""
    start = datetime(2025, 4, 21, tzinfo=CST)
    rows = [
        Row(number, start + timedelta(seconds=number * 7 % 5), "ab"[number % 2])
        for number in range(9)
    ]
    one_by_one: Table[Row] = Table(lambda row: row.kind)
    together: Table[Row] = Table(lambda row: row.kind)
    for row in rows:
        one_by_one[row.id] = row
    together[0] = rows[0]
    together.extend(rows[1:])
    assert dict(one_by_one) == dict(together)
    for kind in "ab":
        assert [*one_by_one.newest(kind)] == [*together.newest(kind)]
