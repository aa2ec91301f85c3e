"""Worlds from scenarios: defaults, references to the base, times and member lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mock_server.clock import DEFAULT_INSTANT
from mock_server.domain import conversations, notice_lifecycles, notification_tasks
from mock_server.domain.datetime_text import format_datetime
from mock_server.domain.tokens import DEMO_CREDENTIALS
from mock_server.seed import create_world
from mock_server.world.world import World
from tests.mock_server.seed.scenarios import (
    build_world,
    notification_task,
    records_of,
)

PLAN = {"id": 301, "groupId": 101, "name": "计划"}
PLAN_TASK = {"planId": 301, "name": "首批", "startTime": "-2h", "members": [{"memberId": 2001}]}
GROUP = {"id": 101, "name": "组"}
SCENE = {"name": "场景", "statisticalMethod": "ONLY", "prompt": "x"}


def empty_base(**lists: Any) -> dict[str, Any]:
    """A scenario on top of the empty world, with group 101."""
    return {"base": "empty", "groups": [GROUP]} | lists


def status_of(world: World, task_id: int) -> str:
    """Return the status of a notification task."""
    task = world.notification_tasks[task_id]
    return notification_tasks.task_status(world.seed, task, world.now())


def plan_status(world: World, plan_id: int) -> str:
    """Return the status of a plan."""
    plan, now = world.notices[plan_id], world.now()
    simulations = conversations.task_simulations(
        world.seed, plan, world.notice_tasks.newest(plan.original_id), now
    )
    return notice_lifecycles.notice_status(plan, simulations, now)


def test_a_scenario_without_lists_is_its_base() -> None:
    """The demo data by default; the demo client and user can use it."""
    demo, empty = build_world({}), build_world({"base": "empty"})
    assert demo.count_records()["members"] == 24
    assert empty.count_records()["groups"] == 0
    assert demo.tokens.credentials == DEMO_CREDENTIALS


def test_records_are_added_to_the_demo_data() -> None:
    """They get the next ids, and the demo records keep theirs."""
    usual = records_of(build_world({}))
    world = build_world(
        {
            "groups": [{"name": "组"}],
            "plans": [{"groupId": 104, "name": "计划"}],
            "scenes": [SCENE | {"planId": 301}],
            "planTasks": [PLAN_TASK],
            "notificationTasks": [notification_task()],
        }
    )
    found = records_of(world)
    assert found["groups"][:3] == usual["groups"]
    assert [world.groups[104].name, world.notices[306].group_id] == ["组", 104]
    assert world.notice_tasks[408].notice_id == 301
    assert status_of(world, 505) == "PENDING"
    [scene] = found["scenes"][len(usual["scenes"]) :]
    assert scene.id in world.notices[301].scene_ids


def test_an_entry_replaces_the_record_of_the_base_with_its_id() -> None:
    """In this way, a demo task can be made to fail."""
    task = notification_task(id=503, taskName="另一个", scheduledStartTime="-1d 09:00")
    world = build_world({"notificationTasks": [task]})
    assert world.notification_tasks[503].name == "另一个"
    assert len(world.notification_tasks) == 4


def test_credentials_replace_those_of_the_demo() -> None:
    """Only the users of the scenario can log in; the demo client stays unless it is replaced."""
    user = {"username": "a@example.com", "password": "x"}
    credentials = build_world({"users": [user]}).tokens.credentials
    assert credentials.users == {"a@example.com": "x"}
    assert credentials.clients == DEMO_CREDENTIALS.clients
    assert credentials.allowed == {}


PERMISSIONS: list[tuple[dict[str, list[str]], set[str]]] = [
    ({"may": ["listGroups"]}, {"listGroups"}),
    ({"may": ["files"]}, {"uploadFile", "getFile"}),
    ({"may": ["files"], "mayNot": ["uploadFile"]}, {"getFile"}),
    ({"may": []}, set()),
]


@pytest.mark.parametrize(("lists", "allowed"), PERMISSIONS)
def test_a_user_may_call_operations_and_tags(lists: Any, allowed: set[str]) -> None:
    """Without those in `mayNot`."""
    user = {"username": "a", "password": "x"} | lists
    assert build_world({"users": [user]}).tokens.credentials.allowed == {"a": allowed}


def test_without_may_a_user_may_call_all_that_is_not_excluded() -> None:
    """The usual way to take one permission away."""
    user = {"username": "a", "password": "x", "mayNot": ["createGroup"]}
    allowed = build_world({"users": [user]}).tokens.credentials.allowed["a"]
    assert "createGroup" not in allowed
    assert {"listGroups", "updateGroup"} < allowed


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_task_of_relative_times_is_valid_at_any_hour(hour: int) -> None:
    """It ends on the day of its start, however late that is."""
    task = notification_task(scheduledStartTime="-30m", scheduledEndTime="+3h")
    now = DEFAULT_INSTANT.replace(hour=hour, minute=45)
    world = build_world({"notificationTasks": [task]}, now)
    found = world.notification_tasks[505]
    assert found.start == now - timedelta(minutes=30)
    assert found.end.date() == found.start.date()


def test_a_task_without_an_end_ends_at_22() -> None:
    """Like one of a request (NT-08); one that starts later ends with its day."""
    tasks = [
        notification_task(scheduledStartTime=written) for written in ("today 10:00", "today 22:30")
    ]
    world = build_world({"notificationTasks": tasks})
    ends = [format_datetime(world.notification_tasks[id_].end) for id_ in (505, 506)]
    assert ends == ["2025-04-21 22:00:00", "2025-04-21 23:59:59"]


def test_a_task_that_began_has_executed_members() -> None:
    """Its creation is before its start by default, else all turns would be after it."""
    task = notification_task(scheduledStartTime="-2d", scheduledEndTime="-2d 22:00")
    world = build_world({"notificationTasks": [task]})
    assert status_of(world, 505) == "COMPLETED"
    [execution] = notification_tasks.list_executions(
        world.seed, world.notification_tasks[505], world.now()
    )
    assert execution.status in ("SUCCESS", "FAILED")


def test_a_plan_of_the_scenario_runs_before_its_tasks() -> None:
    """Otherwise its tasks would be ignored (M48)."""
    world = build_world(empty_base(plans=[PLAN], planTasks=[PLAN_TASK]))
    plan, now = world.notices[301], world.now()
    [simulation] = conversations.task_simulations(world.seed, plan, [world.notice_tasks[401]], now)
    assert plan.created < world.notice_tasks[401].created < world.notice_tasks[401].start
    assert not simulation.ignored


STATUSES = {
    "EXECUTION": {},
    "DRAFT": {"status": "DRAFT"},
    "TERMINATION": {"status": "TERMINATION"},
    "COMPLETE": {"startTime": "-9d 10:00", "endTime": "-2d 10:00"},
}


@pytest.mark.parametrize(("status", "fields"), STATUSES.items())
def test_a_plan_has_the_status_of_its_entry(status: str, fields: dict[str, str]) -> None:
    """COMPLETE follows from its end."""
    world = build_world(empty_base(plans=[PLAN | fields]))
    assert plan_status(world, 301) == status


def test_relative_times_of_a_plan_are_written_in_the_format_of_the_api() -> None:
    """Other texts, such as HH:mm, are kept."""
    plan = PLAN | {"startTime": "-1d 10:00", "endTime": "21:00"}
    details = build_world(empty_base(plans=[plan])).notices[301].details
    assert details == {"startTime": "2025-04-20 10:00:00", "endTime": "21:00"}


def test_scenes_belong_to_the_plan_they_are_created_for() -> None:
    """Unless the plan names its scenes."""
    scenes = [SCENE | {"id": 210, "planId": 301}, SCENE | {"planId": 301}, SCENE | {"id": 230}]
    world = build_world(empty_base(plans=[PLAN], scenes=scenes))
    assert world.notices[301].scene_ids == (210, 231)
    world = build_world(empty_base(plans=[PLAN | {"sceneIds": [230]}], scenes=scenes))
    assert world.notices[301].scene_ids == (230,)


def test_members_are_read_from_a_file_of_the_scenario() -> None:
    """As in a request with `fileIds`; their names are those of the file."""
    text = "memberId,nickname\n2001,张丽\n2002,王芳\n"
    world = build_world(
        {
            "files": [{"id": 700, "fileName": "a.csv", "moduleName": "m", "text": text}],
            "notificationTasks": [
                {k: v for k, v in notification_task(fileIds=[700]).items() if k != "members"}
            ],
        }
    )
    assert world.notification_tasks[505].recipients == [(2001, "张丽"), (2002, "王芳")]
    assert world.next_id("files") == 701


def test_members_of_one_key_are_the_same_person() -> None:
    """A member without `memberId` gets the next free one."""
    world = build_world(
        {
            "base": "empty",
            "members": [{"userId": "U7", "nickname": "张丽"}, {"memberId": 1001}],
            "notificationTasks": [notification_task(members=[{"userId": "U7"}])],
        }
    )
    assert world.notification_tasks[501].recipients == [(1002, "张丽")]


def test_initial_records_do_not_count_against_the_storage() -> None:
    """Like those of the demo data."""
    world = build_world({"notificationTasks": [notification_task()] * 50})
    assert world.used_bytes() == world.files.used_bytes


def test_two_worlds_of_a_scenario_are_the_same() -> None:
    """A scenario is not changed by the worlds that are built from it."""
    document = empty_base(plans=[PLAN], planTasks=[PLAN_TASK], scenes=[SCENE | {"planId": 301}])
    assert records_of(build_world(document)) == records_of(build_world(document))
    assert records_of(build_world({})) == records_of(create_world("demo", 1, build_world({}).clock))
