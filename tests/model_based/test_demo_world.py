"""The demo data shows everything that a frontend has to handle."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import datetime
from typing import Any

import pytest

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.handlers import members, notice_tasks, notices, notification_tasks
from mock_server.seed import create_world
from mock_server.settings import DEFAULT_SEED
from mock_server.world.world import World

INSTANTS = (
    DEFAULT_INSTANT,
    datetime.fromisoformat("2026-01-01T00:00:00+08:00"),
    datetime.fromisoformat("2024-02-29T12:34:56+08:00"),
    datetime.fromisoformat("2025-12-31T22:45:10+08:00"),
    datetime.fromisoformat("2025-06-30T23:59:59+08:00"),
)
SEEDS = (DEFAULT_SEED, 1, 7, 99, 2**31)
Row = dict[str, Any]


@pytest.fixture(params=[(DEFAULT_SEED, at) for at in INSTANTS] + [(s, INSTANTS[0]) for s in SEEDS])
def world(request: pytest.FixtureRequest) -> World:
    """A demo world, at several times of day and with several seeds."""
    seed, instant = request.param
    return create_world("demo", seed, Clock(instant, frozen=True))


def run_handler(answer: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of a handler that may wait for a thread."""
    return asyncio.run(answer)


def listed_plans(world: World) -> list[Row]:
    """Return every plan as in the list."""
    listed = run_handler(notices.list_marketing_notices(world))
    return [plan for group in listed["records"] for plan in group["plan"]]


def listed_plan_tasks(world: World) -> list[Row]:
    """Return every plan task as in its list."""
    found = (
        run_handler(notice_tasks.list_marketing_notice_tasks(world, id_=plan["id"]))
        for plan in listed_plans(world)
    )
    return [row for page in found for row in page["content"]]


def listed_members(world: World) -> list[Row]:
    """Return every member of every plan task."""
    read = notice_tasks.list_marketing_notice_task_members
    found = (run_handler(read(world, task_id=task["id"])) for task in listed_plan_tasks(world))
    return [row for page in found for row in page["content"]]


def listed_executions(world: World) -> Iterator[Row]:
    """Yield every execution of every notification task."""
    for task_id in list(world.notification_tasks):
        pending = notification_tasks.list_notification_task_executions(world, task_id, size=100)
        yield from run_handler(pending)["records"]


def notification_details(world: World) -> list[Row]:
    """Return the details of every notification task."""
    found = (
        run_handler(notification_tasks.get_notification_task(world, task_id, address="http://mock"))
        for task_id in list(world.notification_tasks)
    )
    return list(found)


def enum_values(contract: Row, schema: str) -> set[str]:
    """Return the values of an enum of the contract."""
    return set(contract["components"]["schemas"][schema]["enum"])


def test_every_status_is_there_whatever_the_hour_and_the_seed(world: World, contract: Row) -> None:
    """All values of all status enums except COMPLETED of an execution, which is SUCCESS (N15)."""
    shown = {
        "MarketingNoticeStatus": {plan["status"] for plan in listed_plans(world)},
        "ConversationalTaskStatus": {task["status"] for task in listed_plan_tasks(world)},
        "MemberServiceStatus": {row["status"] for row in listed_members(world)},
        "NotificationTaskStatus": {task["status"] for task in notification_details(world)},
        "NotificationTaskExecutionStatus": {row["status"] for row in listed_executions(world)},
    }
    wanted = {name: enum_values(contract, name) for name in shown}
    wanted["NotificationTaskExecutionStatus"] -= {"COMPLETED"}
    assert shown == wanted


def test_the_edges_are_there(world: World) -> None:
    """An empty plan, a terminated task, failed members, a member with several days, scenes."""
    assert any(plan["taskCount"] == 0 for plan in listed_plans(world))
    assert any(plan["taskCount"] > 1 for plan in listed_plans(world))
    assert any(task["status"] == "TERMINATION" for task in listed_plan_tasks(world))
    failed = [row for row in listed_executions(world) if row["status"] == "FAILED"]
    assert failed
    assert all(row["failureReason"] for row in failed)
    moods = {mood for row in listed_members(world) for mood in row["moodValues"]}
    assert moods == {"非常满意", "满意", "一般", "不满意"}
    triggered = {scene for row in listed_members(world) for scene in row["scenes"]}
    assert {scene.name for scene in world.scenes.values()} == triggered
    reports = run_handler(members.list_member_daily_reports(world, 1002))["records"]
    assert len(reports) > 1
    assert any("content" in report for report in reports)


def test_names_are_those_of_the_world_and_go_beyond_the_basic_plane(world: World) -> None:
    """Chinese names, among them an emoji, a rare character and an accented letter."""
    names = [row["name"] for row in (*listed_plans(world), *listed_plan_tasks(world))]
    names += [row["memberName"] for row in listed_members(world)]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in name) for name in names)
    everything = "".join(names)
    assert "💐" in everything
    assert "𠮷" in everything
    assert "ë" in everything


def test_ids_that_the_documentation_uses_stay(contract: Row) -> None:
    """The records 301, 401 and 501 of the examples have these ids in the demo data."""
    world = create_world("demo", DEFAULT_SEED, Clock(DEFAULT_INSTANT, frozen=True))
    listed = contract["paths"]["/api/v1/marketing-notice"]["get"]["responses"]["200"]["content"]
    example = listed["application/json"]["examples"]["firstPage"]["value"]
    assert plan_outlines(
        run_handler(notices.list_marketing_notices(world))["records"]
    ) == plan_outlines(example["records"])
    assert [world.next_id(table) for table in ("notices", "notice_tasks")] == [306, 408]
    assert [world.next_id(table) for table in ("notification_tasks", "files")] == [505, 605]


def plan_outlines(groups: list[Row]) -> list[tuple[Any, ...]]:
    """Return the plans of a list's groups without their counts."""
    names = ("id", "name", "status", "memberNumber", "taskCount")
    return [
        (group["groupId"], group["groupName"], *(plan[name] for name in names))
        for group in groups
        for plan in group["plan"]
    ]
