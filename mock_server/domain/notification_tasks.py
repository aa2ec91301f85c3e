"""Group-notification tasks: status and executions, derived from record and clock (L66-L209)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple

from mock_server.domain import datetime_text, deterministic_random
from mock_server.errors import ErrorDetail

PENDING, EXECUTING = "PENDING", "EXECUTING"
COMPLETED, TERMINATED = "COMPLETED", "TERMINATED"
SUCCESS, FAILED = "SUCCESS", "FAILED"  # success has another word under a reading (N15)
DEFAULT_END_TIME = time(22)
"""End of a task, on the day of its start, if none is requested (NT-08)."""
DEFAULT_END_TEXT = str(DEFAULT_END_TIME)
MAX_TURN_SECONDS = 600.0
"""Seconds between two members of a short list; a longer list is fitted into its window."""
MIN_TURN_SECONDS = 0.1
"""Shortest time between two members. If a list is too long even so, the rest of it is not notified
before the end (NT-14)."""
FAILURE_PROBABILITY = 0.15
"""Probability of a failure; at least one in eight successive members fails."""
CACHED_TASKS = 1_024
"""Number of tasks whose turns are kept, because most requests are about the same few tasks."""
MAX_CACHED_MEMBERS = 200
"""Length of a list up to which the turns of all its members are kept."""
FAILURE_REASONS = (
    "会员已退订通知。",
    "会员账号已停用。",
    "消息被接收方拦截。",
    "未找到会员的联系方式。",
)


class Recipient(NamedTuple):
    """A member of a task, with the name given in the request or the file."""

    member_id: int
    name: str


class Execution(NamedTuple):
    """Notification of one member so far; `executed` is None for PENDING and FAILED (L203)."""

    recipient: Recipient
    status: str
    executed: datetime | None = None
    reason: str | None = None


class ExecutionOutcome(NamedTuple):
    """Result of a notification that a scenario sets: SUCCESS, FAILED, or always PENDING."""

    status: str
    reason: str | None = None


class NotificationTask(NamedTuple):
    """A task (L106-L137).

    contents, file_ids, sent_members: as they were sent.
    sent_size: bytes of sent_members as JSON, stored because measuring 100,000 again takes too long.
    outcomes: those that a scenario sets, by row; the others are drawn.
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
    outcomes: Mapping[int, ExecutionOutcome] | None = None

    def __hash__(self) -> int:
        # By identity, as a key of caches: a record never changes, but its lists have no hash.
        return id(self)


