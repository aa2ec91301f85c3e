"""Initial data of a session, a pure function of scenario, seed and start time."""

from __future__ import annotations

from typing import Literal

from mock_server.clock import Clock
from mock_server.seed import large_data, member_data, notice_data, notification_data
from mock_server.seed.faker_compat import create_faker
from mock_server.seed.large_data import DEFAULT_TASK_COUNT, MAX_TASK_COUNT, MIN_TASK_COUNT
from mock_server.seed.scenario_file import ScenarioError, ScenarioFile
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES, World
from openapi import Readings

__all__ = [
    "DEFAULT_TASK_COUNT",
    "MAX_TASK_COUNT",
    "MIN_TASK_COUNT",
    "AnyScenario",
    "Scenario",
    "ScenarioError",
    "ScenarioFile",
    "create_world",
    "scenario_name",
]
Scenario = Literal["demo", "empty", "large"]
AnyScenario = Scenario | ScenarioFile


def scenario_name(scenario: AnyScenario) -> str:
    """Return the name of a scenario, or that of its file."""
    return scenario.name if isinstance(scenario, ScenarioFile) else scenario


def create_world(
    scenario: AnyScenario,
    seed: int,
    clock: Clock,
    *,
    size: int = DEFAULT_TASK_COUNT,
    max_storage: int = DEFAULT_MAX_STORAGE_BYTES,
    readings: Readings | None = None,
) -> World:
    """Return a new world.

    scenario: `demo` contains the records of the contract's examples, `large` these and `size`
        notification tasks of the last year, `empty` only the SYSTEM scenes; a file adds its own
        records to one of these.
    max_storage: limit of all that is stored, in bytes.
    readings: answers to the open questions (None: the default ones).

    Raises ScenarioError for a file with unknown ids or impossible times. Names come from Faker
    (zh_CN, seeded), texts from product_texts.py; times are relative to the clock's instant.
    """
    world = World(seed, clock, max_storage, readings)
    notice_data.add_system_scenes(world)
    base = scenario.base if isinstance(scenario, ScenarioFile) else scenario
    if base != "empty":
        fake = create_faker(seed)
        # In this order: tasks refer to members and files, and all draw from the same generator.
        for part in (member_data, notification_data, notice_data):
            part.populate(world, fake)
        if base == "large":
            large_data.populate(world, fake, size)
    if isinstance(scenario, ScenarioFile):
        _add_scenario(world, scenario)
    # Last, so that the initial records do not count against --max-storage.
    world.start_storage_accounting()
    return world


def _add_scenario(world: World, scenario: ScenarioFile) -> None:
    # Imported here, because the usual start has no scenario of its own and must be fast.
    from mock_server.seed.scenario_world import add_scenario  # noqa: PLC0415

    if violations := add_scenario(world, scenario):
        raise ScenarioError(violations, scenario.path)
