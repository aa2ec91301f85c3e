"""One caller's mock: the world they work in, and how it began."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import suppress
from typing import Any

import jiter

from mock_server.clock import Clock
from mock_server.domain import datetime_text, deterministic_random
from mock_server.runtime.memory import trim_memory
from mock_server.runtime.worker_processes import SharedCapacity
from mock_server.seed import Scenario, create_world
from mock_server.settings import Settings
from mock_server.world.world import World

RECORDS_PER_BLOCK = 1_000
"""Records that are freed in one go."""


class Session:
    """Holds the world that requests find; a reset puts a new one in its place.

    A request that is under way at that moment ends in the world in which it began.
    """

    def __init__(self, settings: Settings) -> None:
        """Begin with the first world of these settings."""
        self._settings = settings
        self.capacity = SharedCapacity()
        self.scenario = settings.scenario
        self.world = self._create_world(settings.scenario, settings.seed)

    async def reset(self, scenario: Scenario | None = None, seed: int | None = None) -> None:
        """Begin anew, the clock as at the start; what is None is as in the settings.

        The new world is made in a thread, while requests find the old one; that one is freed there.
        """
        scenario = self._settings.scenario if scenario is None else scenario
        seed = self._settings.seed if seed is None else seed
        world = await asyncio.to_thread(self._create_world, scenario, seed)
        old = [self.world]
        self.scenario, self.world = scenario, world
        await asyncio.to_thread(_free_world, old, asyncio.get_running_loop())

    def _create_world(self, scenario: Scenario, seed: int) -> World:
        frozen = self._settings.frozen
        clock = Clock(frozen, frozen=frozen is not None, scale=self._settings.time_scale)
        size, storage = self._settings.size, self._settings.max_storage
        world = create_world(scenario, seed, clock, size=size, max_storage=storage)
        world.readers = self.capacity.readers
        return world


def _free_world(worlds: list[World], loop: asyncio.AbstractEventLoop) -> None:
    """Free the one world in the list, now or when the last request that uses it has ended.

    For a thread, as all that follows from it.
    """
    world = weakref.ref(worlds[0])
    records = worlds.pop().records()
    _clear_caches()
    if used := world():
        weakref.finalize(used, _free_in_thread, records, loop).atexit = False
    else:
        _free_records(records)


def _free_in_thread(records: list[list[Any]], loop: asyncio.AbstractEventLoop) -> None:
    """Free records in a thread, from whatever thread their world has ended in."""

    def start_thread() -> None:
        with suppress(RuntimeError):  # the loop starts no more threads: the mock ends
            loop.run_in_executor(None, _free_records, records)

    with suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(start_thread)


def _free_records(records: list[list[Any]]) -> None:
    """Free records, block by block, and return the memory of their world to the system.

    To free 500,000 of them in one go keeps the interpreter for a second.
    """
    for rows in records:
        while rows:
            del rows[-RECORDS_PER_BLOCK:]
    trim_memory()


def _clear_caches() -> None:
    """Drop what caches hold of earlier requests; they fill again as they are used.

    Python returns memory to the system by the mebibyte, when nothing in it is used. The 16,000
    texts that jiter keeps, and as many results of functions here, lie scattered among the records
    of the old world: with a few of them in each mebibyte, hardly any would be returned.
    """
    jiter.cache_clear()
    for function in (
        deterministic_random.random_float,
        datetime_text.format_datetime,
        datetime_text.parse_datetime,
    ):
        function.cache_clear()
