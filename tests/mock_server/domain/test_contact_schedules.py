"""Contacts of a plan task between the terminations of the task and of its plan (MT-18)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.domain import conversations, notice_tasks, reports, schedules
from mock_server.domain.conversations import TaskSimulation
from mock_server.domain.notice_tasks import TaskMember
from mock_server.errors import InvalidRequest
from mock_server.handlers import notice_groups
from mock_server.handlers import notice_tasks as task_handlers
from mock_server.handlers import notices as plan_handlers
from mock_server.seed import create_world

START = DEFAULT_INSTANT + timedelta(minutes=10)
PEOPLE = 9
SERVICE = timedelta(minutes=25)
"""The longest conversation."""
STEPS = st.sampled_from(["terminate plan", "enable plan", "terminate task", "enable task"])
MOVES = st.sampled_from([0, 1, 60, 420, 900, 2400, 6 * 3600, 86_400])
HOURS = st.sampled_from([("", ""), ("10:00", "12:00"), ("22:00", "02:00"), ("09:15", "09:30")])
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine takes its time, and what matters here is not how much."""
History = list[tuple[str, int]]


class Stage:
    """A released plan with one task, and the intervals in which nobody may be contacted."""

    def __init__(self, hours: tuple[str, str]) -> None:
        """`hours` are the plan's daily window; empty for none."""
        self.world = create_world("empty", 1, Clock(DEFAULT_INSTANT, frozen=True))
        group = notice_groups.create_group(self.world, {"name": "分组"})["id"]
        data = {"name": "计划", "groupId": group}
        if hours[0]:
            data |= {"startTime": hours[0], "endTime": hours[1]}
        self.window = schedules.parse_daily_window(*hours)
        body = {"options": "RELEASE", "data": data}
        self.plan = plan_handlers.create_marketing_notice(self.world, body)["id"]
        self.task = self.world.next_id("notice_tasks")
        members = tuple(TaskMember(1001 + row, f"会员{row}") for row in range(PEOPLE))
        self.world.notice_tasks[self.task] = notice_tasks.create_task(
            self.task, self.world.notices[self.plan], "名单", START, members, self.now
        )
        self.idle: list[tuple[datetime, datetime]] = []
        self._idle_since: dict[str, datetime] = {}

    @property
    def now(self) -> datetime:
        """The present."""
        return self.world.now()

    def do(self, step: str) -> None:
        """Terminate or enable plan or task, if that is allowed."""
        action, what = step.split()
        before = self.statuses()
        try:
            if what == "plan":
                getattr(plan_handlers, f"{action}_marketing_notice")(self.world, self.plan)
            else:
                getattr(task_handlers, f"{action}_marketing_notice_task")(self.world, self.task)
        except InvalidRequest:
            return
        for one, status in self.statuses().items():
            stops, stopped = status.startswith("TERMINAT"), before[one].startswith("TERMINAT")
            if stops and not stopped:
                self._idle_since[one] = self.now
            elif stopped and not stops:
                self.idle.append((self._idle_since.pop(one), self.now))

    def is_idle(self) -> bool:
        """Return whether nobody may be contacted at present."""
        return bool(self._idle_since)

    def statuses(self) -> dict[str, str]:
        """The status of plan and task."""
        plan = plan_handlers.get_marketing_notice(self.world, self.plan, address="")
        task = task_handlers.get_marketing_notice_task(self.world, self.task)
        return {"plan": plan["status"], "task": task["status"]}

    def simulation(self) -> TaskSimulation:
        """The task as it is now."""
        notice, task = self.world.notices[self.plan], self.world.notice_tasks[self.task]
        return next(conversations.task_simulations(self.world.seed, notice, [task], self.now))

    def contacts(self) -> list[datetime | None]:
        """The instant at which each member was contacted; None for the others."""
        simulation = self.simulation()
        return [
            conversations.conversation_at(simulation, self.now, row).contacted
            for row in range(PEOPLE)
        ]

    def report(self) -> reports.ReportCounts:
        """Return the counts in the plan's report."""
        return reports.count_conversations([self.simulation()], self.now)


