"""States of plans follow from their phases, and from conversations only where these matter."""

from __future__ import annotations

from collections.abc import Iterator

from mock_server.clock import Clock
from mock_server.domain import notice_lifecycles
from mock_server.domain.conversations import task_simulations
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.seed import create_world


def test_the_state_of_a_running_plan_looks_at_no_task() -> None:
    """A plan may have 100,000 tasks, and its state is read on the event loop."""
    world = create_world("demo", 0, Clock())

    seen: list[int] = []

    def tasks() -> Iterator[NoticeTask]:
        for task in world.notice_tasks.newest(301):
            seen.append(task.id)
            yield task

    notice = world.notices[301]
    simulations = task_simulations(world.seed, notice, tasks(), world.now())
    assert notice_lifecycles.notice_status(notice, simulations, world.now()) == "EXECUTION"
    assert seen == []
    assert [each.task.id for each in simulations] == seen != []
