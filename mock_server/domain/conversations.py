"""Simulated conversations with the members of a plan task: contact, service, outcome.

A conversation is drawn from seed, task and row; only how much of it has happened depends on now.
Rows are contacted in import order, spread evenly over the duration of the task, each at a random
moment of its slot. Every outcome occurs among any 21 successive rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.domain import deterministic_random, notice_tasks
from mock_server.domain.contact_schedules import ContactSchedule
from mock_server.domain.notice_scenes import HANDED_OVER_SCENE_ID, INVITED_SCENE_ID, SERVED_SCENE_ID
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice

NOT_REACHED, IN_SERVICE, IGNORE = "NOT_REACHED", "IN_SERVICE", "IGNORE"
COMPLETE_SERVICE, TIMEOUT_COMPLETE_SERVICE = "COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE"
CUSTOMER_SERVICE_INTERVENES, TERMINATE_SERVICE = "CUSTOMER_SERVICE_INTERVENES", "TERMINATE_SERVICE"
COMPLETED_STATUSES = frozenset({COMPLETE_SERVICE, TIMEOUT_COMPLETE_SERVICE})
"""Outcomes that count as completed service (M47)."""

MIN_SPREAD_SECONDS = 2400
SECONDS_PER_MEMBER = 3
"""Contacts are spread over 40 minutes; beyond 800 rows, one is made every three seconds."""
INVITATION_PERCENT = 60
TRIGGER_PROBABILITY = 0.35
MAX_TRIGGERS = 3
# One random number per conversation, split by divmod: a hash for each digit would take far longer.
RANDOM_RANGE = 2**53


class _ContactOutcome(NamedTuple):
    """One way in which a contact can end.

    weight: frequency in percent; min_seconds, max_seconds: duration of the service; moods: possible
    closing moods, empty if the member never replies.
    """

    status: str
    weight: int
    min_seconds: int
    max_seconds: int
    moods: tuple[str, ...]


CONTACT_OUTCOMES = (
    _ContactOutcome(NOT_REACHED, 7, 0, 0, ()),
    _ContactOutcome(TIMEOUT_COMPLETE_SERVICE, 10, 900, 1500, ()),
    _ContactOutcome(TIMEOUT_COMPLETE_SERVICE, 10, 900, 1500, ("一般", "满意")),
    _ContactOutcome(CUSTOMER_SERVICE_INTERVENES, 11, 180, 480, ("一般", "不满意")),
    _ContactOutcome(TERMINATE_SERVICE, 6, 60, 240, ("不满意",)),
    _ContactOutcome(COMPLETE_SERVICE, 56, 240, 720, ("满意", "非常满意", "满意", "一般")),
)
MAX_SERVICE_DURATION = timedelta(seconds=max(each.max_seconds for each in CONTACT_OUTCOMES))
"""Duration of the longest service; `has_open_conversation` stops its search by it."""
# The outcomes are looked up by percentile in this fixed order, so that quasi-random percentiles
# (see deterministic_random) distribute them evenly even over the few rows of a demo task.
_OUTCOME_BY_PERCENTILE = tuple(
    outcome for outcome in CONTACT_OUTCOMES for _ in range(outcome.weight)
)
OUTCOME_BY_STATUS = {
    status: next(outcome for outcome in CONTACT_OUTCOMES if outcome.status == status)
    for status in dict.fromkeys(outcome.status for outcome in CONTACT_OUTCOMES)
}
"""The outcome that a scenario sets by its status; a timeout is one without a reply."""
_OPENING_MOODS = ("一般", "满意", "一般")


@dataclass(frozen=True, slots=True)
class TaskSimulation:
    """A plan task with what its conversations depend on, as of an instant.

    contacts: when members can be contacted; ignored: the plan was not running at the task's start
    (M48); begun: `contacts.begins` has passed, and contacts were not stopped before it.
    """

    seed: int
    task: NoticeTask
    notice: Notice
    contacts: ContactSchedule
    ignored: bool
    begun: bool


class Conversation(NamedTuple):
    """State of the conversation of one row so far.

    moods: in the order of detection; scenes: number of triggers by scene id; contacted and
    last_contact: None until the member has been reached.
    """

    status: str
    replied: bool = False
    moods: tuple[str, ...] = ()
    scenes: Mapping[int, int] = {}
    contacted: datetime | None = None
    last_contact: datetime | None = None


NOT_REACHED_CONVERSATION = Conversation(NOT_REACHED)
IGNORED_CONVERSATION = Conversation(IGNORE)


class _PlannedConversation(NamedTuple):
    """Complete conversation of a row, including its future.

    replied: None for members that never reply; digits: what is left of the row's random number.
    """

    outcome: _ContactOutcome
    contacted: datetime
    ended: datetime
    replied: datetime | None
    digits: int


def task_simulations(
    seed: int,
    notice: Notice,
    tasks: Iterable[NoticeTask],
    now: datetime,
) -> Iterator[TaskSimulation]:
    """Yield the simulations of the given tasks of a plan, in the same order.

    Each is made when it is asked for: the status of most plans needs none of them.
    """
    plan_pauses, stopped = notice.find_pauses()
    for task in tasks:
        contacts = notice_tasks.contact_schedule_of(task, plan_pauses, stopped)
        ignored = notice_tasks.is_ignored(task, notice)
        could_begin = contacts.stops is None or contacts.begins <= contacts.stops
        begun = not ignored and could_begin and contacts.begins <= now
        yield TaskSimulation(seed, task, notice, contacts, ignored, begun)


def conversation_at(simulation: TaskSimulation, now: datetime, row: int) -> Conversation:
    """Return the conversation of a row (an index of `task.members`) as it is now.

    Rows that were not contacted before their task or its plan was terminated stay NOT_REACHED
    until both are enabled; conversations that were in progress continue to their own outcome.
    """
    task = simulation.task
    if not simulation.begun:
        # A task that was terminated before its start has never been passed over by its plan.
        passed_over = task.terminated is None and simulation.ignored and now >= task.start
        return IGNORED_CONVERSATION if passed_over else NOT_REACHED_CONVERSATION
    planned = _draw_conversation(simulation, row)
    if (
        planned.contacted > _contact_deadline(simulation, now)
        or planned.outcome.status == NOT_REACHED
    ):
        return NOT_REACHED_CONVERSATION
    if planned.replied is None or planned.replied > now:
        status = IN_SERVICE if now < planned.ended else planned.outcome.status
        return Conversation(status, contacted=planned.contacted, last_contact=planned.contacted)
    return _answered_conversation(simulation, row, planned, planned.replied, now)


def has_open_conversation(simulation: TaskSimulation, now: datetime) -> bool:
    """Return whether a conversation of the task has not ended, or not even begun."""
    if not simulation.begun:
        return False
    stops = simulation.contacts.stops
    # From the end, because contacts are made in the order of the rows: all rows before one that
    # was contacted longer ago than the longest service have ended, too.
    for row in reversed(range(len(simulation.task.members))):
        planned = _draw_conversation(simulation, row)
        if stops is None or planned.contacted <= stops:
            if planned.ended > now:
                return True
        elif simulation.task.terminated is None:
            return True  # it waits until its plan is enabled
        if planned.contacted + MAX_SERVICE_DURATION <= now:
            return False
    return False


def _contact_deadline(simulation: TaskSimulation, now: datetime) -> datetime:
    """Return the last instant at which members may have been contacted by now."""
    stops = simulation.contacts.stops
    return now if stops is None else min(now, stops)


def _draw_conversation(simulation: TaskSimulation, row: int) -> _PlannedConversation:
    """Draw the conversation of a row: an outcome, then all the rest from one random number."""
    task = simulation.task
    outcome = _OUTCOME_BY_PERCENTILE[
        int(deterministic_random.quasi_random_float(row, simulation.seed, "outcome", task.id) * 100)
    ]
    if task.outcomes and row in task.outcomes:
        outcome = OUTCOME_BY_STATUS[task.outcomes[row]]
    digits = int(
        deterministic_random.random_float(simulation.seed, "journey", task.id, row) * RANDOM_RANGE
    )
    digits, moment = divmod(digits, 1000)
    digits, length = divmod(digits, outcome.max_seconds - outcome.min_seconds + 1)
    digits, percent = divmod(digits, 40)
    rows = len(task.members)
    spread = max(MIN_SPREAD_SECONDS, SECONDS_PER_MEMBER * rows)
    offset = spread * (1000 * row + moment) // (1000 * rows)
    contacted = simulation.contacts.instant_after(offset)
    service = outcome.min_seconds + length
    replied = contacted + timedelta(seconds=service * (15 + percent) // 100)
    ended = contacted + timedelta(seconds=service)
    return _PlannedConversation(
        outcome, contacted, ended, replied if outcome.moods else None, digits
    )


def _answered_conversation(
    simulation: TaskSimulation,
    row: int,
    planned: _PlannedConversation,
    replied: datetime,
    now: datetime,
) -> Conversation:
    """Return the conversation of a member that has replied."""
    digits, opening = divmod(planned.digits, len(_OPENING_MOODS))
    digits, closing = divmod(digits, len(planned.outcome.moods))
    moods: tuple[str, ...] = (_OPENING_MOODS[opening],)
    scenes = _triggered_scenes(simulation, row, replied)
    if now < planned.ended:
        return Conversation(IN_SERVICE, True, moods, scenes, planned.contacted, replied)
    final = planned.outcome.moods[closing]
    status = planned.outcome.status
    if status == CUSTOMER_SERVICE_INTERVENES:
        scenes[HANDED_OVER_SCENE_ID] = 1
    elif status == COMPLETE_SERVICE:
        if digits % 100 < INVITATION_PERCENT:
            scenes[INVITED_SCENE_ID] = 1
        scenes[SERVED_SCENE_ID] = 1
    moods = moods if final in moods else (*moods, final)
    # After a timeout, the last contact is the reply: nobody has said anything since.
    spoken = replied if status == TIMEOUT_COMPLETE_SERVICE else planned.ended
    return Conversation(status, True, moods, scenes, planned.contacted, spoken)


def _triggered_scenes(simulation: TaskSimulation, row: int, replied: datetime) -> dict[int, int]:
    """Return how often a reply triggers each of the plan's CUSTOM scenes, by scene id."""
    found: dict[int, int] = {}
    for scene_id in notice_tasks.triggerable_scene_ids(simulation.task, simulation.notice, replied):
        drawn = deterministic_random.random_float(
            simulation.seed, "scene", simulation.task.id, row, scene_id
        )
        if drawn < TRIGGER_PROBABILITY:
            # Below the probability, the number is uniform again, so it also gives how often.
            found[scene_id] = 1 + int(drawn / TRIGGER_PROBABILITY * MAX_TRIGGERS)
    return found
