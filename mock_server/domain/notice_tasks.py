"""Tasks of a plan: batches of members, contacted from a given instant on (L1183-L1341)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from mock_server.domain import notices, schedules
from mock_server.domain.contact_schedules import ContactSchedule, Interval, build_contact_schedule
from mock_server.domain.datetime_text import format_datetime
from mock_server.domain.member_list_rules import MemberListRules
from mock_server.domain.notices import Notice
from mock_server.domain.record_errors import state_violations
from mock_server.domain.schedules import DailyWindow
from mock_server.errors import ErrorDetail

NOT_STARTED, EXECUTION, COMPLETE = "NOT_STARTED", "EXECUTION", "COMPLETE"
TERMINATING, TERMINATION, IGNORE = "TERMINATING", "TERMINATION", "IGNORE"
FILE_RULES = MemberListRules(file="MT-03", member="MT-08", repeated="MT-16")
OPEN_STATUSES = (NOT_STARTED, EXECUTION)
"""States in which a task can be terminated, directly or together with its plan (MN-05)."""
LIST_COLUMNS = (
    ("id", "任务编号", "NUMBER"),
    ("name", "任务名称", "STRING"),
    ("status", "状态", "STRING"),
    ("totalMember", "总人数", "NUMBER"),
    ("startDate", "开始日期", "DATE"),
    ("startTime", "开始时间", "STRING"),
    ("createTime", "创建时间", "DATE"),
)
"""Columns of the task list (MT-07): key, label, type."""


class TaskMember(NamedTuple):
    """A row of a task's member files."""

    member_id: int
    name: str


class Pause(NamedTuple):
    """A termination that an enabling ended; `plan_ran`: whether the plan was running then."""

    since: datetime
    until: datetime
    plan_ran: bool


@dataclass(frozen=True, slots=True)
class NoticeTask:
    """A task (L1220-L1229).

    notice_id: key of its plan.
    start: as requested; a start in the past is simulated as if the task had run since then (X1).
    window: the plan's daily window when the task was created, so that a later change of the plan
        does not move contacts that have been made.
    plan_ran, scene_ids: whether the plan was running when the task was created, and its scenes
        then. They apply to a start and to replies before the creation.
    terminated: instant of the termination; None again once the task is enabled.
    pauses: the terminations that have ended, oldest first, except those that ended before the
        start.
    outcomes: final statuses of conversations that a scenario sets, by row; the others are drawn.
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
    pauses: tuple[Pause, ...] = ()
    outcomes: Mapping[int, str] | None = None

    def with_enabling(self, notice: Notice, now: datetime) -> NoticeTask:
        """Return the terminated task after its enabling (M41): contacts resume now."""
        pauses = self.pauses
        if self.terminated is not None and self.terminated < now and self.start <= now:
            pauses = (*pauses, Pause(self.terminated, now, notice.is_running(now)))
        return replace(self, terminated=None, updated=now, pauses=pauses)


def create_task(
    task_id: int,
    notice: Notice,
    name: str,
    start: datetime,
    members: tuple[TaskMember, ...],
    now: datetime,
) -> NoticeTask:
    """Return a new task of a plan, which may be in any state (M48)."""
    window = schedules.parse_daily_window(
        notice.details.get("startTime"), notice.details.get("endTime")
    )
    ran, scene_ids = notice.is_running(now), notice.scene_ids
    return NoticeTask(
        task_id, notice.original_id, name, start, members, window, ran, scene_ids, now, now
    )


def is_ignored(task: NoticeTask, notice: Notice) -> bool:
    """Return whether the task is skipped because its plan was not running at the start (M48).

    For a task that was terminated at its start, the time of the enabling counts instead.
    """
    if task.start <= task.created:
        return not task.plan_ran
    for pause in task.pauses:
        if pause.since < task.start <= pause.until:
            return not pause.plan_ran
    return not notice.was_running_at(task.start)


def triggerable_scene_ids(task: NoticeTask, notice: Notice, replied: datetime) -> tuple[int, ...]:
    """Return the CUSTOM scenes that the plan had at the time of a reply, which may trigger them."""
    return task.scene_ids if replied <= task.created else notice.scene_ids_at(replied)


def contact_schedule_of(
    task: NoticeTask, plan_pauses: Sequence[Interval], stopped: datetime | None
) -> ContactSchedule:
    """Return when members are contacted: not while the task or its plan is terminated.

    `plan_pauses` and `stopped` are the plan's `pauses()`, which its tasks share.
    """
    pauses = [*plan_pauses, *(pause[:2] for pause in task.pauses)]
    ends = [instant for instant in (stopped, task.terminated) if instant is not None]
    return build_contact_schedule(task.start, task.window, pauses, min(ends, default=None))


def start_violations(
    start: datetime | None, written: str, now: datetime, start_in_the_past: str
) -> list[ErrorDetail]:
    """Return a violation if the start could not be parsed (MT-02).

    start_in_the_past: the reading; with refused, a start before now is a violation as well (MT-11,
    X1).
    """
    pointer = "/body/startTime"
    if start is None:
        accepted = "yyyy-MM-dd HH:mm, yyyy-MM-dd HH:mm:ss, HH:mm"
        return [ErrorDetail(pointer, "MT-02", accepted, written[:80])]
    if start_in_the_past == "refused" and start < now:
        return [ErrorDetail(pointer, "MT-11", f">= {format_datetime(now)}", written[:80])]
    return []


def termination_violations(status: str) -> list[ErrorDetail]:
    """Return a violation unless a task with this status can be terminated (MT-04)."""
    return state_violations("/path/taskId", "MT-04", OPEN_STATUSES, status)


def enabling_violations(status: str, notice_status: str) -> list[ErrorDetail]:
    """Return a violation unless a task and a plan with these statuses allow enabling (MT-05)."""
    if notice_status == notices.COMPLETE:
        allowed = (notices.DRAFT, notices.EXECUTION, notices.TERMINATION)
        return state_violations("/path/taskId", "MT-05", allowed, notice_status)
    return state_violations("/path/taskId", "MT-05", (TERMINATION,), status)
