"""Statuses of a record over time, as they follow from the record and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from mock_server.clock import LATEST_INSTANT
from mock_server.domain import notification_tasks
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask
from mock_server.world.simulations import plan_status, plan_task_status
from mock_server.world.world import World

HORIZON = timedelta(days=400)
"""How far beyond the start of a task, or the end of a plan, changes are looked for."""
MAX_TASKS = 200
"""Number of tasks up to which the completion of a plan is looked for."""
StatusAt = Callable[[datetime], str]


def list_changes(world: World, record: Any) -> list[dict[str, str]]:
    """Return the instants at which the status of a record changes, each with the new status.

    The past of a record that was terminated is that of its last change; the future is what happens
    if nobody changes the record.
    """
    if isinstance(record, NotificationTask):
        changes = _notification_task_changes(world, record)
    elif isinstance(record, NoticeTask):
        changes = _notice_task_changes(world, record)
    elif isinstance(record, Notice):
        changes = _notice_changes(world, record)
    else:
        return []
    return [{"at": at.isoformat(), "status": status} for at, status in changes]


def _notification_task_changes(
    world: World, task: NotificationTask
) -> Iterator[tuple[datetime, str]]:
    def status_at(instant: datetime) -> str:
        return notification_tasks.task_status(world.seed, task, instant)

    yield from _changes(status_at, task.terminated or task.created, task.end)


def _notice_task_changes(world: World, task: NoticeTask) -> Iterator[tuple[datetime, str]]:
    def status_at(instant: datetime) -> str:
        return plan_task_status(world, task, instant)

    # Before the last enabling, the task had another state than the record has now.
    since = task.terminated or (task.pauses[-1].until if task.pauses else task.created)
    yield from _changes(status_at, since, _later(max(since, task.start)))


def _notice_changes(world: World, notice: Notice) -> Iterator[tuple[datetime, str]]:
    for phase in notice.phases[:-1]:
        yield phase.since, phase.status
    last = notice.phases[-1]
    count = len(world.notice_tasks.newest(notice.original_id))
    if not (closes := last.active_period.closes) or count > MAX_TASKS:
        yield last.since, last.status
        return

    def status_at(instant: datetime) -> str:
        return plan_status(world, notice, instant)

    yield from _changes(status_at, last.since, _later(max(last.since, closes)))


def _later(instant: datetime) -> datetime:
    return min(LATEST_INSTANT, instant + HORIZON) if instant < LATEST_INSTANT - HORIZON else instant


def _changes(status_at: StatusAt, begin: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    """Yield the status at `begin`, and each change until `end`, to the second.

    No status comes back by time alone, so equal ones at two instants mean that none is between.
    """
    first = status_at(begin)
    yield begin, first
    if begin < end:
        yield from _between(status_at, (begin, first), (end, status_at(end)))


def _between(
    status_at: StatusAt, before: tuple[datetime, str], after: tuple[datetime, str]
) -> Iterator[tuple[datetime, str]]:
    if before[1] == after[1]:
        return
    seconds = int((after[0] - before[0]).total_seconds())
    if seconds <= 1:
        yield after
        return
    middle = before[0] + timedelta(seconds=seconds // 2)
    between = (middle, status_at(middle))
    yield from _between(status_at, before, between)
    yield from _between(status_at, between, after)
