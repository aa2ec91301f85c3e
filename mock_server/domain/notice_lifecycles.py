"""States of plan tasks and plans, derived from their records and the clock (M41, M48)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mock_server.domain import conversations, notice_tasks, notices
from mock_server.domain.conversations import TaskSimulation
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice


def task_status(simulation: TaskSimulation, now: datetime) -> str:
    """Return the current state of a task.

    NOT_STARTED until its start. After that, IGNORE if its plan was not running, otherwise EXECUTION
    until the last conversation ends, then COMPLETE. Once terminated: TERMINATING until the
    conversations in progress have ended, then TERMINATION. After an enabling, the state that the
    clock and the remaining contacts, which resume then, give it.
    """
    task = simulation.task
    if task.terminated is not None:
        finishing = conversations.has_open_conversation(simulation, now)
        return notice_tasks.TERMINATING if finishing else notice_tasks.TERMINATION
    if now < task.start:
        return notice_tasks.NOT_STARTED
    if simulation.ignored:
        return notice_tasks.IGNORE
    running = conversations.has_open_conversation(simulation, now)
    return notice_tasks.EXECUTION if running else notice_tasks.COMPLETE


def notice_status(notice: Notice, simulations: Iterable[TaskSimulation], now: datetime) -> str:
    """Return the current state of a plan: that of its last phase, or COMPLETE.

    A plan in execution is COMPLETE once the end of its active period has passed (an `endTime` with
    a full date) and none of its tasks has a conversation in progress. Drafts, terminated plans and
    plans without such an end never complete.
    """
    # The phase is checked first: only a plan that may be complete needs its conversations drawn.
    phase = notice.phases[-1]
    if phase.status != notices.EXECUTION or not phase.active_period.has_ended(now):
        return phase.status
    busy = any(conversations.has_open_conversation(simulation, now) for simulation in simulations)
    return notices.EXECUTION if busy else notices.COMPLETE


def terminate_open_tasks(simulations: Iterable[TaskSimulation], now: datetime) -> list[NoticeTask]:
    """Return the open tasks of a plan, terminated now (MN-05)."""
    return [
        replace(simulation.task, terminated=now, updated=now)
        for simulation in simulations
        if task_status(simulation, now) in notice_tasks.OPEN_STATUSES
    ]