def check_contacts(stage: Stage, before: list[datetime | None], looked: datetime) -> None:
    """Compare the contacts with those of the last look."""
    for was, contact in zip(before, stage.contacts(), strict=True):
        if contact is None:
            assert was is None
            continue
        if was is None:
            assert looked <= contact <= stage.now
        else:
            assert contact == was
        assert not any(since < contact < until for since, until in stage.idle)
        assert stage.window is None or stage.window.is_open(contact)


@EXAMPLES
@given(hours=HOURS, history=st.lists(st.tuples(STEPS, MOVES), max_size=14))
def test_nobody_is_contacted_while_plan_or_task_is_terminated(
    hours: tuple[str, str], history: History
) -> None:
    """MT-18: no contact lies in a termination, or in a past that has been seen without it.

    The report of a plan or task that is terminated counts no new contact, and does not change at
    all once the last conversation has ended.
    """
    stage = Stage(hours)
    for step, seconds in history:
        before, looked = stage.contacts(), stage.now
        stage.do(step)
        assert stage.contacts() == before
        report, is_idle = stage.report(), stage.is_idle()
        stage.world.clock.advance(seconds)
        check_contacts(stage, before, looked)
        if is_idle:
            assert stage.report().contacted == report.contacted
            spoken = max((contact for contact in before if contact), default=START)
            if looked > spoken + SERVICE:
                assert stage.report() == report


@EXAMPLES
@given(hours=HOURS, history=st.lists(st.tuples(STEPS, MOVES), max_size=10))
def test_all_who_were_left_are_contacted_after_the_enabling(
    hours: tuple[str, str], history: History
) -> None:
    """MT-18: contacts resume where they stopped; as many are reached as without a termination."""
    stage, undisturbed = Stage(hours), Stage(hours)
    for step, seconds in history:
        stage.do(step)
        stage.world.clock.advance(seconds)
    for step in ("enable plan", "enable task"):
        stage.do(step)
    long_enough = 30 * 86_400
    stage.world.clock.advance(SERVICE.seconds)
    stage.do("enable task")  # one that was still TERMINATING
    for one in (stage, undisturbed):
        one.world.clock.advance(long_enough)
    if stage.statuses()["task"] == "IGNORE":
        assert stage.report().contacted == 0
        return
    assert stage.statuses()["task"] == "COMPLETE"
    assert stage.report().contacted == undisturbed.report().contacted
    assert [bool(contact) for contact in stage.contacts()] == [
        bool(contact) for contact in undisturbed.contacts()
    ]


@pytest.mark.parametrize(
    ("steps", "enabled", "first"),
    [
        (["terminate task", "enable task"], "2025-04-22 14:00", "2025-04-22 14:00"),
        (["terminate plan", "enable plan", "enable task"], "2025-04-22 14:00", "2025-04-22 14:00"),
        (["terminate task", "enable task"], "2025-04-22 20:00", "2025-04-23 09:00"),
    ],
)
def test_contacts_resume_at_the_enabling_in_the_daily_hours(
    steps: list[str], enabled: str, first: str
) -> None:
    """M41: a task whose start passed while it was terminated begins when it is enabled."""
    stage = Stage(("09:00", "18:00"))
    stage.do(steps[0])
    until = datetime.fromisoformat(enabled).replace(tzinfo=stage.now.tzinfo)
    stage.world.clock.advance((until - stage.now).total_seconds())
    for step in steps[1:]:
        stage.do(step)
    assert stage.statuses() == {"plan": "EXECUTION", "task": "EXECUTION"}
    stage.world.clock.advance(2 * 86_400)
    contacts = [contact for contact in stage.contacts() if contact]
    resumed = datetime.fromisoformat(first).replace(tzinfo=stage.now.tzinfo)
    assert resumed <= min(contacts)
    assert max(contacts) <= resumed + timedelta(minutes=40)
