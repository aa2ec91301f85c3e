"""Initial data of a session, a pure function of scenario, seed and start time."""

from __future__ import annotations

from typing import Literal

from mock_server.clock import Clock
from mock_server.seed import large, marketing, messaging, people
from mock_server.seed.faker_compat import create_faker
from mock_server.seed.large import DEFAULT_TASK_COUNT, MAX_TASK_COUNT, MIN_TASK_COUNT
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES, World
from openapi import Readings

__all__ = ["DEFAULT_TASK_COUNT", "MAX_TASK_COUNT", "MIN_TASK_COUNT", "Scenario", "create_world"]
Scenario = Literal["demo", "empty", "large"]


def create_world(
    scenario: Scenario,
    seed: int,
    clock: Clock,
    *,
    size: int = DEFAULT_TASK_COUNT,
    max_storage: int = DEFAULT_MAX_STORAGE_BYTES,
    readings: Readings | None = None,
) -> World:
    """Return a new world.

    scenario: `demo` contains the records of the contract's examples, `large` these and `size`
        notification tasks of the last year, `empty` only the SYSTEM scenes.
    max_storage: limit of all that is stored, in bytes.
    readings: answers to the open questions (None: the default ones).

    Names come from Faker (zh_CN, seeded), texts from product_texts.py; times are relative to the
    clock's instant.
    """
    world = World(seed, clock, max_storage, readings)
    marketing.add_system_scenes(world)
    if scenario != "empty":
        fake = create_faker(seed)
        # In this order: tasks refer to members and files, and all draw from the same generator.
        for part in (people, messaging, marketing):
            part.populate(world, fake)
        if scenario == "large":
            large.populate(world, fake, size)
    # Last, so that the initial records do not count against --max-storage.
    world.start_storage_accounting()
    return world
