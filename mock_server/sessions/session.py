"""One caller's mock: the world they work in, and how it began."""

from __future__ import annotations

import asyncio

from mock_server.clock import Clock
from mock_server.runtime.memory import give_back
from mock_server.runtime.worker_processes import Capacity
from mock_server.seed import Scenario, first_world
from mock_server.settings import Settings
from mock_server.world.world import World

BLOCK = 1_000
"""Records that are freed in one go."""


class Session:
    """Holds the world that requests find; a reset puts a new one in its place.

    A request that is under way at that moment ends in the world in which it began.
    """

    def __init__(self, settings: Settings) -> None:
        """Begin with the first world of these settings."""
        self._settings = settings
        self.capacity = Capacity()
        self.scenario = settings.scenario
        self.world = self._first_world(settings.scenario, settings.seed)

    async def reset(self, scenario: Scenario | None = None, seed: int | None = None) -> None:
        """Begin anew, the clock as at the start; what is None is as in the settings.

        The new world is made in a thread, while requests find the old one; that one is freed there.
        """
        scenario = self._settings.scenario if scenario is None else scenario
        seed = self._settings.seed if seed is None else seed
        world = await asyncio.to_thread(self._first_world, scenario, seed)
        old = [self.world]
        self.scenario, self.world = scenario, world
        await asyncio.to_thread(_free, old)

    def _first_world(self, scenario: Scenario, seed: int) -> World:
        frozen = self._settings.frozen
        clock = Clock(frozen, frozen=frozen is not None, scale=self._settings.time_scale)
        size, storage = self._settings.size, self._settings.max_storage
        world = first_world(scenario, seed, clock, size=size, max_storage=storage)
        world.readers = self.capacity.readers
        return world


def _free(worlds: list[World]) -> None:
    """Free the one world in the list, and its memory, block by block: for a thread.

    To free 500,000 records in one go keeps the interpreter for a second. Requests that still use
    the world keep it until they end.
    """
    records = worlds.pop().records()
    for rows in records:
        while rows:
            del rows[-BLOCK:]
    give_back()
