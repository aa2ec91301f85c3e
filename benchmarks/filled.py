"""Mock with many records: `python -m benchmarks.filled PORT TASKS [MEMBERS ...]`.

It is served like any other by `hypers-mock`. Its tasks are created by the handler for requests, so
that everything which the mock stores in addition to a record exists here, too.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

from benchmarks.loads import NEW_TASK, TASK_TYPE
from mock_server import cli
from mock_server.app import create_app
from mock_server.handlers.notification_tasks import create_notification_task
from mock_server.http.application import Application
from mock_server.sessions.registry import SessionRegistry
from mock_server.settings import Settings
from mock_server.world.world import FIRST_IDS, World

FIRST_TASK_ID = FIRST_IDS["notification_tasks"]
"""Id of the first task; the tasks with MEMBERS members come first, in that order."""
OTHER_TASK_TYPE = "CUSTOMER_RESOURCE_REMINDER"
PERSON_COUNT = 10_000
TASK_AGE_SECONDS = 3 * 3600.0
"""Time from the creation of the tasks to the requests, so that some of them have begun or ended."""


def main() -> int:
    """Fill the world, then serve until interrupted."""
    port, tasks, *members = sys.argv[1:]

    def filled(
        settings: Settings | None = None, *, sessions: SessionRegistry | None = None
    ) -> Application:
        app = create_app(settings, sessions=sessions)
        asyncio.run(_fill_world(app.world, int(tasks), [int(one) for one in members]))
        return app

    # The command has no option for such records, and creating them by requests takes longer.
    with patch.object(cli, "create_app", filled):
        return cli.main(["--port", port, "--scenario", "empty", "--frozen"])


async def _fill_world(world: World, tasks: int, members: Sequence[int]) -> None:
    for count in members:
        await create_notification_task(world, _task_body(0, OTHER_TASK_TYPE, count))
    for number in range(tasks):
        await create_notification_task(world, _task_body(number, TASK_TYPE, 2))
        # Tasks of different seconds, as a real mock has: the order of lists depends on it.
        if number % 100 == 0:
            world.clock.advance(1)
    world.clock.advance(TASK_AGE_SECONDS)


def _task_body(number: int, task_type: str, members: int) -> dict[str, Any]:
    """Return a request body; tasks of one type start on different days and at different times."""
    start = f"2025-04-{21 + number % 5} {10 + number % 11}:{number % 60:02}:00"
    people = [
        (number + one) % PERSON_COUNT if members < PERSON_COUNT else one for one in range(members)
    ]
    return {
        **NEW_TASK,
        "taskName": f"{NEW_TASK['taskName']} {number}",
        "taskType": task_type,
        "scheduledStartTime": start,
        "members": [{"userId": f"U{one}", "nickname": f"会员{one}"} for one in people],
    }


if __name__ == "__main__":
    raise SystemExit(main())
