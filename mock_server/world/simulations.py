"""Simulations of the tasks of a world: what has happened in them until an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mock_server.domain import conversations, notice_lifecycles
from mock_server.domain.conversations import TaskSimulation
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.world.world import World


def simulate_task(world: World, task: NoticeTask, now: datetime) -> TaskSimulation:
    """Return the simulation of a plan task."""
    return next(conversations.task_simulations(world.seed, world.notice_of(task), [task], now))


def simulate_plan(world: World, notice: Notice, now: datetime) -> Iterator[TaskSimulation]:
    """Yield the simulations of the tasks of a plan, the newest first."""
    tasks = world.notice_tasks.newest(notice.original_id)
    return conversations.task_simulations(world.seed, notice, tasks, now)


def plan_status(world: World, notice: Notice, now: datetime) -> str:
    """Return the status of a plan."""
    return notice_lifecycles.notice_status(notice, simulate_plan(world, notice, now), now)


def plan_task_status(world: World, task: NoticeTask, now: datetime) -> str:
    """Return the status of a plan task."""
    return notice_lifecycles.task_status(simulate_task(world, task, now), now)
