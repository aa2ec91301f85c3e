"""What a task's members live through: contacted, in service, an outcome.

A journey is drawn from seed, task and row; only how much of it has happened depends on now. Rows
are contacted in import order, evenly over the task's spread, each at a drawn moment of its share.
Among twenty-one rows in succession every outcome has its part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.domain import deterministic_random, notice_tasks
from mock_server.domain.notice_scenes import HANDED_OVER, INVITED, SERVED
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice

NOT_REACHED, IN_SERVICE, IGNORE = "NOT_REACHED", "IN_SERVICE", "IGNORE"
SERVED_FULLY, TIMED_OUT = "COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE"
HANDED, DECLINED = "CUSTOMER_SERVICE_INTERVENES", "TERMINATE_SERVICE"
COMPLETED = frozenset({SERVED_FULLY, TIMED_OUT})
"""The outcomes that count as completed service (M47)."""

SHORTEST_SPREAD = 2400
SECONDS_A_ROW = 3
"""Contacts spread over 40 minutes; beyond 800 rows there is one every three seconds."""
LONGEST_SERVICE = timedelta(minutes=25)
INVITED_OF_100 = 60
TRIGGER_OF_1 = 0.35
MOST_TRIGGERS = 3
DRAWS = 2**53


class _Outcome(NamedTuple):
    """How a contact ends: how often in 100, after how many seconds, in which moods if answered."""

    status: str
    weight: int
    shortest: int
    longest: int
    moods: tuple[str, ...]


OUTCOMES = (
    _Outcome(NOT_REACHED, 7, 0, 0, ()),
    _Outcome(TIMED_OUT, 10, 900, 1500, ()),
    _Outcome(TIMED_OUT, 10, 900, 1500, ("一般", "满意")),
    _Outcome(HANDED, 11, 180, 480, ("一般", "不满意")),
    _Outcome(DECLINED, 6, 60, 240, ("不满意",)),
    _Outcome(SERVED_FULLY, 56, 240, 720, ("满意", "非常满意", "满意", "一般")),
)
_OF_100 = tuple(outcome for outcome in OUTCOMES for _ in range(outcome.weight))
_OPENING_MOODS = ("一般", "满意", "一般")


@dataclass(frozen=True, slots=True)
class Course:
    """All that decides the journeys of a task of a plan."""

    seed: int
    task: NoticeTask
    notice: Notice
    ignored: bool
    begun: bool


class Journey(NamedTuple):
    """What has happened to one row so far.

    moods: in order of their finding; scenes: times triggered, by scene id; contacted and
    last_contact: None until the member is reached.
    """

    status: str
    replied: bool = False
    moods: tuple[str, ...] = ()
    scenes: Mapping[int, int] = {}
    contacted: datetime | None = None
    last_contact: datetime | None = None


UNREACHED = Journey(NOT_REACHED)
PASSED_OVER = Journey(IGNORE)


class _Script(NamedTuple):
    """A row's whole journey; `replied` is None for members that never answer."""

    outcome: _Outcome
    contacted: datetime
    ended: datetime
    replied: datetime | None
    digits: int


def courses(
    seed: int,
    notice: Notice,
    tasks: Iterable[NoticeTask],
    now: datetime,
) -> list[Course]:
    """The courses of a plan's tasks, in their order."""
    return [
        Course(
            seed,
            task,
            notice,
            notice_tasks.ignored(task, notice),
            notice_tasks.has_begun(task, notice, now),
        )
        for task in tasks
    ]


def journey(course: Course, now: datetime, row: int) -> Journey:
    """The journey of a row (its place in `task.members`) up to now.

    Rows of a terminated task that were not contacted by then stay NOT_REACHED; those in service
    finish with their own outcome.
    """
    task = course.task
    if not course.begun:
        passed_over = task.terminated is None and course.ignored and now >= task.start
        return PASSED_OVER if passed_over else UNREACHED
    script = _script(course, row)
    if script.contacted > _last_call(task, now) or script.outcome.status == NOT_REACHED:
        return UNREACHED
    if script.replied is None or script.replied > now:
        status = IN_SERVICE if now < script.ended else script.outcome.status
        return Journey(status, contacted=script.contacted, last_contact=script.contacted)
    return _answered(course, row, script, script.replied, now)


def in_progress(course: Course, now: datetime) -> bool:
    """Whether a journey of the task is still to end: one in service, or one yet to begin.

    Looks at the last rows first and stops at the first that ended too long ago to matter.
    """
    if not course.begun:
        return False
    last_call = course.task.terminated
    for row in reversed(range(len(course.task.members))):
        script = _script(course, row)
        if script.ended > now and (last_call is None or script.contacted <= last_call):
            return True
        if script.contacted + LONGEST_SERVICE <= now:
            return False
    return False


def _last_call(task: NoticeTask, now: datetime) -> datetime:
    """The instant after which nobody has been contacted."""
    return now if task.terminated is None else min(now, task.terminated)


def _script(course: Course, row: int) -> _Script:
    """Draw a row's journey: an outcome, and one number for the rest, spent digit by digit."""
    task = course.task
    outcome = _OF_100[int(deterministic_random.spread(row, course.seed, "outcome", task.id) * 100)]
    digits = int(deterministic_random.unit(course.seed, "journey", task.id, row) * DRAWS)
    digits, moment = divmod(digits, 1000)
    digits, length = divmod(digits, outcome.longest - outcome.shortest + 1)
    digits, percent = divmod(digits, 40)
    rows = len(task.members)
    spread = max(SHORTEST_SPREAD, SECONDS_A_ROW * rows)
    offset = spread * (1000 * row + moment) // (1000 * rows)
    contacted = (
        task.window.after(task.start, offset)
        if task.window
        else task.start + timedelta(seconds=offset)
    )
    service = outcome.shortest + length
    replied = contacted + timedelta(seconds=service * (15 + percent) // 100)
    ended = contacted + timedelta(seconds=service)
    return _Script(outcome, contacted, ended, replied if outcome.moods else None, digits)


def _answered(
    course: Course, row: int, script: _Script, replied: datetime, now: datetime
) -> Journey:
    """The journey of a member that has answered."""
    digits, opening = divmod(script.digits, len(_OPENING_MOODS))
    digits, closing = divmod(digits, len(script.outcome.moods))
    moods: tuple[str, ...] = (_OPENING_MOODS[opening],)
    scenes = _triggered(course, row, replied)
    if now < script.ended:
        return Journey(IN_SERVICE, True, moods, scenes, script.contacted, replied)
    final = script.outcome.moods[closing]
    status = script.outcome.status
    if status == HANDED:
        scenes[HANDED_OVER] = 1
    elif status == SERVED_FULLY:
        if digits % 100 < INVITED_OF_100:
            scenes[INVITED] = 1
        scenes[SERVED] = 1
    moods = moods if final in moods else (*moods, final)
    # A timeout is nobody speaking: the last word was the reply.
    spoken = replied if status == TIMED_OUT else script.ended
    return Journey(status, True, moods, scenes, script.contacted, spoken)


def _triggered(course: Course, row: int, replied: datetime) -> dict[int, int]:
    """The CUSTOM scenes a reply triggers, and how often."""
    found: dict[int, int] = {}
    for scene_id in notice_tasks.known_scenes(course.task, course.notice, replied):
        drawn = deterministic_random.unit(course.seed, "scene", course.task.id, row, scene_id)
        if drawn < TRIGGER_OF_1:
            found[scene_id] = 1 + int(drawn / TRIGGER_OF_1 * MOST_TRIGGERS)
    return found
