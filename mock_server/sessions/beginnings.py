"""First worlds of sessions, which all sessions of the same beginning share.

Records never change, and a fork of a world shares them. A new session therefore takes neither the
time to create its records nor the memory for them.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from mock_server.clock import Clock
from mock_server.errors import ContentTooLarge, ErrorDetail
from mock_server.runtime.memory_release import free_in_blocks
from mock_server.seed import AnyScenario, ScenarioFile, create_world
from mock_server.settings import Settings
from mock_server.world.storage import StorageLedger
from mock_server.world.world import World
from openapi import Readings

MAX_KEPT_WORLDS = 8
"""First worlds that are kept besides that of the process's start."""
TASK_BYTES = 1_000
"""Estimated memory of a notification task in the scenario large. Those of another beginning than
the process's count against `--max-storage`."""
MAX_KEPT_RECORDS = 20_000
"""Records up to which another first world is kept; a larger one is created for each use."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Parameters of a first world.

    scenario, seed, size: its records; instant: that at which its clock begins; frozen: whether the
    clock stands still even if that of the settings runs.
    """

    scenario: AnyScenario
    seed: int
    size: int
    instant: datetime
    frozen: bool = False

    def changed(
        self,
        scenario: AnyScenario | None = None,
        seed: int | None = None,
        size: int | None = None,
        instant: datetime | None = None,
    ) -> Beginning:
        """Return another beginning; None stands for the value of this one.

        A scenario file may name seed and instant, and freeze the clock.
        """
        frozen = self.frozen
        if isinstance(scenario, ScenarioFile):
            seed = scenario.seed if seed is None else seed
            instant, frozen = instant or scenario.start, scenario.frozen
        elif scenario is not None:
            frozen = False
        return Beginning(
            self.scenario if scenario is None else scenario,
            self.seed if seed is None else seed,
            self.size if size is None else size,
            self.instant if instant is None else instant,
            frozen,
        )


class FirstWorlds:
    """The first worlds of a process, by their beginning."""

    def __init__(self, settings: Settings, ledger: StorageLedger, readings: Readings) -> None:
        """Create the first world of the settings, which is always kept.

        readings: the answers with which they are made; a fork may have others.

        The files and tasks of each first world count once, in `ledger`, for all its sessions.
        """
        self._ledger = ledger
        instant = settings.frozen or settings.begins or Clock().now()
        self.start = Beginning(settings.scenario, settings.seed, settings.size, instant)
        self._max_storage = settings.max_storage
        self._readings = readings
        self._kept: OrderedDict[Beginning, World] = OrderedDict()
        self._lock = Lock()
        self._turn = asyncio.Lock()
        self.of_start = self._create(self.start)
        self._count_bytes(self.of_start, 0)

    async def get(self, beginning: Beginning) -> World:
        """Return the first world of this beginning; it must not be changed.

        Raises ContentTooLarge if `--max-storage` leaves no room for its tasks.
        """
        if found := self.find(beginning):
            return found
        if not _task_bytes(beginning):
            return await asyncio.to_thread(self.create, beginning)
        async with self._turn:  # so that two of them do not take the same room
            if found := self.find(beginning):
                return found
            self._ensure_room(beginning)
            return await asyncio.to_thread(self.create, beginning)

    async def replace_start(self, beginning: Beginning) -> None:
        """Use the first world of another beginning as that of the process's start."""
        made = await asyncio.to_thread(self._create, beginning)
        self._count_bytes(made, 0)
        self.start, self.of_start = beginning, made

    def find(self, beginning: Beginning) -> World | None:
        """Return the first world of this beginning if it is kept."""
        if beginning == self.start:
            return self.of_start
        with self._lock:
            found = self._kept.get(beginning)
            if found:
                self._kept.move_to_end(beginning)
            return found

    def create(self, beginning: Beginning) -> World:
        """Return a new first world; takes up to seconds, and so runs in a thread."""
        made = self._create(beginning)
        self._count_bytes(made, _task_bytes(beginning))
        if sum(made.count_records().values()) > MAX_KEPT_RECORDS:
            return made
        dropped: list[World] = []
        with self._lock:
            self._kept[beginning] = made
            if len(self._kept) > MAX_KEPT_WORLDS:
                dropped.append(self._kept.popitem(last=False)[1])
        for world in dropped:
            for rows in world.numerous_records():
                free_in_blocks(rows)
        return made

    def _ensure_room(self, beginning: Beginning) -> None:
        left = max(0, self._max_storage - self._ledger.used_bytes())
        if _task_bytes(beginning) > left:
            accepted, found = f"size <= {left // TASK_BYTES}", str(beginning.size)
            raise ContentTooLarge(ErrorDetail("/body/size", "maxStorage", accepted, found))

    def _count_bytes(self, world: World, tasks: int) -> None:
        """Count the bytes of a new first world once, for all its forks."""
        world.shared_bytes = world.files.used_bytes
        world.shared_records = self._ledger.count_shared(world.shared_bytes + tasks)

    def _create(self, beginning: Beginning) -> World:
        return create_world(
            beginning.scenario,
            beginning.seed,
            Clock(beginning.instant, frozen=True),
            size=beginning.size,
            max_storage=self._max_storage,
            readings=self._readings,
        )


def _task_bytes(beginning: Beginning) -> int:
    """Return the estimated bytes of the tasks in the scenario large."""
    return beginning.size * TASK_BYTES if beginning.scenario == "large" else 0
