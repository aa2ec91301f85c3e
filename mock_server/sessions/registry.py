"""The sessions of a process, by name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

from mock_server.runtime.worker_processes import SharedCapacity
from mock_server.sessions.beginnings import Beginning
from mock_server.sessions.names import DEFAULT_SESSION
from mock_server.sessions.proxy_rules import ProxyRules
from mock_server.sessions.session import Session, SharedParts
from mock_server.sessions.world_disposal import dispose_of_worlds
from mock_server.settings import Settings
from mock_server.world.world import World
from openapi import Readings

log = logging.getLogger("mock_server")


class SessionRegistry:
    """The sessions of a process: the default one, and others by name.

    A session is created on its first use. Beyond `--max-sessions` the least recently used one is
    removed; the default session always stays.
    """

    def __init__(self, settings: Settings, readings: Readings) -> None:
        """Create the default session; `readings` has an answer for each key."""
        self._settings = settings
        self._shared = SharedParts(settings, readings)
        self._readings, self._contract = readings, None
        self._proxy: ProxyRules | None = None
        self._disposals: set[asyncio.Task[None]] = set()
        self._named: dict[str, Session] = {}
        """Sessions by name, the least recently used one first."""
        self.default = Session(settings, readings, shared=self._shared)

    @property
    def capacity(self) -> SharedCapacity:
        """Return what the requests of all sessions share."""
        return self._shared.capacity

    @property
    def start(self) -> Beginning:
        """Return the beginning of sessions that name no other."""
        return self._shared.first_worlds.start

    def __len__(self) -> int:
        return 1 + len(self._named)

    def __iter__(self) -> Iterator[Session]:
        """Return the default session, then the others, the least recently used one first."""
        return iter([self.default, *self._named.values()])

    def find(self, name: str) -> Session | None:
        """Return the session of this name, if there is one; this does not count as a use."""
        return self.default if name == DEFAULT_SESSION else self._named.get(name)

    def use(self, name: str) -> Session:
        """Return the session of this name for a request; create it if there is none."""
        named = self._named
        session = named.pop(name, None)
        if session is None:
            return self.default if name == DEFAULT_SESSION else self._add(name)
        named[name] = session
        return session

    async def create(self, name: str, beginning: Beginning) -> Session | None:
        """Create a session of another beginning; return None if there is one of this name."""
        first = await self._shared.first_worlds.get(beginning)
        # Only now: meanwhile another request may have created it.
        return None if self.find(name) else self._add(name, first, beginning)

    async def begin_again(self, beginning: Beginning) -> None:
        """Replace the beginning of the process's start, and the worlds of all sessions with it."""
        before = self.start
        await self._shared.first_worlds.replace_start(beginning)
        for session in [*self]:
            if session.beginning == before:
                session.beginning = beginning
                await session.begin(beginning)

    def remove(self, name: str) -> bool:
        """Remove a session; return False if there is none of this name besides the default one."""
        session = self._named.pop(name, None)
        if session is not None:
            self._dispose_of(session)
        return session is not None

    def serve_contract(self, readings: Readings, contract: Any) -> None:
        """Begin sessions with these readings and their contract, from now on."""
        self._readings, self._contract = readings, contract

    def use_proxy(self, rules: ProxyRules | None) -> None:
        """Forward operations in the default session, and in those that begin from now on."""
        self.default.proxy = self._proxy = rules

    def _add(
        self, name: str, first: World | None = None, beginning: Beginning | None = None
    ) -> Session:
        while len(self._named) >= self._settings.max_sessions:
            oldest = next(iter(self._named))
            log.warning("session %s is removed: there are --max-sessions others", oldest)
            self.remove(oldest)
        made = Session(
            self._settings,
            self._readings,
            name=name,
            shared=self._shared,
            first=first,
            beginning=beginning,
        )
        made.contract, made.proxy = self._contract, self._proxy
        self._named[name] = made
        return made

    def _dispose_of(self, session: Session) -> None:
        worlds = session.close()
        task = asyncio.get_running_loop().create_task(dispose_of_worlds(worlds))
        # The loop has only a weak reference to a task.
        self._disposals.add(task)
        task.add_done_callback(self._disposals.discard)
