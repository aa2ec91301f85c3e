"""Freeing of worlds that are no longer served, without a delay of other requests."""

from __future__ import annotations

import asyncio
import weakref
from contextlib import suppress
from typing import Any

import jiter

from mock_server.domain import datetime_text, deterministic_random, notification_tasks
from mock_server.runtime.memory_release import free_in_blocks, trim_memory
from mock_server.world.world import World

SMALL_WORLD_RECORDS = 1_000
"""Number of records up to which a world is freed on the event loop, in less than a millisecond."""
SMALL_WORLD_BYTES = 2**19
"""Stored bytes up to which a world is freed on the event loop."""


async def dispose_of_world(worlds: list[World]) -> None:
    """Free the world in the list, now or once the last request that uses it has ended."""
    # In a list, from which it is removed: a plain argument would keep a reference in the caller.
    loop = asyncio.get_running_loop()
    if _is_small(worlds[0]):
        _drop_small(worlds, loop)
    else:
        await asyncio.to_thread(_free_world, worlds, loop)


async def dispose_of_worlds(worlds: list[World]) -> None:
    """Free all worlds in the list, one after the other."""
    while worlds:
        await dispose_of_world([worlds.pop()])


def _is_small(world: World) -> bool:
    records = sum(world.count_records().values())
    return records <= SMALL_WORLD_RECORDS and world.used_bytes() <= SMALL_WORLD_BYTES


def _drop_small(worlds: list[World], loop: asyncio.AbstractEventLoop) -> None:
    """Free a small world on the event loop, where it takes less time than to start a thread."""
    world = weakref.ref(worlds.pop())
    if used := world():
        # What it will have stored when its last request has ended is not known.
        weakref.finalize(used, _free_in_thread, used.numerous_records(), loop).atexit = False


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
        *notification_tasks.CACHES,
    ):
        function.cache_clear()
