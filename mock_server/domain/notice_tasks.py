"""Tasks of a plan: batches of members that are contacted from an instant on (L1183-L1341)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from mock_server.domain import schedules
from mock_server.domain.marketing_queries import state_violations
from mock_server.domain.member_list_rules import MemberListRules
from mock_server.domain.notices import Notice
from mock_server.domain.schedules import DailyWindow
from mock_server.errors import ErrorDetail

NOT_STARTED, EXECUTION, COMPLETE = "NOT_STARTED", "EXECUTION", "COMPLETE"
TERMINATING, TERMINATION, IGNORE = "TERMINATING", "TERMINATION", "IGNORE"
FILE_RULES = MemberListRules(file="MT-03", member="MT-08", repeated="MT-16")
OPEN_STATUSES = (NOT_STARTED, EXECUTION)
"""The states in which a task can be terminated, and those a plan's termination ends (MN-05)."""
LIST_COLUMNS = (
    ("id", "任务编号", "NUMBER"),
    ("name", "任务名称", "STRING"),
    ("status", "状态", "STRING"),
    ("totalMember", "总人数", "NUMBER"),
    ("startDate", "开始日期", "DATE"),
    ("startTime", "开始时间", "STRING"),
    ("createTime", "创建时间", "DATE"),
)
"""The columns of the task list (MT-07): key, label, type."""


class TaskMember(NamedTuple):
    """One row of a task's member files."""

    member_id: int
    name: str


@dataclass(frozen=True, slots=True)
class NoticeTask:
    """A task (L1220-L1229).

    start: as asked for; it may lie in the past, and then counts as if it had been kept (X1).
    window: the plan's daily window when the task was created; a later change of the plan does not
        move contacts that have been made.
    plan_ran, scene_ids: whether the plan was running at the task's creation and which scenes it
        had, which decides for a start and for replies that had passed by then.
    terminated: when it was terminated; None again once it is enabled.
    """

    id: int
    notice_id: int
    name: str
    start: datetime
    members: tuple[TaskMember, ...]
    window: DailyWindow | None
    plan_ran: bool
    scene_ids: tuple[int, ...]
    created: datetime
    updated: datetime
    terminated: datetime | None = None


def create_task(
    task_id: int,
    notice: Notice,
    name: str,
    start: datetime,
    members: tuple[TaskMember, ...],
    now: datetime,
) -> NoticeTask:
    """A new task of a plan, in whatever state the plan is (M48)."""
    window = schedules.parse_daily_window(
        notice.details.get("startTime"), notice.details.get("endTime")
    )
    ran, scene_ids = notice.is_running(now), notice.scene_ids
    return NoticeTask(task_id, notice.id, name, start, members, window, ran, scene_ids, now, now)


def is_ignored(task: NoticeTask, notice: Notice) -> bool:
    """Whether the task is passed over once its start comes: its plan was not running (M48)."""
    return not (task.plan_ran if task.start <= task.created else notice.was_running_at(task.start))


def triggerable_scene_ids(task: NoticeTask, notice: Notice, replied: datetime) -> tuple[int, ...]:
    """The CUSTOM scenes that a reply to the task could trigger: those the plan had by then."""
    return task.scene_ids if replied <= task.created else notice.scene_ids_at(replied)


def has_begun(task: NoticeTask, notice: Notice, now: datetime) -> bool:
    """Whether the task's start has come and was not lost to termination or an idle plan."""
    if now < task.start or (task.terminated is not None and task.terminated < task.start):
        return False
    return not is_ignored(task, notice)


def start_violations(start: datetime | None, written: str) -> list[ErrorDetail]:
    """A start that could not be read breaks MT-02."""
    accepted = "yyyy-MM-dd HH:mm, yyyy-MM-dd HH:mm:ss, HH:mm"
    return [] if start else [ErrorDetail("/body/startTime", "MT-02", accepted, written[:80])]


def termination_violations(status: str) -> list[ErrorDetail]:
    """Only a task in NOT_STARTED or EXECUTION can be terminated (MT-04)."""
    return state_violations("/path/taskId", "MT-04", OPEN_STATUSES, status)


def enabling_violations(status: str) -> list[ErrorDetail]:
    """Only a task in TERMINATION can be enabled (MT-05)."""
    return state_violations("/path/taskId", "MT-05", (TERMINATION,), status)
