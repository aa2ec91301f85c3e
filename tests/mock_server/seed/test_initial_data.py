"""Initial data is a function of scenario, seed, instant and size."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from mock_server.clock import CST, DEFAULT_INSTANT, Clock
from mock_server.domain import datetime_text, files, notification_contents, notification_tasks
from mock_server.errors import StartupError
from mock_server.options import build_parser, build_settings
from mock_server.seed import MAX_TASK_COUNT, MIN_TASK_COUNT, create_world
from mock_server.world.world import FIRST_IDS, World
from tests.mock_server.test_cli import start_mock
from tests.serving import FROZEN, run_mock

WORLD_SIZE = 2_000
INSTANTS = [
    DEFAULT_INSTANT,
    datetime(2024, 2, 29, 23, 30, tzinfo=CST),
    datetime(2030, 1, 1, tzinfo=CST),
]


def large_world(
    seed: int = 1, size: int = WORLD_SIZE, instant: datetime = DEFAULT_INSTANT
) -> World:
    """Return a large world with a frozen clock."""
    return create_world("large", seed, Clock(instant, frozen=True), size=size)


def records_by_table(world: World) -> dict[str, list[Any]]:
    """Return all records by table."""
    tables = {name: getattr(world, name) for name in FIRST_IDS if name != "members"}
    people = [world.members.get(number) for number in world.members]
    return {name: [*table.values()] for name, table in tables.items()} | {"members": people}


def test_a_seed_decides_everything_in_a_large_world() -> None:
    """Records depend on seed, size and instant, and on nothing else."""
    first = records_by_table(large_world())
    assert first == records_by_table(large_world())
    other = records_by_table(large_world(seed=2))
    assert all(first[name] != other[name] for name in ("notification_tasks", "members", "notices"))


@pytest.mark.whole
def test_a_large_world_is_the_same_in_every_process() -> None:
    """The hash seed of a process has no effect."""
    program = (
        "from hashlib import sha256;"
        f"from {__name__} import large_world, records_by_table;"
        "print(sha256(repr(records_by_table(large_world(size=200))).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_large_world_holds_the_demo_world() -> None:
    """The records of the examples have the same ids."""
    demo = records_by_table(create_world("demo", 1, Clock(DEFAULT_INSTANT, frozen=True)))
    grown = records_by_table(large_world())
    for name, rows in demo.items():
        assert grown[name][: len(rows)] == rows


@pytest.mark.parametrize(("size", "members"), [(100, 24), (101, 24), (1_234, 246), (10_000, 2_000)])
def test_a_large_world_has_as_many_notification_tasks_as_were_asked_for(
    size: int, members: int
) -> None:
    """The number is exact, and other tables grow in proportion."""
    counts = large_world(size=size).count_records()
    assert counts["notification_tasks"] == size
    assert counts["members"] == members
    assert counts["groups"] > 2
    assert counts["notices"] > 5
    assert counts["notice_tasks"] > 7


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
def test_a_large_world_could_have_come_about_by_requests(instant: datetime) -> None:
    """All tasks obey the rules for requests, and are in order of time."""
    world = large_world(instant=instant)
    now = world.now()
    ids = [task.id for task in world.notification_tasks.values()]
    assert ids == [
        *range(FIRST_IDS["notification_tasks"], FIRST_IDS["notification_tasks"] + WORLD_SIZE)
    ]
    statuses: Counter[str] = Counter()
    for task in world.notification_tasks.values():
        assert not notification_tasks.window_violations(task.start, task.end)
        wanted = {*notification_contents.template_variables(task.contents)}
        for given in task.sent_members or [{"nickname": "in the file"}]:
            assert wanted <= given.keys()
        assert task.created <= task.updated <= now
        assert len(task.name) <= 120
        for recipient in task.recipients:
            known = world.members.get(recipient.member_id)
            assert known
            assert known.name == recipient.name
        if task.terminated is not None:
            just_before = task._replace(terminated=None)
            before = notification_tasks.task_status(world.seed, just_before, task.terminated)
            assert not notification_tasks.termination_violations(before)
        statuses[notification_tasks.task_status(world.seed, task, now)] += 1
    assert {*statuses} == {"PENDING", "EXECUTING", "COMPLETED", "TERMINATED"}
    assert statuses["COMPLETED"] > WORLD_SIZE * 0.9


def test_a_large_world_has_one_task_for_all_members_from_a_list_that_would_be_accepted() -> None:
    """It is long enough for pages, and its file can be used again."""
    with run_mock(replace(FROZEN, scenario="large", size=WORLD_SIZE)) as mock:
        (crowded,) = (
            task
            for task in mock.world.notification_tasks.values()
            if len(task.recipients) == len(mock.world.members)
        )
        shown = mock.client.get(f"/api/v1/notification-tasks/{crowded.id}").json()
        assert shown["status"] == "EXECUTING"
        assert 0 < shown["statistics"]["successCount"] < shown["statistics"]["totalMembers"]
        body = {
            "taskName": "再发一次",
            "taskType": "CUSTOMER_RESOURCE_REMINDER",
            "scheduledStartTime": datetime_text.format_datetime(
                mock.world.now() + timedelta(hours=1)
            ),
            "contents": shown["contents"],
            "fileIds": shown["fileIds"],
        }
        made = mock.client.post("/api/v1/notification-tasks", json=body)
        assert made.json().get("totalMembers") == len(mock.world.members), made.text


def test_an_empty_world_has_what_every_world_has() -> None:
    """It contains the SYSTEM scenes only."""
    empty = create_world("empty", 1, Clock(DEFAULT_INSTANT, frozen=True))
    assert {name: count for name, count in empty.count_records().items() if count} == {"scenes": 3}


@pytest.mark.whole
def test_a_large_world_is_served_as_asked() -> None:
    """The size is an option and an environment variable, and is in the greeting."""
    with start_mock("--port", "0", "--scenario", "large", HYPERS_MOCK_SIZE="345") as (_, printed):
        assert "scenario       large (345 tasks), seed" in "".join(printed)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--size", "1000"), "--scenario large"),
        (("--scenario", "empty", "--size", "1000"), "--scenario large"),
        (
            ("--scenario", "large", "--size", str(MIN_TASK_COUNT - 1)),
            f"from {MIN_TASK_COUNT} to {MAX_TASK_COUNT}",
        ),
        (
            ("--scenario", "large", "--size", str(MAX_TASK_COUNT + 1)),
            f"from {MIN_TASK_COUNT} to {MAX_TASK_COUNT}",
        ),
        (("--max-storage", "0"), "whole number from 1"),
    ],
)
def test_a_size_that_makes_no_sense_is_refused(
    arguments: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The error names the accepted sizes."""
    with pytest.raises((SystemExit, StartupError)) as stopped:
        build_settings(build_parser().parse_args(arguments), "127.0.0.1")
    assert reason in capsys.readouterr().err + str(stopped.value)


def test_the_control_plane_resets_to_a_large_world() -> None:
    """Its size is that of the command line, or the default."""
    with run_mock(replace(FROZEN, size=500)) as mock:
        health = mock.anonymous.post("/__admin/reset", json={"scenario": "large"}).json()
        assert (health["scenario"], health["records"]["notificationTasks"]) == ("large", 500)
        assert "large" in mock.anonymous.get("/").text


def test_the_files_of_the_demo_are_as_if_they_had_been_uploaded() -> None:
    """Their media types are written down, so that the start need not detect them."""
    world = create_world("demo", 1, Clock(DEFAULT_INSTANT, frozen=True))
    assert len(world.files) == 4
    for file in world.files.values():
        signature = files.sha256_hex(file.content)
        assert file == files.create_stored_file(
            file.id, file.file_name, "", file.content, signature, file.module_name, file.created
        )
