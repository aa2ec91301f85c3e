"""The first world of a session: a pure function of scenario, seed and starting instant."""

from __future__ import annotations

from typing import Literal

from mock_server.clock import Clock
from mock_server.seed import large, marketing, messaging, people
from mock_server.seed.faker_compat import faker
from mock_server.seed.large import DEFAULT_SIZE, LARGEST, SMALLEST
from mock_server.world.world import MAX_STORAGE, World

__all__ = ["DEFAULT_SIZE", "LARGEST", "SMALLEST", "Scenario", "first_world"]
Scenario = Literal["demo", "empty", "large"]


def first_world(
    scenario: Scenario,
    seed: int,
    clock: Clock,
    *,
    size: int = DEFAULT_SIZE,
    max_storage: int = MAX_STORAGE,
) -> World:
    """A new world.

    `demo` holds the story of the contract's examples, `large` that and a year of `size`
    notification tasks, `empty` only SYSTEM scenes. `max_storage`: bytes of files. Names and texts
    come from Faker zh_CN, seeded, and a catalogue; times are relative to the clock's instant.
    """
    world = World(seed, clock, max_storage)
    marketing.system_scenes(world)
    if scenario != "empty":
        fake = faker(seed)
        for part in (people, messaging, marketing):
            part.populate(world, fake)
        if scenario == "large":
            large.populate(world, fake, size)
    world.begin()
    return world
