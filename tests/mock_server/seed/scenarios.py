"""Helpers of the tests of scenarios."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import openapi
from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.errors import ErrorDetail
from mock_server.seed import create_world
from mock_server.seed.scenario_file import ScenarioError
from mock_server.seed.scenario_permissions import Operations, operations_of
from mock_server.seed.scenario_reader import read_scenario
from mock_server.world.world import World

OPERATIONS: Operations = operations_of(openapi.load(readings="exact"))
TABLES = ("groups", "scenes", "notices", "notice_tasks", "notification_tasks", "files")
CONTENT = {"contentType": "TEXT", "contentValue": "您好"}


def notification_task(**fields: Any) -> dict[str, Any]:
    """An entry of `notificationTasks`: an hour from now, for member 1001."""
    return {
        "taskName": "任务",
        "taskType": "APPOINTMENT_REMINDER",
        "contents": [CONTENT],
        "scheduledStartTime": "+1h",
        "members": [{"memberId": 1001}],
    } | fields


def build_world(
    document: dict[str, Any],
    now: datetime = DEFAULT_INSTANT,
    path: Path | None = None,
    seed: int = 1,
) -> World:
    """Return the frozen world of a scenario."""
    scenario = read_scenario(document, OPERATIONS, path)
    return create_world(scenario, seed, Clock(now, frozen=True))


def find_violations(document: Any, path: Path | None = None) -> list[ErrorDetail]:
    """Return the violations of a scenario."""
    with pytest.raises(ScenarioError) as caught:
        build_world(document, path=path)
    return caught.value.violations


def records_of(world: World) -> dict[str, list[Any]]:
    """Return all records of a world, in order."""
    found = {table: [*getattr(world, table).values()] for table in TABLES}
    return found | {"members": [world.members.get(id_) for id_ in world.members]}
