"""The session: the current world, and how it begins again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mock_server.clock import Clock
from mock_server.runtime.worker_processes import SharedCapacity
from mock_server.seed import AnyScenario
from mock_server.sessions.beginnings import Beginning, FirstWorlds
from mock_server.sessions.faults import FaultRules
from mock_server.sessions.journal import Journal, JournalBudget
from mock_server.sessions.names import DEFAULT_SESSION
from mock_server.sessions.proxy_rules import ProxyRules
from mock_server.sessions.snapshots import SessionSnapshots, Snapshot, SnapshotBudget
from mock_server.sessions.state_document import SessionState
from mock_server.sessions.world_disposal import dispose_of_world
from mock_server.settings import Settings
from mock_server.world.storage import StorageLedger
from mock_server.world.world import World
from openapi import Readings

SESSION_KEY = "mock_server.session"
"""Key of a scope with the session of the request."""


def session_of(scope: Mapping[str, Any]) -> Session:
    """Return the session of a request from its ASGI scope."""
    found: Session = scope[SESSION_KEY]
    return found


def world_of(scope: Mapping[str, Any]) -> World:
    """Return the current world of the session of a request."""
    world: World = scope[SESSION_KEY].world  # without `session_of`, as every request comes here
    return world


class SharedParts:
    """Limits, first worlds and worker processes that all sessions of a process share."""

    def __init__(self, settings: Settings, readings: Readings) -> None:
        """Create the first world of the settings, and pools without processes.

        readings: the answers at the start, with which first worlds are made.
        """
        self.settings = settings
        # Not of a world: requests of an old world count against the limits.
        self.capacity = SharedCapacity()
        self.ledger = StorageLedger()
        self.journals = JournalBudget(settings.max_journal_bytes)
        self.first_worlds = FirstWorlds(settings, self.ledger, readings)
        self.snapshot_budget = SnapshotBudget(settings.max_storage)


class Session:
    """An isolated world with its own clock and readings; a reset replaces the world by a new one.

    A request that is being handled during a reset ends in the world in which it began.
    """

    def __init__(
        self,
        settings: Settings,
        readings: Readings,
        *,
        name: str = DEFAULT_SESSION,
        shared: SharedParts | None = None,
        first: World | None = None,
        beginning: Beginning | None = None,
    ) -> None:
        """Begin with the first world of the settings, or of another beginning.

        readings: an answer for each key; shared: the parts that all sessions of the process share
        (None: new ones); first, beginning: another first world, and its parameters.
        """
        self._shared = shared or SharedParts(settings, readings)
        self.name = name
        self.readings = readings
        self.contract: Any = None
        """The compiled contract of the readings in force, set by the application."""
        self.faults = FaultRules()
        self.proxy: ProxyRules | None = None
        """Rules of the requests that go to a real server; None without a proxy."""
        self.snapshots = SessionSnapshots(self._shared.snapshot_budget)
        self.journal = Journal(settings.max_journal_entries, self._shared.journals)
        self.last_used: float | None = None
        """The `elapsed_seconds` at which the latest request to the API ended."""
        self.beginning = beginning or self._shared.first_worlds.start
        """Beginning that a reset without a body uses."""
        self.current = self.beginning
        """Beginning of the current world."""
        first = first or self._shared.first_worlds.of_start
        self.world = self._adopt(self._fork(first, self.beginning))

    @property
    def scenario(self) -> AnyScenario:
        """Return the initial data of the current world."""
        return self.current.scenario

    async def begin(self, wanted: Beginning) -> None:
        """Replace the world and its clock by those of a beginning.

        A thread creates a first world that is new to the process, while requests use the old one.
        The fault rules are removed, so that a test that failed leaves none to the next one.
        """
        first = await self._shared.first_worlds.get(wanted)
        self.faults.replace(())
        await self.replace_world(self._fork(first, wanted), wanted)
        self.journal.clear()

    async def replace_world(self, world: World, beginning: Beginning | None = None) -> None:
        """Serve all later requests with another world, and free the old one.

        The world becomes one of this session, with its readings. `beginning` is what it was made
        from, unless that stays.
        """
        old = [self.world]
        self.world.account.close()
        self.current = beginning or self.current
        self.world = self._adopt(world)
        await dispose_of_world(old)

    def state(self) -> SessionState:
        """Return the present state, which later changes of the session leave as it is."""
        clock = self.world.clock.state()
        world = self.world.fork(Clock.from_state(clock._replace(frozen=True)))
        return SessionState(world, clock, self.scenario, self.readings)

    async def restore(self, state: SessionState, contract: Any) -> None:
        """Replace the world by that of a state, with its clock, scenario and readings.

        contract: the compiled contract of these readings. Access tokens are those of the state. A
        request in progress ends in the old world.
        """
        world = state.world.fork(Clock.from_state(state.clock))
        self.readings, self.contract = state.readings, contract
        beginning = self.current.changed(state.scenario, world.seed, None, state.clock.started)
        await self.replace_world(world, beginning)

    async def save_snapshot(self, name: str) -> Snapshot:
        """Keep the present state under a name; raises as SessionSnapshots.save does."""
        saved, replaced = self.snapshots.save(name, self.state())
        if replaced:
            await dispose_of_world([replaced.state.world])
        return saved

    async def delete_snapshot(self, name: str) -> None:
        """Remove a snapshot; raises NotFound."""
        deleted = self.snapshots.delete(name)
        await dispose_of_world([deleted.state.world])

    def use_readings(self, readings: Readings, contract: Any) -> None:
        """Serve all later requests with these readings, and their contract.

        A request in progress ends with the old ones, in a world with the same records.
        """
        self.readings, self.contract = readings, contract
        self.world = self.world.with_readings(readings)

    def close(self) -> list[World]:
        """Give up what the session stores; return its worlds, which the caller disposes of."""
        self.world.account.close()
        return [self.world, *self.snapshots.close()]

    def _fork(self, first: World, beginning: Beginning) -> World:
        settings = self._shared.settings
        frozen = beginning.frozen or settings.frozen is not None
        clock = Clock(beginning.instant, frozen=frozen, scale=settings.time_scale)
        return first.fork(clock)

    def _adopt(self, world: World) -> World:
        world.readings = self.readings
        world.readers = self._shared.capacity.readers
        world.tokens.lifetime = timedelta(seconds=self._shared.settings.token_lifetime)
        world.join_ledger(self._shared.ledger)
        world.account.note_change()  # it may have records of its own already
        return world
