"""Outcomes of members that a scenario sets, in place of those that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.domain import conversations, notice_lifecycles, notification_tasks
from mock_server.domain.notification_tasks import Execution, ExecutionOutcome
from mock_server.seed import create_world
from mock_server.world.world import World

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
STATUSES = {
    "NOT_REACHED": ("NOT_REACHED", False),
    "COMPLETE_SERVICE": ("COMPLETE_SERVICE", True),
    "TIMEOUT_COMPLETE_SERVICE": ("TIMEOUT_COMPLETE_SERVICE", False),
    "CUSTOMER_SERVICE_INTERVENES": ("CUSTOMER_SERVICE_INTERVENES", True),
    "TERMINATE_SERVICE": ("TERMINATE_SERVICE", True),
}
"""Each status that can be set, with whether the member replies."""


@pytest.fixture(scope="module")
def world() -> World:
    """The demo world."""
    return create_world("demo", 1, Clock(DEFAULT_INSTANT, frozen=True))


def executions(
    world: World, outcomes: Mapping[int, ExecutionOutcome] | None, success: str = "SUCCESS"
) -> list[Execution]:
    """Return the executions of task 503, which has ended, with these outcomes."""
    task = world.notification_tasks[503]._replace(outcomes=outcomes)
    return notification_tasks.list_executions(world.seed, task, world.now(), success)


def test_a_notification_ends_as_the_scenario_says(world: World) -> None:
    """Each status; the other members keep the outcomes that are drawn."""
    drawn = executions(world, None)
    chosen = {
        0: ExecutionOutcome("FAILED", "余额不足。"),
        1: ExecutionOutcome("PENDING"),
        2: ExecutionOutcome("SUCCESS"),
    }
    found = executions(world, chosen)
    assert [(each.status, each.reason) for each in found[:3]] == [
        ("FAILED", "余额不足。"),
        ("PENDING", None),
        ("SUCCESS", None),
    ]
    assert [each.executed is None for each in found[:3]] == [True, True, False]
    assert found[3:] == drawn[3:]


def test_a_chosen_success_has_the_word_of_the_reading(world: World) -> None:
    """The reading execution-success-word (N15) applies to it as to a drawn one."""
    assert executions(world, {0: ExecutionOutcome("SUCCESS")}, "SENT")[0].status == "SENT"


def test_a_chosen_outcome_waits_for_the_members_turn(world: World) -> None:
    """Before the task begins, every member is PENDING."""
    task = world.notification_tasks[503]._replace(outcomes={0: ExecutionOutcome("FAILED", "x")})
    [first, *_] = notification_tasks.list_executions(world.seed, task, task.start - HOUR)
    assert first.status == "PENDING"


@pytest.mark.parametrize("status", STATUSES)
def test_a_conversation_ends_as_the_scenario_says(world: World, status: str) -> None:
    """Each final status; the others are drawn as before."""
    task, now = world.notice_tasks[401], world.now() + YEAR
    notice = world.notice_of(task)
    tasks = [task, replace(task, outcomes={3: status})]
    drawn, chosen = conversations.task_simulations(world.seed, notice, tasks, now)
    rows = range(len(task.members))
    found = [conversations.conversation_at(chosen, now, row) for row in rows]
    usual = [conversations.conversation_at(drawn, now, row) for row in rows]
    assert (found[3].status, found[3].replied) == STATUSES[status]
    assert found[:3] + found[4:] == usual[:3] + usual[4:]
    assert notice_lifecycles.task_status(chosen, now) == "COMPLETE"


def test_every_final_status_can_be_chosen() -> None:
    """None is missing in the table above."""
    assert conversations.OUTCOME_BY_STATUS.keys() == STATUSES.keys()
