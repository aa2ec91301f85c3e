"""Group-notification tasks: what follows from a task's record and the clock (L66-L209)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from mock_server.domain import datetime_text, deterministic_random
from mock_server.errors import ErrorDetail

PENDING, EXECUTING = "PENDING", "EXECUTING"
COMPLETED, TERMINATED = "COMPLETED", "TERMINATED"
SUCCESS, FAILED = "SUCCESS", "FAILED"
DEFAULT_END_TIME = time(22)
"""When a task ends on its day for which no end is asked for (NT-08)."""
MAX_TURN_SECONDS = 600.0
"""Seconds between two members of a small list; a long list is fitted into its window."""
MIN_TURN_SECONDS = 0.1
"""Nobody is notified faster: of a list too long for its window, the end closes the rest (NT-14)."""
FAILURE_PROBABILITY = 0.15
"""At least one in eight members in succession."""
FAILURE_REASONS = (
    "会员已退订通知。",
    "会员账号已停用。",
    "消息被接收方拦截。",
    "未找到会员的联系方式。",
)


class Recipient(NamedTuple):
    """A member of a task, under the name it was given."""

    member_id: int
    name: str


class Execution(NamedTuple):
    """What happened to one member so far; `executed` is None for PENDING and FAILED (L203)."""

    recipient: Recipient
    status: str
    executed: datetime | None = None
    reason: str | None = None


class NotificationTask(NamedTuple):
    """A task (L106-L137). contents, file_ids and sent_members are as they were sent.

    sent_size is how many bytes those members were: to measure 100,000 again takes too long.
    """

    id: int
    name: str
    type: str
    contents: Sequence[Mapping[str, Any]]
    start: datetime
    end: datetime
    file_ids: Sequence[int] | None
    sent_members: Sequence[Mapping[str, Any]] | None
    recipients: Sequence[Recipient]
    created: datetime
    updated: datetime
    terminated: datetime | None = None
    sent_size: int = 0


def parse_window(body: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Return start and end of a request; the end may be DEFAULT_END_TIME of that day (NT-08)."""
    start = datetime_text.parse_datetime(body["scheduledStartTime"])
    day = body["scheduledStartTime"][:10]
    return start, datetime_text.parse_datetime(
        body.get("scheduledEndTime") or f"{day} {DEFAULT_END_TIME}"
    )


def window_violations(start: datetime, end: datetime) -> list[ErrorDetail]:
    """Both on one day (NT-08), the end later (NT-09); an end on an earlier day breaks both."""
    pointer, found = "/body/scheduledEndTime", datetime_text.format_datetime(end)
    violations = []
    if end.date() != start.date():
        violations.append(ErrorDetail(pointer, "NT-08", f"{start.date()} HH:mm:ss", found))
    if end <= start:
        violations.append(
            ErrorDetail(pointer, "NT-09", f"> {datetime_text.format_datetime(start)}", found)
        )
    return violations


def status(seed: int, task: NotificationTask, now: datetime) -> str:
    """PENDING until the start, EXECUTING until the last member's turn or the end (NT-14, NT-24)."""
    if task.terminated is not None:
        return TERMINATED
    if now < task.start:
        return PENDING
    if now >= task.end:
        return COMPLETED
    last_turn = _TurnSchedule.for_task(task, now).turn_time(seed, task.id, len(task.recipients) - 1)
    return COMPLETED if now >= last_turn else EXECUTING


def filter_tasks(
    seed: int,
    tasks: Iterable[NotificationTask],
    earliest: datetime | None,
    latest: datetime | None,
    wanted: str | None,
    now: datetime,
) -> list[NotificationTask]:
    """The tasks that start within the bounds, both included (NT-13), with the status (NT-12)."""
    return [
        task
        for task in tasks
        if (earliest is None or task.start >= earliest)
        and (latest is None or task.start <= latest)
        and (wanted is None or status(seed, task, now) == wanted)
    ]


def termination_violations(current: str) -> list[ErrorDetail]:
    """Only PENDING and EXECUTING tasks can be terminated (NT-11)."""
    if current in (PENDING, EXECUTING):
        return []
    return [ErrorDetail("/path/taskId", "NT-11", f"{PENDING}, {EXECUTING}", current)]


def execution_lookup(
    seed: int, task: NotificationTask, now: datetime
) -> Callable[[int], Execution]:
    """A function that tells what has happened by now to a member, by its place in the list.

    Members are notified one after another; those whose turn had not come when the task ended or
    was terminated stay PENDING.
    """
    return partial(_execution, seed, task, _TurnSchedule.for_task(task, now))


def executions(seed: int, task: NotificationTask, now: datetime) -> list[Execution]:
    """Every member's execution, in import order (NT-15)."""
    return list(map(execution_lookup(seed, task, now), range(len(task.recipients))))


class _TurnSchedule(NamedTuple):
    """When whose turn is. A task created after its start begins late, not in the past.

    last_call: the last second whose turns have come by now; the end of the window has none.
    """

    first: datetime
    seconds: float
    last_call: datetime

    @classmethod
    def for_task(cls, task: NotificationTask, now: datetime) -> _TurnSchedule:
        first = max(task.start, task.created)
        length = max(0.0, (task.end - first).total_seconds())
        fitting = length / (len(task.recipients) + 1)
        seconds = max(MIN_TURN_SECONDS, min(MAX_TURN_SECONDS, fitting))
        last_second = task.end - timedelta(seconds=1)
        return cls(first, seconds, min(now, last_second, task.terminated or now))

    def turn_time(self, seed: int, task_id: int, row: int) -> datetime:
        share = row + 0.8 * deterministic_random.random_float(seed, "execution", task_id, row)
        return self.first + timedelta(seconds=int(share * self.seconds))


def _execution(seed: int, task: NotificationTask, turns: _TurnSchedule, row: int) -> Execution:
    recipient = task.recipients[row]
    turn = turns.turn_time(seed, task.id, row)
    if turn > turns.last_call:
        return Execution(recipient, PENDING)
    outcome = deterministic_random.quasi_random_float(row, seed, "outcome", task.id)
    if outcome < FAILURE_PROBABILITY:
        reason = FAILURE_REASONS[int(outcome / FAILURE_PROBABILITY * len(FAILURE_REASONS))]
        return Execution(recipient, FAILED, reason=reason)
    return Execution(recipient, SUCCESS, turn)


def count_successes(rows: Iterable[Execution]) -> int:
    """How many members were notified (NT-17)."""
    return sum(row.status == SUCCESS for row in rows)
