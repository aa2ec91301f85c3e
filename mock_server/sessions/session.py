"""The session: the current world, and how to create the next one."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import suppress
from typing import Any

import jiter

from mock_server.clock import Clock
from mock_server.domain import datetime_text, deterministic_random
from mock_server.runtime.memory import free_in_blocks, trim_memory
from mock_server.runtime.worker_processes import SharedCapacity
from mock_server.seed import Scenario, create_world
from mock_server.settings import Settings
from mock_server.world.world import World
from openapi import Readings


class Session:
    """The current world of all requests, which a reset replaces by a new one.

    A request that is being handled during a reset ends in the world in which it began.
    """

    def __init__(self, settings: Settings, readings: Readings) -> None:
        """Create the initial world given by the settings; `readings` has an answer for each key."""
        self._settings = settings
        self.readings = readings
        self.contract: Any = None
        """The compiled contract of the readings in force, set by the application."""
        # Of the session and not of its worlds: requests of an old world count against the limits.
        self.capacity = SharedCapacity()
        self.scenario = settings.scenario
        self.world = self._create_world(settings.scenario, settings.seed)

    async def reset(self, scenario: Scenario | None = None, seed: int | None = None) -> None:
        """Replace the world and its clock; None stands for the value of the settings.

        A thread creates the new world while requests use the old one, and then frees the old one.
        """
        scenario = self._settings.scenario if scenario is None else scenario
        seed = self._settings.seed if seed is None else seed
        world = await asyncio.to_thread(self._create_world, scenario, seed)
        # In a list, from which the thread removes it: a plain argument would keep a reference here.
        old = [self.world]
        # The readings may have changed while the thread was at work.
        self.scenario, self.world = scenario, world.with_readings(self.readings)
        await asyncio.to_thread(_free_world, old, asyncio.get_running_loop())

    def use_readings(self, readings: Readings, contract: Any) -> None:
        """Serve all later requests with these readings, and their contract.

        A request in progress ends with the old ones, in a world with the same records.
        """
        self.readings, self.contract = readings, contract
        self.world = self.world.with_readings(readings)

    def _create_world(self, scenario: Scenario, seed: int) -> World:
        frozen = self._settings.frozen
        clock = Clock(frozen, frozen=frozen is not None, scale=self._settings.time_scale)
        size, storage = self._settings.size, self._settings.max_storage
        world = create_world(
            scenario, seed, clock, size=size, max_storage=storage, readings=self.readings
        )
        world.readers = self.capacity.readers
        return world


def _free_world(worlds: list[World], loop: asyncio.AbstractEventLoop) -> None:
    """Free the world in the list, now or once the last request that uses it has ended.

    Runs in a thread, and so does everything that it triggers.
    """
    # The records are taken out first: freed with their world, they would all be freed at once.
    world = weakref.ref(worlds[0])
    records = worlds.pop().numerous_records()
    _clear_caches()
    if used := world():
        weakref.finalize(used, _free_in_thread, records, loop).atexit = False
    else:
        _free_records(records)


def _free_in_thread(records: list[list[Any]], loop: asyncio.AbstractEventLoop) -> None:
    """Free records in a thread of the pool; called in the thread that dropped their world."""

    def start_thread() -> None:
        with suppress(RuntimeError):  # the mock is shutting down, and its pool with it
            loop.run_in_executor(None, _free_records, records)

    with suppress(RuntimeError):  # the loop is closed
        loop.call_soon_threadsafe(start_thread)


def _free_records(records: list[list[Any]]) -> None:
    """Free records in blocks, then return the memory of their world to the system."""
    for rows in records:
        free_in_blocks(rows)
    trim_memory()


def _clear_caches() -> None:
    """Clear the caches that were filled by earlier requests."""
    # Python returns memory to the system in units of a mebibyte, once nothing in one is used. The
    # 16,000 texts that jiter caches, and as many results of our functions, are scattered among the
    # records of the old world. With a few of them in each unit, hardly any would be returned.
    jiter.cache_clear()
    for function in (
        deterministic_random.random_float,
        datetime_text.format_datetime,
        datetime_text.parse_datetime,
    ):
        function.cache_clear()