def parse_window(body: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Return start and end of a request; the default end is DEFAULT_END_TIME that day (NT-08)."""
    start = datetime_text.parse_datetime(body["scheduledStartTime"])
    day = body["scheduledStartTime"][:10]
    return start, datetime_text.parse_datetime(
        body.get("scheduledEndTime") or f"{day} {DEFAULT_END_TEXT}"
    )


def window_violations(start: datetime, end: datetime) -> list[ErrorDetail]:
    """Return violations of an end on another day (NT-08) or not later than the start (NT-09)."""
    pointer, found = "/body/scheduledEndTime", datetime_text.format_datetime(end)
    violations = []
    if end.date() != start.date():
        violations.append(ErrorDetail(pointer, "NT-08", f"{start.date()} HH:mm:ss", found))
    if end <= start:
        violations.append(
            ErrorDetail(pointer, "NT-09", f"> {datetime_text.format_datetime(start)}", found)
        )
    return violations


def start_violations(start: datetime, now: datetime, start_in_the_past: str) -> list[ErrorDetail]:
    """Return a violation of a start before now if the reading refuses it (NT-24, X1)."""
    if start_in_the_past != "refused" or start >= now:
        return []
    written, accepted = map(datetime_text.format_datetime, (start, now))
    return [ErrorDetail("/body/scheduledStartTime", "NT-24", f">= {accepted}", written)]


def task_status(seed: int, task: NotificationTask, now: datetime) -> str:
    """Return the status of a task (NT-14, NT-24).

    PENDING until the start, EXECUTING until the last member's turn or the end, then COMPLETED;
    TERMINATED once it is terminated.
    """
    if task.terminated is not None:
        return TERMINATED
    if now < task.start:
        return PENDING
    if now >= task.end:
        return COMPLETED
    return COMPLETED if now >= _turns_of(seed, task).last_turn else EXECUTING


def shown_end(seed: int, task: NotificationTask, now: datetime, reading: str) -> datetime:
    """Return the end that the details show, by the reading end-time-adjusted (N13).

    kept: the requested one; adjusted: once a task is COMPLETED, the turn of its last member. A
    terminated task keeps the requested end.
    """
    if reading != "adjusted" or task_status(seed, task, now) != COMPLETED:
        return task.end
    return min(_turns_of(seed, task).last_turn, task.end)


def filter_tasks(
    seed: int,
    tasks: Iterable[NotificationTask],
    earliest: datetime | None,
    latest: datetime | None,
    wanted: str | None,
    now: datetime,
) -> list[NotificationTask]:
    """Return the tasks with a status (NT-12) that start between two instants, inclusive (NT-13)."""
    return [
        task
        for task in tasks
        if (earliest is None or task.start >= earliest)
        and (latest is None or task.start <= latest)
        and (wanted is None or task_status(seed, task, now) == wanted)
    ]


def termination_violations(current: str) -> list[ErrorDetail]:
    """Return a violation unless a task with this status can be terminated (NT-11)."""
    if current in (PENDING, EXECUTING):
        return []
    return [ErrorDetail("/path/taskId", "NT-11", f"{PENDING}, {EXECUTING}", current)]


def execution_lookup(
    seed: int, task: NotificationTask, now: datetime, success: str = SUCCESS
) -> Callable[[int], Execution]:
    """Return a function from a member's index in the list to its execution by now.

    success: the status of a successful execution, by the reading execution-success-word (N15).
    Members are notified one after another. Those whose turn had not come when the task ended or was
    terminated stay PENDING.
    """
    # A function, not a list, because a page needs 20 of perhaps 100,000 executions.
    turns = _turns_of(seed, task)
    return partial(_execution_of_row, seed, task, turns, turns.last_call(task, now), success)


def list_executions(
    seed: int, task: NotificationTask, now: datetime, success: str = SUCCESS
) -> list[Execution]:
    """Return the executions of all members, in import order (NT-15)."""
    return list(map(execution_lookup(seed, task, now, success), range(len(task.recipients))))


class _Turns(NamedTuple):
    """Times of the members' turns.

    first: start of the turns; that of a task created after its start is its creation.
    seconds: time between two turns.
    last_second: last second of the window. No turn is at the end of the window itself.
    last_turn: turn of the last member.
    """

    first: datetime
    seconds: float
    last_second: datetime
    last_turn: datetime

    def last_call(self, task: NotificationTask, now: datetime) -> datetime:
        """Return the last second whose turns have come by now."""
        return min(now, self.last_second, task.terminated or now)


@lru_cache(CACHED_TASKS)
def _turns_of(seed: int, task: NotificationTask) -> _Turns:
    first = max(task.start, task.created)
    length = max(0.0, (task.end - first).total_seconds())
    fitting = length / (len(task.recipients) + 1)
    seconds = max(MIN_TURN_SECONDS, min(MAX_TURN_SECONDS, fitting))
    last = _turn_time(first, seconds, seed, task.id, len(task.recipients) - 1)
    return _Turns(first, seconds, task.end - timedelta(seconds=1), last)


def _turn_time(first: datetime, seconds: float, seed: int, task_id: int, row: int) -> datetime:
    # Irregular, but within the first 80 % of each slot, so that turns follow the list's order.
    share = row + 0.8 * deterministic_random.random_float(seed, "execution", task_id, row)
    return first + timedelta(seconds=int(share * seconds))


def _execution_of_row(
    seed: int, task: NotificationTask, turns: _Turns, last_call: datetime, success: str, row: int
) -> Execution:
    recipient = task.recipients[row]
    turn = _turn_time(turns.first, turns.seconds, seed, task.id, row)
    if turn > last_call:
        return Execution(recipient, PENDING)
    if task.outcomes and (fixed := task.outcomes.get(row)):
        status = success if fixed.status == SUCCESS else fixed.status
        executed = turn if fixed.status == SUCCESS else None
        return Execution(recipient, status, executed, fixed.reason)
    outcome = deterministic_random.quasi_random_float(row, seed, "outcome", task.id)
    if outcome < FAILURE_PROBABILITY:
        # The position below the probability is random as well, so it selects the reason.
        reason = FAILURE_REASONS[int(outcome / FAILURE_PROBABILITY * len(FAILURE_REASONS))]
        return Execution(recipient, FAILED, reason=reason)
    return Execution(recipient, success, turn)


def count_successes(seed: int, task: NotificationTask, now: datetime) -> int:
    """Return the number of members that have been notified by now (NT-17)."""
    turns = _turns_of(seed, task)
    if now < turns.first:
        return 0
    short = len(task.recipients) <= MAX_CACHED_MEMBERS
    found = (_cached_successful_turns if short else _successful_turns)(seed, task)
    # Members are notified in the order of the list.
    return bisect_right(found, turns.last_call(task, now))


def _successful_turns(seed: int, task: NotificationTask) -> Sequence[datetime]:
    """Return the turns of the members whose notification succeeds, in the order of the list."""
    at_the_end = execution_lookup(seed, task._replace(terminated=None), task.end)
    found = (at_the_end(row).executed for row in range(len(task.recipients)))
    return [executed for executed in found if executed]


_cached_successful_turns = lru_cache(CACHED_TASKS)(_successful_turns)
CACHES = (_turns_of, _cached_successful_turns)
"""Caches that hold records; whoever drops a world clears them."""
