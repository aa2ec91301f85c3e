"""The first world of a session: a pure function of scenario, seed and starting instant."""

from __future__ import annotations

from typing import Literal

from faker import Faker

from mock_server.clock import Clock
from mock_server.seed import marketing, messaging, people
from mock_server.world import World

Scenario = Literal["demo", "empty"]


def first_world(scenario: Scenario, seed: int, clock: Clock) -> World:
    """A new world: `demo` holds the story of the contract's examples, `empty` only SYSTEM scenes.

    Names and texts come from Faker zh_CN, seeded; times are relative to the clock's instant.
    """
    world = World(seed, clock)
    marketing.system_scenes(world)
    if scenario == "demo":
        fake = Faker("zh_CN", use_weighting=False)
        fake.seed_instance(seed)
        for part in (people, messaging, marketing):
            part.populate(world, fake)
    return world
